"""Integrity records: they bar while they are in force, and end by themselves or for a reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members.enums import IntegrityLevel
from members.models import IntegrityRecord
from members.rules.standing import default_end, expected_year
from members.services.integrity import appeal_integrity, lift_integrity, record_integrity
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.personas import Personas
from tests.races import at_once, refusals

TODAY = NOON.date()


def record(people: Personas, **changes: Any) -> IntegrityRecord:
    facts: dict[str, Any] = {
        "organisation": people.lead_org, "level": IntegrityLevel.SERIOUS, "behaviour": "样例虚假材料",
        "source": "样例处理决定〔2026〕1号", "measure": "取消申报资格", "effective_from": TODAY, "effective_to": None,
        "actor": people.supervisor, "at": NOON,
    }  # fmt: skip
    return record_integrity(**{**facts, **changes})


def lift(people: Personas, row: IntegrityRecord, **changes: Any) -> IntegrityRecord:
    return lift_integrity(**{"record": row, "reason": "信用修复", "actor": people.supervisor, "at": NOON, **changes})


def barring(day: date) -> set[IntegrityRecord]:
    return set(IntegrityRecord.objects.barring(day))


def test_a_record_bars_for_its_term_and_ends_by_itself(people: Personas) -> None:
    assert people.lead_admin
    row = record(people)

    assert row.effective_to == date(2029, 11, 17)
    assert barring(TODAY - timedelta(days=1)) == set()
    assert barring(TODAY) == barring(date(2029, 11, 17)) == {row}
    assert barring(date(2029, 11, 18)) == set()
    assert row.is_in_force(TODAY)
    assert not row.is_in_force(date(2029, 11, 18))
    assert Notification.objects.get().kind == "members.integrity_recorded"
    assert trail(row).get().facts["behaviour"] == "样例虚假材料"


def test_a_minor_one_is_in_force_and_does_not_bar(people: Personas) -> None:
    row = record(people, level=IntegrityLevel.MINOR)

    assert list(IntegrityRecord.objects.in_force(TODAY)) == [row]
    assert barring(TODAY) == set()


def test_lifted_it_bars_no_more_and_the_reason_stays(people: Personas) -> None:
    row = lift(people, record(people), at=NOON + DAY)

    assert barring(TODAY) == {row}
    assert barring(TODAY + timedelta(days=1)) == set()
    assert (row.lifted_by, row.lift_reason) == (people.supervisor, "信用修复")
    with pytest.raises(TransitionRefused):
        lift(people, row)


def test_what_ended_by_itself_is_not_lifted(people: Personas) -> None:
    row = record(people, effective_from=TODAY - 9 * DAY, effective_to=TODAY - DAY)

    with pytest.raises(TransitionRefused):
        lift(people, row)


def test_an_appeal_is_noted_and_changes_nothing(people: Personas) -> None:
    row = appeal_integrity(
        record=record(people), appealed_on=TODAY, appeal="复核后维持原决定", actor=people.supervisor, at=NOON
    )

    assert (row.appealed_on, row.appeal) == (TODAY, "复核后维持原决定")
    assert barring(TODAY) == {row}
    with pytest.raises(ValidationError):
        appeal_integrity(record=row, appealed_on=TODAY, appeal=" ", actor=people.supervisor, at=NOON)


@pytest.mark.parametrize("name", ["officer", "leader", "district_officer", "lead_admin", "rival", "security_admin"])
def test_only_supervision_writes_them(people: Personas, name: str) -> None:
    row, actor = record(people), getattr(people, name)

    for act in (
        lambda: record(people, actor=actor),
        lambda: lift(people, row, actor=actor),
        lambda: appeal_integrity(record=row, appealed_on=TODAY, appeal="样例", actor=actor, at=NOON),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("lead", True), ("lead_admin", True), ("district_officer", True), ("officer", True), ("supervisor", True),
        ("rival", False), ("university_confirmer", False), ("other_district_officer", False), ("expert", False),
        ("system_admin", False), ("audit_admin", False),
    ],
)  # fmt: skip
def test_who_sees_them(people: Personas, name: str, sees: bool) -> None:
    row = record(people)

    assert list(IntegrityRecord.objects.visible_to(getattr(people, name))) == ([row] if sees else [])


def test_bad_days_and_reasons_are_refused_at_their_field(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        record(people, effective_to=TODAY - DAY)
    assert list(refusal.value.message_dict) == ["effective_to"]

    with pytest.raises(ValidationError) as refusal:
        lift(people, record(people), reason=" ")
    assert list(refusal.value.message_dict) == ["reason"]


@pytest.mark.django_db(transaction=True)
def test_two_who_lift_at_once_lift_once() -> None:
    people = Personas()
    row = record(people)

    results = at_once(lambda: lift(people, row), lambda: lift(people, row))

    assert refusals(results) == 1
    assert trail(row).filter(action="lift_integrity").count() == 1


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(list(IntegrityLevel)))
def test_a_default_term_is_whole_years(begins: date, level: str) -> None:
    years = {"MINOR": 1, "SERIOUS": 3, "GRAVE": 5}[level]

    after = default_end(level, begins) + timedelta(days=1)

    assert after.year - begins.year == years
    assert (after.month, after.day) in {(begins.month, begins.day), (3, 1)}


@pytest.mark.parametrize(("today", "year"), [(date(2026, 4, 30), 2024), (date(2026, 5, 1), 2025)])
def test_the_year_that_is_due(today: date, year: int) -> None:
    assert expected_year(today) == year
