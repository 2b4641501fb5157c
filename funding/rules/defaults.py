"""The default rule set. Every value is a configurable proposal, never official policy."""

from typing import Any

from funding.rules import redaction, windows
from funding.rules.anchors import anchors_of
from funding.rules.doubling import DOUBLING
from funding.rules.recovering import RECOVERY


def _indicator(code: str, zh: str, en: str, maximum: int, method: str = "expert") -> dict[str, Any]:
    told = {"code": code, "zh": zh, "en": en, "max": maximum, "method": method}
    return told if method == "auto" else {**told, "anchors": anchors_of(code)}


def _barred(code: str, zh: str, en: str, *words: str) -> dict[str, Any]:
    return {"code": code, "zh": zh, "en": en, "words": list(words)}


def _dimension(code: str, zh: str, en: str, *indicators: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "zh": zh, "en": en, "indicators": list(indicators)}


DIMENSIONS = [
    _dimension(
        "L", "牵头企业规模与实力", "Strength of the lead",
        _indicator("L1", "牵头企业类别", "Class of the lead", 6, "auto"),
        _indicator("L2", "上年度营业收入", "Revenue of last year", 5, "auto"),
        _indicator("L3", "研发投入", "R&D expense", 6, "auto"),
        _indicator("L4", "整合能力", "Power to integrate", 8),
    ),
    _dimension(
        "M", "成员单位实力与结构", "Members and their structure",
        _indicator("M1", "研发类成员", "Research members", 5, "auto"),
        _indicator("M2", "产业链完整性", "Completeness of the chain", 4, "auto"),
        _indicator("M3", "资本参与", "Capital on board", 2, "auto"),
        _indicator("M4", "分层与职责", "Layers and duties", 4),
    ),
    _dimension(
        "B", "合作研发基础", "Foundation of joint R&D",
        _indicator("B1", "以往合作", "Past cooperation", 8),
        _indicator("B2", "联合知识产权与平台", "Joint IP and platforms", 6),
        _indicator("B3", "国家、省级项目", "National and provincial projects", 6),
    ),
    _dimension(
        "T", "攻关任务", "Research tasks",
        _indicator("T1", "关键技术清单质量", "Quality of the technology list", 8),
        _indicator("T2", "可行性", "Feasibility", 6),
        _indicator("T3", "成果转化", "Commercialisation", 6),
    ),
    _dimension(
        "O", "组织机制", "Organisation",
        _indicator("O1", "协议与利益分配条款", "Agreement and benefit clauses", 5, "auto"),
        _indicator("O2", "治理、退出与实体化", "Governance, exit and legal form", 5),
    ),
    _dimension(
        "E", "要素基础", "Resources",
        _indicator("E1", "高层次人才团队", "Talent team", 3),
        _indicator("E2", "创新平台", "Platforms", 3, "auto"),
        _indicator("E3", "博士后工作站", "Postdoctoral workstation", 2, "auto"),
        _indicator("E4", "产业基金", "Industry fund", 2, "auto"),
    ),
]  # fmt: skip

# Ties between people and organisations: what bars an expert, what is only shown, for how long and from which share on.
CONFLICTS: dict[str, Any] = {
    "steps": 3,
    "ties": {
        "EMPLOYED": {"weight": "hard"},
        "FORMER": {"weight": "hard"},  # for as long as panel.former_years says
        "ACTS_FOR": {"weight": "hard"},
        "DIRECTOR": {"weight": "hard", "years": 3},
        "EQUITY": {"weight": "hard", "years": 3},
        "CONSULTANT": {"weight": "hard", "years": 3},
        "INVESTOR": {"weight": "hard", "years": 3},
        "KINSHIP": {"weight": "hard"},
        "SUPERVISOR": {"weight": "hard"},
        "CO_INVENTOR": {"weight": "hard", "years": 3},
        "WORKS": {"weight": "hard", "years": 3},
        "CONTROL": {"weight": "hard"},
        "STAKE": {"weight": "soft", "percent": "5"},
        "LEGAL": {"weight": "soft"},
        "NAMESAKE": {"weight": "soft"},
        "INVESTMENT": {"weight": "soft", "years": 3},
        "JOINT_OUTCOME": {"weight": "soft", "years": 3},
        "CO_APPLICANT": {"weight": "soft", "years": 3},
    },
    "control_from": "50",  # a share from which on an organisation controls another
    "avoid": {"most": 3, "weight": "soft"},
}

DRAW: dict[str, Any] = {
    "least": [{"kinds": ["FINANCE"], "count": 1}, {"kinds": ["INVEST"], "count": 1}],
    "per_employer": 1,
    "rotation_years": 1,
    "sources": [
        {"code": "SSQ", "zh": "中国福利彩票双色球当期开奖号码", "en": "China Welfare Lottery, Shuangseqiu numbers",
         "example": "02 07 11 19 24 31 + 09", "pattern": "[0-9]{2}( [0-9]{2}){5} [+] [0-9]{2}",
         "weekdays": [1, 3, 6], "time": "21:30"},
        {"code": "DLT", "zh": "中国体育彩票超级大乐透当期开奖号码", "en": "China Sports Lottery, Daletou numbers",
         "example": "03 12 18 27 33 + 04 10", "pattern": "[0-9]{2}( [0-9]{2}){4} [+] [0-9]{2} [0-9]{2}",
         "weekdays": [0, 2, 5], "time": "21:30"},
        {"code": "INDEX", "zh": "上证综指、深证成指当日收盘点位（各保留两位小数）",
         "en": "Closing points of the SSE Composite and the SZSE Component, two decimals each",
         "example": "3012.45 9876.54", "pattern": "[0-9]{3,5}[.][0-9]{2} [0-9]{3,6}[.][0-9]{2}",
         "weekdays": [0, 1, 2, 3, 4], "time": "16:00"},
    ],
}  # fmt: skip

# What speaks against a pairing when many applications are given out at once; `load` is for each review to do already.
ASSIGNMENT: dict[str, Any] = {"load": 10, "field": 3, "most_fields": 4, "money": 30, "tie": 60, "pool_per_seat": 3}

# How long an expert may think and score (working days), how many working days before the end it is reminded, and
# whether the portal calls the next substitute of a draw by itself ("portal") or leaves it to the desk ("desk").
INVITATION: dict[str, Any] = {
    "answer_working_days": 5, "remind_answer": [2], "scoring_working_days": 10, "remind_scoring": [3, 1],
    "substitutes": "portal", "extend_working_days": 10,
}  # fmt: skip

# What decides who leads a panel, in this order: the best match of fields, the fewest panels led this year, the order of
# the draw or of the invitation.
LEAD: list[str] = ["field", "leading", "order"]

# The tier board and the list that leaders approve together.
BOARD: dict[str, Any] = {
    "approvals": 2,  # leaders who approve the same list before it is decided
    "single": True,  # whether an application may be decided by itself, without a list
    "quotas": {"A": None, "B": None, "C": None},  # most applications of a tier; None for no limit
    "grey": "1",  # points on both sides of a line within which a tier is not sure
    "shift": "1",  # points up and down that the sensitivity tries
    "swing": 10,  # per cent by which it tries other weights
}

# The decision meeting: whether a list is approved only with its minutes closed, which share of the invited must be
# there, and more than which share of those who vote must be in favour (per cent).
MEETING: dict[str, Any] = {"needed": False, "quorum_percent": 50, "majority_percent": 50}

# Spending: what the grant must not pay for, with the words by which it is found, and from which part of a budget on
# (per cent) a line is shown as nearly spent. A hit is explained by who records it and looked at by an officer.
SPENDING: dict[str, Any] = {
    "near_percent": 90,
    "negative": [
        _barred(
            "fines",
            "罚款、滞纳金、违约金",
            "Fines, surcharges, penalties",
            "罚款",
            "滞纳金",
            "违约金",
            "赔偿金",
            "fine",
            "penalty",
        ),
        _barred("donations", "捐赠、赞助", "Donations and sponsoring", "捐赠", "捐款", "赞助", "donation", "sponsor"),
        _barred(
            "debts", "偿还债务", "Repayment of debts", "还贷", "还款", "偿还", "债务", "利息", "repayment", "interest"
        ),
        _barred(
            "investments",
            "对外投资",
            "Investments",
            "对外投资",
            "股权投资",
            "理财",
            "购买股票",
            "基金申购",
            "shares of",
        ),
        _barred(
            "entertainment",
            "招待、礼品、娱乐",
            "Entertainment and gifts",
            "招待",
            "宴请",
            "礼品",
            "烟酒",
            "娱乐",
            "entertain",
            "gift",
        ),
        _barred(
            "welfare", "福利、旅游、健身", "Welfare and tourism", "旅游", "健身", "福利", "疗养", "购物卡", "tourism"
        ),
        _barred(
            "construction", "楼堂馆所、装修", "Building and decorating", "办公楼", "装修", "楼堂馆所", "宿舍", "decorat"
        ),
        _barred(
            "production", "批量生产、流动资金", "Series production", "批量生产", "量产", "流动资金", "series production"
        ),
    ],
}

# Contracts: what the district adds to the grant (per cent of it), what every contract promises a year besides the
# targets of the application, and the terms of its life.
CONTRACT: dict[str, Any] = {
    "district_percent": "50",
    "indicators": [
        {"code": "patents", "name": "新增发明专利申请", "unit": "件", "yearly": "2"},
        {"code": "transfers", "name": "成果转化与首批应用", "unit": "项", "yearly": "1"},
        {"code": "people", "name": "联合培养研发人员", "unit": "人", "yearly": "3"},
    ],
    "confirm_working_days": 5,  # how long a party may take to confirm its part, and to sign
    "extensions": 1,
    "extension_months": 12,
    "acceptance_months": 6,  # after the end, in which acceptance is to be requested
    "acceptance_working_days": 30,  # in which the bureau decides, from the request
    "acceptance_mend_working_days": 15,  # in which a returned request is made anew, though the window is over
    "acceptance_pays": ["PASSED"],  # the conclusions after which the last tranche may be requested
}

# Defences and site visits: how long a case takes, which visits are due, what a visit looks at.
SESSIONS: dict[str, Any] = {
    "minutes": {"DEFENCE": 20, "SITE_VISIT": 90},
    "visit_tiers": ["A"],  # a visit is due for whoever asks for one of these tiers or is proposed for it
    "visit_sample_percent": 30,  # of the others
    "second_declaration": True,
    "checklist": [
        {"code": "premises", "zh": "研发与中试场地与申报一致", "en": "Premises for R&D and pilot runs are as stated"},
        {"code": "equipment", "zh": "主要仪器设备在位可用", "en": "Main equipment is there and works"},
        {"code": "team", "zh": "核心团队在岗，分工清楚", "en": "Core team is at work, with clear duties"},
        {
            "code": "cooperation",
            "zh": "合作协议与往来记录可查",
            "en": "Agreements and records of cooperation can be seen",
        },
        {"code": "accounts", "zh": "研发投入有账可查", "en": "R&D expense can be found in the books"},
    ],
}

DEFAULT_RULES: dict[str, Any] = {
    "code": "APP-DEFAULT-2",
    "proposal": True,
    "dimensions": DIMENSIONS,
    "panel": {
        "required": 3,
        "trim_from": 5,
        "max_deviation": "8",
        "max_spread": "20",
        "former_years": 3,
        "draw": DRAW,
        "invitation": INVITATION,
        "lead": LEAD,
    },
    "conflicts": CONFLICTS,
    "tiers": {
        "A": {
            "from": "85",
            "gates": {"base": "42", "tasks": "15", "agreement": True, "technologies": 3, "capital": True},
        },
        "B": {"from": "75", "gates": {"agreement": True, "technologies": 1}},
        "C": {"from": "60", "gates": {}},
    },
    "amounts": {"A": ["1500000", "2000000"], "B": ["600000", "1000000"], "C": ["0", "0"], "step": "50000"},
    "tranches": {
        "A": [["60", "CONTRACT"], ["40", "EVALUATION"]],
        "B": [["60", "CONTRACT"], ["40", "EVALUATION"]],
        "C": [],
    },
    "eligibility": {
        "min_members": 5,
        "min_technologies": 1,
        "revenue_floor": "500000000",
        "rd_floor": "30000000",
        "rd_intensity_floor": "3",
        "clauses": [
            "goals",
            "division",
            "governance",
            "funds",
            "ip_background",
            "ip_foreground",
            "benefits",
            "risks",
            "flow",
            "management",
            "confidentiality",
            "joining",
            "leaving",
            "dissolution",
            "breach",
        ],
    },
    "board": BOARD,
    "meeting": MEETING,
    "sessions": SESSIONS,
    "spending": SPENDING,
    "doubling": DOUBLING,
    "recovery": RECOVERY,
    "contract": CONTRACT,
    "blind": list(redaction.BLIND),
    "windows": windows.as_data(),
    "periods": {
        "publicity_days": 7,
        "publicity_count": "calendar",
        "objection_answer_working_days": 15,
        "correction_working_days": 5,
        "build_years": 3,
    },
}
