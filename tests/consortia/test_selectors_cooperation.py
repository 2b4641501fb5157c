"""The sums of a consortium's year."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortia.enums import Layer
from consortia.rules.cooperation import part_in_year
from consortia.selectors.cooperation import Cooperation, cooperation
from tests.clock import NOON
from tests.factories.books import make_answer, make_demand, make_entry
from tests.factories.consortia import ready_consortium
from tests.personas import Personas


@pytest.mark.parametrize(
    ("start", "end", "year", "expected"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 2026, Decimal(12)),
        (date(2026, 1, 1), date(2026, 12, 31), 2025, Decimal(0)),
        (date(2025, 7, 2), date(2026, 7, 1), 2026, Decimal(12) * 182 / 365),
        (date(2026, 5, 5), date(2026, 5, 5), 2026, Decimal(12)),
        (date(2025, 1, 1), date(2027, 12, 31), 2026, Decimal(12) * 365 / 1095),
    ],
)
def test_part_in_year(start: date, end: date, year: int, expected: Decimal) -> None:
    assert part_in_year(Decimal(12), start, end, year) == expected


def test_the_parts_of_all_years_are_the_whole() -> None:
    start, end = date(2024, 3, 7), date(2027, 9, 19)

    whole = sum(part_in_year(Decimal(30), start, end, year) for year in range(2024, 2028))

    assert whole == pytest.approx(Decimal(30))


def test_an_empty_year(people: Personas) -> None:
    zero = Decimal(0)

    assert cooperation(ready_consortium(people), 2026) == Cooperation(zero, 0, zero, zero, zero, zero, 0, 0, 0, 0)


def test_a_full_year(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_entry("talent", consortium, people, start=date(2025, 1, 1), person_months=Decimal(24))
    make_entry("training", consortium, people)
    make_entry("sharing", consortium, people)
    make_entry("sharing", consortium, people, unit="TIMES", quantity=Decimal(3))
    make_entry("sharing", consortium, people, date=date(2025, 5, 1))
    make_entry("contribution", consortium, people, confirmed_by=people.lead, confirmed_at=NOON)
    make_entry(
        "contribution", consortium, people, kind="IN_KIND", note="设备", confirmed_by=people.lead, confirmed_at=NOON
    )
    make_entry("contribution", consortium, people)
    make_entry("recognition", consortium, people)
    make_entry("exchange", consortium, people)
    make_entry("exchange", consortium, people, with_layer=Layer.GENERAL)
    demand = make_demand(consortium, people.lead)
    demand.matched, demand.matched_on = make_answer(demand, people.university, people.lead), date(2026, 8, 1)
    demand.save()

    assert cooperation(consortium, 2026) == Cooperation(
        Decimal("12.0"), 3, Decimal(40), Decimal(3), Decimal(400_000), Decimal(400_000), 1, 1, 2, 1
    )
    assert cooperation(consortium, 2026).arrived == Decimal(800_000)


def test_a_constant_number_of_queries(people: Personas) -> None:
    consortium = ready_consortium(people)

    counts = []
    for _round in range(2):
        make_entry("talent", consortium, people)
        make_entry("exchange", consortium, people)
        with CaptureQueriesContext(connection) as queries:
            cooperation(consortium, 2026)
        counts.append(len(queries))

    assert counts == [7, 7]
