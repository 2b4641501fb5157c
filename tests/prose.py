"""Chinese prose as applications are written in, never twice the same: drawn from words by a seed."""

import random
from typing import Any

from funding.rules.similarity import bands, passages, written


def words(text: str) -> list[str]:
    """Those between the blanks."""
    return text.split()


FIELDS = words(
    """
    集成电路 光电子芯片 高端医疗器械 创新药物 纳米新材料 新型显示 智能机器人 工业软件 航空发动机
    精密轴承 激光雷达 柔性传感器 动力电池 氢燃料电池 碳化硅器件 封装基板 光刻胶 电子特气 高温合金 碳纤维
    生物酶制剂 基因测序仪 内窥镜 超声探头 数控机床 减速器 伺服电机 图像传感器 射频前端 存储控制器
    操作系统 数据库引擎 卫星载荷 深海装备 风电叶片 光伏组件 钙钛矿薄膜 储能变流器 智能网联终端
    毫米波雷达
    """
)
THINGS = words(
    """
    样机 中试线 验证平台 测试规程 工艺窗口 关键部件 核心算法 设计工具 数据集 可靠性模型 失效机理
    封装工艺 良品率 产能 供应链 知识产权池 标准草案 联合实验室 人才团队 首批订单 检测报告 应用示范线
    质量体系 装配流程 材料配方 仿真环境 接口规范 安全机制 能耗指标 使用寿命 温度漂移 信噪比 响应时间
    装机数量 国产化比例 单位成本 客户反馈 试用单位 迭代版本 培训课程 专利布局 风险清单 备选路线 验收大纲
    """
)
VERBS = words(
    """
    完成 突破 建立 优化 验证 提升 降低 形成 部署 攻克 改进 评估 固化 扩展 替换 复核 量产 集成 标定 梳理
    开放 共享 迁移 压缩 重构 委托第三方检测 组织用户试用 联合高校研究 申请专利保护 纳入采购目录
    """
)
MANNERS = words(
    """
    按照年度计划 依托牵头企业 结合用户需求 在第三方见证下 通过联合攻关 分两个阶段 以季度为周期
    由成员单位分工 针对前期问题 对照国际同类产品 在保证安全的前提下 面向本地产业链 借助公共平台
    经专家论证 根据试验数据 围绕薄弱环节 与上下游企业一道 利用已有基础 参照行业标准 在合同约定期限内
    """
)
SIGNS = words(
    """
    稳定 可控 先进 完整 高效 低成本 小批量 规模化 自主 开放 精密 轻量化 智能 绿色 通用 专用
    """
)
PATTERNS = (
    "{m}{v}{f}{t}", "{v}{s}的{f}{t}", "{f}{t}与{t2}{v}", "{m}，{v}{t}{n}项", "{f}的{t}不低于{n}", "{v}{t}并{v2}{t2}",
)  # fmt: skip
SCALE = 0.7  # for some 3,000 characters
SECTIONS = {"objective": 18, "foundation": 12, "route": 24, "commercialisation": 10, "elements": 8}  # sentences


def clause(dice: random.Random) -> str:
    """A part of a sentence."""
    pattern, draw = dice.choice(PATTERNS), dice.choice
    return pattern.format(
        m=draw(MANNERS), v=draw(VERBS), v2=draw(VERBS), s=draw(SIGNS), f=draw(FIELDS), t=draw(THINGS), t2=draw(THINGS),
        n=dice.randint(2, 9999),
    )  # fmt: skip


def sentence(dice: random.Random) -> str:
    """Two to five clauses, as officials write them."""
    return "，".join(clause(dice) for _ in range(dice.randint(2, 5))) + dice.choice("。。。。；")


def text(dice: random.Random, sentences: int) -> str:
    """So many sentences, in paragraphs."""
    return "".join(sentence(dice) + ("\n" if dice.random() < 0.15 else "") for _ in range(sentences)).strip()


def sections(dice: random.Random, scale: float = 1.0) -> dict[str, str]:
    """The texts of an application, some 2,800 characters in all at scale 1."""
    return {name: text(dice, max(1, round(count * scale))) for name, count in SECTIONS.items()}


def edited(passage: str, dice: random.Random, share: float = 0.06) -> str:
    """The same with a few characters changed, as somebody does who does not want to be found out."""
    letters = list(passage)
    for place in dice.sample(range(len(letters)), max(1, round(share * len(letters)))):
        letters[place] = dice.choice("该本其各此")
    return "".join(letters)


def texts_of(number: int) -> dict[str, str]:
    """The prose of the application of this number, the same whenever it is asked for."""
    return sections(random.Random(f"prose {number}"), SCALE)


def cut(numbers: range) -> list[tuple[Any, ...]]:
    """The passages of these applications as rows, the number first; needs no Django, so that it can be done apart."""
    rows: list[tuple[Any, ...]] = []
    for number in numbers:
        pieces = passages(written({"application": texts_of(number)}))
        sketched = zip(pieces, bands(one.text for one in pieces), strict=True)
        rows += [(number, one.section, one.ordinal, one.start, one.end, one.text, found) for one, found in sketched]
    return rows
