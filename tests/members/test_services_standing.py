"""Verified against the public register, owned by others, suspended and deregistered."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.enums import IdScheme, LeadClass, Listing, OrganisationStatus, QualificationKind
from members.models import Organisation, Qualification
from members.selectors.organisations import bears_out, supported_class
from members.services.organisations import update_organisation
from members.services.standing import (
    IDENTITY,
    affiliate_organisation,
    deregister_organisation,
    resume_organisation,
    suspend_organisation,
    verify_organisation,
)
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.members import make_organisation
from tests.personas import Personas
from tests.races import at_once, refusals

TODAY = NOON.date()


def verify(people: Personas, organisation: Organisation | None = None, **changes: Any) -> Organisation:
    facts = {"source": "国家企业信用信息公示系统", "actor": people.district_officer, "at": NOON, **changes}
    return verify_organisation(organisation=organisation or people.lead_org, **facts)


def affiliate(people: Personas, child: Organisation, parent: Organisation | None, **changes: Any) -> Organisation:
    facts = {"parent_code": parent.uscc if parent else "", "source": "样例年报", "actor": people.officer, "at": NOON}
    return affiliate_organisation(organisation=child, **{**facts, **changes})


# --- verification ------------------------------------------------------------------------------
def test_verification_is_bound_to_name_and_code(people: Personas) -> None:
    assert not people.lead_org.is_verified

    organisation = verify(people)

    assert organisation.is_verified
    assert (organisation.verified_by, organisation.verified_at) == (people.district_officer, NOON)
    assert list(Organisation.objects.verified()) == [organisation]
    assert AuditEntry.objects.get(action="verify_organisation").facts == {
        "name": organisation.name, "code": organisation.uscc, "source": "国家企业信用信息公示系统",
    }  # fmt: skip


def test_a_new_name_or_code_lapses_it_and_another_change_does_not(people: Personas) -> None:
    organisation = verify(people)

    kept = update_organisation(organisation=organisation, actor=people.lead_admin, at=NOON, address="样例路1号")
    assert kept.is_verified

    renamed = update_organisation(organisation=organisation, actor=people.lead_admin, at=NOON, name="样例改名有限公司")
    assert not renamed.is_verified
    assert trail(renamed).order_by("-id")[0].facts["verified"] == ["True", "False"]
    assert list(Organisation.objects.verified()) == []
    assert verify(people, renamed).is_verified

    Organisation.objects.filter(pk=renamed.pk).update(uscc="91320599MA000042AX")
    assert list(Organisation.objects.verified()) == []


def test_a_foreign_member_without_a_code_is_verified_too(people: Personas) -> None:
    foreign = make_organisation("Sample Institute", id_scheme=IdScheme.FOREIGN, uscc=None)

    verify(people, foreign, actor=people.officer, source="Foreign register 2026-01-01")

    assert list(Organisation.objects.verified()) == [foreign]


@pytest.mark.parametrize(
    "name", ["lead_admin", "rival", "other_district_officer", "finance", "supervisor", "expert", "system_admin"]
)
def test_who_may_not_verify(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        verify(people, actor=getattr(people, name))


def test_the_second_click_and_a_missing_source_are_refused(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        verify(people, source=" ")
    assert list(refusal.value.message_dict) == ["source"]

    verify(people)
    with pytest.raises(TransitionRefused):
        verify(people)


def test_a_name_that_changed_meanwhile_is_not_verified(people: Personas) -> None:
    seen = seen_of(people.lead_org, IDENTITY)
    update_organisation(organisation=people.lead_org, actor=people.lead_admin, at=NOON, name="样例改名有限公司")

    with pytest.raises(Stale):
        verify(people, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_of_a_new_name_and_a_verification_at_once_the_new_name_is_never_verified_unseen() -> None:
    people = Personas()
    organisation, admin, officer = people.lead_org, people.lead_admin, people.district_officer
    seen = seen_of(organisation, IDENTITY)

    at_once(
        lambda: update_organisation(organisation=organisation, actor=admin, at=NOON, name="样例改名有限公司"),
        lambda: verify(people, organisation, actor=officer, seen=seen),
    )

    organisation.refresh_from_db()
    assert (organisation.name, organisation.is_verified) == ("样例改名有限公司", False)


# --- parents -----------------------------------------------------------------------------------
def test_a_parent_is_recorded_and_taken_back(people: Personas) -> None:
    affiliate(people, people.lead_org, people.supplier)
    assert list(people.supplier.subsidiaries.all()) == [people.lead_org]

    affiliate(people, people.lead_org, people.supplier)
    affiliate(people, people.lead_org, None)

    entries = trail(people.lead_org).order_by("id")
    assert [(entry.facts["from"], entry.facts["to"]) for entry in entries] == [
        (None, people.supplier.uscc), (people.supplier.uscc, None)
    ]  # fmt: skip


def test_no_circle_however_long(people: Personas) -> None:
    affiliate(people, people.supplier, people.lead_org)
    affiliate(people, people.fund, people.supplier)

    for parent in (people.lead_org, people.fund):
        with pytest.raises(ValidationError) as refusal:
            affiliate(people, people.lead_org, parent)
        assert list(refusal.value.message_dict) == ["parent_code"]


@pytest.mark.django_db(transaction=True)
def test_two_who_tie_a_circle_at_once_do_not() -> None:
    people = Personas()
    one, other = people.lead_org, people.supplier
    assert people.officer

    results = at_once(lambda: affiliate(people, one, other), lambda: affiliate(people, other, one))

    assert refusals(results) == 1
    assert Organisation.objects.exclude(parent=None).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"), [({"parent_code": "91320599MA000042AX"}, "parent_code"), ({"source": ""}, "source")]
)
def test_bad_parents_are_refused_at_their_field(people: Personas, changes: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        affiliate(people, people.lead_org, people.supplier, **changes)

    assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize("name", ["lead_admin", "rival", "other_district_officer", "finance"])
def test_who_may_not_record_a_parent(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        affiliate(people, people.lead_org, people.supplier, actor=getattr(people, name))


# --- status ------------------------------------------------------------------------------------
def test_suspended_admitted_again_deregistered(people: Personas) -> None:
    assert people.lead_admin
    facts: dict[str, Any] = {"organisation": people.lead_org, "actor": people.officer, "at": NOON, "reason": "样例原因"}

    assert suspend_organisation(**facts).status == OrganisationStatus.SUSPENDED
    with pytest.raises(TransitionRefused):
        suspend_organisation(**facts)
    assert resume_organisation(**facts).status == OrganisationStatus.ACTIVE
    assert deregister_organisation(**facts).status == OrganisationStatus.DEREGISTERED

    with pytest.raises(TransitionRefused):
        resume_organisation(**facts)
    with pytest.raises(TransitionRefused):
        update_organisation(organisation=people.lead_org, actor=people.lead_admin, at=NOON, name="样例改名有限公司")
    assert Notification.objects.filter(recipient=people.lead_admin).count() == 3


@pytest.mark.parametrize("name", ["lead_admin", "district_officer", "finance", "supervisor", "system_admin"])
def test_who_may_not_suspend(people: Personas, name: str) -> None:
    for act in (suspend_organisation, deregister_organisation):
        with pytest.raises(PermissionDenied):
            act(organisation=people.lead_org, actor=getattr(people, name), at=NOON, reason="样例")


def test_a_reason_is_needed(people: Personas) -> None:
    with pytest.raises(ValidationError):
        suspend_organisation(organisation=people.lead_org, actor=people.officer, at=NOON, reason="  ")


# --- the class as a lead -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kinds", "listing", "expected"),
    [
        ((), Listing.NONE, LeadClass.NONE),
        ((QualificationKind.HNTE,), Listing.NONE, LeadClass.HNTE),
        ((QualificationKind.HNTE, QualificationKind.LITTLE_GIANT), Listing.NONE, LeadClass.CHAMPION),
        ((QualificationKind.CHAMPION,), Listing.STAR, LeadClass.LISTED),
        ((QualificationKind.CHINA500,), Listing.MAIN, LeadClass.TOP500),
        ((QualificationKind.GAZELLE,), Listing.NONE, LeadClass.NONE),
    ],
)
def test_the_class_that_qualifications_bear_out(
    people: Personas, kinds: tuple[str, ...], listing: str, expected: LeadClass
) -> None:
    Organisation.objects.filter(pk=people.lead_org.pk).update(listing=listing)
    people.lead_org.refresh_from_db()
    for kind in kinds:
        ranked = {"list_year": 2026, "rank": 9} if kind == QualificationKind.CHINA500 else {}
        Qualification.objects.create(
            organisation=people.lead_org, kind=kind, valid_from=TODAY, valid_to=TODAY, status="VERIFIED",
            checked_by=people.officer, checked_at=NOON, **ranked,
        )  # fmt: skip

    assert supported_class(people.lead_org, TODAY) == expected
    same = {"pk": people.lead_org.pk, "listing": listing}
    stated = [kind for kind in LeadClass if bears_out(Organisation(lead_class=kind, **same), TODAY)]
    assert stated == list(LeadClass)[list(LeadClass).index(expected) :]


def test_a_subsidiary_counts_as_its_parent_does(people: Personas) -> None:
    Organisation.objects.filter(pk=people.supplier.pk).update(listing=Listing.MAIN)
    child = affiliate(people, people.lead_org, people.supplier)

    assert supported_class(child, TODAY) == LeadClass.LISTED
