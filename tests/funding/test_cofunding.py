"""Money from the district: recorded with a slip, confirmed by another person, never more than due, reversed."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from funding.enums import CofundingStatus
from funding.models import Award, Cofunding, LedgerEntry
from funding.selectors.cofunding import cofunding_standing
from funding.services.cofundings import (
    confirm_cofunding,
    refuse_cofunding,
    report_cofunding,
    reverse_cofunding,
    withdraw_cofunding,
)
from members.models import User
from portal.kernel.workflow import TransitionRefused
from reports.exporters import BY_SLUG
from tests.clock import NOON
from tests.factories.funding import make_contract
from tests.funding.steps import kinds
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import PDF

C = CofundingStatus
TODAY = timezone.localdate(NOON)
WAN = Decimal(10_000)
pytestmark = pytest.mark.usefixtures("english")


def cofunded(people: Personas) -> Award:
    """An award whose district adds 500,000 yuan by a contract that both sides signed."""
    contract = make_contract(people)
    shares = {**contract.terms["shares"], "district": "500000.00"}
    contract.terms = {**contract.terms, "shares": shares}
    contract.save(update_fields=["terms"])
    return Award.objects.select_related("consortium").get(pk=contract.award_id)


def record(people: Personas, award: Award, amount: int = 10, **facts: Any) -> Cofunding:
    given = {
        "amount": amount * WAN, "arrived_on": TODAY, "slip": "QX-001", "actor": people.lead, "at": NOON,
        "upload": SimpleUploadedFile("回单.pdf", PDF),
    }  # fmt: skip
    return report_cofunding(award=award, **given | facts)


def sums(award: Award) -> tuple[Decimal, Decimal, Decimal]:
    found = cofunding_standing(award)
    return found.arrived / WAN, found.waiting / WAN, found.left / WAN


def test_what_the_district_confirms_has_arrived(people: Personas) -> None:
    award, officer = cofunded(people), people.district_officer
    entries = LedgerEntry.objects.count()

    payment = record(people, award)
    assert sums(award) == (0, 10, 40)
    confirm_cofunding(cofunding=payment, actor=officer, at=NOON, note="样例")

    assert (payment.status, payment.judged_by, payment.organisation) == (C.CONFIRMED, officer, people.lead_org)
    assert sums(award) == (10, 0, 40)
    assert cofunding_standing(award).percent == 20
    assert "funding.cofunding_reported" in kinds(officer)
    assert "funding.cofunding_confirmed" in kinds(people.lead)
    assert LedgerEntry.objects.count() == entries  # the ledger keeps the city's money alone


def test_a_mistake_is_reversed_by_another_person_and_stays(people: Personas) -> None:
    award, officer = cofunded(people), people.district_officer
    payment = record(people, award)
    confirm_cofunding(cofunding=payment, actor=officer, at=NOON)

    with pytest.raises(PermissionDenied):
        reverse_cofunding(cofunding=payment, reason="样例", actor=officer, at=NOON)
    reverse_cofunding(cofunding=payment, reason="样例：重复登记。", actor=people.finance, at=NOON)

    assert (payment.status, payment.amount, payment.judged_by) == (C.REVERSED, 10 * WAN, officer)
    assert sums(award) == (0, 0, 50)
    assert "funding.cofunding_reversed" in kinds(officer)
    assert "funding.cofunding_reversed" in kinds(people.lead)
    assert record(people, award).status == C.REPORTED  # its slip is free again


def test_what_was_not_paid_is_free_again(people: Personas) -> None:
    award = cofunded(people)
    refused, withdrawn = record(people, award), record(people, award, slip="QX-002")

    refuse_cofunding(cofunding=refused, reason="样例：未拨付。", actor=people.district_officer, at=NOON)
    withdraw_cofunding(cofunding=withdrawn, reason="样例：填错。", actor=people.lead, at=NOON)

    assert sums(award) == (0, 0, 50)
    assert "funding.cofunding_refused" in kinds(people.lead)
    assert record(people, award, 50).status == C.REPORTED


def test_finance_is_told_where_the_district_has_no_officer(people: Personas) -> None:
    award, finance = cofunded(people), people.finance
    User.objects.filter(pk=people.district_officer.pk).update(is_active=False)

    confirm_cofunding(cofunding=record(people, award), actor=finance, at=NOON)

    assert "funding.cofunding_reported" in kinds(finance)


def test_who_may_not(people: Personas) -> None:
    award = cofunded(people)
    payment = record(people, award)

    for who in (people.rival, people.district_officer, people.finance, people.university_confirmer):
        with pytest.raises(PermissionDenied):
            record(people, award, slip="QX-009", actor=who)
        with pytest.raises(PermissionDenied):
            withdraw_cofunding(cofunding=payment, reason="样例", actor=who, at=NOON)
    for who in (people.lead, people.rival, people.other_district_officer, people.officer, people.leader):
        with pytest.raises(PermissionDenied):
            confirm_cofunding(cofunding=payment, actor=who, at=NOON)
        with pytest.raises(PermissionDenied):
            refuse_cofunding(cofunding=payment, reason="样例", actor=who, at=NOON)
    seen = {who.email: Cofunding.objects.visible_to(who).count() for who in (people.rival, people.district_officer)}
    assert list(seen.values()) == [0, 1]


BAD = [
    ({"amount": 51 * WAN}, "amount"),
    ({"arrived_on": TODAY + timedelta(days=1)}, "arrived_on"),
    ({"arrived_on": TODAY - timedelta(days=4000)}, "arrived_on"),
    ({"slip": " QX-001 "}, "slip"),
    ({"slip": "ｑx－001"}, "slip"),
]


@pytest.mark.parametrize(("facts", "field"), BAD)
def test_bad_input_is_refused_beside_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    award = cofunded(people)
    if field == "slip":
        record(people, award)

    with pytest.raises(ValidationError) as caught:
        record(people, award, **facts)

    assert list(caught.value.message_dict) == [field]


def test_the_same_slip_does_not_stand_for_two_awards(people: Personas) -> None:
    record(people, cofunded(people))

    with pytest.raises(ValidationError) as caught:
        record(people, cofunded(people))

    assert list(caught.value.message_dict) == ["slip"]


def test_nothing_is_due_before_both_sides_signed(people: Personas) -> None:
    award = make_contract(people, status="SIGNED").award

    with pytest.raises(ValidationError):
        record(people, award, 1)


def test_nothing_is_answered_twice(people: Personas) -> None:
    payment = record(people, cofunded(people))
    confirm_cofunding(cofunding=payment, actor=people.district_officer, at=NOON)

    for act in (
        partial(confirm_cofunding, actor=people.district_officer),
        partial(refuse_cofunding, reason="样例", actor=people.district_officer),
        partial(withdraw_cofunding, reason="样例", actor=people.lead),
    ):
        with pytest.raises(TransitionRefused):
            act(cofunding=payment, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_records_at_once_do_not_exceed_what_is_due(people: Personas) -> None:
    award = cofunded(people)
    people.lead  # noqa: B018
    acts = [partial(record, people, Award.objects.get(pk=award.pk), 30, slip=f"QX-{n}") for n in range(2)]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert Cofunding.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("cofunding_slip_once", {"slip": "QX-001"}),
        ("cofunding_positive", {"amount": 0}),
        ("cofunding_answered_by_somebody", {"status": C.CONFIRMED}),
        ("cofunding_answered_by_somebody", {"status": C.WITHDRAWN}),
        ("cofunding_reversed_by_another", {"reversal_reason": "样例"}),
    ],
)
def test_the_database_keeps_it(people: Personas, name: str, facts: dict[str, Any]) -> None:
    award = cofunded(people)
    record(people, award)
    other = record(people, award, 1, slip="QX-002")

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Cofunding.objects.filter(pk=other.pk).update(**facts)


def test_the_database_keeps_two_people_apart(people: Personas) -> None:
    payment = record(people, cofunded(people))
    done = {"status": C.CONFIRMED, "judged_by": people.lead, "judged_at": NOON}

    with pytest.raises(IntegrityError, match="cofunding_confirmed_by_another"), transaction.atomic():
        Cofunding.objects.filter(pk=payment.pk).update(**done)


# --- pages -------------------------------------------------------------------------------------
def test_by_the_pages(people: Personas, sign_in: Any) -> None:
    award = cofunded(people)
    page = reverse("funding:award-cofunding", args=[award.pk])
    address = reverse("funding:cofunding-report", args=[award.pk])
    typed = {"amount": "100000", "arrived_on": TODAY.isoformat(), "slip": "QX-7"}
    lead = sign_in(people.lead)

    bad = lead.post(address, {**typed, "amount": "0"})
    good = lead.post(address, {**typed, "upload": SimpleUploadedFile("回单.pdf", PDF)})
    payment = Cofunding.objects.get()
    assert "QX-7" in lead.get(page).content.decode()
    district = sign_in(people.district_officer)
    listed = district.get(reverse("funding:cofunding-list"), {"status": "REPORTED"}).content.decode()
    assert b"".join(district.get(reverse("funding:cofunding-slip", args=[payment.pk])).streaming_content) == PDF
    confirm = reverse("funding:cofunding-confirm", args=[payment.pk])
    answers = [district.post(confirm, {"note": ""}).status_code for _ in range(2)]

    payment.refresh_from_db()
    assert {"amount", "upload"} <= set(bad.context["form"].errors)
    assert bad.context["form"]["slip"].value() == "QX-7"
    assert (good.status_code, answers, payment.status) == (302, [302, 409], C.CONFIRMED)
    assert "QX-7" in listed
    for who in (people.rival, people.other_district_officer, people.university_confirmer):
        client = sign_in(who)
        assert client.get(page).status_code == 404
        assert client.get(reverse("funding:cofunding-slip", args=[payment.pk])).status_code == 404
        assert "QX-7" not in client.get(reverse("funding:cofunding-list")).content.decode()


def test_the_districts_row_of_the_report(people: Personas) -> None:
    award = cofunded(people)
    for slip, answer in (("QX-1", confirm_cofunding), ("QX-2", None)):
        payment = record(people, award, slip=slip)
        if answer:
            answer(cofunding=payment, actor=people.district_officer, at=NOON)
    report = BY_SLUG["by-district"]
    wanted = ("due_from_the_district", "arrived_from_the_district", "arrived_of_what_is_due")
    columns = [column for column in report.columns if column.name in wanted]

    rows = {row.of.code: row for row in report.made(report.base(people.finance))}

    assert [column.cell(rows["320583"]) for column in columns] == [50 * WAN, 10 * WAN, Decimal("20.00")]
