"""Termination: asked for or proposed, decided by another person; what is open is cancelled, what is unspent claimed."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import ContractStatus, ExpenditureStatus, RecoveryStatus, TerminationStatus, TrancheStatus
from funding.models import Award, Contract, LedgerAccount, Recovery, Termination, Tranche
from funding.rules.ending import to_claim
from funding.selectors.endings import claims_shown
from funding.services.recoveries import approve_recovery
from funding.services.terminations import (
    ask_termination,
    decide_termination,
    propose_termination,
    put_forward_termination,
    refuse_termination,
    withdraw_termination,
)
from funding.services.tranches import request_tranche
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_expenditure, make_tranche
from tests.funding.steps import kinds
from tests.funding.test_acceptances import TODAY, asked, over
from tests.funding.test_amendments import effective
from tests.funding.test_money_views import enter
from tests.funding.test_relays import paid_award, report
from tests.personas import Personas
from tests.races import at_once, refusals

C, S, T = ContractStatus, TerminationStatus, TrancheStatus
WHY = "样例：牵头单位技术路线失败，项目无法继续。"
WAN = Decimal(10_000)
pytestmark = pytest.mark.usefixtures("english")


def proposed(people: Personas, contract: Contract, kind: str = "NO_FAULT", **facts: Any) -> Termination:
    given = {"reason": WHY, "actor": people.officer, "at": NOON}
    return propose_termination(contract=contract, kind=kind, **given | facts)


def decided(people: Personas, termination: Termination, **facts: Any) -> Termination:
    given = {"document_number": "样科终〔2026〕1号", "actor": people.head, "at": NOON}
    return decide_termination(termination=termination, **given | facts)


def balance(award: Award, kind: str) -> Decimal:
    return sum(LedgerAccount.objects.filter(kind=kind, award=award).values_list("balance", flat=True), Decimal(0))


# --- the rule ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("held", "accepted", "waiting", "fault", "keeps", "amount"),
    [
        (100, 60, 10, False, 100, 30), (100, 60, 10, True, 100, 40), (100, 60, 10, True, 50, 70),
        (50, 60, 0, False, 100, 0), (50, 60, 0, True, 0, 50),
    ],
)  # fmt: skip
def test_what_is_claimed_back(held: int, accepted: int, waiting: int, fault: bool, keeps: int, amount: int) -> None:
    found = to_claim(
        held=Decimal(held), accepted=Decimal(accepted), waiting=Decimal(waiting), fault=fault, keeps=Decimal(keeps)
    )
    assert found == amount


# --- the way -----------------------------------------------------------------------------------
def test_what_is_open_is_cancelled_and_what_is_unspent_is_claimed(people: Personas) -> None:
    award = paid_award(people)
    contract = award.contract
    make_tranche(people, award, TrancheStatus.REVIEWED, amount=WAN)
    make_expenditure(people, award, status=ExpenditureStatus.ACCEPTED)
    spent = award.expenditures.get().amount
    held, committed = balance(award, "HELD"), balance(award, "COMMITTED")
    open_sum = sum(
        Tranche.objects.filter(award=award, status__in=[T.PLANNED, T.REVIEWED]).values_list("amount", flat=True)
    )

    termination = decided(people, proposed(people, contract))

    contract.refresh_from_db()
    claim = Recovery.objects.get()
    assert (termination.status, contract.status) == (S.DECIDED, C.TERMINATED)
    assert not Tranche.objects.filter(award=award, status__in=[T.PLANNED, T.REVIEWED]).exists()
    assert balance(award, "COMMITTED") == committed - open_sum
    assert (claim.amount, claim.status, claim.proposed_by) == (held - spent, RecoveryStatus.OPEN, people.officer)
    assert termination.claims[0]["number"] == claim.number
    assert "funding.contract_terminated" in kinds(people.signatory)
    with pytest.raises(TransitionRefused):
        decided(people, termination)
    assert Recovery.objects.count() == 1
    approve_recovery(
        recovery=claim, document_number="样科追〔2026〕9号", noticed_on=TODAY, actor=people.leader, at=NOON
    )
    with pytest.raises(TransitionRefused):
        proposed(people, contract)


def test_a_claim_is_read_by_who_has_to_pay_from_the_notice_on(people: Personas) -> None:
    award = paid_award(people)
    termination = decided(people, proposed(people, award.contract))
    claim = Recovery.objects.get()
    readers = [people.head, people.signatory, people.university_confirmer]

    before = [claims_shown(termination, reader) for reader in readers]
    approve_recovery(
        recovery=claim, document_number="样科追〔2026〕9号", noticed_on=TODAY, actor=people.leader, at=NOON
    )

    assert claim.organisation == people.lead_org
    assert before == [termination.claims, [], []]
    assert [claims_shown(termination, reader) for reader in readers] == [termination.claims, termination.claims, []]


def test_the_lead_asks_and_the_officer_says_whose_fault_it_is(people: Personas) -> None:
    contract = effective(people)
    termination = ask_termination(contract=contract, reason=WHY, actor=people.lead, at=NOON)
    assert "funding.termination_asked" in kinds(people.officer)
    with pytest.raises(TransitionRefused):
        decided(people, termination)
    put_forward_termination(termination=termination, kind="FAULT", findings="样例", actor=people.officer, at=NOON)
    assert "funding.termination_to_decide" in kinds(people.leader)

    decided(people, termination, actor=people.leader)

    contract.refresh_from_db()
    assert (contract.status, termination.kind, termination.claims) == (C.TERMINATED, "FAULT", [])


def test_nothing_is_requested_any_more(people: Personas) -> None:
    award = paid_award(people)
    contract = award.contract
    decided(people, proposed(people, contract))
    tranche = make_tranche(people, award, amount=WAN, condition_met_on=TODAY)
    with pytest.raises(TransitionRefused, match="nothing more is paid"):
        request_tranche(tranche=tranche, actor=people.lead, statement="样例", at=NOON)


def test_nothing_may_be_on_its_way(people: Personas) -> None:
    award = paid_award(people)
    termination = proposed(people, award.contract)
    report(people, award)
    with pytest.raises(TransitionRefused, match="waits for its confirmation"):
        decided(people, termination)
    award.relays.all().delete()
    tranche = make_tranche(people, award, TrancheStatus.APPROVED, amount=WAN)
    Tranche.objects.filter(pk=tranche.pk).update(status=T.BATCHED)
    with pytest.raises(TransitionRefused, match="in a payment batch"):
        decided(people, termination)


# --- who ---------------------------------------------------------------------------------------
def test_who_may_not(people: Personas) -> None:
    contract = effective(people)
    for who in (people.head, people.lead, people.finance, people.rival):
        with pytest.raises(PermissionDenied):
            proposed(people, contract, actor=who)
    for who in (people.officer, people.university_confirmer, people.rival):
        with pytest.raises(PermissionDenied):
            ask_termination(contract=contract, reason=WHY, actor=who, at=NOON)
    termination = proposed(people, contract)
    for who in (people.officer, people.lead, people.finance):
        with pytest.raises(PermissionDenied):
            decided(people, termination, actor=who)
    assert not Termination.objects.visible_to(people.rival).exists()


def test_refused_or_withdrawn_the_contract_goes_on(people: Personas) -> None:
    contract = effective(people)
    first = ask_termination(contract=contract, reason=WHY, actor=people.lead, at=NOON)
    withdraw_termination(termination=first, actor=people.lead, reason="样例", at=NOON)
    second = proposed(people, contract)
    with pytest.raises(TransitionRefused, match="under way already"):
        proposed(people, contract)
    refuse_termination(termination=second, actor=people.head, reason="样例", at=NOON)

    contract.refresh_from_db()
    assert (contract.status, first.status, second.status) == (C.EFFECTIVE, S.WITHDRAWN, S.REFUSED)
    assert "funding.termination_refused" in kinds(people.lead)


def test_not_while_it_is_accepted_but_after_it_has_expired(people: Personas) -> None:
    contract = over(people)
    acceptance = asked(people, contract)
    with pytest.raises(TransitionRefused, match="return it first"):
        proposed(people, contract)
    acceptance.delete()
    Contract.objects.filter(pk=contract.pk).update(status=C.EXPIRED)
    assert decided(people, proposed(people, contract)).status == S.DECIDED


# --- at once, and round the code ---------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once(people: Personas) -> None:
    award = paid_award(people)
    termination = proposed(people, award.contract)

    results = at_once(*(
        lambda who=who: decided(people, Termination.objects.get(pk=termination.pk), actor=who)
        for who in (people.head, people.leader)
    ))  # fmt: skip

    assert refusals(results) == 1
    assert Recovery.objects.count() == 1


def test_the_database_refuses(people: Personas) -> None:
    termination = proposed(people, effective(people))
    rows = Termination.objects.filter(pk=termination.pk)
    wrong: tuple[dict[str, Any], ...] = (
        {"status": S.DECIDED},
        {"reason": ""},
        {"put_forward_by": None},
        {"status": S.DECIDED, "decided_by": people.officer, "decided_at": NOON, "document_number": "样例"},
    )
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**facts)


# --- the pages ---------------------------------------------------------------------------------
def test_by_the_pages(people: Personas) -> None:
    award = paid_award(people)
    contract = award.contract
    ask = reverse("funding:termination-ask", args=[contract.pk])
    assert ask in enter(people.lead).get(contract.get_absolute_url()).content.decode()
    bad = enter(people.lead).post(ask, {"reason": ""})
    assert bad.context["form"].errors
    enter(people.lead).post(ask, {"reason": WHY})
    termination = Termination.objects.get()
    assert enter(people.officer).get(reverse("funding:termination-propose", args=[contract.pk])).status_code == 200
    step = reverse("funding:termination-put-forward", args=[termination.pk])
    assert enter(people.lead).get(step).status_code == 403
    enter(people.officer).post(step, {"kind": "NO_FAULT", "findings": "样例"})
    decide = reverse("funding:termination-decide", args=[termination.pk])
    assert "claimed back now" in enter(people.head).get(decide).content.decode()
    assert enter(people.head).post(decide, {"document_number": ""}).context["form"].errors
    enter(people.head).post(decide, {"document_number": "样科终〔2026〕2号"})
    termination.refresh_from_db()
    assert termination.status == S.DECIDED
    for person in (people.lead, people.officer):
        assert enter(person).get(termination.get_absolute_url()).status_code == 200
        assert enter(person).get(reverse("funding:termination-list")).status_code == 200
    assert enter(people.rival).get(termination.get_absolute_url()).status_code == 404
