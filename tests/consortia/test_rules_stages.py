"""Stages follow from status and build period."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consortia.enums import ConsortiumStatus, Stage
from consortia.rules.stages import months_later, stage_of
from consortia.rules.taxonomy import next_code, root_code

S = ConsortiumStatus
FROM, TO = date(2024, 1, 1), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("status", "today", "facts", "stage"),
    [
        (S.PREPARING, date(2024, 6, 1), {}, Stage.PREPARING),
        (S.CULTIVATION, date(2024, 6, 1), {}, Stage.STARTING),
        (S.OPERATING, date(2024, 12, 30), {}, Stage.STARTING),
        (S.OPERATING, date(2025, 1, 1), {}, Stage.GROWING),
        (S.RECTIFYING, date(2027, 1, 1), {}, Stage.GROWING),
        (S.OPERATING, date(2027, 1, 2), {}, Stage.MATURE),
        (S.OPERATING, date(2024, 6, 1), {"build_from": None, "build_to": None}, Stage.STARTING),
        (S.OPERATING, date(2024, 6, 1), {"leaving_since": date(2024, 5, 1)}, Stage.LEAVING),
        (S.GRADUATED, date(2024, 6, 1), {}, Stage.MATURE),
        (S.EXITED, date(2024, 6, 1), {}, Stage.LEAVING),
        (S.REVOKED, date(2024, 6, 1), {}, Stage.LEAVING),
    ],
)
def test_the_stage(status: str, today: date, facts: dict[str, Any], stage: Stage) -> None:
    known = {"leaving_since": None, "build_from": FROM, "build_to": TO} | facts

    assert stage_of(status=status, today=today, **known).stage == stage


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_later_stays_in_the_month(day: date, months: int) -> None:
    later = months_later(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_six_months_after_the_end_of_august() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_codes_keep_their_root() -> None:
    assert (next_code("E01", 2), next_code("E01-2", 3), root_code("E01-3")) == ("E01-2", "E01-3", "E01")
