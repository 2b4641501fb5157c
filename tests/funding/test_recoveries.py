"""Money claimed back: never more than is held, by two people, each instalment once, and back to its line."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from funding.enums import AccountKind, EntryKind, RecoveryStatus
from funding.models import Award, LedgerAccount, LedgerEntry, Posting, Recovery, RecoveryReceipt, StatementLine
from funding.selectors.credit_checks import credit_list
from funding.selectors.ledger import sums_of
from funding.selectors.recoveries import free_of, holders_of
from funding.selectors.relays import at_hand
from funding.services.recoveries import (
    approve_recovery,
    ask_write_off,
    decline_write_off,
    open_recovery,
    receive_recovery,
    reverse_recovery,
    stop_recovery,
    watch_recoveries,
    write_off,
)
from funding.services.statements import Said
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_recovery
from tests.factories.payments import make_statement
from tests.funding.steps import kinds, queries_of
from tests.funding.test_money_views import enter
from tests.funding.test_relays import paid_award, report
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import PDF

S = RecoveryStatus
TODAY = timezone.localdate(NOON)
WAN = Decimal(10_000)
WHY = "样例：设备购置超出范围。"
pytestmark = pytest.mark.usefixtures("english")


def propose(people: Personas, award: Award, amount: int = 10, **facts: Any) -> Recovery:
    given = {
        "organisation": people.lead_org, "ground": "VIOLATION", "reason": WHY, "amount": amount * WAN,
        "actor": people.officer, "at": NOON,
    }  # fmt: skip
    return open_recovery(award=award, **given | facts)


def approve(people: Personas, claim: Recovery, **facts: Any) -> Recovery:
    given = {"document_number": "样科〔2026〕追3号", "noticed_on": TODAY, "actor": people.leader, "at": NOON}
    return approve_recovery(recovery=claim, **given | facts)


def receive(people: Personas, claim: Recovery, amount: int, slip: str = "JK-1", **facts: Any) -> Recovery:
    given = {
        "arrived_on": TODAY, "slip": slip, "upload": SimpleUploadedFile("缴款书.pdf", PDF), "actor": people.finance,
        "at": NOON,
    }  # fmt: skip
    return receive_recovery(recovery=claim, amount=amount * WAN, **given | facts)


def balance(kind: AccountKind, **of: Any) -> Decimal:
    return LedgerAccount.objects.get(kind=kind, **of).balance


# --- the way -----------------------------------------------------------------------------------
def test_what_comes_back_is_on_the_line_again(people: Personas) -> None:
    award = paid_award(people)
    line, before = award.line, balance(AccountKind.HELD, award=award, organisation=people.lead_org)
    available = balance(AccountKind.AVAILABLE, line=line)

    claim = approve(people, propose(people, award))
    assert claim.due_on is not None
    assert claim.due_on > TODAY + timedelta(days=29)
    assert (at_hand(award), free_of(award, people.lead_org.pk)) == (before - 10 * WAN, before - 10 * WAN)
    receive(people, claim, 4)
    assert (claim.status, claim.left) == (S.PARTLY, 6 * WAN)
    receive(people, claim, 6, "JK-2")

    assert (claim.status, claim.closed_by) == (S.SETTLED, people.finance)
    assert balance(AccountKind.HELD, award=award, organisation=people.lead_org) == before - 10 * WAN
    assert balance(AccountKind.AVAILABLE, line=line) == available + 10 * WAN
    [sums] = sums_of([line])
    assert (sums.recovered, sums.available) == (10 * WAN, available + 10 * WAN)
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0
    assert {"funding.recovery_noticed"} <= set(kinds(people.lead))
    with pytest.raises(TransitionRefused):
        receive(people, claim, 1, "JK-3")


def test_not_more_than_is_held_nor_than_is_owed(people: Personas) -> None:
    award = paid_award(people)
    [(organisation, free)] = holders_of(award)
    report(people, award)  # on its way to the member
    with pytest.raises(ValidationError, match="holds only"):
        propose(people, award, amount=int(free / WAN) - 9)
    claim = approve(people, propose(people, award, amount=int(free / WAN) - 10))

    assert (organisation, holders_of(award)) == (people.lead_org, [])
    with pytest.raises(ValidationError, match="holds only"):
        propose(people, award, amount=1)
    with pytest.raises(ValidationError, match="still to be paid back"):
        receive(people, claim, int(free / WAN))
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(ValidationError, match="between the notice and today"):
            receive(people, claim, 1, arrived_on=day)
    assert not RecoveryReceipt.objects.exists()


def test_who_may_not(people: Personas) -> None:
    award = paid_award(people)
    for who in (people.lead, people.leader, people.supervisor, people.rival):
        with pytest.raises(PermissionDenied):
            propose(people, award, actor=who)
    claim = propose(people, award)
    assert not Recovery.objects.visible_to(people.lead).exists()
    for who in (people.officer, people.finance, people.lead):
        with pytest.raises(PermissionDenied):
            approve(people, claim, actor=who)
    approve(people, claim)
    assert Recovery.objects.visible_to(people.lead).exists()
    assert not Recovery.objects.visible_to(people.rival).exists()
    for who in (people.officer, people.leader, people.lead):
        with pytest.raises(PermissionDenied):
            receive(people, claim, 1, actor=who)
    with pytest.raises(PermissionDenied):
        stop_recovery(recovery=claim, reason=WHY, actor=people.leader, at=NOON)


# --- once --------------------------------------------------------------------------------------
def test_a_receipt_and_a_line_of_a_statement_count_once(people: Personas) -> None:
    award = paid_award(people)
    claim = approve(people, propose(people, award))
    line = incoming(people)
    receive(people, claim, 1)
    with pytest.raises(ValidationError, match="recorded already"):
        receive(people, claim, 1)
    with pytest.raises(ValidationError, match="recorded already"):  # however it is typed
        receive(people, claim, 1, "ｊk－1")
    with pytest.raises(ValidationError, match="Choose a line"):
        receive(people, claim, 1, "", upload=None)
    with pytest.raises(ValidationError, match="another amount"):
        receive(people, claim, 3, line=line)
    receive(people, claim, 2, line=line)

    line.refresh_from_db()
    assert (line.note, line.settled_by) == (claim.number, people.finance)
    with pytest.raises(ValidationError, match="looked into already"):
        receive(people, claim, 2, line=line)
    assert claim.received == 3 * WAN


def incoming(people: Personas) -> StatementLine:
    """Money that came back, in a statement of the bank."""
    from_bank = {
        "row": 2, "day": TODAY, "outcome": "RETURNED", "amount": 2 * WAN, "reference": "样例-退款",
        "payee_name": people.lead_org.name, "order_number": "", "remark": "",
    }  # fmt: skip
    return make_statement(people, Said(**from_bank)).lines.get()


def test_a_mistake_is_reversed_by_another_person_and_an_entry(people: Personas) -> None:
    award = paid_award(people)
    before = balance(AccountKind.HELD, award=award, organisation=people.lead_org)
    claim = approve(people, propose(people, award))
    receive(people, claim, 10)
    receipt = claim.receipts.get()
    with pytest.raises(PermissionDenied):
        reverse_recovery(receipt=receipt, reason=WHY, actor=people.finance, at=NOON)

    reverse_recovery(receipt=receipt, reason=WHY, actor=people.second_finance, at=NOON)

    claim.refresh_from_db()
    assert (claim.status, claim.received, claim.closed_by) == (S.NOTICED, 0, None)
    assert balance(AccountKind.HELD, award=award, organisation=people.lead_org) == before
    assert LedgerEntry.objects.filter(kind=EntryKind.RECOVERY).count() == 2
    with pytest.raises(TransitionRefused):
        reverse_recovery(receipt=receipt, reason=WHY, actor=people.second_finance, at=NOON)
    assert receive(people, claim, 10).status == S.SETTLED


@pytest.mark.django_db(transaction=True)
def test_two_approve_and_two_record_at_once(people: Personas) -> None:
    claim = propose(people, paid_award(people))
    _warm = people.leader, people.second_leader, people.finance, people.second_finance
    first, second = Recovery.objects.get(pk=claim.pk), Recovery.objects.get(pk=claim.pk)
    outcomes = at_once(
        lambda: approve(people, first), lambda: approve(people, second, actor=people.second_leader)
    )  # fmt: skip
    assert refusals(outcomes) == 1

    outcomes = at_once(
        lambda: receive(people, first, 10), lambda: receive(people, second, 10, "JK-2", actor=people.second_finance)
    )  # fmt: skip
    assert refusals(outcomes) == 1
    claim.refresh_from_db()
    assert (claim.status, claim.receipts.count()) == (S.SETTLED, 1)
    assert LedgerEntry.objects.filter(kind=EntryKind.RECOVERY).count() == 1


# --- other ends --------------------------------------------------------------------------------
def test_two_people_write_off_what_cannot_be_had(people: Personas) -> None:
    claim = approve(people, propose(people, paid_award(people)))
    receive(people, claim, 1)
    with pytest.raises(PermissionDenied):
        ask_write_off(recovery=claim, reason=WHY, actor=people.leader, at=NOON)
    ask_write_off(recovery=claim, reason=WHY, actor=people.head, at=NOON)
    with pytest.raises(PermissionDenied):
        write_off(recovery=claim, actor=people.head, at=NOON)
    decline_write_off(recovery=claim, reason=WHY, actor=people.leader, at=NOON)
    assert (claim.status, claim.waiver_by) == (S.PARTLY, None)
    ask_write_off(recovery=claim, reason=WHY, actor=people.head, at=NOON)

    write_off(recovery=claim, actor=people.leader, at=NOON)

    assert (claim.status, claim.closed_by, claim.left) == (S.WRITTEN_OFF, people.leader, 9 * WAN)
    with pytest.raises(TransitionRefused):
        write_off(recovery=claim, actor=people.leader, at=NOON)


def test_a_claim_that_does_not_hold_is_stopped(people: Personas) -> None:
    award = paid_award(people)
    claim, free = propose(people, award), free_of(award, people.lead_org.pk)

    stop_recovery(recovery=claim, reason=WHY, actor=people.head, at=NOON)

    assert (claim.status, free_of(award, people.lead_org.pk)) == (S.STOPPED, free + 10 * WAN)
    with pytest.raises(TransitionRefused):
        approve(people, claim)


def test_what_is_overdue_raises_one_alarm(people: Personas) -> None:
    claim = approve(people, propose(people, paid_award(people)))
    later = NOON + timedelta(days=90)

    assert (watch_recoveries(at=NOON), watch_recoveries(at=later), watch_recoveries(at=later)) == (0, 1, 0)
    assert "funding.recovery_overdue" in kinds(people.lead)
    assert "funding.recovery_overdue" in kinds(people.finance)
    assert [one.code for one in credit_list(claim.award.application, []) if one.failed] == ["recoveries"]


# --- round the code ----------------------------------------------------------------------------
@pytest.mark.parametrize("facts", [
    {"amount": 0}, {"reason": ""}, {"received": 2}, {"received": -1}, {"status": "SETTLED"}, {"status": "PARTLY"},
    {"status": "OPEN"}, {"document_number": ""}, {"due_on": date(2020, 1, 1)}, {"waiver_reason": "x"},
    {"status": "ASKED"}, {"closed_at": NOON}, {"status": "STOPPED"}, {"approved_by": "officer"},
])  # fmt: skip
def test_the_database_holds_a_claim(people: Personas, facts: dict[str, Any]) -> None:
    claim = make_recovery(people, paid_award(people))
    given = {key: getattr(people, one) if key == "approved_by" else one for key, one in facts.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=claim.pk).update(**given)


def test_the_database_holds_two_people_and_one_receipt(people: Personas) -> None:
    claim = approve(people, propose(people, paid_award(people)))
    receive(people, claim, 1)
    [receipt] = claim.receipts.all()
    for facts in ({"amount": 0}, {"slip": ""}, {"reversed_at": NOON},
                  {"reversed_at": NOON, "reversal_reason": "x", "reversed_by": receipt.recorded_by}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryReceipt.objects.filter(pk=receipt.pk).update(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryReceipt.objects.create(
            recovery=claim, amount=1, arrived_on=TODAY, slip=receipt.slip, evidence=receipt.evidence,
            recorded_by=people.finance,
        )  # fmt: skip
    waived = {"waiver_by": people.head, "waiver_reason": "x", "status": "WRITTEN_OFF", "closed_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=claim.pk).update(closed_by=people.head, **waived)


# --- pages -------------------------------------------------------------------------------------
def test_from_the_proposal_to_the_last_instalment_in_the_browser(people: Personas) -> None:
    award = paid_award(people)
    typed = {"organisation": people.lead_org.pk, "ground": "SURPLUS", "amount": "30000", "reason": WHY}
    officer, finance = enter(people.officer), enter(people.finance)
    place = reverse("funding:recovery-open", args=[award.pk])
    assert "holds" in officer.get(place).text
    answer = officer.post(place, {**typed, "amount": "99000000"})
    assert (answer.status_code, Recovery.objects.exists()) == (200, False)
    assert officer.post(place, typed).status_code == 302
    claim = Recovery.objects.get()
    Recovery.objects.update(created_at=NOON)

    def post(who: Any, act: str, data: dict[str, Any], *more: Any) -> int:
        return int(who.post(reverse(f"funding:recovery-{act}", args=[claim.pk, *more]), data).status_code)

    notice = {"document_number": "样科〔2026〕追3号", "noticed_on": TODAY.isoformat()}
    leader, lead = enter(people.leader), enter(people.lead)
    assert lead.get(claim.get_absolute_url()).status_code == 404
    assert (post(officer, "approve", notice), post(leader, "approve", notice)) == (403, 302)
    assert post(leader, "approve", notice) == 409
    money = {"amount": "10000", "arrived_on": TODAY.isoformat(), "slip": "JK-1"}
    assert post(finance, "receive", {**money, "upload": SimpleUploadedFile("a.pdf", PDF)}) == 302
    receipt = claim.receipts.get()
    answer: Any = lead.get(reverse("funding:recovery-file", args=[claim.pk, receipt.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert "Still to be paid back" in lead.get(claim.get_absolute_url()).text
    assert post(enter(people.second_finance), "reverse", {"reason": WHY}, receipt.pk) == 302
    assert post(finance, "ask", {"reason": WHY}) == 302
    assert post(leader, "decline", {"reason": WHY}) == 302
    assert post(finance, "ask", {"reason": WHY}) == 302
    assert post(leader, "write-off", {"note": ""}) == 302
    assert post(enter(people.head), "stop", {"reason": WHY}) == 409


def test_the_list_asks_the_same_few_questions_however_long_it_is(people: Personas) -> None:
    award = paid_award(people)
    make_recovery(people, award)
    client, place = enter(people.finance), reverse("funding:recovery-list")
    client.get(place)
    few = len(queries_of(client, place))
    make_recovery(people, award)
    make_recovery(people, award, S.OPEN)
    assert len(queries_of(client, place)) == few
