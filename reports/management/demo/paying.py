"""Payments in batches: ordered, released, sent, settled by the bank's statement; one came back and went out again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from funding.enums import BatchStatus, LineOutcome, TrancheStatus
from funding.models import BankStatement, BudgetLine, PaymentBatch, PaymentOrder, Tranche
from funding.services.payments import prepare_batch, release_batch, send_batch
from funding.services.statements import Said, import_statement, settle_statement
from funding.services.tranches import confirm_receipt
from members.enums import Role
from reports.management.demo import applying
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

PURPOSE = "创新联合体专项资金"
SENT_BACK = "样例：收款账户已变更，银行退汇"
WORDS = {LineOutcome.PAID: "已付", LineOutcome.RETURNED: "已退汇"}
HEADINGS = ("指令号", "收款单位", "金额（元）", "日期", "银行处理结果", "银行流水号", "备注")


def pay_in_batch(cast: Cast, tranche: Tranche, day: date, *, comes_back: bool = False) -> None:
    """Ordered, paid and received; where it comes back it is paid a fortnight later."""
    applying.pay(cast, tranche, day, until=TrancheStatus.APPROVED)
    _settle(cast, _order(cast, [tranche], _days(day, 10)), _days(day, 14))
    if comes_back:
        [order] = tranche.orders.all()
        _import_and_settle(cast, [_said(order, _days(day, 17), LineOutcome.RETURNED)], _days(day, 18))
        _settle(cast, _order(cast, [tranche], _days(day, 24)), _days(day, 28))
    received, lead = _days(day, 30), cast.of(tranche.award.consortium.lead)
    confirm_receipt(tranche=tranche, actor=lead, received_on=received, at=moment(received, 16))


def order_today(cast: Cast, tranches: Sequence[Tranche], today: date) -> None:
    """A batch waits for the leader, another is with the treasury and its statement waits for finance."""
    for tranche in tranches:
        applying.pay(cast, tranche, today - timedelta(days=16), until=TrancheStatus.APPROVED)
    waiting, *sent = tranches
    _order(cast, [waiting], today - timedelta(days=1), until=BatchStatus.PREPARED)
    if sent:
        batch = _order(cast, sent, today - timedelta(days=5))
        _import(cast, [_said(one, today - timedelta(days=1)) for one in batch.orders.all()], today)


def _days(day: date, number: int) -> date:
    return day + timedelta(days=number)


def _order(cast: Cast, tranches: Sequence[Tranche], day: date, *, until: str = BatchStatus.SENT) -> PaymentBatch:
    finance, leader = cast.bureau[Role.FINANCE], cast.bureau[Role.LEADER]
    number = PaymentBatch.objects.count() + 11
    line = BudgetLine.objects.get(awards__tranches=tranches[0])
    batch = prepare_batch(
        line=line, tranches=tranches, document_number=f"样财拨〔{day.year}〕{number}号",
        purpose=PURPOSE, actor=finance, at=moment(day, 9),
    )  # fmt: skip
    if until == BatchStatus.SENT:
        release_batch(batch=batch, actor=leader, at=moment(day, 14))
        send_batch(batch=batch, actor=finance, at=moment(day, 16))
    return batch


def _said(order: PaymentOrder, day: date, outcome: str = LineOutcome.PAID) -> Said:
    suffix = "" if outcome == LineOutcome.PAID else "T"
    return Said(
        row=order.sequence + 1, day=day, outcome=outcome, amount=order.amount, payee_name=order.payee_name,
        reference=f"{day:%Y%m%d}{order.number[-11:].replace('-', '')}{suffix}", order_number=order.number,
        remark=SENT_BACK if suffix else "",
    )  # fmt: skip


def _settle(cast: Cast, batch: PaymentBatch, paid: date) -> None:
    _import_and_settle(cast, [_said(one, paid) for one in batch.orders.all()], _days(paid, 1))


def _import_and_settle(cast: Cast, said: Sequence[Said], day: date) -> None:
    found = _import(cast, said, day)
    settle_statement(statement=found, actor=cast.bureau[Role.FINANCE], at=moment(day, 11))


def _import(cast: Cast, said: Sequence[Said], day: date) -> BankStatement:
    """The file as a bank would write it."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADINGS)
    table.writerows(
        (
            one.order_number,
            one.payee_name,
            one.amount,
            one.day,
            LineOutcome(one.outcome).label,
            one.reference,
            one.remark,
        )
        for one in said
    )
    upload = SimpleUploadedFile(f"国库支付回单{day:%Y%m%d}.csv", text.getvalue().encode("utf-8-sig"), "text/csv")
    return import_statement(upload=upload, said=said, actor=cast.bureau[Role.FINANCE], at=moment(day, 10))
