"""The arithmetic of budgets, and what becomes of two people's writing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.enums import BudgetMode, BudgetSource
from funding.rules.budget import (
    ITEMISED,
    Cell,
    Fault,
    Line,
    Promise,
    Row,
    budget_years,
    by_member_and_year,
    by_source_and_category,
    categories_of,
    cell_named,
    faults,
    from_source,
    merge,
)

YEARS = budget_years(2026, 3)
money = st.integers(0, 10**11).map(lambda cents: Decimal(cents) / 100)
rows = st.builds(
    Row, st.sampled_from(["lead", "member"]), st.sampled_from(BudgetSource.values), st.sampled_from(ITEMISED)
)
lines = st.builds(Line, rows, st.dictionaries(st.sampled_from(YEARS), money, max_size=3))
texts = st.sampled_from(["", "1.00", "2.00", "3.00"])
cells = st.dictionaries(st.sampled_from("abcd"), texts)


def line(organisation: str, source: str, **amounts: int) -> Line:
    row = Row(organisation, source, "EQUIPMENT")
    return Line(row, {int(year[1:]): Decimal(amount) for year, amount in amounts.items()})


def found(*given_lines: Line, requested: int = 100, cap: int = 200, cash: int = 0) -> list[Fault]:
    members = [Promise("lead", "样例牵头企业", Decimal(cash))]
    return list(faults(list(given_lines), requested=Decimal(requested), cap=Decimal(cap), years=YEARS, members=members))


# --- sums --------------------------------------------------------------------------------------
@given(st.lists(lines, max_size=6))
def test_both_ways_of_adding_up_come_to_the_same(many: list[Line]) -> None:
    spent, divided = by_member_and_year(many), by_source_and_category(many)

    total = sum((one.total for one in many), Decimal(0))
    assert spent.total == divided.total == total
    assert sum(spent.rows.values()) == sum(spent.columns.values()) == total
    assert sum(divided.sums.values()) == sum(divided.rows.values()) == sum(divided.columns.values()) == total
    assert sum(sum(from_source(many, source).values()) for source in BudgetSource) == total


@given(st.lists(lines, max_size=6))
def test_a_sum_is_that_of_its_cells(many: list[Line]) -> None:
    spent = by_member_and_year(many)
    for year in YEARS:
        expected = sum((one.amounts.get(year, 0) for one in many if one.row.organisation == "lead"), Decimal(0))
        assert spent.at("lead", year) == expected


def test_a_build_period_of_three_years_touches_four() -> None:
    assert list(YEARS) == [2026, 2027, 2028, 2029]


def test_a_lump_sum_is_not_divided() -> None:
    assert (len(categories_of(BudgetMode.ITEMISED)), len(categories_of(BudgetMode.LUMP_SUM))) == (4, 1)


def test_a_cell_is_found_by_its_name() -> None:
    cell = Cell(Row("0" * 8, "OWN", "LABOUR"), "2027")
    assert (cell_named(cell.name), cell_named("a.b.c"), cell_named("")) == (cell, None, None)


# --- two people --------------------------------------------------------------------------------
@given(cells, cells, cells)
def test_nobody_is_overwritten_unseen(base: dict[str, str], typed: dict[str, str], stored: dict[str, str]) -> None:
    result = merge(base=base, typed=typed, stored=stored)

    after = {**stored, **result.changed}
    for name in "abcd":
        was, now = base.get(name, ""), stored.get(name, "")
        if was != now:  # somebody else was here
            assert after.get(name, "") == now
        elif name in typed:
            assert after.get(name, "") == typed[name]
    assert result.changed.keys().isdisjoint(result.clashes)


@given(cells, cells)
def test_what_was_only_looked_at_changes_nothing(base: dict[str, str], stored: dict[str, str]) -> None:
    result = merge(base=base, typed=base, stored=stored)
    assert (result.changed, result.clashes) == ({}, {})


# --- what is wrong -----------------------------------------------------------------------------
def test_nothing_is_wrong_with_what_fits() -> None:
    assert found(line("lead", "GRANT", y2026=60, y2027=40), line("lead", "OWN", y2028=50), cash=50) == []


@pytest.mark.parametrize(
    ("given_lines", "facts", "fault"),
    [
        ([], {}, Fault("empty")),
        ([line("lead", "OWN", y2026=0)], {}, Fault("empty")),
        ([line("lead", "GRANT", y2026=99)], {}, Fault("grant", has=Decimal(99), needs=Decimal(100))),
        ([line("lead", "GRANT", y2026=100)], {"cap": 90}, Fault("cap", has=Decimal(100), needs=Decimal(90))),
        ([line("lead", "GRANT", y2030=100)], {}, Fault("year", name="2030")),
        ([line("lead", "GRANT", y2025=100)], {}, Fault("year", name="2025")),
        (
            [line("lead", "GRANT", y2026=100), line("lead", "OWN", y2026=49)], {"cash": 50},
            Fault("own", name="样例牵头企业", has=Decimal(49), needs=Decimal(50)),
        ),
        ([line("lead", "GRANT", y2026=50), line("x", "GRANT", y2026=50)], {}, Fault("gone", name="x")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(given_lines: list[Line], facts: dict[str, int], fault: Fault) -> None:
    assert found(*given_lines, **facts) == [fault]
