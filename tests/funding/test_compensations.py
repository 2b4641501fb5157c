"""Risk compensation: by the rules of the call, three people, paid once, and a return is a row of its own."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from funding.enums import CompensationStatus
from funding.models import Award, Compensation, CompensationEntry, LedgerEntry
from funding.rules.compensating import compensable, compensation_terms
from funding.services.compensations import (
    Loss,
    check_compensation,
    file_compensation,
    grant_compensation,
    pay_compensation,
    refuse_compensation,
    return_compensation,
    withdraw_compensation,
)
from portal.kernel.workflow import TransitionRefused
from reports.exporters import BY_SLUG
from tests.clock import NOON
from tests.factories.funding import make_compensation, make_contract
from tests.funding.steps import kinds, queries_of
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import PDF

S = CompensationStatus
TODAY = timezone.localdate(NOON)
WAN = Decimal(10_000)
pytestmark = pytest.mark.usefixtures("english")


def funded(people: Personas) -> Award:
    """An award under an effective contract."""
    award = make_contract(people).award
    return Award.objects.select_related("consortium", "application__call__rules").get(pk=award.pk)


def file(people: Personas, award: Award, *, actor: Any = None, **facts: Any) -> Compensation:
    given: dict[str, Any] = {
        "organisation": people.lead_org, "technology": "样例技术", "stage": "pilot", "occurred_on": TODAY,
        "loss": 100 * WAN, "cause": "样例：中试未达标。", "demand": "样例：三份意向订单。",
    }  # fmt: skip
    evidence = [SimpleUploadedFile("审计.pdf", PDF)]
    return file_compensation(
        award=award, loss=Loss(**given | facts), evidence=evidence, actor=actor or people.lead, at=NOON
    )


def pay(people: Personas, request: Compensation, amount: int = 30, **facts: Any) -> Compensation:
    given = {"amount": amount * WAN, "paid_on": TODAY, "reference": "FX-1", "actor": people.finance, "at": NOON}
    return pay_compensation(compensation=request, **given | facts)


# --- the rule ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("loss", "most"),
    [("1000000", "300000"), ("1666666.66", "499999.99"), ("1666666.67", "500000"), ("0.03", "0.00"), ("9e9", "500000")],
)
def test_a_share_of_the_loss_up_to_the_cap(loss: str, most: str) -> None:
    assert compensable(Decimal(loss), Decimal(30), Decimal(500_000)) == Decimal(most)


def test_the_rules_of_a_call_may_say_otherwise() -> None:
    terms = compensation_terms({"compensation": {"percent": "50", "stages": [{"code": "x", "zh": "甲", "en": "A"}]}})

    assert (terms.percent, terms.cap, terms.named("zh-hans"), terms.named("en")) == (
        50, 500_000, [("x", "甲")], [("x", "A")],
    )  # fmt: skip
    assert terms.name("pilot", "en") == "pilot"


# --- the way -----------------------------------------------------------------------------------
def test_filed_checked_granted_and_paid_by_four_people(people: Personas) -> None:
    award, officer, head, finance = funded(people), people.officer, people.head, people.finance
    entries = LedgerEntry.objects.count()

    request = file(people, award)
    check_compensation(compensation=request, accepted=100 * WAN, actor=officer, at=NOON)
    grant_compensation(compensation=request, granted=30 * WAN, actor=head, at=NOON)
    pay(people, request)

    assert (request.status, request.paid, request.percent, request.cap) == (S.PAID, 30 * WAN, 30, 50 * WAN)
    assert request.number.startswith(f"FX-{TODAY.year}-")
    for who, kind in ((officer, "filed"), (head, "checked"), (finance, "granted"), (people.lead, "paid")):
        assert f"funding.compensation_{kind}" in kinds(who)
    assert LedgerEntry.objects.count() == entries  # a register of its own


def test_less_for_a_reason_alone(people: Personas) -> None:
    request = file(people, funded(people))

    for accepted, reason, field in ((101, "样例", "accepted"), (80, " ", "reason")):
        with pytest.raises(ValidationError) as caught:
            check_compensation(
                compensation=request, accepted=accepted * WAN, reason=reason, actor=people.officer, at=NOON
            )
        assert list(caught.value.message_dict) == [field]
    check_compensation(compensation=request, accepted=80 * WAN, reason="样例", actor=people.officer, at=NOON)
    for granted, reason, field in ((25, "样例", "granted"), (20, "", "reason")):
        with pytest.raises(ValidationError) as caught:
            grant_compensation(compensation=request, granted=granted * WAN, reason=reason, actor=people.head, at=NOON)
        assert list(caught.value.message_dict) == [field]
    grant_compensation(compensation=request, granted=20 * WAN, reason="样例", actor=people.head, at=NOON)

    assert (request.accepted, request.granted) == (80 * WAN, 20 * WAN)


def test_a_payment_that_came_back_is_paid_anew(people: Personas) -> None:
    request = make_compensation(people, funded(people), S.GRANTED)
    pay(people, request)

    return_compensation(compensation=request, returned_on=TODAY, reason="样例：退汇。", actor=people.finance, at=NOON)
    assert (request.status, request.paid) == (S.GRANTED, 0)
    with pytest.raises(ValidationError):  # the same reference of the bank
        pay(people, request)
    with pytest.raises(ValidationError, match="recorded already"):  # however it is typed
        pay(people, request, reference=" ｆx－1")
    pay(people, request, reference="FX-2")

    assert list(request.entries.values_list("kind", "amount")) == [
        ("PAYMENT", 30 * WAN), ("RETURN", 30 * WAN), ("PAYMENT", 30 * WAN),
    ]  # fmt: skip
    assert request.paid == 30 * WAN
    assert "funding.compensation_returned" in kinds(people.lead)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"amount": 31 * WAN}, "amount"),
        ({"amount": 29 * WAN}, "amount"),
        ({"paid_on": TODAY + timedelta(days=1)}, "paid_on"),
        ({"paid_on": TODAY - timedelta(days=1)}, "paid_on"),
    ],
)
def test_a_payment_fits_the_grant(people: Personas, facts: dict[str, Any], field: str) -> None:
    request = make_compensation(people, funded(people), S.GRANTED)

    with pytest.raises(ValidationError) as caught:
        pay(people, request, **facts)

    assert list(caught.value.message_dict) == [field]


def test_nothing_is_done_twice(people: Personas) -> None:
    request = make_compensation(people, funded(people), S.GRANTED)
    pay(people, request)

    for act in (
        partial(pay, people, request, reference="FX-9"),
        partial(refuse_compensation, compensation=request, reason="样例", actor=people.head, at=NOON),
        partial(withdraw_compensation, compensation=request, reason="样例", actor=people.lead, at=NOON),
        partial(grant_compensation, compensation=request, granted=WAN, actor=people.leader, at=NOON),
    ):
        with pytest.raises(TransitionRefused):
            act()
    assert CompensationEntry.objects.count() == 1


def test_refused_or_withdrawn_it_may_be_filed_anew(people: Personas) -> None:
    award = funded(people)
    refused = file(people, award)
    with pytest.raises(ValidationError) as caught:
        file(people, award)
    assert list(caught.value.message_dict) == ["technology"]
    refuse_compensation(compensation=refused, reason="样例：证据不足。", actor=people.officer, at=NOON)
    withdrawn = file(people, award)
    withdraw_compensation(compensation=withdrawn, reason="样例", actor=people.lead, at=NOON)

    assert (refused.status, withdrawn.status) == (S.REFUSED, S.WITHDRAWN)
    assert "funding.compensation_refused" in kinds(people.lead)
    assert file(people, award).status == S.FILED


def test_who_may_not(people: Personas) -> None:
    award = funded(people)
    filed, checked, granted = (make_compensation(people, award, status) for status in (S.FILED, S.CHECKED, S.GRANTED))

    for who in (people.rival, people.university_confirmer, people.officer, people.finance, people.district_officer):
        with pytest.raises(PermissionDenied):
            file(people, award, actor=who)
    for who in (people.lead, people.head, people.finance, people.district_officer):
        with pytest.raises(PermissionDenied):
            check_compensation(compensation=filed, accepted=WAN, actor=who, at=NOON, reason="样例")
    for who in (people.lead, people.officer, people.finance):
        with pytest.raises(PermissionDenied):
            grant_compensation(compensation=checked, granted=WAN, actor=who, at=NOON, reason="样例")
    with pytest.raises(PermissionDenied):  # who checked it does not refuse it afterwards
        refuse_compensation(compensation=checked, reason="样例", actor=people.officer, at=NOON)
    for who in (people.lead, people.head, people.officer):
        with pytest.raises(PermissionDenied):
            pay(people, granted, actor=who)
    seen = [Compensation.objects.visible_to(one).count() for one in (
        people.rival, people.other_district_officer, people.district_officer, people.lead, people.officer,
    )]  # fmt: skip
    assert seen == [0, 0, 3, 3, 3]


def test_whoever_checked_does_not_decide(people: Personas) -> None:
    request = make_compensation(people, funded(people), S.CHECKED, checked_by=people.head)

    with pytest.raises(PermissionDenied):
        grant_compensation(compensation=request, granted=30 * WAN, actor=people.head, at=NOON)
    with pytest.raises(IntegrityError, match="two_people_compensate"), transaction.atomic():
        Compensation.objects.filter(pk=request.pk).update(
            status=S.GRANTED, granted=WAN, decided_by=people.head, decided_at=NOON
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"organisation": "rival_org"}, "organisation"),
        ({"stage": "nowhere"}, "stage"),
        ({"occurred_on": TODAY + timedelta(days=1)}, "occurred_on"),
    ],
)
def test_bad_input_is_refused_beside_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    given = {key: getattr(people, one) if key == "organisation" else one for key, one in facts.items()}

    with pytest.raises(ValidationError) as caught:
        file(people, funded(people), **given)

    assert list(caught.value.message_dict) == [field]


def test_nothing_is_filed_before_both_sides_signed(people: Personas) -> None:
    award = make_contract(people, status="SIGNED").award

    with pytest.raises(TransitionRefused):
        file(people, award)


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_pay_once(people: Personas) -> None:
    request = make_compensation(people, funded(people), S.GRANTED)
    people.finance  # noqa: B018
    acts = [partial(pay, people, Compensation.objects.get(pk=request.pk), reference=f"FX-{n}") for n in range(2)]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert CompensationEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("compensation_positive", {"percent": 101}),
        ("compensation_checked_with_reason", {"accepted": 2 * WAN}),
        ("compensation_decided_by_somebody", {"status": S.CHECKED}),
        ("compensation_decided_by_somebody", {"status": S.WITHDRAWN, "reason": ""}),
        ("compensation_within_the_rules", {"granted": Decimal("300000.01")}),
        ("compensation_within_the_rules", {"granted": 0}),
        ("compensation_paid_within_the_grant", {"paid": 1}),
        ("compensation_paid_within_the_grant", {"status": S.PAID, "paid": 31 * WAN}),
    ],
)
def test_the_database_keeps_it(people: Personas, name: str, facts: dict[str, Any]) -> None:
    request = make_compensation(people, funded(people), S.GRANTED)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Compensation.objects.filter(pk=request.pk).update(**facts)


def test_the_database_files_a_loss_once(people: Personas) -> None:
    award = funded(people)
    make_compensation(people, award, technology="样例")

    with pytest.raises(IntegrityError, match="compensation_filed_once"), transaction.atomic():
        make_compensation(people, award, technology="样例")


def test_no_row_of_a_payment_changes(people: Personas) -> None:
    request = make_compensation(people, funded(people), S.GRANTED)
    pay(people, request)
    row = {"compensation": request, "kind": "RETURN", "amount": WAN, "day": TODAY, "reference": "1", "note": "样例"}

    for act in (lambda: request.entries.update(amount=1), request.entries.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    with pytest.raises(IntegrityError, match="compensation_return_of_a_payment"), transaction.atomic():
        CompensationEntry.objects.create(recorded_by=people.finance, **row)


# --- pages -------------------------------------------------------------------------------------
def test_by_the_pages(people: Personas, sign_in: Any) -> None:
    award = funded(people)
    address = reverse("funding:compensation-file", args=[award.pk])
    typed = {
        "organisation": people.lead_org.pk, "technology": "", "other_technology": "样例新技术", "stage": "launch",
        "occurred_on": TODAY.isoformat(), "loss": "1000000", "cause": "样例", "demand": "样例",
    }  # fmt: skip
    lead = sign_in(people.lead)

    bad = lead.post(address, {**typed, "loss": "0", "other_technology": ""})
    files = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(2)]
    good = lead.post(address, {**typed, "evidence": files})
    request = Compensation.objects.get()
    place = request.get_absolute_url()

    def post(client: Any, act: str, facts: dict[str, str]) -> int:
        return int(client.post(reverse(f"funding:compensation-{act}", args=[request.pk]), facts).status_code)

    officer, head, finance = (sign_in(who) for who in (people.officer, people.head, people.finance))
    assert {"loss", "technology", "evidence"} <= set(bad.context["form"].errors)
    assert (good.status_code, request.technology, request.evidence.count()) == (302, "样例新技术", 2)
    assert post(officer, "check", {"accepted": "900000", "reason": ""}) == 200
    assert post(officer, "check", {"accepted": "900000", "reason": "样例"}) == 302
    assert post(head, "grant", {"granted": "270000", "reason": ""}) == 302
    assert post(head, "grant", {"granted": "270000", "reason": ""}) == 409
    paid = {"amount": "270000", "paid_on": timezone.localdate().isoformat(), "reference": "FX-7"}
    assert post(finance, "pay", paid) == 302
    assert post(finance, "pay", paid) == 409
    assert "FX-7" in lead.get(place).text
    evidence = reverse("funding:compensation-evidence", args=[request.pk, request.evidence.all()[0].pk])
    assert b"".join(officer.get(evidence).streaming_content) == PDF
    for who in (people.rival, people.other_district_officer):
        client = sign_in(who)
        assert [client.get(one).status_code for one in (place, evidence, address)] == [404, 404, 404]
        assert request.number not in client.get(reverse("funding:compensation-list")).text


def test_the_list_asks_the_same_few_questions_however_long_it_is(people: Personas, sign_in: Any) -> None:
    award = funded(people)
    make_compensation(people, award)
    client, place = sign_in(people.finance), reverse("funding:compensation-list")
    client.get(place)
    few = len(queries_of(client, place))
    make_compensation(people, award, S.CHECKED)
    make_compensation(people, award, S.PAID)

    assert len(queries_of(client, place)) == few


def test_the_register_tells_what_was_paid_and_when(people: Personas) -> None:
    award = funded(people)
    paid, _waits = make_compensation(people, award, S.GRANTED), make_compensation(people, award)
    pay(people, paid)
    report = BY_SLUG["risk-compensation"]
    wanted = ("stage", "loss", "share_of_the_loss", "granted", "paid", "paid_on")
    columns = [column for column in report.columns if column.name in wanted]

    rows = [tuple(column.cell(row) for column in columns) for row in report.made(report.base(people.finance))]

    assert sorted(rows, key=str) == sorted([
        ("Pilot test", 100 * WAN, Decimal("30.00"), 30 * WAN, 30 * WAN, TODAY),
        ("Pilot test", 100 * WAN, Decimal("30.00"), None, Decimal("0.00"), None),
    ], key=str)  # fmt: skip
    assert list(report.base(people.rival)) == []
