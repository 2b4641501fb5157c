"""The default rules of the annual evaluation. Every value is a configurable proposal, never official policy.

Ways to score an indicator (`method`), each giving a share of its maximum:
`expert`: the expert decides; `ratio`: reached / target, at most 1, the mean over the metrics;
`steps`: the share of the last threshold reached by a metric; `line`: interpolated between points.
A metric is read from the portal's own records (`source` auto) or stated by the lead (self). Where
no target stands, `yardstick` takes its place. A stated metric with `evidence` counts only with a file
that proves it; what comes from the registers is proven there. Rules of before `EVAL-DEFAULT-2` ask for
no evidence, and go on doing so.

Of the figures of a filed self-report `sampling.percent` are drawn for a check on the spot; one that is
further from last year's than `jump` per cent has `jump_weight` tickets instead of one.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

Data = dict[str, Any]


BASES = {
    "milestones": ("任务清单中本年到期的里程碑", "Milestones of the task list due in the year"),
    "patents": ("成果登记，按授权日期", "Register of outcomes, by the day of the grant"),
    "standards": ("成果登记，按发布日期", "Register of outcomes, by the day of publication"),
    "products": ("成果登记，按上市日期", "Register of outcomes, by the day of the launch"),
    "contracts": ("成果登记，按登记日期", "Register of outcomes, by the day of registration"),
    "rd_growth": ("成员填报的年度研发投入", "Yearly R&D expense stated by the members"),
    "members_kept": ("成员名册与退出记录", "List of members and record of departures"),
    "platforms": ("共建平台登记，年末已运行", "Register of joint platforms, in operation at the end of the year"),
    "fund_paid": ("基金登记，实缴与规模", "Register of funds, paid-in capital against scale"),
}


def _metric(code: str, zh: str, en: str, unit: tuple[str, str], yardstick: str = "", source: str = "self") -> Data:
    return {
        "code": code, "zh": zh, "en": en, "unit_zh": unit[0], "unit_en": unit[1],
        "yardstick": yardstick, "source": source, "evidence": source == "self",
    }  # fmt: skip


def _change(code: str, zh: str, en: str, unit: tuple[str, str], yardstick: str) -> Data:
    """A metric that may fall below zero: a decline is reported as such and counts nothing."""
    return {**_metric(code, zh, en, unit, yardstick), "signed": True}


def _unproven(metric: Data) -> Data:
    """A metric that no file could prove: that there is nothing."""
    return {**metric, "evidence": False}


def _auto(code: str, zh: str, en: str, unit: tuple[str, str], yardstick: str = "") -> Data:
    basis_zh, basis_en = BASES[code]
    return {**_metric(code, zh, en, unit, yardstick, "auto"), "basis_zh": basis_zh, "basis_en": basis_en}


def _expert(code: str, zh: str, en: str, maximum: str, hint_zh: str, hint_en: str) -> Data:
    return {
        "code": code, "zh": zh, "en": en, "max": maximum, "method": "expert", "metrics": [],
        "hint_zh": hint_zh, "hint_en": hint_en,
    }  # fmt: skip


def _ratio(code: str, zh: str, en: str, maximum: str, *metrics: Data) -> Data:
    return {"code": code, "zh": zh, "en": en, "max": maximum, "method": "ratio", "metrics": list(metrics)}


def _curve(code: str, zh: str, en: str, maximum: str, method: str, points: list[list[str]], metric: Data) -> Data:
    return {
        "code": code, "zh": zh, "en": en, "max": maximum, "method": method, "points": points,
        "metrics": [{**metric, "has_target": False}],
    }  # fmt: skip


def _dimension(code: str, zh: str, en: str, *indicators: Data) -> Data:
    return {"code": code, "zh": zh, "en": en, "indicators": list(indicators)}


COUNT = ("项", "items")
WAN = ("万元", "×10k yuan")
PERCENT = ("%", "%")
PEOPLE = ("人", "people")
FIRMS = ("家", "enterprises")
WEIGHTED = ("加权项", "weighted items")
HOURS = ("小时", "hours")

DIMENSIONS = [
    _dimension(
        "G1", "攻关任务", "Research tasks",
        _ratio("G1.1", "里程碑按期完成", "Milestones completed on time", "12",
               _auto("milestones", "里程碑加权完成量", "Weighted milestones completed", WEIGHTED)),
        _expert("G1.2", "技术指标达成", "Technical indicators reached", "8",
                "依据证明材料与不超过三项代表性成果判断。",
                "Judged by the evidence and at most three representative outcomes."),
        _expert("G1.3", "突破水平", "Level of breakthrough", "5",
                "国际领先 5 分；国内首创、填补空白 4 分；行业先进 2 分。",
                "World-leading 5; first in the country or filling a gap 4; advanced in the industry 2."),
    ),
    _dimension(
        "G2", "创新产出", "Outputs",
        _ratio("G2.1", "授权发明专利", "Invention patents granted", "5",
               _auto("patents", "授权发明专利", "Invention patents granted", COUNT, "5")),
        _ratio("G2.2", "标准", "Standards", "3",
               _auto("standards", "主导或参与标准", "Standards led or joined", COUNT, "1")),
        _ratio("G2.3", "新产品与首台（套）", "New products and first sets", "5",
               _auto("products", "新产品", "New products", COUNT, "2")),
        _ratio("G2.4", "技术合同", "Technology contracts", "2",
               _auto("contracts", "登记技术合同", "Technology contracts registered", COUNT, "2")),
    ),
    _dimension(
        "G3", "经济效益", "Economy",
        _ratio("G3.1", "新产品销售", "Sales of new products", "7",
               _metric("sales", "新产品销售收入", "Sales of new products", WAN, "5000")),
        _curve("G3.2", "成员研发投入增长", "Growth of the members' R&D", "4", "line", [["0", "0.5"], ["10", "1"]],
               _auto("rd_growth", "成员研发投入同比增长", "Growth of the members' R&D over last year", PERCENT)),
        _ratio("G3.3", "税收、就业与本地配套", "Taxes, jobs and local supply", "4",
               _change("taxes", "新增税收", "Additional taxes", WAN, "500"),
               _change("jobs", "新增就业", "Additional jobs", PEOPLE, "50"),
               _metric("local_supply", "本地配套率", "Local supply rate", PERCENT, "40")),
    ),
    _dimension(
        "G4", "协同融通", "Collaboration",
        _ratio("G4.1", "联合项目", "Joint projects", "5",
               _metric("joint_projects", "联合项目", "Joint projects", COUNT, "3"),
               _metric("joint_value", "联合项目金额", "Value of joint projects", WAN, "1000")),
        _ratio("G4.2", "中小企业融通", "Small and medium enterprises", "4",
               _metric("smes", "参与任务的中小企业", "SMEs taking part in tasks", FIRMS, "5"),
               _metric("new_specialised", "新增专精特新企业", "Newly recognised specialised enterprises", FIRMS, "1")),
        _ratio("G4.3", "开放共享与跨区域合作", "Sharing and cross-region cooperation", "3",
               _metric("sharing_hours", "仪器设备共享机时", "Hours of shared equipment", HOURS, "1000"),
               _metric("cross_region", "跨区域合作项目", "Cross-region projects", COUNT, "1")),
        _ratio("G4.4", "成员稳定", "Members kept", "3",
               _auto("members_kept", "在册成员", "Members kept", ("家", "members"))),
    ),
    _dimension(
        "G5", "平台载体", "Platforms",
        _ratio("G5.1", "运行平台", "Platforms in operation", "5",
               _auto("platforms", "运行中的共建平台", "Joint platforms in operation", COUNT, "2")),
        _ratio("G5.2", "在孵企业", "Enterprises incubated", "3",
               _metric("incubated", "在孵企业", "Enterprises incubated", FIRMS, "5")),
        _ratio("G5.3", "平台认定", "Platforms recognised", "2",
               _metric("recognised", "市级以上认定平台", "Platforms recognised by the city or above", COUNT, "1")),
    ),
    _dimension(
        "G6", "人才", "Talent",
        _ratio("G6.1", "引进人才", "Talent introduced", "3",
               _metric("talent", "引进高层次人才", "High-level talent introduced", PEOPLE, "3")),
        _ratio("G6.2", "联合培养与博士后", "Joint training and postdocs", "2",
               _metric("trained", "联合培养研究生与博士后", "Graduates and postdocs trained jointly", PEOPLE, "5")),
        _ratio("G6.3", "双向挂职", "Secondments", "2",
               _metric("seconded", "双向挂职、兼职", "Secondments", PEOPLE, "2")),
    ),
    _dimension(
        "G7", "基金资本", "Capital",
        _ratio("G7.1", "基金实缴", "Fund paid in", "3",
               _auto("fund_paid", "基金实缴规模", "Fund capital paid in", WAN)),
        _ratio("G7.2", "撬动社会资本", "Social capital leveraged", "2",
               _metric("leverage", "吸引社会资本", "Social capital attracted", WAN, "1000")),
    ),
    _dimension(
        "G8", "资金使用合规", "Use of funds",
        _curve("G8.1", "资助资金执行率", "Execution of the grant", "2", "steps", [["60", "0.5"], ["80", "1"]],
               _metric("execution", "资助资金执行率", "Share of the grant spent", PERCENT)),
        _ratio("G8.2", "自筹资金到位", "Own funds arrived", "2",
               _metric("own_funds", "自筹资金到位", "Own funds arrived", WAN)),
        _curve("G8.3", "合规", "Compliance", "4", "steps", [["0", "1"], ["1", "0.5"], ["2", "0"]],
               _unproven(_metric("findings", "未整改审计问题", "Audit findings not settled", COUNT))),
    ),
]  # fmt: skip

DEFAULT_EVALUATION: Data = {
    "code": "EVAL-DEFAULT-2",
    "kind": "evaluation",
    "proposal": True,
    "zh": "年度评价默认规则（建议稿）",
    "en": "Default rules of the annual evaluation (proposal)",
    "dimensions": DIMENSIONS,
    "bonus": {
        "max": "5", "zh": "国家级、省级认定，政策改革试点，典型案例",
        "en": "National or provincial recognition, policy-reform pilots, typical cases",
    },
    "deductions": {
        "max": "10", "per_return": "1", "zh": "迟报、数据更正、审计问题未整改",
        "en": "Late report, corrected data, audit findings not settled",
    },
    "grades": {"EXCELLENT": "85", "GOOD": "75", "QUALIFIED": "60"},
    "excellent_quota": "20",
    "consequences": {
        "EXCELLENT": ["NEXT", "UPGRADE"], "GOOD": ["NEXT"], "QUALIFIED": ["NEXT"],
        "UNQUALIFIED": ["RECTIFY", "HOLD"], "UNQUALIFIED_AGAIN": ["EXIT", "CANCEL"], "ABSENT": ["EXIT", "HOLD"],
    },
    "reduced": {"grades": ["QUALIFIED"], "dimension": "G8", "below": "60", "percent": "80"},
    "jump": "50",
    "sampling": {"percent": "10", "jump_weight": 3},
    "min_months": 6,
    "verify_working_days": 10,
    "score_working_days": 10,
    "remind_working_days": 3,
    "appeal_working_days": 5,
    "appeal_answer_working_days": 10,
    "publicity_days": 7,
}  # fmt: skip


def tickets(rules: Data, jumps: Mapping[str, bool]) -> dict[str, int]:
    """How many tickets each figure has in the draw; none under rules that draw nothing."""
    said = rules.get("sampling")
    return {code: int(said["jump_weight"]) if jump else 1 for code, jump in jumps.items()} if said else {}


def drawn(rules: Data, held: Mapping[str, int], seed: str) -> list[str]:
    """The figures that are checked on the spot: those with the lowest tickets. Follows from the seed alone."""
    if not held:
        return []
    size = -(-len(held) * int(rules["sampling"]["percent"]) // 100)
    order = sorted(held, key=lambda code: min(_ticket(seed, code, n) for n in range(held[code])))
    return sorted(order[:size])


def _ticket(seed: str, code: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{code}:{number}".encode()).hexdigest()


def word(data: Data, kind: str = "") -> str:
    """The name (or `unit`, `hint`, `basis`) of an entry of the rules in the reader's language."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return str(data.get(f"{kind}_{language}" if kind else language, ""))
