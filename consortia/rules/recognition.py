"""What a platform must bring along to be recognised directly: defaults by kind, which the bureau may replace."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from consortia.enums import PlatformKind
from consortia.rules.platforms import Measure

MOST_CONDITIONS = 10
MOST_YEARS = 10
K, M = PlatformKind, Measure


@dataclass(frozen=True)
class Condition:
    """One line of a checklist; with a measure the portal suggests the answer, `least` in the measure's unit."""

    text_zh: str
    text_en: str
    hard: bool = True
    measure: str = ""
    least: Decimal | None = None

    def __str__(self) -> str:
        return self.text_zh if (get_language() or "zh").startswith("zh") else self.text_en

    def data(self) -> dict[str, Any]:
        """For storage as JSON."""
        least = None if self.least is None else f"{self.least:f}"
        return {**asdict(self), "measure": str(self.measure), "least": least}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Condition:
        """From what `data` gave."""
        least = data.get("least")
        return cls(**{**data, "least": None if least is None else Decimal(least)})


@dataclass(frozen=True)
class Terms:
    """How a kind of platform is recognised: its checklist, whether experts are asked, for how many years."""

    conditions: tuple[Condition, ...]
    years: int = 3
    experts: bool = False


def _at_least(zh: str, en: str, measure: Measure, least: int, *, hard: bool = True) -> Condition:
    return Condition(zh, en, hard, measure.value, Decimal(least))


JOINT = _at_least("由两家以上单位共建并约定份额", "Built by two parties or more, with agreed shares", M.BUILDERS, 2)
RULES = Condition("有管理章程和固定负责人", "Has statutes and a permanent head")
HONEST = Condition("共建各方无失信惩戒记录", "No builder is barred by an integrity record")

# Defaults of this portal. They follow no document; the bureau sets its own on the page of the conditions.
DEFAULTS: dict[str, Terms] = {
    K.KEY_LAB: Terms((
        JOINT,
        _at_least("科研用房面积不少于 1000 平方米", "At least 1,000 m² for research", M.AREA, 1000),
        _at_least("仪器设备原值不低于 1000 万元", "Equipment worth at least 10 million yuan", M.EQUIPMENT, 1000),
        _at_least("固定研究人员不少于 20 人", "At least 20 permanent researchers", M.STAFF, 20),
        _at_least("建成运行满 12 个月", "In operation for 12 months", M.MONTHS, 12),
        RULES, HONEST,
    ), experts=True),
    K.NEW_RD: Terms((
        Condition("投入主体多元化", "Funded by several kinds of investors"),
        Condition("集聚资源国际化", "Gathers resources internationally", hard=False),
        Condition("运行机制市场化", "Runs by the market"),
        Condition("管理制度现代化", "Managed by modern rules"),
        JOINT,
        _at_least("研发人员不少于 30 人", "At least 30 people in R&D", M.STAFF, 30),
        _at_least("年度服务收入不低于 200 万元", "Service income of 2 million yuan a year", M.INCOME, 200),
        HONEST,
    ), experts=True),
    K.ACADEMICIAN: Terms((
        Condition("与院士及其团队签订合作协议", "An agreement with an academician and team is signed"),
        JOINT,
        Condition("有明确的合作攻关任务", "Has a research task of its own"),
        RULES, HONEST,
    )),
    K.ENTERPRISE: Terms((
        JOINT,
        _at_least("研发用房面积不少于 2000 平方米", "At least 2,000 m² for R&D", M.AREA, 2000),
        _at_least("研发人员不少于 50 人", "At least 50 people in R&D", M.STAFF, 50),
        RULES, HONEST,
    )),
    K.INCUBATOR: Terms((
        JOINT,
        _at_least("孵化面积不少于 3000 平方米", "At least 3,000 m² for incubation", M.AREA, 3000),
        _at_least("在孵企业不少于 10 家", "At least 10 incubated enterprises", M.INCUBATEES, 10),
        _at_least("建成运行满 12 个月", "In operation for 12 months", M.MONTHS, 12, hard=False),
        RULES, HONEST,
    )),
    K.PILOT_LINE: Terms((
        JOINT,
        _at_least("设备原值不低于 500 万元", "Equipment worth at least 5 million yuan", M.EQUIPMENT, 500),
        _at_least("年服务单位不少于 5 家", "Serves at least 5 organisations a year", M.SERVED, 5),
        RULES, HONEST,
    )),
    K.SERVICE: Terms((
        JOINT,
        _at_least("年服务单位不少于 20 家", "Serves at least 20 organisations a year", M.SERVED, 20),
        RULES, HONEST,
    )),
}  # fmt: skip


def verdict(condition: Condition, value: Decimal | None) -> bool | None:
    """What the figure says; None where somebody has to look, or where there is no figure."""
    if not condition.measure or condition.least is None or value is None:
        return None
    return value >= condition.least


def last_day(first: date, years: int) -> date:
    """The day on which a recognition of so many years ends; one from 29 February ends on the 28th."""
    try:
        return first.replace(year=first.year + years)
    except ValueError:
        return first.replace(year=first.year + years, day=28)
