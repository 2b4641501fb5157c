"""Payment batches and bank statements."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from funding.enums import BatchStatus, LineOutcome, TrancheStatus
from funding.models import BankStatement, PaymentBatch, PaymentOrder, Tranche
from funding.services.payments import prepare_batch, release_batch, send_batch
from funding.services.statements import Said, import_statement
from tests.clock import NOON
from tests.factories.funding import make_tranche
from tests.personas import Personas


def make_batch(
    people: Personas, *tranches: Tranche, status: str = BatchStatus.PREPARED, actor: Any = None
) -> PaymentBatch:
    """A batch of these tranches, or of one; prepared, released or sent."""
    chosen = tranches or (make_tranche(people, status=TrancheStatus.APPROVED),)
    batch = prepare_batch(
        line=chosen[0].award.line, tranches=chosen, document_number="样财〔2026〕3号", purpose="创新联合体资助",
        actor=actor or people.finance, at=NOON,
    )  # fmt: skip
    if status in {BatchStatus.RELEASED, BatchStatus.SENT}:
        release_batch(batch=batch, actor=people.leader, at=NOON)
    if status == BatchStatus.SENT:
        send_batch(batch=batch, actor=people.finance, at=NOON)
    return batch


def said(order: PaymentOrder, outcome: str = LineOutcome.PAID, **facts: Any) -> Said:
    """What a bank says of an order."""
    row = {
        "row": 2, "day": timezone.localdate(NOON), "outcome": outcome, "amount": order.amount,
        "reference": f"B{order.number}", "payee_name": order.payee_name, "order_number": order.number,
    }  # fmt: skip
    return Said(**row | facts)


def make_statement(people: Personas, *rows: Said, content: str = "样例对账单") -> BankStatement:
    """A statement with these lines, none of them settled; another content is another file."""
    upload = SimpleUploadedFile("对账单.csv", (content + "".join(one.reference for one in rows)).encode())
    return import_statement(upload=upload, said=rows, actor=people.finance, at=NOON)
