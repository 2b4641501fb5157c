"""The plan of a call, in working days of mainland China."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.enums import Stage
from funding.models.call import days_of_stages
from funding.rules.milestones import WORKING_DAYS, closes_on_a_day_off, plan
from portal.kernel.calendar import is_working_day, working_days_between

USUAL = {Stage.CREDIT_CHECK, Stage.SITE_VISIT, Stage.DEFENCE}  # what a plain call does without


def test_each_stage_begins_on_the_working_day_after_the_one_before() -> None:
    stages = list(plan(date(2026, 11, 30), days={}, skipped=USUAL, notice_days=7))

    assert [(one.stage, one.starts_on, one.ends_on) for one in stages] == [
        (Stage.RECOMMENDATION, date(2026, 12, 1), date(2026, 12, 14)),
        (Stage.FORMAL_CHECK, date(2026, 12, 15), date(2026, 12, 28)),
        (Stage.REVIEW, date(2026, 12, 29), stages[2].ends_on),
        (Stage.DECISION, stages[3].starts_on, stages[3].ends_on),
        (Stage.PUBLIC_NOTICE, stages[4].starts_on, stages[4].ends_on),
        (Stage.APPROVAL, stages[5].starts_on, stages[5].ends_on),
    ]
    assert (stages[4].ends_on - stages[4].starts_on).days == 6


def test_the_call_sets_its_own_days_and_leaves_stages_out() -> None:
    skipped = {*USUAL, Stage.RECOMMENDATION}
    stages = list(plan(date(2026, 3, 2), days={"formal_check": 1, "review": 2}, skipped=skipped, notice_days=5))

    assert [(one.stage.value, one.ends_on) for one in stages][:2] == [
        ("formal_check", date(2026, 3, 3)),
        ("review", date(2026, 3, 5)),
    ]


def test_a_notice_over_the_national_day_is_warned_of() -> None:
    days = {"formal_check": 1, "review": 1, "decision": 1}
    skipped = {*USUAL, Stage.RECOMMENDATION}
    stages = {one.stage: one for one in plan(date(2026, 9, 23), days=days, skipped=skipped, notice_days=7)}

    with translation.override("en"):
        assert "National Day" in [str(name) for name in stages[Stage.PUBLIC_NOTICE].holidays]
    assert stages[Stage.REVIEW].holidays == ()


def test_beyond_the_published_calendar_a_plan_is_provisional() -> None:
    near, far = (next(plan(date(year, 3, 2), days={}, skipped=set(), notice_days=7)) for year in (2026, 2040))
    assert (near.provisional, far.provisional) == (False, True)


def test_a_close_on_a_day_off() -> None:
    assert (closes_on_a_day_off(date(2026, 10, 1)), closes_on_a_day_off(date(2026, 11, 30))) == (True, False)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.dictionaries(st.sampled_from([stage.value for stage in WORKING_DAYS]), st.integers(1, 60)),
    st.sets(st.sampled_from(Stage.values)),
    st.integers(1, 30),
)
def test_any_plan_is_in_order_and_as_long_as_said(
    closes: date, days: dict[str, int], skipped: set[str], notice: int
) -> None:
    before = closes
    for one in plan(closes, days=days, skipped=set(map(Stage, skipped)), notice_days=notice):
        assert before < one.starts_on <= one.ends_on
        assert working_days_between(before, one.starts_on) == 1
        assert is_working_day(one.starts_on)
        if one.stage == Stage.PUBLIC_NOTICE:
            assert (one.ends_on - one.starts_on).days + 1 == notice
        else:
            assert working_days_between(before, one.ends_on) == days.get(one.stage, WORKING_DAYS[one.stage])
        before = one.ends_on


@pytest.mark.parametrize("wrong", [{"review": 0}, {"review": 121}, {"lunch": 1}, {"review": "5"}, {"public_notice": 7}])
def test_a_plan_that_is_none_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        days_of_stages(wrong)
