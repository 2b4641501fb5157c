"""Acceptance: when it is requested, who confirms, checks, assesses and decides, and what becomes of the contract."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from funding.enums import (
    AcceptanceStatus,
    Conclusion,
    ContractStatus,
    ExpenditureStatus,
    TrancheCondition,
    TrancheStatus,
)
from funding.models import Acceptance, Contract, LedgerAccount, Tranche
from funding.rules.contracts import months_later
from funding.selectors.endings import decide_by, last_day_of, to_confirm, to_request
from funding.services.acceptances import (
    assess_acceptance,
    check_acceptance,
    confirm_acceptance,
    decide_acceptance,
    expire_contracts,
    request_acceptance,
    return_acceptance,
    withdraw_acceptance,
)
from funding.services.amendments import propose_amendment
from funding.services.spending import accept_expenditure
from funding.services.tranches import meet_condition
from funding.tasks import watch_grants
from members.enums import Role
from portal.kernel import files
from portal.kernel.calendar import add_working_days
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_expenditure, make_tranche
from tests.funding.steps import kinds, pdf
from tests.funding.test_amendments import effective
from tests.funding.test_money_views import enter
from tests.personas import Personas
from tests.races import at_once, refusals

C, S, T = ContractStatus, AcceptanceStatus, TrancheStatus
TODAY = timezone.localdate(NOON)
OPINION = {
    "opinion_form": "PANEL", "meeting": "样例验收会", "opinion_on": TODAY, "experts": "样例专家甲\n样例专家乙",
    "opinion": "完成任务书约定目标。", "advice": "PASSED",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("english")


def over(people: Personas, days: int = 10) -> Contract:
    """An effective contract of lead and university whose term ended some days ago."""
    contract = effective(people)
    end = TODAY - timedelta(days=days)
    Contract.objects.filter(pk=contract.pk).update(starts_on=end - timedelta(days=1000), ends_on=end)
    return Contract.objects.get(pk=contract.pk)


def asked(people: Personas, contract: Contract, **facts: Any) -> Acceptance:
    given = {
        "summary": "样例：任务完成。", "report": pdf("报告.pdf"), "accounts": pdf("决算.pdf"), "actor": people.lead,
        "results": [{"name": "样例指标", "unit": "件", "target": "2026: 2", "result": "3", "reached": "REACHED"}],
        "at": NOON,
    }  # fmt: skip
    return request_acceptance(contract=contract, **given | facts)


def confirmed(people: Personas, contract: Contract) -> Acceptance:
    acceptance = asked(people, contract)
    for person in (people.signatory, people.university_confirmer):
        confirm_acceptance(acceptance=acceptance, actor=person, at=NOON)
    return acceptance


def assessed(people: Personas, contract: Contract) -> Acceptance:
    acceptance = confirmed(people, contract)
    check_acceptance(acceptance=acceptance, actor=people.officer, at=NOON)
    assess_acceptance(acceptance=acceptance, upload=pdf("意见.pdf"), actor=people.officer, at=NOON, **OPINION)
    return acceptance


def decided(people: Personas, contract: Contract, conclusion: str = "PASSED", **facts: Any) -> Acceptance:
    acceptance = facts.pop("acceptance", None) or assessed(people, contract)
    given = {"document_number": "样科验〔2026〕1号", "actor": people.head, "at": NOON}
    return decide_acceptance(acceptance=acceptance, conclusion=conclusion, **given | facts)


# --- the way -----------------------------------------------------------------------------------
def test_a_project_is_accepted_and_the_last_tranche_becomes_due(people: Personas) -> None:
    contract = over(people)
    tranche = make_tranche(people, contract.award, condition=TrancheCondition.ACCEPTANCE, condition_met_on=None)
    with pytest.raises(TransitionRefused, match="when the project is accepted"):
        meet_condition(tranche=tranche, actor=people.head, met_on=TODAY, at=NOON)

    acceptance = decided(people, contract)

    contract.refresh_from_db()
    tranche.refresh_from_db()
    assert (acceptance.status, acceptance.conclusion, contract.status) == (S.DECIDED, Conclusion.PASSED, C.COMPLETED)
    assert (tranche.status, tranche.condition_met_on) == (T.PLANNED, TODAY)
    assert {"funding.acceptance_decided", "funding.tranche_requestable"} <= set(kinds(people.lead))
    assert "funding.acceptance_requested" in kinds(people.university_confirmer)
    assert "funding.acceptance_to_decide" in kinds(people.head)
    for again in (decided, lambda *_a, **_k: asked(people, contract)):
        with pytest.raises(TransitionRefused):
            again(people, contract, acceptance=acceptance)


@pytest.mark.parametrize("conclusion", [Conclusion.CONCLUDED, Conclusion.NOT_PASSED])
def test_not_passed_the_last_tranche_is_cancelled_and_its_money_free(people: Personas, conclusion: str) -> None:
    contract = over(people)
    award = contract.award
    tranche = make_tranche(people, award, condition=TrancheCondition.ACCEPTANCE, condition_met_on=None)
    before = LedgerAccount.objects.get(kind="AVAILABLE", line=award.line).balance

    decided(people, contract, conclusion)

    tranche.refresh_from_db()
    assert (tranche.status, tranche.condition_met_on) == (T.CANCELLED, None)
    assert LedgerAccount.objects.get(kind="AVAILABLE", line=award.line).balance == before + tranche.amount


def test_expenditure_is_judged_first_and_the_statement_says_what_was_accepted(people: Personas) -> None:
    contract = over(people)
    row = make_expenditure(people, contract.award, status=ExpenditureStatus.RECORDED)
    acceptance = confirmed(people, contract)
    with pytest.raises(TransitionRefused, match="neither accepted nor refused"):
        check_acceptance(acceptance=acceptance, actor=people.officer, at=NOON)

    accept_expenditure(expenditure=row, actor=people.finance, at=NOON)
    check_acceptance(acceptance=acceptance, actor=people.officer, at=NOON)

    [line] = [one for one in acceptance.statement if one["id"] == str(people.lead_org.pk)]
    assert Decimal(line["accepted"]) + Decimal(line["waiting"]) == row.amount
    assert Decimal(line["waiting"]) == 0


# --- in time -----------------------------------------------------------------------------------
def test_from_the_end_on_for_six_months_and_somewhat_longer_after_a_return(people: Personas) -> None:
    contract = over(people, -1)
    with pytest.raises(TransitionRefused, match="from the end of the contract"):
        asked(people, contract)
    last = months_later(contract.ends_on, 6)
    on_last = NOON + (last - TODAY)
    acceptance = asked(people, contract, at=on_last)
    return_acceptance(acceptance=acceptance, actor=people.officer, reason="缺决算表。", at=on_last + 10 * DAY)

    assert last_day_of(contract) == add_working_days(last + timedelta(days=10), 15)
    assert expire_contracts(at=on_last + 11 * DAY) == 0
    assert asked(people, contract, at=on_last + 11 * DAY).status == S.REQUESTED


def test_too_late_the_contract_expires_once(people: Personas) -> None:
    contract = over(people)
    late: datetime = NOON + 200 * DAY
    with pytest.raises(TransitionRefused, match="was to be requested until"):
        asked(people, contract, at=late)

    assert (expire_contracts(at=NOON), expire_contracts(at=late), expire_contracts(at=late)) == (0, 1, 0)

    contract.refresh_from_db()
    assert contract.status == C.EXPIRED
    assert "funding.contract_expired" in kinds(people.signatory)
    with pytest.raises(TransitionRefused, match="under an effective contract"):
        asked(people, contract, at=late)


def test_the_daily_watch_lets_contracts_expire_but_none_under_way(people: Personas) -> None:
    contract = over(people, 4000)
    Acceptance.objects.create(
        contract=contract, summary="样例", results=[], statement=[], requested_by=people.lead,
        report=asked_file(people), accounts=asked_file(people),
    )  # fmt: skip
    watch_grants()
    contract.refresh_from_db()
    assert contract.status == C.EFFECTIVE

    Acceptance.objects.all().delete()
    watch_grants()
    contract.refresh_from_db()
    assert contract.status == C.EXPIRED


def asked_file(people: Personas) -> Any:
    from_upload = pdf("报告.pdf")

    return files.store(from_upload, actor=people.lead, kind="funding.acceptance", at=NOON)


# --- who ---------------------------------------------------------------------------------------
def test_who_may_not(people: Personas) -> None:
    contract = over(people)
    for who in (people.university_confirmer, people.officer, people.rival):
        with pytest.raises(PermissionDenied):
            asked(people, contract, actor=who)
    acceptance = asked(people, contract)
    assert not Acceptance.objects.visible_to(people.rival).exists()
    assert Acceptance.objects.visible_to(people.university_confirmer).get() == acceptance
    for who in (people.officer, people.rival):
        with pytest.raises(PermissionDenied):
            confirm_acceptance(acceptance=acceptance, actor=who, at=NOON)
    confirm_acceptance(acceptance=acceptance, actor=people.university_confirmer, at=NOON)
    with pytest.raises(TransitionRefused, match="confirmed already"):
        confirm_acceptance(acceptance=acceptance, actor=people.university_confirmer, at=NOON)
    confirm_acceptance(acceptance=acceptance, actor=people.signatory, at=NOON)
    for who in (people.head, people.lead, people.finance):
        with pytest.raises(PermissionDenied):
            check_acceptance(acceptance=acceptance, actor=who, at=NOON)


def test_the_case_officer_does_not_conclude(people: Personas) -> None:
    acceptance = assessed(people, over(people))
    for who in (people.officer, people.lead, people.finance):
        with pytest.raises(PermissionDenied):
            decided(people, acceptance.contract, acceptance=acceptance, actor=who)
    Acceptance.objects.filter(pk=acceptance.pk).update(assessed_by=people.head)
    with pytest.raises(PermissionDenied):
        decided(people, acceptance.contract, acceptance=acceptance, actor=people.head)

    assert decided(people, acceptance.contract, acceptance=acceptance, actor=people.leader).decided_by == people.leader


def test_an_opinion_lies_between_the_request_and_today(people: Personas) -> None:
    acceptance = confirmed(people, over(people))
    check_acceptance(acceptance=acceptance, actor=people.officer, at=NOON)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(ValidationError, match="between the request and today"):
            assess_acceptance(
                acceptance=acceptance, upload=pdf(), actor=people.officer, at=NOON, **OPINION | {"opinion_on": day}
            )


def test_returned_or_withdrawn_it_is_requested_anew(people: Personas) -> None:
    contract = over(people)
    withdraw_acceptance(acceptance=asked(people, contract), actor=people.lead, reason="补充材料。", at=NOON)
    acceptance = assessed(people, contract)
    with pytest.raises(TransitionRefused):
        withdraw_acceptance(acceptance=acceptance, actor=people.lead, reason="补充材料。", at=NOON)
    return_acceptance(acceptance=acceptance, actor=people.leader, reason="意见不全。", at=NOON)

    assert "funding.acceptance_returned" in kinds(people.lead)
    assert decided(people, contract).status == S.DECIDED


def test_the_bureau_decides_within_thirty_working_days_of_the_request(people: Personas) -> None:
    acceptance = asked(people, over(people))

    assert decide_by(acceptance) == add_working_days(TODAY, 30)
    client = enter(people.officer)
    assert "to be decided by" in client.get(acceptance.get_absolute_url()).text
    Acceptance.objects.filter(pk=acceptance.pk).update(created_at=NOON - timedelta(days=90))
    assert "was to be decided by" in client.get(acceptance.get_absolute_url()).text


def test_one_thing_at_a_time(people: Personas) -> None:
    contract = over(people)
    asked(people, contract)
    with pytest.raises(TransitionRefused, match="under way already"):
        asked(people, contract)
    with pytest.raises(TransitionRefused, match="of this contract is under way"):
        propose_amendment(
            contract=contract, kind="EXTENSION", changes={"ends_on": "2030-01-01"}, reason="样例", actor=people.lead,
            at=NOON,
        )  # type: ignore[arg-type]  # fmt: skip


def test_whose_turn_it_is(people: Personas) -> None:
    contract = over(people)
    assert list(to_request(people.lead, TODAY)) == [contract]
    assert not to_request(people.rival, TODAY)
    acceptance = asked(people, contract)
    assert not to_request(people.lead, TODAY)
    assert list(to_confirm(people.signatory, Role.SIGNATORY)) == [acceptance]
    assert list(to_confirm(people.university_confirmer, Role.CONFIRMER)) == [acceptance]
    confirm_acceptance(acceptance=acceptance, actor=people.university_confirmer, at=NOON)
    assert not to_confirm(people.university_confirmer, Role.CONFIRMER)


# --- at once, and round the code ---------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once(people: Personas) -> None:
    contract = over(people)
    make_tranche(people, contract.award, condition=TrancheCondition.ACCEPTANCE, condition_met_on=None)
    acceptance = assessed(people, contract)

    results = at_once(
        lambda: decided(people, contract, acceptance=Acceptance.objects.get(pk=acceptance.pk), actor=people.head),
        lambda: decided(
            people, contract, "NOT_PASSED", acceptance=Acceptance.objects.get(pk=acceptance.pk), actor=people.leader
        ),
    )

    assert refusals(results) == 1
    acceptance.refresh_from_db()
    passed = acceptance.conclusion == Conclusion.PASSED
    assert Tranche.objects.get(award=contract.award).status == (T.PLANNED if passed else T.CANCELLED)


def test_the_database_refuses(people: Personas) -> None:
    acceptance = assessed(people, over(people))
    rows = Acceptance.objects.filter(pk=acceptance.pk)
    wrong: tuple[dict[str, Any], ...] = (
        {"status": S.DECIDED},
        {"conclusion": "PASSED"},
        {"opinion": ""},
        {"status": S.DECIDED, "conclusion": "PASSED", "decided_by": people.officer, "decided_at": NOON},
    )
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Acceptance.objects.create(
            contract=acceptance.contract, summary="样例", results=[], statement=[], report=acceptance.report,
            accounts=acceptance.accounts, requested_by=people.lead,
        )  # fmt: skip


# --- the pages ---------------------------------------------------------------------------------
def test_by_the_pages(people: Personas) -> None:
    end = timezone.localdate() - timedelta(days=3)
    contract = over(people)
    Contract.objects.filter(pk=contract.pk).update(ends_on=end)
    address = reverse("funding:acceptance-request", args=[contract.pk])
    page = enter(people.lead).get(contract.get_absolute_url())
    assert address in page.content.decode()
    bad = enter(people.lead).post(address, {"summary": "样例概述", "result_0": "", "reached_0": "SOME"})
    assert bad.status_code == 200
    assert {"result_0", "reached_0", "report", "accounts"} <= set(bad.context["form"].errors)
    assert "样例概述" in bad.content.decode()
    given = {"summary": "样例概述", "result_0": "3", "reached_0": "REACHED"}

    answer = enter(people.lead).post(address, {**given, "report": pdf("报告.pdf"), "accounts": pdf("决算.pdf")})

    acceptance = Acceptance.objects.get()
    assert answer["Location"] == contract.get_absolute_url()
    assert acceptance.results[0]["result"] == "3"
    for person in (people.signatory, people.university_confirmer):
        step = reverse("funding:acceptance-confirm", args=[acceptance.pk])
        assert enter(person).post(step, {}).status_code == 200
        assert enter(person).post(step, {"agree": "on"}).status_code == 302
    assert enter(people.officer).post(reverse("funding:acceptance-check", args=[acceptance.pk])).status_code == 302
    step = reverse("funding:acceptance-assess", args=[acceptance.pk])
    today = timezone.localdate()
    wrong = enter(people.officer).post(step, {**OPINION, "meeting": "", "opinion_on": today, "upload": pdf("意见.pdf")})
    assert set(wrong.context["form"].errors) == {"meeting"}
    enter(people.officer).post(step, {**OPINION, "opinion_on": today, "upload": pdf("意见.pdf")})
    for person in (people.officer, people.lead, people.head):
        assert enter(person).get(acceptance.get_absolute_url()).status_code == 200
        assert enter(person).get(reverse("funding:acceptance-list")).status_code == 200
    file = reverse("funding:acceptance-file", args=[acceptance.pk, "opinion"])
    found = enter(people.lead).get(file)
    assert (found.status_code, b"".join(found.streaming_content)[:4]) == (200, b"%PDF")
    assert enter(people.rival).get(file).status_code == 404
    assert enter(people.lead).get(file.replace("opinion", "other")).status_code == 404
    assert enter(people.rival).get(acceptance.get_absolute_url()).status_code == 404
    decide = reverse("funding:acceptance-decide", args=[acceptance.pk])
    assert enter(people.officer).get(decide).status_code == 403
    enter(people.head).post(decide, {"conclusion": "PASSED", "document_number": "样科验〔2026〕2号"})

    acceptance.refresh_from_db()
    assert (acceptance.status, acceptance.conclusion) == (S.DECIDED, Conclusion.PASSED)
