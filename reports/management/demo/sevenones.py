"""The Seven Ones of the demo: last year verified, this year partly claimed, one sent back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from consortia.enums import Progress, SevenOnes
from consortia.models import Consortium
from consortia.rules.sevenones import seven_ones
from consortia.selectors.facts import facts_of, load_whole
from consortia.selectors.sevenones import entries_for
from consortia.services.sevenones import Claim, claim_seven, close_seven, return_seven, verify_seven
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

SHOWN = 5  # consortia whose claims of this year still wait in part, and whose years go back further
WORDS = {
    SevenOnes.SUB_FIELD: "主攻细分领域保持不变，年度技术路线图已更新。",
    SevenOnes.TECHNOLOGIES: "组织专家两轮论证，更新关键技术清单与对标指标。",
    SevenOnes.LEAD: "牵头单位集聚链上龙头企业，明确分工与接口指标。",
    SevenOnes.RESEARCH: "与高校、院所共建课题组，双方人员驻厂驻校。",
    SevenOnes.INCUBATOR: "依托牵头单位园区建设专业孵化器，在孵企业稳步增加。",
    SevenOnes.FUND: "产业子基金完成备案，首批项目已过会。",
    SevenOnes.PRODUCTS: "终端产品通过用户验证，形成批量销售。",
}


def keep_the_years(cast: Cast, consortia: list[Consortium], year: int, today: date) -> None:
    """The year before is verified for all who were recognised then; two years ago is closed."""
    for number, consortium in enumerate(consortia):
        recognised = consortium.recognised_on.year if consortium.recognised_on else year
        for past in range(max(recognised, year - (2 if number < SHOWN else 1)), year):
            _claim_all(cast, consortium, past, date(past, 12, 8), waits=len(SevenOnes))
        waits = 3 + number % 3 if number < SHOWN else len(SevenOnes)
        _claim_all(cast, consortium, year, today - timedelta(days=12), waits=waits)
    close_seven(year=year - 2, actor=cast.bureau[Role.HEAD], at=moment(date(year - 1, 2, 20)))


def _claim_all(cast: Cast, consortium: Consortium, year: int, day: date, *, waits: int) -> None:
    """Claim all seven; those from number `waits` on are not judged yet, the one before them is sent back."""
    whole = load_whole(consortium)
    officer = cast.bureau[Role.OFFICER]
    for number, one in enumerate(seven_ones(facts_of(whole)).ones):
        entries = frozenset(f"{kind}:{entry.pk}" for kind, entry in entries_for(whole, one.item)[:3])
        said = _said(one.item, one.progress, entries)
        row = claim_seven(
            consortium=consortium, year=year, item=one.item, claim=said, actor=cast.of(consortium.lead), at=moment(day)
        )  # fmt: skip
        after: dict[str, Any] = {"row": row, "actor": officer, "at": moment(day + timedelta(days=6))}
        if number < waits:
            verify_seven(**after)
        elif number == waits:
            return_seven(note="佐证材料未加盖公章，请补充后重新申报。", **after)


def _said(item: SevenOnes, progress: Progress, entries: frozenset[str]) -> Claim:
    if not entries and item != SevenOnes.SUB_FIELD:
        return Claim(Progress.NONE, "本年度尚未启动，已列入下一年度计划。")
    return Claim(progress, WORDS[item], entries)
