"""Qualifications: stated, verified, declined, withdrawn; valid on a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.enums import QualificationKind, QualificationStatus
from members.models import Qualification
from members.services.qualifications import (
    add_qualification,
    decline_qualification,
    verify_qualification,
    withdraw_qualification,
)
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.personas import Personas
from tests.races import at_once, refusals

DAY = date(2026, 1, 1)


def add(people: Personas, **changes: Any) -> Qualification:
    facts: dict[str, Any] = {
        "organisation": people.lead_org, "kind": QualificationKind.HNTE, "certificate": "GR202632000001",
        "valid_from": DAY, "valid_to": date(2028, 12, 31), "actor": people.lead_admin, "at": NOON,
    }  # fmt: skip
    return add_qualification(**{**facts, **changes})


def verify(people: Personas, row: Qualification, **changes: Any) -> Qualification:
    facts = {"qualification": row, "note": "", "actor": people.district_officer, "at": NOON}
    return verify_qualification(**{**facts, **changes})


def decline(people: Personas, row: Qualification, **changes: Any) -> Qualification:
    facts = {"qualification": row, "reason": "证书编号查无此证", "actor": people.officer, "at": NOON}
    return decline_qualification(**{**facts, **changes})


def withdraw(people: Personas, row: Qualification, **changes: Any) -> Qualification:
    facts = {"qualification": row, "note": "", "actor": people.lead_admin, "at": NOON}
    return withdraw_qualification(**{**facts, **changes})


def test_stated_verified_and_told(people: Personas) -> None:
    assert people.district_officer
    row = verify(people, add(people))

    assert (row.status, row.checked_by, row.checked_at) == (
        QualificationStatus.VERIFIED, people.district_officer, NOON
    )  # fmt: skip
    assert [entry.action for entry in trail(row).order_by("id")] == ["add_qualification", "verify_qualification"]
    assert sorted(Notification.objects.values_list("recipient__email", "kind")) == [
        ("district@sample.test", "members.qualification_stated"),
        ("lead-admin@sample.test", "members.qualification_verified"),
    ]


def test_valid_on_a_day(people: Personas) -> None:
    row = verify(people, add(people))
    add(people, kind=QualificationKind.GAZELLE)
    endless = verify(people, add(people, kind=QualificationKind.UNICORN, valid_to=None))

    def valid(day: date) -> set[Qualification]:
        return set(Qualification.objects.valid_on(day))

    assert valid(DAY - timedelta(days=1)) == set()
    assert valid(DAY) == valid(date(2028, 12, 31)) == {row, endless}
    assert valid(date(2029, 1, 1)) == {endless}
    assert (row.is_expired(date(2028, 12, 31)), row.is_expired(date(2029, 1, 1))) == (False, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": QualificationKind.FORTUNE500}, "list_year"),
        ({"kind": QualificationKind.FORTUNE500, "list_year": 2026}, "rank"),
        ({"rank": 3}, "rank"),
        ({"kind": QualificationKind.OTHER}, "label"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to"),
    ],
)
def test_what_does_not_hold_together_is_refused_at_its_field(
    people: Personas, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        add(people, **changes)

    assert list(refusal.value.message_dict) == [field]
    assert not Qualification.objects.exists()


def test_the_same_one_twice_is_refused_until_the_first_is_withdrawn(people: Personas) -> None:
    row = add(people)
    with pytest.raises(TransitionRefused):
        add(people)

    withdraw(people, row)

    assert add(people).status == QualificationStatus.STATED


@pytest.mark.django_db(transaction=True)
def test_two_who_state_the_same_at_once_state_it_once() -> None:
    people = Personas()
    assert people.lead_admin

    results = at_once(lambda: add(people), lambda: add(people))

    assert refusals(results) == 1
    assert Qualification.objects.count() == 1


def test_a_declined_one_counts_nothing_and_says_why(people: Personas) -> None:
    row = decline(people, verify(people, add(people)))

    assert (row.status, row.remark) == (QualificationStatus.DECLINED, "证书编号查无此证")
    assert not Qualification.objects.valid_on(DAY).exists()
    with pytest.raises(TransitionRefused):
        verify(people, row)
    with pytest.raises(ValidationError):
        decline(people, add(people), reason="")


@pytest.mark.parametrize("name", ["lead", "rival", "officer", "district_officer"])
def test_who_may_not_state_or_withdraw(people: Personas, name: str) -> None:
    row = add(people)

    for act in (lambda actor: add(people, actor=actor), lambda actor: withdraw(people, row, actor=actor)):
        with pytest.raises(PermissionDenied):
            act(getattr(people, name))


@pytest.mark.parametrize("name", ["lead_admin", "rival", "other_district_officer", "finance", "expert"])
def test_who_may_not_verify_or_decline(people: Personas, name: str) -> None:
    row = add(people)

    for act in (verify, decline):
        with pytest.raises(PermissionDenied):
            act(people, row, actor=getattr(people, name))


@pytest.mark.django_db(transaction=True)
def test_of_a_verification_and_a_withdrawal_at_once_the_trail_tells_the_order() -> None:
    people = Personas()
    row, officer = add(people), people.district_officer

    at_once(
        lambda: verify(people, Qualification.objects.get(pk=row.pk), actor=officer),
        lambda: withdraw(people, Qualification.objects.get(pk=row.pk)),
    )

    row.refresh_from_db()
    assert row.status == QualificationStatus.WITHDRAWN
    assert trail(row).order_by("-id")[0].action == "withdraw_qualification"
