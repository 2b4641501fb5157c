"""Links between consortia of different fields: two in force, one that waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from consortia.models import Consortium, ConsortiumLink
from consortia.rules.links import LinkKind
from consortia.rules.registers import RecognitionLevel
from consortia.services.links import accept_link, propose_link
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

Facts = dict[str, str]
LINKS: tuple[tuple[Facts, bool], ...] = (
    (
        {
            "kind": LinkKind.PROJECT, "subject": "检测装备与材料工艺联合攻关",
            "goal": "两个联合体共用样机与验证产线，一年内完成样机在产线上的连续验证。",
            "project_name": "样例跨领域检测装备联合攻关", "project_level": RecognitionLevel.CITY,
            "project_number": "样科攻关-2026-031",
        },
        True,
    ),
    (
        {
            "kind": LinkKind.PLATFORM, "subject": "共用可靠性试验平台",
            "goal": "互相开放可靠性试验平台，统一预约与计费办法。",
        },
        True,
    ),
    (
        {
            "kind": LinkKind.FIELDS, "subject": "上下游领域互补协同",
            "goal": "梳理两个领域的技术清单，找出可以互为应用场景的课题。",
        },
        False,
    ),
)  # fmt: skip


def link(cast: Cast, consortia: Sequence[Consortium], today: date) -> None:
    """The first consortium with each of the next ones, as far as there are any."""
    first, *others = consortia
    for number, ((facts, accepted), other) in enumerate(zip(LINKS, others, strict=False)):
        day = today - timedelta(days=90 - 40 * number)
        row = ConsortiumLink(start=day + timedelta(days=15), end=day + timedelta(days=380), **facts)
        propose_link(consortium=first, partner=other, link=row, actor=cast.of(first.lead), at=moment(day))
        if accepted:
            accept_link(link=row, actor=cast.of(other.lead), at=moment(day + timedelta(days=6)))
