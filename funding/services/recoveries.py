"""Money claimed back: proposed, approved by another person, received in instalments, settled or written off by two."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Award, Recovery, RecoveryReceipt, StatementLine
from funding.models.recovery import LINE_ONCE, SLIP_ONCE
from funding.rules.recovering import due_after
from funding.rules.spending import reference
from funding.selectors.recoveries import free_of
from funding.services.ledger import recover, undo_recovery
from funding.signals import recovery_noticed
from funding.workflow import RECOVERY
from members.enums import Role
from members.models import Organisation, User
from members.selectors import holders
from portal.kernel import audit, files, notifications
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.templatetags.ui import yuan
from portal.kernel.workflow import TransitionRefused

KIND = "funding.recovery"
files.LIMITS[KIND] = files.Limit(10 * 1024 * 1024, (".pdf", ".jpg", ".jpeg", ".png"))
TOO_MUCH = _("The organisation holds only %(left)s yuan of this grant that can be claimed back.")
MORE_THAN_OWED = _("Only %(left)s yuan are still to be paid back.")
NOTICE_WRONG = _("The notice is served between the proposal and today.")
ARRIVED_WRONG = _("The day lies between the notice and today.")
SHOWN = _("Choose a line of a bank statement, or give the number of a receipt and its file.")
OTHER_LINE = _("The line of the bank statement was looked into already, or is about another amount or day.")
TAKEN = _("This is recorded already.")
REVERSED = _("This instalment is reversed already.")
notifications.register("funding.recovery_opened", _("Claim %(number)s was proposed; please decide."))
notifications.register(
    "funding.recovery_noticed", _("Funds are claimed back from you (%(number)s); please look at the notice."),
    urgent=True,
)  # fmt: skip
notifications.register("funding.recovery_received", _("Money for claim %(number)s has arrived."))
notifications.register("funding.recovery_overdue", _("Claim %(number)s is overdue."), urgent=True)
notifications.register("funding.recovery_asked", _("A write-off of claim %(number)s was proposed; please decide."))
notifications.register("funding.recovery_closed", _("Claim %(number)s is closed."))


@transaction.atomic
def open_recovery(
    *, award: Award, organisation: Organisation, ground: str, reason: str, amount: Decimal, actor: User, at: datetime
) -> Recovery:  # fmt: skip
    """Propose to claim money back, not more than the organisation holds. Raises ValidationError by field."""
    rows = Award.objects.select_for_update(of=("self",), no_key=True).select_related("consortium")
    locked = rows.get(pk=award.pk)
    require(actor, "funding.open_recovery", locked)
    if amount > (left := free_of(locked, organisation.pk)):
        raise ValidationError({"amount": TOO_MUCH % {"left": yuan(max(left, Decimal(0)))}})
    return enter_claim(
        award=locked, organisation=organisation, ground=ground, reason=reason, amount=amount, proposer=actor,
        actor=actor, at=at,
    )  # fmt: skip


def enter_claim(
    *, award: Award, organisation: Organisation, ground: str, reason: str, amount: Decimal, proposer: User, actor: User,
    at: datetime,
) -> Recovery:  # fmt: skip
    """A claim proposed by one person, by the act of the same or another one; the award is locked by the caller."""
    year = timezone.localdate(at).year
    recovery = Recovery(
        number=f"ZJ-{year}-{next_number(f'recovery-{year}'):03d}", award=award, organisation=organisation,
        ground=ground, reason=reason.strip(), amount=amount, proposed_by=proposer, created_at=at,
    )  # fmt: skip
    recovery.save(force_insert=True)
    facts = {"number": recovery.number, "ground": ground, "amount": f"{amount:.2f}", "organisation": organisation.pk}
    audit.record(actor=actor, action=Action.OPEN_RECOVERY, subject=recovery, at=at, note=reason, facts=facts)
    _tell(recovery, "funding.recovery_opened", at, Role.LEADER)
    return recovery


def approve_recovery(
    *, recovery: Recovery, document_number: str, noticed_on: date, actor: User, at: datetime
) -> Recovery:  # fmt: skip
    """A leader agrees and the notice is served: the term begins."""
    facts = {"document_number": document_number, "noticed_on": noticed_on}
    with RECOVERY.moving(recovery, Action.APPROVE_RECOVERY, actor=actor, at=at, facts=facts) as locked:
        if not timezone.localdate(locked.created_at) <= noticed_on <= timezone.localdate(at):
            raise ValidationError({"noticed_on": NOTICE_WRONG})
        locked.approved_by, locked.document_number, locked.noticed_on = actor, document_number.strip(), noticed_on
        locked.due_on = due_after(locked.award.application.call.rules.data, noticed_on)
        _tell(locked, "funding.recovery_noticed", at)
        transaction.on_commit(partial(recovery_noticed.send_robust, Recovery, recovery_id=locked.pk))
    return recovery


def receive_recovery(
    *, recovery: Recovery, amount: Decimal, arrived_on: date, actor: User, at: datetime,
    line: StatementLine | None = None, slip: str = "", upload: File[bytes] | None = None,
) -> Recovery:  # fmt: skip
    """Record an instalment: it goes back to the budget line. Raises ValidationError by field."""
    facts = {"amount": f"{amount:.2f}", "arrived_on": arrived_on}
    with RECOVERY.moving(recovery, Action.RECEIVE_RECOVERY, actor=actor, at=at, facts=facts) as locked:
        _require_sound(locked, amount, arrived_on, at)
        receipt = RecoveryReceipt(
            recovery=locked, amount=amount, arrived_on=arrived_on, slip=reference(slip), recorded_by=actor,
            created_at=at,
        )  # fmt: skip
        _show(receipt, line, upload)
        _insert(receipt)
        recover(receipt=receipt, actor=actor, at=at)
        locked.received += amount
        locked.waiver_by, locked.waiver_reason = None, ""
        if not locked.left:
            locked.closed_by, locked.closed_at = actor, at
        _tell(locked, "funding.recovery_received", at, Role.OFFICER)
    return recovery


def _require_sound(recovery: Recovery, amount: Decimal, arrived_on: date, at: datetime) -> None:
    wrong: dict[str, object] = {}
    if amount > recovery.left:
        wrong["amount"] = MORE_THAN_OWED % {"left": yuan(recovery.left)}
    if recovery.noticed_on is None or not recovery.noticed_on <= arrived_on <= timezone.localdate(at):
        wrong["arrived_on"] = ARRIVED_WRONG
    if wrong:
        raise ValidationError(wrong)


def _show(receipt: RecoveryReceipt, line: StatementLine | None, upload: File[bytes] | None) -> None:
    """Bind it to a line of a statement, which is settled by that, or to a slip with its file."""
    actor, at = receipt.recorded_by, receipt.created_at
    if line is None:
        if not receipt.slip or upload is None:
            raise ValidationError(SHOWN)
        receipt.evidence = files.store(
            upload, actor=actor, kind=KIND, at=at, owner=receipt.recovery.organisation_id
        )  # fmt: skip
        return
    locked = StatementLine.objects.select_for_update(no_key=True, of=("self",)).get(pk=line.pk)
    if locked.settled_at or (locked.amount, locked.day) != (receipt.amount, receipt.arrived_on):
        raise ValidationError({"line": OTHER_LINE})
    receipt.line, receipt.slip = locked, ""
    locked.note, locked.settled_by, locked.settled_at = receipt.recovery.number, actor, at
    locked.save(update_fields=["note", "settled_by", "settled_at"])


def _insert(receipt: RecoveryReceipt) -> None:
    """Two may come with one receipt at once: only the database sees both."""
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except IntegrityError as error:
        for name, field in ((SLIP_ONCE, "slip"), (LINE_ONCE, "line")):
            if name in str(error):
                raise ValidationError({field: TAKEN}) from None
        raise


def reverse_recovery(*, receipt: RecoveryReceipt, reason: str, actor: User, at: datetime) -> Recovery:
    """An instalment was recorded by mistake: an entry of its own takes it back, and the line may be settled anew."""
    recovery, facts = receipt.recovery, {"amount": f"{receipt.amount:.2f}", "receipt": receipt.pk}
    with RECOVERY.moving(recovery, Action.REVERSE_RECOVERY, actor=actor, at=at, note=reason, facts=facts) as locked:
        rows = RecoveryReceipt.objects.select_for_update(of=("self",), no_key=True)
        row = rows.select_related("recovery__award__consortium", "recovery__award__line", "line").get(pk=receipt.pk)
        require(actor, "funding.reverse_recovery", row)
        if row.reversed_at:
            raise TransitionRefused(REVERSED)
        row.reversed_by, row.reversed_at, row.reversal_reason = actor, at, reason.strip()
        row.save(update_fields=["reversed_by", "reversed_at", "reversal_reason"])
        if row.line:
            row.line.note, row.line.settled_by, row.line.settled_at = "", None, None
            row.line.save(update_fields=["note", "settled_by", "settled_at"])
        undo_recovery(receipt=row, actor=actor, at=at)
        locked.received -= row.amount
        locked.closed_by, locked.closed_at = None, None
    return recovery


# --- how a claim ends otherwise ----------------------------------------------------------------
def ask_write_off(*, recovery: Recovery, reason: str, actor: User, at: datetime) -> Recovery:
    """What is left cannot be had: somebody proposes to give it up."""
    with RECOVERY.moving(recovery, Action.ASK_WRITE_OFF, actor=actor, at=at, note=reason) as locked:
        locked.waiver_by, locked.waiver_reason = actor, reason.strip()
        _tell(locked, "funding.recovery_asked", at, Role.LEADER)
    return recovery


def decline_write_off(*, recovery: Recovery, reason: str, actor: User, at: datetime) -> Recovery:
    """A leader does not give it up."""
    with RECOVERY.moving(recovery, Action.DECLINE_WRITE_OFF, actor=actor, at=at, note=reason) as locked:
        locked.waiver_by, locked.waiver_reason = None, ""
    return recovery


def write_off(*, recovery: Recovery, actor: User, at: datetime, note: str = "") -> Recovery:
    """A second person gives up what is left; in the books it stays with the organisation."""
    facts = {"given_up": f"{recovery.left:.2f}"}
    with RECOVERY.moving(recovery, Action.WRITE_OFF, actor=actor, at=at, note=note, facts=facts) as locked:
        facts["given_up"] = f"{locked.left:.2f}"
        _close(locked, actor, at)
    return recovery


def stop_recovery(*, recovery: Recovery, reason: str, actor: User, at: datetime) -> Recovery:
    """The claim does not hold: nothing is to be paid back."""
    with RECOVERY.moving(recovery, Action.STOP_RECOVERY, actor=actor, at=at, note=reason) as locked:
        _close(locked, actor, at)
    return recovery


def _close(recovery: Recovery, actor: User, at: datetime) -> None:
    recovery.closed_by, recovery.closed_at = actor, at
    if recovery.noticed_on:
        _tell(recovery, "funding.recovery_closed", at)


# --- who is told -------------------------------------------------------------------------------
def _tell(recovery: Recovery, kind: str, at: datetime, *roles: Role) -> None:
    """The roles of the bureau, or without one the organisation."""
    people = holders(*roles) if roles else _debtors(recovery)
    url, params = recovery.get_absolute_url(), {"number": recovery.number}
    notifications.notify(recipients=people, kind=kind, params=params, url=url, at=at)


def _debtors(recovery: Recovery) -> list[User]:
    return list(holders(Role.APPLICANT, Role.CONFIRMER, Role.SIGNATORY, organisation=recovery.organisation_id))


def watch_recoveries(*, at: datetime) -> int:
    """Raise one alarm for each claim whose term is over; how many were raised."""
    raised = 0
    overdue = Recovery.objects.overdue(timezone.localdate(at)).filter(alarmed_at=None)
    for pk in list(overdue.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            locked = overdue.select_for_update(no_key=True, of=("self",), skip_locked=True).filter(pk=pk).first()
            if locked is None:
                continue
            locked.alarmed_at = at
            locked.save(update_fields=["alarmed_at"])
            _tell(locked, "funding.recovery_overdue", at)
            _tell(locked, "funding.recovery_overdue", at, Role.FINANCE, Role.OFFICER)
            raised += 1
    return raised
