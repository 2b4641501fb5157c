"""The seven ones: pure arithmetic over the canonical facts."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from consortia.enums import PlatformKind, Progress, SevenOnes
from consortia.rules import HIGHEST, seven_ones
from consortia.rules.sevenones import postdoc_station


def facts(**parts: Any) -> dict[str, Any]:
    """A consortium that has nothing but its sub-field and an unconfirmed lead."""
    empty: dict[str, Any] = {
        "consortium": {"sub_field": {"zh": "集成电路", "en": "Integrated circuits"}},
        "lead": {"name": "样例领航", "lead_class": "CHAMPION"},
        "members": [], "technologies": [], "platforms": [], "funds": [], "outcomes": [],
    }  # fmt: skip
    return empty | parts


def member(role: str = "MEMBER", status: str = "CONFIRMED", group: str = "univ") -> dict[str, Any]:
    return {"role": role, "status": status, "organisation": {"group": group}}


def technology(kind: str = "KEY") -> dict[str, str]:
    return {"problem_class": kind}


def progress(item: SevenOnes, **parts: Any) -> Progress:
    return next(one.progress for one in seven_ones(facts(**parts)).ones if one.item == item)


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ([], (Progress.NONE, 0, 0)),
        ([None], (Progress.IN_PROGRESS, 0, 1)),
        ([None, date(2026, 1, 1)], (Progress.BUILT, 1, 2)),
    ],
)
def test_the_postdoctoral_workstation_stands_beside_the_seven(opened: list[Any], expected: tuple[Any, ...]) -> None:
    rows = [SimpleNamespace(kind=PlatformKind.POSTDOC, opened_on=day) for day in opened]
    station = postdoc_station([*rows, SimpleNamespace(kind=PlatformKind.INCUBATOR, opened_on=date(2026, 1, 1))])

    assert (station.progress, station.opened, station.count) == expected


CASES: list[tuple[SevenOnes, dict[str, Any], Progress]] = [
    (SevenOnes.SUB_FIELD, {}, Progress.BUILT),
    (SevenOnes.TECHNOLOGIES, {}, Progress.NONE),
    (SevenOnes.TECHNOLOGIES, {"technologies": [technology()] * 2}, Progress.IN_PROGRESS),
    (SevenOnes.TECHNOLOGIES, {"technologies": [technology()] * 3}, Progress.BUILT),
    (SevenOnes.LEAD, {}, Progress.IN_PROGRESS),
    (SevenOnes.LEAD, {"members": [member("LEAD", "INVITED", "chain")]}, Progress.IN_PROGRESS),
    (SevenOnes.LEAD, {"members": [member("LEAD", "CONFIRMED", "chain")]}, Progress.BUILT),
    (
        SevenOnes.LEAD,
        {"members": [member("LEAD")], "lead": {"name": "样例", "lead_class": "NONE"}},
        Progress.IN_PROGRESS,
    ),
    (SevenOnes.RESEARCH, {"members": [member(group="chain")]}, Progress.NONE),
    (SevenOnes.RESEARCH, {"members": [member(), member(status="INVITED")]}, Progress.IN_PROGRESS),
    (SevenOnes.RESEARCH, {"members": [member(), member()]}, Progress.BUILT),
    (SevenOnes.INCUBATOR, {"platforms": [{"kind": "PILOT_LINE", "opened_on": "2026-01-01"}]}, Progress.NONE),
    (SevenOnes.INCUBATOR, {"platforms": [{"kind": "INCUBATOR", "opened_on": None}]}, Progress.IN_PROGRESS),
    (SevenOnes.INCUBATOR, {"platforms": [{"kind": "INCUBATOR", "opened_on": "2026-01-01"}]}, Progress.BUILT),
    (SevenOnes.FUND, {"funds": [{"scale": "0.00", "paid_in": "0.00"}]}, Progress.IN_PROGRESS),
    (SevenOnes.FUND, {"funds": [{"scale": "30000000.00", "paid_in": "28000000.00"}]}, Progress.IN_PROGRESS),
    (SevenOnes.FUND, {"funds": [{"scale": "30000000.00", "paid_in": "30000000.00"}]}, Progress.BUILT),
    (SevenOnes.PRODUCTS, {"outcomes": [{"kind": "PATENT", "amount": "9.00"}]}, Progress.NONE),
    (SevenOnes.PRODUCTS, {"outcomes": [{"kind": "PRODUCT", "amount": "0.00"}]}, Progress.IN_PROGRESS),
    (SevenOnes.PRODUCTS, {"outcomes": [{"kind": "PRODUCT", "amount": "0.01"}]}, Progress.BUILT),
]


@pytest.mark.parametrize(("item", "parts", "expected"), CASES)
def test_each_of_the_seven(item: SevenOnes, parts: dict[str, Any], expected: Progress) -> None:
    assert progress(item, **parts) == expected


def test_the_total_counts_two_for_built_and_one_for_being_built() -> None:
    card = seven_ones(facts(technologies=[technology("BOTTLENECK")]))

    assert [one.item for one in card.ones] == list(SevenOnes)
    assert (card.total, HIGHEST) == (4, 14)
    assert [card.count(level) for level in Progress] == [4, 2, 1]


def test_the_notes_say_the_figures_in_both_languages() -> None:
    funds = [{"scale": "30000000.00", "paid_in": "28000000.00"}]
    english = [one.note for one in seven_ones(facts(funds=funds), language="en").ones]
    with translation.override("zh-hans"):
        chinese = [one.note for one in seven_ones(facts(funds=funds), language="zh-hans").ones]

    assert english == [
        "Integrated circuits", "0 listed, 0 of them bottlenecks", "Led by 样例领航", "0 of 0 have confirmed",
        "0 open, 0 in all", "2,800 of 3,000 (×10k yuan) paid in", "0 on record, 0 with sales",
    ]  # fmt: skip
    assert (chinese[0], len(chinese)) == ("集成电路", 7)
