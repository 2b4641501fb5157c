"""Districts, the default taxonomy, and the words of which invented names are made."""

DISTRICTS = (  # code, Chinese, English, focus industries, GB/T 2260, column, row of the diagram
    ("320582", "张家港市", "Zhangjiagang", "新能源、特色半导体、智能高端装备", True, "1", 0),
    ("320581", "常熟市", "Changshu", "声功能材料、新能源、汽车及零部件", True, "2", 0),
    ("320585", "太仓市", "Taicang", "高端装备与航空航天、生物医药、先进材料", True, "3", 0),
    ("320507", "相城区", "Xiangcheng", "数字金融、先进材料、智能车联网", True, "1.5", 1),
    ("320583", "昆山市", "Kunshan", "新一代信息技术、高端装备、小核酸及生物医药", True, "2.5", 1),
    ("320505", "苏州高新区（虎丘区）", "New District", "高端医疗器械、集成电路、软件和信息技术", True, "0", 2),
    ("320508", "姑苏区", "Gusu", "数字创意、高技术服务", True, "1", 2),
    ("320571", "苏州工业园区", "Industrial Park", "生物医药、人工智能、纳米技术应用", False, "2", 2),
    ("320506", "吴中区", "Wuzhong", "机器人与智能制造、生物医药与大健康、检验检测认证", True, "0.5", 3),
    ("320509", "吴江区", "Wujiang", "先进材料、高端装备、新一代信息技术", True, "1.5", 3),
)

CLUSTERS = {
    "E": ("电子信息", "Electronics and information"),
    "M": ("装备制造", "Equipment manufacturing"),
    "B": ("生物医药", "Biomedicine"),
    "N": ("先进材料", "Advanced materials"),
}

SUB_FIELDS = (  # a proposal of sixteen; what is official may be another list
    ("E01", "集成电路", "Integrated circuits"),
    ("E02", "光子", "Photonics"),
    ("E03", "新型显示", "New displays"),
    ("E04", "人工智能", "Artificial intelligence"),
    ("E05", "工业软件", "Industrial software"),
    ("M01", "机器人与数控机床", "Robots and CNC machine tools"),
    ("M02", "航空航天", "Aerospace"),
    ("M03", "智能车联网", "Intelligent connected vehicles"),
    ("M04", "新能源", "New energy"),
    ("B01", "创新药物", "Innovative drugs"),
    ("B02", "高端医疗器械", "High-end medical devices"),
    ("B03", "小核酸与生物技术", "Small nucleic acids and biotechnology"),
    ("N01", "纳米新材料", "Nano materials"),
    ("N02", "高性能功能纤维", "High-performance functional fibres"),
    ("N03", "第三代半导体", "Third-generation semiconductors"),
    ("N04", "声功能与先进结构材料", "Acoustic and advanced structural materials"),
)

PLACES = (
    "云溪",
    "松陵",
    "望湖",
    "北塘",
    "禾岸",
    "星屿",
    "衡准",
    "启帆",
    "湖畔",
    "江南",
    "太湖",
    "青浦",
    "东篱",
    "南浔",
    "西塘",
    "金鸡",
    "独秀",
    "碧波",
    "春申",
    "秋浦",
    "明月",
    "晴川",
    "远山",
    "归帆",
    "听涛",
    "观澜",
    "采薇",
    "落霞",
    "长桥",
    "石桥",
)
TRADES = (
    "精密",
    "材料",
    "电子",
    "装备",
    "智能",
    "光电",
    "化工",
    "传感",
    "软件",
    "动力",
    "轴承",
    "真空",
    "检测",
    "生物",
    "医疗",
)
SCIENCES = ("理工", "工业", "科技", "师范", "农林", "医科", "海洋", "交通")
INSTITUTES = ("材料", "微电子", "光学", "能源", "自动化", "生物技术", "纳米", "计量", "软件工程", "机器人")

TASKS = ("关键技术攻关与样机研制", "中试线建设与工艺定型", "示范应用与产业化推广")
MILESTONES = (
    ("完成方案评审与指标分解", "评审通过项数", "3"),
    ("完成样机并通过第三方测试", "样机台数", "2"),
    ("完成应用验证", "应用单位数", "3"),
)
PARTNERS = ("关键零部件", "基础材料", "专用装备", "系统集成", "检验检测", "示范应用")
