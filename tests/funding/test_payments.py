"""Batches, what the bank says of them, and money that comes back: nothing is paid twice, nothing gets lost."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from funding.enums import AccountKind, BatchStatus, EntryKind, LineOutcome, TrancheStatus
from funding.models import (
    Award,
    BudgetLine,
    LedgerAccount,
    LedgerEntry,
    Payment,
    PaymentBatch,
    PaymentOrder,
    Posting,
    Recusal,
    StatementLine,
    Tranche,
)
from funding.selectors.payments import matches, reconciled, unconfirmed
from funding.services.payments import (
    drop_batch,
    fail_order,
    prepare_batch,
    release_batch,
    return_payment,
    send_batch,
)
from funding.services.statements import import_statement, put_aside, settle_line, settle_statement
from funding.services.tranches import confirm_receipt, hold_tranche, pay_tranche
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_contract, make_tranche
from tests.factories.payments import make_batch, make_statement, said
from tests.funding.steps import kinds
from tests.personas import Personas
from tests.races import at_once, refusals

T, B, L = TrancheStatus, BatchStatus, LineOutcome
TODAY = timezone.localdate(NOON)
pytestmark = pytest.mark.usefixtures("english")


def sent(people: Personas, *tranches: Tranche) -> PaymentBatch:
    return make_batch(people, *tranches, status=B.SENT)


def held(tranche: Tranche) -> Decimal:
    account = LedgerAccount.objects.filter(kind=AccountKind.HELD, award=tranche.award).first()
    return account.balance if account else Decimal(0)


# --- batches -----------------------------------------------------------------------------------
def test_a_batch_goes_from_finance_over_the_leader_to_the_treasury(people: Personas) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    leader = people.leader

    batch = make_batch(people, tranche)
    release_batch(batch=batch, actor=leader, at=NOON)
    send_batch(batch=batch, actor=people.finance, at=NOON)

    tranche.refresh_from_db()
    [order] = batch.orders.all()
    assert (batch.status, tranche.status, order.amount) == (B.SENT, T.SENT, tranche.amount)
    assert (order.number, order.payee_name) == (f"{batch.number}-001", people.lead_org.name)
    assert order.bank_account.reveal() == people.lead_org.bank_account.reveal()
    assert len(batch.sha256) == 64
    assert "funding.batch_prepared" in kinds(leader)
    assert {entry.action for entry in trail(batch)} == {"prepare_batch", "release_batch", "send_batch"}


def test_who_prepared_does_not_release(people: Personas) -> None:
    batch = make_batch(people, make_tranche(people, status=T.APPROVED))

    for actor in (people.finance, people.officer, people.head):
        with pytest.raises(PermissionDenied):
            release_batch(batch=batch, actor=actor, at=NOON)
    with pytest.raises(IntegrityError, match="two_people_release_a_batch"), transaction.atomic():
        PaymentBatch.objects.filter(pk=batch.pk).update(released_by=people.finance)


def test_a_tranche_is_in_one_batch_at_a_time(people: Personas) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    batch = make_batch(people, tranche)

    with pytest.raises(TransitionRefused):
        make_batch(people, tranche)
    with pytest.raises(TransitionRefused):
        pay_tranche(tranche=tranche, actor=people.finance, voucher="PZ-9", paid_on=TODAY, at=NOON)
    [order] = batch.orders.all()
    with pytest.raises(IntegrityError, match="standing"), transaction.atomic():
        PaymentOrder.objects.create(
            batch=batch, sequence=2, number="X-002", tranche=tranche, standing=tranche, amount=order.amount,
            payee=order.payee, payee_name=order.payee_name, bank_name="样例银行", bank_account="1",
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_take_a_tranche_once(people: Personas) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    acts = [partial(make_batch, people, tranche, actor=one) for one in (people.finance, people.second_finance)]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert PaymentOrder.objects.count() == PaymentBatch.objects.count() == 1


def test_a_batch_holds_only_tranches_of_its_line(people: Personas) -> None:
    first, second = make_tranche(people, status=T.APPROVED), make_tranche(people, status=T.APPROVED)
    other = BudgetLine.objects.create(programme=first.award.line.programme, year=2026, subject="2060999", name="样例")
    Award.objects.filter(pk=second.award.pk).update(line=other)

    with pytest.raises(ValidationError, match="another"):
        make_batch(people, first, second)
    with pytest.raises(ValidationError, match="at least one"):
        prepare_batch(
            line=first.award.line, tranches=[], document_number="1", purpose="1", actor=people.finance, at=NOON
        )
    assert not PaymentBatch.objects.exists()


def test_a_batch_that_is_given_up_frees_its_tranches(people: Personas) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    batch = make_batch(people, tranche)
    release_batch(batch=batch, actor=people.leader, at=NOON)

    drop_batch(batch=batch, actor=people.leader, reason="样例：金额需复核。", at=NOON)
    again = make_batch(people, tranche)

    tranche.refresh_from_db()
    assert (batch.status, again.status, tranche.status) == (B.DROPPED, B.PREPARED, T.BATCHED)
    assert tranche.order.batch == again


def test_no_money_goes_to_an_account_that_changed(people: Personas) -> None:
    batch = make_batch(people, make_tranche(people, status=T.APPROVED))
    lead = people.lead_org
    lead.bank_account = "6222000000000009999"
    lead.save(update_fields=["bank_account"])

    with pytest.raises(TransitionRefused, match="account changed"):
        release_batch(batch=batch, actor=people.leader, at=NOON)


def test_nobody_outside_the_bureau_sees_a_batch(people: Personas) -> None:
    batch = make_batch(people, make_tranche(people, status=T.APPROVED))

    for who in (people.lead, people.district_officer, people.expert):
        assert not PaymentBatch.objects.visible_to(who).exists()
        assert not PaymentOrder.objects.visible_to(who).exists()
    assert list(PaymentBatch.objects.visible_to(people.supervisor)) == [batch]


# --- what the bank says ------------------------------------------------------------------------
def test_a_statement_pays_fails_and_returns(people: Personas) -> None:
    tranches = [make_tranche(people, make_contract(people).award, T.APPROVED) for _ in range(2)]
    paid, failed = (sent(people, one).orders.get() for one in tranches)
    found = make_statement(people, said(paid), said(failed, L.FAILED, row=3, remark="样例：户名不符"))

    result = settle_statement(statement=found, actor=people.finance, at=NOON)

    for one in tranches:
        one.refresh_from_db()
    assert (result.done, result.left) == (2, [])
    assert [one.status for one in tranches] == [T.PAID, T.RETURNED]
    assert (tranches[0].payment.voucher, tranches[0].payment.order) == (f"B{paid.number}", paid)
    failed.refresh_from_db()
    assert (failed.standing, failed.failure, failed.failed_on) == (None, "样例：户名不符", TODAY)
    assert held(tranches[0]) == paid.amount
    assert held(tranches[1]) == 0


def test_the_same_file_the_same_line_and_the_second_click_pay_once(people: Personas) -> None:
    order = sent(people).orders.get()
    found = make_statement(people, said(order))
    settle_statement(statement=found, actor=people.finance, at=NOON)

    with pytest.raises(ValidationError, match="imported already"):
        make_statement(people, said(order))
    with pytest.raises(ValidationError, match="Every line"):
        make_statement(people, said(order), content="另一个文件")
    assert settle_statement(statement=found, actor=people.finance, at=NOON).done == 0
    with pytest.raises(TransitionRefused):
        settle_line(line=found.lines.get(), actor=people.finance, at=NOON)
    assert Payment.objects.count() == LedgerEntry.objects.filter(kind=EntryKind.PAYMENT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_settle_a_statement_at_once(people: Personas) -> None:
    order = sent(people).orders.get()
    found = make_statement(people, said(order))
    acts = [
        partial(settle_statement, statement=found, actor=one, at=NOON)
        for one in (people.finance, people.second_finance)
    ]

    results = at_once(*acts)

    assert sum(one.done for one in results) == 1
    assert Payment.objects.get().order == order


def test_the_bank_says_twice_that_it_paid(people: Personas) -> None:
    order = sent(people).orders.get()
    found = make_statement(people, said(order), said(order, row=3, reference="B-OTHER"))

    result = settle_statement(statement=found, actor=people.finance, at=NOON)

    [(line, why)] = result.left
    assert (result.done, line.reference) == (1, "B-OTHER")
    assert "twice" in str(why)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"amount": Decimal("1.00")}, "The order is for"),
        ({"payee_name": "样例无关公司"}, "The order is for"),
        ({"order_number": "BF-2026-999-001"}, "No order"),
        ({"order_number": ""}, "names no order"),
        ({"outcome": L.RETURNED}, "No payment"),
    ],
)
def test_what_does_not_fit_is_left_and_says_why(people: Personas, facts: dict[str, Any], why: str) -> None:
    order = sent(people).orders.get()
    found = make_statement(people, said(order, **facts))

    result = settle_statement(statement=found, actor=people.finance, at=NOON)

    [(line, reason)] = result.left
    assert why in str(reason)
    assert (line.settled_at, Payment.objects.exists()) == (None, False)


def test_an_order_that_was_given_up_is_not_paid_by_a_line(people: Personas) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    order = make_batch(people, tranche).orders.get()
    early = make_statement(people, said(order, reference="B1"), content="甲")
    drop_batch(batch=order.batch, actor=people.finance, reason="样例：改批次。", at=NOON)
    late = make_statement(people, said(order, reference="B2"), content="乙")

    for found in (early, late):
        assert settle_statement(statement=found, actor=people.finance, at=NOON).done == 0
    tranche.refresh_from_db()
    assert tranche.status == T.APPROVED


def test_somebody_says_which_order_a_line_is(people: Personas) -> None:
    order = sent(people).orders.get()
    found = make_statement(people, said(order, order_number="", payee_name="样例简称"))
    line = found.lines.get()

    settle_line(line=line, order=order, note="样例：户名为简称，已电话核实。", actor=people.finance, at=NOON)

    assert (line.order, line.payment, line.settled_by) == (order, Payment.objects.get(), people.finance)


def test_a_line_of_somebody_else_is_put_aside(people: Personas) -> None:
    order = sent(people).orders.get()
    line = make_statement(people, said(order, order_number="X-1")).lines.get()

    with pytest.raises(ValidationError):
        put_aside(line=line, note=" ", actor=people.finance, at=NOON)
    put_aside(line=line, note="样例：其他处室的付款。", actor=people.finance, at=NOON)

    assert (line.order, line.payment, line.note) == (None, None, "样例：其他处室的付款。")
    with pytest.raises(IntegrityError, match="a_settled_line_says_how"), transaction.atomic():
        StatementLine.objects.filter(pk=line.pk).update(note="")


def test_a_payment_recorded_by_hand_is_confirmed_not_repeated(people: Personas) -> None:
    order = sent(people).orders.get()
    pay_tranche(tranche=order.tranche, actor=people.finance, voucher="YL-7", paid_on=TODAY, at=NOON)
    assert list(unconfirmed(TODAY.year, people.finance)) == [Payment.objects.get()]

    found = make_statement(people, said(order))
    assert settle_statement(statement=found, actor=people.finance, at=NOON).done == 1

    sums = reconciled(TODAY.year, people.finance)
    assert (sums.paid, sums.confirmed, sums.difference, sums.open_lines) == (order.amount, order.amount, 0, 0)
    assert not unconfirmed(TODAY.year, people.finance).exists()
    assert Payment.objects.get().voucher == "YL-7"


def test_who_keeps_away_or_approved_does_not_settle(people: Personas) -> None:
    order = sent(people).orders.get()
    found = make_statement(people, said(order))
    application = order.tranche.award.application
    Recusal.objects.create(
        application=application, person=people.finance, ground="样例", declared_by=people.head, recused_at=NOON
    )

    result = settle_statement(statement=found, actor=people.finance, at=NOON)

    assert (result.done, len(result.left)) == (0, 1)
    assert settle_statement(statement=found, actor=people.second_finance, at=NOON).done == 1


@pytest.mark.parametrize("name", ["lead", "officer", "leader", "supervisor", "audit_admin"])
def test_only_finance_imports(people: Personas, name: str) -> None:
    order = sent(people).orders.get()
    upload = SimpleUploadedFile("对账单.csv", "样例".encode())

    with pytest.raises(PermissionDenied):
        import_statement(upload=upload, said=[said(order)], actor=getattr(people, name), at=NOON)


def test_a_reference_that_changed_its_amount_is_refused(people: Personas) -> None:
    order = sent(people).orders.get()
    make_statement(people, said(order))

    with pytest.raises(ValidationError, match="another amount"):
        make_statement(people, said(order, amount=Decimal("5.00")), content="改过的文件")
    with pytest.raises(ValidationError, match="twice"):
        make_statement(people, said(order, reference="Z"), said(order, row=3, reference="Z"), content="重复")
    with pytest.raises(ValidationError, match="still to come"):
        make_statement(people, said(order, reference="Y", day=TODAY + timedelta(days=1)), content="明天")


# --- money that comes back ---------------------------------------------------------------------
def test_what_the_bank_returned_is_committed_again_and_paid_anew(people: Personas) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    lead, officer = people.lead, people.officer
    order = sent(people, tranche).orders.get()
    settle_statement(statement=make_statement(people, said(order)), actor=people.finance, at=NOON)
    before = LedgerAccount.objects.get(kind=AccountKind.COMMITTED, award=tranche.award).balance

    back = make_statement(people, said(order, L.RETURNED, reference="R1", remark="样例：账号已销户"), content="退汇")
    settle_statement(statement=back, actor=people.finance, at=NOON)

    tranche.refresh_from_db()
    first = Payment.objects.get()
    assert (tranche.status, held(tranche)) == (T.RETURNED, 0)
    assert (first.standing, first.returned_on, first.return_reason) == (None, TODAY, "样例：账号已销户")
    after = LedgerAccount.objects.get(kind=AccountKind.COMMITTED, award=tranche.award).balance
    assert after == before + tranche.amount
    assert "funding.payment_returned" in kinds(lead)
    assert "funding.payment_returned" in kinds(officer)

    again = sent(people, tranche).orders.get()
    settle_statement(statement=make_statement(people, said(again), content="再付"), actor=people.finance, at=NOON)

    tranche.refresh_from_db()
    assert (tranche.status, tranche.payments.count(), held(tranche)) == (T.PAID, 2, tranche.amount)
    assert tranche.payment.order == again
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0
    sums = reconciled(TODAY.year, people.finance)
    assert (sums.paid, sums.returned, sums.net) == (2 * tranche.amount, tranche.amount, tranche.amount)


def test_a_returned_payment_is_not_returned_twice(people: Personas) -> None:
    tranche = make_tranche(people, status=T.PAID)
    facts = {"actor": people.finance, "returned_on": TODAY, "reason": "样例：账号有误", "at": NOON}
    return_payment(tranche=tranche, **facts)

    with pytest.raises(TransitionRefused):
        return_payment(tranche=tranche, **facts)
    with pytest.raises(TransitionRefused):
        confirm_receipt(tranche=tranche, actor=people.lead, received_on=TODAY, at=NOON)
    assert LedgerEntry.objects.filter(kind=EntryKind.RETURN).count() == 1


@pytest.mark.parametrize(("day", "field"), [(1, "returned_on"), (-1, "returned_on")])
def test_a_return_lies_between_payment_and_today(people: Personas, day: int, field: str) -> None:
    tranche = make_tranche(people, status=T.PAID)

    with pytest.raises(ValidationError) as caught:
        return_payment(
            tranche=tranche, actor=people.finance, returned_on=TODAY + timedelta(days=day), reason="样例", at=NOON
        )
    assert list(caught.value.message_dict) == [field]


@pytest.mark.django_db(transaction=True)
def test_a_receipt_and_a_return_at_once_leave_one_truth(people: Personas) -> None:
    tranche = make_tranche(people, status=T.PAID)
    lead, finance = people.lead, people.finance

    at_once(
        partial(confirm_receipt, tranche=Tranche.objects.get(pk=tranche.pk), actor=lead, received_on=TODAY, at=NOON),
        partial(
            return_payment, tranche=Tranche.objects.get(pk=tranche.pk), actor=finance, returned_on=TODAY,
            reason="样例：退汇", at=NOON,
        ),
    )  # fmt: skip

    tranche.refresh_from_db()
    assert tranche.status == T.RETURNED  # a receipt that came first does not bar the return
    assert held(tranche) == 0


def test_a_returned_tranche_can_be_held_but_not_paid_by_hand(people: Personas) -> None:
    tranche = make_tranche(people, status=T.PAID)
    return_payment(tranche=tranche, actor=people.finance, returned_on=TODAY, reason="样例：退汇", at=NOON)

    with pytest.raises(TransitionRefused):
        pay_tranche(tranche=tranche, actor=people.finance, voucher="PZ-8", paid_on=TODAY, at=NOON)
    hold_tranche(tranche=tranche, actor=people.officer, reason="样例：核实账户。", at=NOON)
    assert tranche.status == T.ON_HOLD


def test_an_order_fails_only_while_it_is_with_the_treasury(people: Personas) -> None:
    order = sent(people).orders.get()
    facts = {"actor": people.finance, "reason": "样例：户名不符", "at": NOON}

    with pytest.raises(ValidationError):
        fail_order(tranche=order.tranche, failed_on=TODAY - timedelta(days=1), **facts)
    fail_order(tranche=order.tranche, failed_on=TODAY, **facts)
    with pytest.raises(TransitionRefused):
        fail_order(tranche=order.tranche, failed_on=TODAY, **facts)


@pytest.mark.parametrize("breach", ["elsewhere", "twice", "half"])
def test_the_database_knows_what_stands(people: Personas, breach: str) -> None:
    tranche, other = make_tranche(people, status=T.PAID), make_tranche(people)
    payment = Payment.objects.filter(tranche=tranche)
    changes: dict[str, Any] = {
        "elsewhere": {"standing": other}, "twice": {"returned_on": TODAY}, "half": {"standing": None}
    }  # fmt: skip

    with pytest.raises(IntegrityError, match="a_payment_stands_or_came_back"), transaction.atomic():
        payment.update(**changes[breach])


def test_matching_costs_the_same_for_one_and_for_three_lines(people: Personas, django_assert_num_queries: Any) -> None:
    tranches = [make_tranche(people, make_contract(people).award, T.APPROVED) for _ in range(3)]
    orders = [sent(people, one).orders.get() for one in tranches]
    found = make_statement(people, *(said(one, row=n) for n, one in enumerate(orders, 2)))
    lines = list(found.lines.all())

    for number in (1, 3):
        with django_assert_num_queries(1):  # nothing is paid yet
            assert [one.problem for one in matches(lines[:number])] == [""] * number
