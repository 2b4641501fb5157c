"""Money goes out once, released by three people."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from consortia.enums import ConsortiumStatus
from funding.enums import Action, ContractStatus, TrancheStatus
from funding.models import Award, Contract, Payment, Tranche
from funding.services.contracts import countersign_contract
from funding.services.parties import sign_contract
from funding.services.tranches import (
    approve_tranche,
    cancel_tranche,
    confirm_receipt,
    hold_tranche,
    meet_condition,
    pay_tranche,
    release_tranche,
    request_tranche,
    return_request,
    review_tranche,
    verify_tranche,
)
from members.enums import Role
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import meet
from tests.factories.funding import make_contract, make_tranche
from tests.factories.members import give, make_user
from tests.personas import Personas
from tests.races import at_once, refusals

TODAY = timezone.localdate(NOON)
S = TrancheStatus


def act(service: Any, tranche: Tranche, actor: Any, **facts: Any) -> Any:
    return service(tranche=tranche, actor=actor, at=NOON, **facts)


def test_a_tranche_on_its_way_from_plan_to_receipt(people: Personas) -> None:
    tranche = make_tranche(people)

    act(request_tranche, tranche, people.lead, statement="用于样机研制。")
    act(verify_tranche, tranche, people.officer)
    act(review_tranche, tranche, people.finance)
    act(approve_tranche, tranche, people.leader)
    payment = act(pay_tranche, tranche, people.finance, voucher="PZ-1", paid_on=TODAY)
    act(confirm_receipt, tranche, people.lead, received_on=TODAY)

    assert (tranche.status, payment.amount) == (S.CONFIRMED, tranche.amount)
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "request", "verify", "review", "approve_payment", "pay", "confirm_receipt",
    ]  # fmt: skip


STEPS = [
    (S.PLANNED, partial(request_tranche, statement="用于样机研制。"), "lead"),
    (S.REQUESTED, verify_tranche, "officer"),
    (S.VERIFIED, review_tranche, "finance"),
    (S.REVIEWED, approve_tranche, "leader"),
    (S.APPROVED, partial(pay_tranche, voucher="PZ-1", paid_on=TODAY), "finance"),
    (S.PAID, partial(confirm_receipt, received_on=TODAY), "lead"),
]
PEOPLE = {
    "lead",
    "rival",
    "officer",
    "finance",
    "leader",
    "head",
    "supervisor",
    "expert",
    "system_admin",
    "district_officer",
}
ALSO = {"lead": {"signatory"}}


@pytest.mark.parametrize(("status", "service", "who"), STEPS)
def test_each_step_is_one_roles_only(people: Personas, status: str, service: Any, who: str) -> None:
    tranche = make_tranche(people, status=status)

    for name in sorted(PEOPLE - {who}):
        with pytest.raises(PermissionDenied):
            act(service, tranche, getattr(people, name))

    tranche.refresh_from_db()
    assert tranche.status == status


@pytest.mark.parametrize(("status", "service", "who"), STEPS)
def test_a_second_click_is_refused(people: Personas, status: str, service: Any, who: str) -> None:
    tranche = make_tranche(people, status=status)
    act(service, tranche, getattr(people, who))
    entries = AuditEntry.objects.count()

    with pytest.raises((TransitionRefused, PermissionDenied)):
        act(service, tranche, getattr(people, who))

    assert AuditEntry.objects.count() == entries


def test_before_its_condition_is_met_a_tranche_cannot_be_requested(people: Personas) -> None:
    tranche = make_tranche(people, condition_met_on=None)

    with pytest.raises(TransitionRefused):
        act(request_tranche, tranche, people.lead, statement="用于样机研制。")

    act(meet_condition, tranche, people.head, met_on=TODAY)
    act(request_tranche, tranche, people.lead, statement="用于样机研制。")
    assert tranche.status == S.REQUESTED


def test_one_person_with_every_role_cannot_release_money_alone(people: Personas) -> None:
    for role in (Role.FINANCE, Role.LEADER):
        give(people.officer, role)
    tranche = make_tranche(people, status=S.REQUESTED)
    act(verify_tranche, tranche, people.officer)

    with pytest.raises(PermissionDenied):
        act(review_tranche, tranche, people.officer)
    act(review_tranche, tranche, people.finance)
    with pytest.raises(PermissionDenied):
        act(approve_tranche, tranche, people.officer)


@pytest.mark.parametrize(
    "facts",
    [
        {"reviewed_by": "officer"},
        {"approved_by": "officer"},
        {"approved_by": "finance"},
        {"approved_by": None},
        {"condition_met_on": None},
    ],
)
def test_the_database_refuses_fewer_than_three_people(people: Personas, facts: dict[str, Any]) -> None:
    tranche = make_tranche(people, status=S.APPROVED)
    for name, value in facts.items():
        setattr(tranche, name, getattr(people, value) if isinstance(value, str) else value)

    with pytest.raises(IntegrityError):
        tranche.save()


def test_more_than_the_award_is_never_planned(people: Personas) -> None:
    award = make_contract(people).award
    make_tranche(people, award, S.PAID, amount=award.amount)

    with pytest.raises(IntegrityError, match="the tranches exceed the award"), transaction.atomic():
        make_tranche(people, award, S.REVIEWED, amount=Decimal(1))

    assert award.tranches.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"voucher": "PZ-1", "paid_on": TODAY}, "voucher"),
        ({"voucher": "ｐz－1", "paid_on": TODAY}, "voucher"),
        ({"voucher": "PZ-2", "paid_on": TODAY + timedelta(days=1)}, "paid_on"),
        ({"voucher": "PZ-2", "paid_on": TODAY - timedelta(days=1)}, "paid_on"),
    ],
)
def test_a_payment_needs_its_own_voucher_and_a_day_between_approval_and_today(
    people: Personas, facts: dict[str, Any], field: str
) -> None:
    first = make_tranche(people, status=S.APPROVED)
    act(pay_tranche, first, people.finance, voucher="PZ-1", paid_on=TODAY)
    second = make_tranche(people, status=S.APPROVED)

    with pytest.raises(ValidationError) as refusal:
        act(pay_tranche, second, people.finance, **facts)

    assert list(refusal.value.message_dict) == [field]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("received_on", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_receipt_lies_between_the_payment_and_today(people: Personas, received_on: date) -> None:
    tranche = make_tranche(people, status=S.PAID)

    with pytest.raises(ValidationError):
        act(confirm_receipt, tranche, people.lead, received_on=received_on)


def test_a_returned_request_is_signed_anew(people: Personas) -> None:
    tranche = make_tranche(people, status=S.VERIFIED)

    act(return_request, tranche, people.officer, reason="请补充说明。")

    assert (tranche.status, tranche.requested_by, tranche.verified_by) == (S.PLANNED, None, None)


def test_hold_and_release(people: Personas) -> None:
    tranche = make_tranche(people, status=S.REQUESTED)

    act(hold_tranche, tranche, people.head, reason="整改中。")
    assert (tranche.status, tranche.hold_reason) == (S.ON_HOLD, "整改中。")

    act(release_tranche, tranche, people.head, reason="整改完成。")
    assert (tranche.status, tranche.hold_reason) == (S.PLANNED, "")


def test_an_approved_tranche_is_neither_held_nor_cancelled(people: Personas) -> None:
    tranche = make_tranche(people, status=S.APPROVED)

    for service in (hold_tranche, cancel_tranche):
        with pytest.raises(TransitionRefused):
            act(service, tranche, people.head, reason="太晚了。")


@pytest.mark.parametrize(
    ("status", "service", "kind"),
    [
        (S.REQUESTED, return_request, "funding.tranche_returned"),
        (S.PLANNED, hold_tranche, "funding.tranche_held"),
        (S.ON_HOLD, release_tranche, "funding.tranche_released"),
        (S.ON_HOLD, cancel_tranche, "funding.tranche_cancelled"),
    ],
)
def test_the_lead_is_told_what_stops_its_money_and_what_ends_that(
    people: Personas, status: str, service: Any, kind: str
) -> None:
    tranche = make_tranche(people, status=status, hold_reason="整改中。" if status == S.ON_HOLD else "")
    meet(people.lead, people.signatory, people.rival)

    act(service, tranche, people.officer, reason="请核对账户信息。")

    told = Notification.objects.filter(kind=kind).order_by("recipient__email")
    assert [(one.recipient, one.url) for one in told] == [
        (people.lead, tranche.get_absolute_url()), (people.signatory, tranche.get_absolute_url()),
    ]  # fmt: skip
    assert AuditEntry.objects.latest("id").note == "请核对账户信息。"


def test_a_cancelled_tranche_is_no_longer_on_hold(people: Personas) -> None:
    tranche = make_tranche(people, status=S.ON_HOLD, hold_reason="整改中。")

    act(cancel_tranche, tranche, people.head, reason="联合体已退出。")

    assert (tranche.status, tranche.hold_reason) == (S.CANCELLED, "")


def test_a_contract_takes_effect_when_both_have_signed(people: Personas) -> None:
    contract = make_contract(people, status=ContractStatus.OFFERED)
    tranche = make_tranche(people, contract.award, condition_met_on=None)

    sign_contract(contract=contract, actor=people.signatory, at=NOON)
    countersign_contract(contract=contract, actor=people.head, at=NOON + DAY)

    tranche.refresh_from_db()
    contract.award.consortium.refresh_from_db()
    assert (contract.status, contract.award.consortium.status) == (ContractStatus.EFFECTIVE, ConsortiumStatus.OPERATING)
    assert tranche.condition_met_on == timezone.localdate(NOON + DAY)


@pytest.mark.parametrize("name", ["lead", "rival", "officer", "head", "leader"])
def test_only_the_leads_signatory_signs(people: Personas, name: str) -> None:
    contract = make_contract(people, status=ContractStatus.OFFERED)

    with pytest.raises(PermissionDenied):
        sign_contract(contract=contract, actor=getattr(people, name), at=NOON)


# --- races -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_leaders_approve_at_once(people: Personas) -> None:
    tranche = make_tranche(people, status=S.REVIEWED)
    acts = [
        partial(act, approve_tranche, Tranche.objects.get(pk=tranche.pk), person)
        for person in (people.leader, people.second_leader)
    ]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert AuditEntry.objects.filter(action=Action.APPROVE_PAYMENT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_finance_officers_pay_at_once(people: Personas) -> None:
    tranche = make_tranche(people, status=S.APPROVED)
    acts = [
        partial(act, pay_tranche, Tranche.objects.get(pk=tranche.pk), person, voucher=f"PZ-{n}", paid_on=TODAY)
        for n, person in enumerate((people.finance, people.second_finance))
    ]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tranches_that_together_exceed_the_award_planned_at_once(people: Personas) -> None:
    award = make_contract(people).award
    plan = partial(make_tranche, people, amount=award.amount)

    results = at_once(*(partial(plan, Award.objects.get(pk=award.pk), sequence=number) for number in (1, 2)))

    assert refusals(results) == 1
    assert award.tranches.get().amount == award.amount


@pytest.mark.django_db(transaction=True)
def test_two_tranches_paid_at_once_under_one_voucher(people: Personas) -> None:
    tranches = [make_tranche(people, status=S.APPROVED) for _ in range(2)]
    acts = [
        partial(act, pay_tranche, tranche, person, voucher="PZ-1", paid_on=TODAY)
        for tranche, person in zip(tranches, (people.finance, people.second_finance), strict=True)
    ]

    results = at_once(*acts)

    refused = [result for result in results if isinstance(result, Exception)]
    assert [list(error.message_dict) for error in refused] == [["voucher"]]
    assert sorted(Tranche.objects.values_list("status", flat=True)) == [S.APPROVED, S.PAID]


@pytest.mark.django_db(transaction=True)
def test_a_contract_is_signed_once_however_fast_two_signatories_are(people: Personas) -> None:
    contract = make_contract(people, status=ContractStatus.OFFERED)
    colleague = make_user("signatory2", "样例签署乙", (Role.SIGNATORY, people.lead_org))
    acts = [
        partial(sign_contract, contract=Contract.objects.get(pk=contract.pk), actor=person, at=NOON)
        for person in (people.signatory, colleague)
    ]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert AuditEntry.objects.filter(action=Action.SIGN).count() == 1
