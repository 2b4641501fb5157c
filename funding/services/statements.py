"""Bank statements: taken once, each line settled once, whatever is uploaded or clicked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, LineOutcome
from funding.models import BankStatement, PaymentOrder, StatementLine
from funding.selectors.payments import Match, match
from funding.services.payments import fail_order, return_payment
from funding.services.tranches import pay_tranche
from members.models import User
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

KIND = "funding.statement"
files.LIMITS[KIND] = files.Limit(5 * 1024 * 1024, (".xlsx", ".csv"))
TAKEN = _("This file was imported already, as %(number)s.")
TO_COME = _("This day is still to come.")
OTHERWISE = _("Row %(row)s: the reference %(reference)s stands already with another amount.")
TWICE_HERE = _("Row %(row)s: the reference %(reference)s stands in this file twice.")
NOTHING_NEW = _("Every line of this file was imported before; nothing was taken.")
NOT_YOURS = _("You keep away from this case or acted in it; somebody else has to settle the line.")
SETTLED = _("Somebody settled this line meanwhile.")
BY_HAND = _("Please write down what was found out.")


@dataclass(frozen=True)
class Said:
    """A row of a statement."""

    row: int
    day: date
    outcome: str
    amount: Decimal
    reference: str
    payee_name: str
    order_number: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Settled:
    """What settling came to: how many lines did something, and (line, why not) of the others."""

    done: int
    left: Sequence[tuple[StatementLine, str | Promise]]


def import_statement(*, upload: File[bytes], said: Sequence[Said], actor: User, at: datetime) -> BankStatement:
    """Keep the file and its new lines; nothing is settled yet. Raises ValidationError."""
    with transaction.atomic():
        require(actor, "funding.import_statement")
        year = timezone.localdate(at).year
        number = f"DZ-{year}-{next_number(f'statement-{year}'):03d}"  # one import after the other
        kept = files.store(upload, actor=actor, kind=KIND, at=at)
        if earlier := BankStatement.objects.filter(sha256=kept.sha256).first():
            raise ValidationError({"upload": TAKEN % {"number": earlier.number}})
        fresh = _new(said, timezone.localdate(at))
        facts = {"number": number, "file": kept, "sha256": kept.sha256}
        statement = BankStatement.objects.create(imported_by=actor, imported_at=at, created_at=at, **facts)
        StatementLine.objects.bulk_create(
            [StatementLine(statement=statement, created_at=at, **vars(one)) for one in fresh], batch_size=500
        )
        told = {"sha256": kept.sha256, "lines": len(fresh), "seen_before": len(said) - len(fresh)}
        audit.record(actor=actor, action=Action.IMPORT_STATEMENT, subject=statement, at=at, facts=told)
    return statement


def _new(said: Sequence[Said], today: date) -> list[Said]:
    """Those whose reference has not come yet."""
    references = {one.reference for one in said}
    rows = StatementLine.objects.filter(reference__in=references).values_list("reference", "outcome", "amount")
    stands = {(reference, outcome): amount for reference, outcome, amount in rows}
    fresh: list[Said] = []
    here: set[tuple[str, str]] = set()
    wrong: list[str] = []
    for one in said:
        key, facts = (one.reference, one.outcome), {"row": one.row, "reference": one.reference}
        if one.day > today:
            wrong.append(f"{one.row}: {TO_COME}")
        if key in here:
            wrong.append(str(TWICE_HERE % facts))
        elif key not in stands:
            fresh.append(one)
        elif stands[key] != one.amount:
            wrong.append(str(OTHERWISE % facts))
        here.add(key)
    if wrong or not fresh:
        raise ValidationError({"upload": wrong or [NOTHING_NEW]})
    return fresh


def settle_statement(*, statement: BankStatement, actor: User, at: datetime) -> Settled:
    """Settle every line that fits an order, each in a transaction of its own; what is left says why."""
    require(actor, "funding.import_statement", statement)
    done = 0
    left: list[tuple[StatementLine, str | Promise]] = []
    for line in statement.lines.filter(settled_at=None).order_by("row"):
        try:
            settle_line(line=line, actor=actor, at=at)
            done += 1
        except TransitionRefused as refused:
            left.append((line, " ".join(map(str, refused.reasons))))
        except ValidationError as error:
            left.append((line, " ".join(error.messages)))
        except PermissionDenied:
            left.append((line, NOT_YOURS))
    return Settled(done, left)


def settle_line(
    *, line: StatementLine, actor: User, at: datetime, order: PaymentOrder | None = None, note: str = ""
) -> StatementLine:
    """Record what the line says of its order, or of the one that is named here. Raises TransitionRefused."""
    with transaction.atomic():
        locked = _open(line, actor)
        found = match(locked, order)
        if found.problem:
            raise TransitionRefused(found.problem)
        _record(found, actor, at)
        _close(locked, found, note, actor, at)
    line.refresh_from_db()
    return line


def put_aside(*, line: StatementLine, actor: User, at: datetime, note: str) -> StatementLine:
    """The line is about nothing of ours, or was looked into by hand: it changes nothing, and says why."""
    if not note.strip():
        raise ValidationError({"note": BY_HAND})
    with transaction.atomic():
        locked = _open(line, actor)
        _close(locked, Match(locked), note.strip(), actor, at)
    line.refresh_from_db()
    return line


def _open(line: StatementLine, actor: User) -> StatementLine:
    locked = StatementLine.objects.select_for_update(no_key=True, of=("self",)).get(pk=line.pk)
    require(actor, "funding.import_statement", locked)
    if locked.settled_at:
        raise TransitionRefused(SETTLED)
    return locked


def _record(found: Match, actor: User, at: datetime) -> None:
    """Pay, fail or return; what is recorded already is left as it is."""
    line, order = found.line, found.order
    if order is None:
        return
    tranche, reason = order.tranche, line.remark or str(LineOutcome(line.outcome).label)
    if line.outcome == LineOutcome.PAID and found.payment is None:
        pay_tranche(tranche=tranche, actor=actor, voucher=line.reference, paid_on=line.day, at=at)
    elif line.outcome == LineOutcome.FAILED and order.failed_on is None:
        fail_order(tranche=tranche, actor=actor, failed_on=line.day, reason=reason, at=at)
    elif line.outcome == LineOutcome.RETURNED and found.payment and found.payment.returned_on is None:
        return_payment(tranche=tranche, actor=actor, returned_on=line.day, reason=reason, at=at)


def _close(line: StatementLine, found: Match, note: str, actor: User, at: datetime) -> None:
    order = PaymentOrder.objects.select_related("payment").get(pk=found.order.pk) if found.order else None
    line.order, line.note, line.settled_by, line.settled_at = order, note[:300], actor, at
    line.payment = getattr(order, "payment", None) or found.payment
    line.save(update_fields=["order", "payment", "note", "settled_by", "settled_at"])
    facts: dict[str, Any] = {
        "reference": line.reference, "outcome": line.outcome, "amount": f"{line.amount:.2f}", "row": line.row,
        "order": order.number if order else "",
    }  # fmt: skip
    audit.record(actor=actor, action=Action.SETTLE_LINE, subject=line.statement, at=at, note=note, facts=facts)
