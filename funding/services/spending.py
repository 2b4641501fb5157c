"""Expenditures: recorded by the spender, corrected by a row of its own, accepted or refused by the bureau."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, BudgetCategory, InvoiceKind
from funding.models import Award, Expenditure
from funding.models.expenditure import INVOICE_ONCE, VOUCHER_ONCE
from funding.rules.budget import categories_of
from funding.rules.spending import Overrun, digits, reference, terms_of
from funding.selectors.spending import Sheet, alike, same_invoice, sheet_of, spenders, spent_line
from funding.workflow import EXPENDITURE, can_be_spent, contract_in_force
from members.models import Organisation, User
from members.rules.codes import credit_code
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.models import Attachment
from portal.kernel.templatetags.ui import wan
from portal.kernel.workflow import TransitionRefused

KIND = "funding.expenditure"
MB = 1024 * 1024
files.LIMITS[KIND] = files.Limit(10 * MB, (".pdf", ".jpg", ".jpeg", ".png"))

INVOICE_TAKEN = _("This invoice is recorded in the portal already; an invoice counts once, in one project.")
VOUCHER_TAKEN = _("This voucher number is recorded already for this organisation and year.")
OUT_OF_TERM = _("The day lies outside the contract, which runs from %(start)s to %(end)s.")
TO_COME = _("This day is still to come.")
NOT_IN_BUDGET = _("The budget of this call is not divided so.")
NOT_HERE = _("This organisation spends nothing under this award.")
EXPLAIN = _("This may be on the negative list (%(names)s). If it is not, say why; an officer will look at it.")
ALIKE = _("The same amount of the same day is recorded already (voucher %(vouchers)s).")
OVER_CATEGORY = _("With this “%(name)s” comes to %(spent)s of %(planned)s ×10k yuan.")
OVER_TOTAL = _("With this the whole comes to %(spent)s of %(planned)s ×10k yuan.")
OVER_GRANT = _("With this %(spent)s ×10k yuan are spent of a grant of %(planned)s.")
OVER_PLAIN = _("With this more is spent than was planned; please agree with the lead.")
OVER = {"category": OVER_CATEGORY, "total": OVER_TOTAL, "grant": OVER_GRANT}
CODE = _("The code of an invoice has 10 or 12 digits.")
NUMBERS = {
    InvoiceKind.PAPER: (r"\d{10}|\d{12}", r"\d{8}", _("The number of such an invoice has 8 digits.")),
    InvoiceKind.DIGITAL: ("", r"\d{20}", _("The number of a fully digital invoice has 20 digits.")),
}
HIT = _("It may be on the negative list; please look at it by itself.")


@dataclass(frozen=True)
class Spending:
    """What a voucher says."""

    day: date
    category: str
    source: str
    amount: Decimal
    description: str
    voucher: str
    invoice_kind: str = InvoiceKind.NONE
    invoice_code: str = ""
    invoice_number: str = ""
    net: Decimal | None = None
    seller_code: str = ""
    seller_name: str = ""
    explanation: str = ""


class InvoiceTaken(ValidationError):
    """The invoice stands in the portal; `standing` is for the bureau alone."""

    def __init__(self, standing: Expenditure | None) -> None:
        super().__init__({"invoice_number": INVOICE_TAKEN})
        self.standing = standing


def record_expenditure(
    *, award: Award, organisation: Organisation, spending: Spending, actor: User, at: datetime,
    upload: File[bytes] | None = None, confirmed: bool = False,
) -> Expenditure:  # fmt: skip
    """Record a voucher. Raises ValidationError by field; under `confirmed` for what looks odd until it is confirmed."""
    try:
        with transaction.atomic():
            locked = _locked(award, organisation, "funding.record_expenditure", actor)
            row = _new(locked, organisation, spending, actor, at)
            _store(row, sheet_of(locked), confirmed=confirmed, upload=upload)
            _note(row, Action.RECORD_EXPENDITURE)
    except InvoiceTaken as taken:
        _note_blocked(award, organisation, spending, taken.standing, actor, at)
        raise
    return row


def correct_expenditure(
    *, expenditure: Expenditure, spending: Spending, actor: User, at: datetime, upload: File[bytes] | None = None,
    confirmed: bool = False,
) -> Expenditure:  # fmt: skip
    """Put a new row in the place of one that waits or was refused; what stood there stays on record."""
    try:
        with transaction.atomic():
            award, organisation = expenditure.award, expenditure.organisation
            locked = _locked(award, organisation, "funding.correct_expenditure", actor)
            with EXPENDITURE.moving(expenditure, Action.CORRECT_EXPENDITURE, actor=actor, at=at) as old:
                kept = old.evidence
            row = _new(locked, organisation, spending, actor, at)
            row.corrects, row.evidence = expenditure, kept
            _store(row, sheet_of(locked), confirmed=confirmed, upload=upload)
            _note(row, Action.RECORD_EXPENDITURE)
    except InvoiceTaken as taken:
        _note_blocked(award, organisation, spending, taken.standing, actor, at)
        raise
    return row


def accept_expenditure(*, expenditure: Expenditure, actor: User, at: datetime, note: str = "") -> Expenditure:
    """The bureau finds the voucher in order."""
    with EXPENDITURE.moving(expenditure, Action.ACCEPT_EXPENDITURE, actor=actor, at=at, note=note) as locked:
        locked.judged_by, locked.judged_at = actor, at
    return expenditure


def refuse_expenditure(*, expenditure: Expenditure, actor: User, reason: str, at: datetime) -> Expenditure:
    """The bureau does not accept it, or no longer; its invoice and voucher are free for a correction."""
    with EXPENDITURE.moving(expenditure, Action.REFUSE_EXPENDITURE, actor=actor, at=at, note=reason) as locked:
        locked.judged_by, locked.judged_at, locked.reason = actor, at, reason.strip()
    return expenditure


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one of several; without reasons it is accepted."""

    expenditure: Expenditure
    reasons: Sequence[Any] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons


def foreseen(*, expenditure: Expenditure, actor: User, at: datetime) -> list[Any]:
    """Why it would not be accepted among others."""
    if expenditure.recorded_by_id == actor.pk:
        return [_("You recorded it yourself.")]
    hit = [HIT] if expenditure.hits else []
    return [*EXPENDITURE.obstacles(expenditure, Action.ACCEPT_EXPENDITURE, at), *hit]


def accept_expenditures(*, expenditures: Iterable[Expenditure], actor: User, at: datetime) -> list[Outcome]:
    """Accept several, each in a transaction of its own; what may be on the negative list is left for a closer look."""
    done = []
    for one in expenditures:
        reasons = foreseen(expenditure=one, actor=actor, at=at)
        if not reasons:
            try:
                accept_expenditure(expenditure=one, actor=actor, at=at)
            except TransitionRefused as refusal:
                reasons = refusal.reasons
        done.append(Outcome(one, reasons))
    return done


# --- a whole table -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Entry:
    """A row of a file."""

    number: int
    spending: Spending


@dataclass(frozen=True)
class Imported:
    """What a file brought; `wrong` is (number, field, sentence), and where there is any, nothing is written."""

    rows: Sequence[Expenditure]
    wrong: Sequence[tuple[int, str, str]]


def import_expenditures(
    *, award: Award, organisation: Organisation, entries: Sequence[Entry], actor: User, at: datetime,
    confirmed: bool = False, only_look: bool = False,
) -> Imported:  # fmt: skip
    """Record all rows or none; with `only_look` none, and it is told what would be."""
    rows: list[Expenditure] = []
    wrong: list[tuple[int, str, str]] = []
    taken: list[tuple[Spending, Expenditure | None]] = []
    with transaction.atomic():
        locked = _locked(award, organisation, "funding.import_expenditures", actor)
        sheet = sheet_of(locked)
        for entry in entries:
            row = _new(locked, organisation, entry.spending, actor, at)
            try:
                with transaction.atomic():
                    _store(row, sheet, confirmed=confirmed, upload=None)
            except ValidationError as error:
                if isinstance(error, InvoiceTaken):
                    taken.append((entry.spending, error.standing))
                wrong += [(entry.number, name, " ".join(texts)) for name, texts in error.message_dict.items()]
            else:
                rows.append(row)
                sheet.spent.append(spent_line(row))
        if wrong or only_look:
            transaction.set_rollback(True)
        else:
            for row in rows:
                _note(row, Action.RECORD_EXPENDITURE)
    for spending, standing in taken:
        _note_blocked(award, organisation, spending, standing, actor, at)
    return Imported(rows, wrong)


# --- one row -----------------------------------------------------------------------------------
def _locked(award: Award, organisation: Organisation, permission: str, actor: User) -> Award:
    """One after the other in an award, so that its sums hold while one looks at them."""
    rows = Award.objects.select_for_update(of=("self",)).select_related("consortium", "application__call__rules")
    locked = rows.get(pk=award.pk)
    require(actor, permission, Expenditure(award=locked, organisation=organisation))
    if reason := can_be_spent(locked):
        raise TransitionRefused(reason)
    return locked


def _normal(spending: Spending) -> Spending:
    """As it is kept: numbers without blanks, and without an invoice nothing of one."""
    kept = replace(
        spending, description=" ".join(spending.description.split()), voucher=reference(spending.voucher),
        explanation=spending.explanation.strip(),
    )  # fmt: skip
    if kept.invoice_kind == InvoiceKind.NONE:
        return replace(kept, invoice_code="", invoice_number="", net=None, seller_code="", seller_name="")
    code = "" if kept.invoice_kind == InvoiceKind.DIGITAL else digits(kept.invoice_code)
    return replace(
        kept, invoice_code=code, invoice_number=digits(kept.invoice_number),
        seller_code=digits(kept.seller_code).upper(), seller_name=" ".join(kept.seller_name.split()),
    )  # fmt: skip


def _new(award: Award, organisation: Organisation, spending: Spending, actor: User, at: datetime) -> Expenditure:
    said = _normal(spending)
    hits = terms_of(award.application.call.rules.data).hits(said.description)
    facts = vars(said) | {"explanation": said.explanation if hits else ""}
    return Expenditure(
        award=award, organisation=organisation, recorded_by=actor, created_at=at, hits=hits, **facts
    )  # fmt: skip


def _wrong(row: Expenditure) -> dict[str, list[str | Promise]]:
    """What is wrong with a row that is not stored yet, by field."""
    found: dict[str, list[str | Promise]] = {}
    for field, reason in (*_wrong_place(row), *_wrong_invoice(row)):
        if reason:
            found.setdefault(field, []).append(reason)
    if row.hits and not row.explanation:
        names = terms_of(row.award.application.call.rules.data).named(row.hits, get_language() or "")
        found.setdefault("explanation", []).append(EXPLAIN % {"names": "; ".join(names)})
    return found


def _wrong_place(row: Expenditure) -> Iterable[tuple[str, str | Promise]]:
    contract = contract_in_force(row.award)
    if contract and not contract.starts_on <= row.day <= contract.ends_on:
        yield "day", OUT_OF_TERM % {"start": contract.starts_on, "end": contract.ends_on}
    if row.day > timezone.localdate(row.created_at):
        yield "day", TO_COME
    if row.category not in categories_of(row.award.application.call.budget_mode):
        yield "category", NOT_IN_BUDGET
    if row.organisation_id not in {one.pk for one in spenders(row.award)}:
        yield "organisation", NOT_HERE
    if row.amount <= 0:
        yield "amount", _("Give more than zero.")


def _wrong_invoice(row: Expenditure) -> Iterable[tuple[str, str | Promise]]:
    if row.invoice_kind == InvoiceKind.NONE:
        return
    code, number, sentence = NUMBERS[InvoiceKind(row.invoice_kind)]
    if not re.fullmatch(code, row.invoice_code, re.ASCII):
        yield "invoice_code", CODE
    if not re.fullmatch(number, row.invoice_number, re.ASCII):
        yield "invoice_number", sentence
    if row.net is None or not 0 < row.net <= row.amount:
        yield "net", _("The amount without tax is more than zero and at most the amount with tax.")
    if not row.seller_name:
        yield "seller_name", _("Who issued the invoice?")
    try:
        credit_code(row.seller_code) if row.seller_code else None
    except ValidationError as error:
        yield "seller_code", " ".join(error.messages)


def _doubts(row: Expenditure, sheet: Sheet) -> list[str]:
    """What is possible and odd: it has to be confirmed."""
    vouchers = sorted(alike(row).values_list("voucher", flat=True)[:3])
    found = [str(ALIKE % {"vouchers": ", ".join(vouchers)})] if vouchers else []
    over = [one for one in sheet.overruns([spent_line(row)]) if _adds_to(row, one)]
    if over and row.organisation_id != row.award.consortium.lead_id:
        return [*found, str(OVER_PLAIN)]  # the figures of the whole are for the lead
    return [*found, *map(_said, over)]


def _adds_to(row: Expenditure, over: Overrun) -> bool:
    return bool({"category": row.category, "grant": row.source, "total": over.account.of}[over.code] == over.account.of)


def _said(over: Overrun) -> str:
    name = BudgetCategory(over.account.of).label if over.code == "category" else ""
    facts = {"name": name, "spent": wan(over.account.spent), "planned": wan(over.account.planned)}
    return str(OVER[over.code] % facts)


def _store(row: Expenditure, sheet: Sheet, *, confirmed: bool, upload: File[bytes] | None) -> None:
    if found := _wrong(row):
        raise ValidationError({field: list(map(str, reasons)) for field, reasons in found.items()})
    if standing := same_invoice(row):
        raise InvoiceTaken(standing)
    if not confirmed and (odd := _doubts(row, sheet)):
        raise ValidationError({"confirmed": odd})
    if upload is not None:
        row.evidence = _kept(upload, row)
    _insert(row)


def _insert(row: Expenditure) -> None:
    """Two may come with one invoice at once: only the database sees both. Raises ValidationError."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if INVOICE_ONCE in str(error):
            raise InvoiceTaken(same_invoice(row)) from None
        if VOUCHER_ONCE in str(error):
            raise ValidationError({"voucher": VOUCHER_TAKEN}) from None
        raise


def _kept(upload: File[bytes], row: Expenditure) -> Attachment:
    return files.store(
        upload, actor=row.recorded_by, kind=KIND, at=row.created_at, owner=row.organisation_id
    )  # fmt: skip


def _note(row: Expenditure, action: Action) -> None:
    facts = {
        "voucher": row.voucher, "amount": f"{row.amount:.2f}", "day": row.day, "invoice": row.invoice_number,
        "hits": row.hits, "award": row.award_id, "corrects": row.corrects_id,
    }  # fmt: skip
    facts = {name: value for name, value in facts.items() if value}
    audit.record(actor=row.recorded_by, action=action, subject=row, at=row.created_at, facts=facts)


@transaction.atomic
def _note_blocked(
    award: Award, organisation: Organisation, spending: Spending, standing: Expenditure | None, actor: User,
    at: datetime,
) -> None:  # fmt: skip
    """For the bureau: who came with an invoice that stands already, and where it stands."""
    facts = {
        "organisation": organisation.pk, "voucher": spending.voucher, "amount": f"{spending.amount:.2f}",
        "invoice": digits(spending.invoice_number), "stands": standing.pk if standing else "",
    }  # fmt: skip
    audit.record(actor=actor, action=Action.BLOCK_INVOICE, subject=award, at=at, facts=facts)
