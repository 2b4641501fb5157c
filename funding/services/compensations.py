"""Compensation of losses: filed by the lead, checked, decided and paid by three people, each payment once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, CompensationEntryKind
from funding.models import Award, Compensation, CompensationEntry, CompensationFile
from funding.models.compensation import FILED_ONCE, REFERENCE_ONCE
from funding.rules.spending import reference as one_spelling
from funding.selectors.compensations import applicants, standing_payment, terms_for
from funding.services.telling import lead_people
from funding.workflow import COMPENSATION
from members.enums import Role
from members.models import Organisation, User
from members.selectors import holders
from portal.kernel import audit, files, notifications
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.templatetags.ui import yuan
from portal.kernel.workflow import TransitionRefused

KIND = "funding.compensation"
files.LIMITS[KIND] = files.Limit(10 * 1024 * 1024, (".pdf", ".jpg", ".jpeg", ".png"))
MOST_FILES = 5
K = CompensationEntryKind
NO_CONTRACT = _("A loss is compensated under a contract that both sides signed.")
NOT_OF_IT = _("Only the lead and the members of the consortium are compensated.")
STAGE_WRONG = _("The rules of the call do not know this stage.")
DAY_WRONG = _("The day lies between the approval of the award and today.")
STANDS = _("This organisation has a request for this technology and stage already.")
MORE_THAN_FILED = _("No more than the loss that was filed is accepted.")
WHY_LOWER = _("Say why it is less.")
TOO_MUCH = _("By the rules at most %(most)s yuan may be granted.")
PAID_WHOLE = _("What was granted is paid in one sum: %(granted)s yuan.")
PAID_WRONG = _("The day lies between the decision and today.")
TAKEN = _("This reference of the bank is recorded already.")
NOTHING_PAID = _("There is no payment that could be returned.")
RETURN_WRONG = _("The day lies between the payment and today.")
notifications.register("funding.compensation_filed", _("Request %(number)s for compensation was filed; please check."))
notifications.register("funding.compensation_checked", _("The loss of request %(number)s is checked; please decide."))
notifications.register("funding.compensation_granted", _("Compensation %(number)s is granted."))
notifications.register("funding.compensation_refused", _("Compensation %(number)s is refused."), urgent=True)
notifications.register("funding.compensation_paid", _("Compensation %(number)s was paid."))
notifications.register("funding.compensation_returned", _("The payment of compensation %(number)s was returned."))


@dataclass(frozen=True)
class Loss:
    """What the lead says of a loss."""

    organisation: Organisation
    technology: str
    stage: str
    occurred_on: date
    loss: Decimal
    cause: str
    demand: str


@transaction.atomic
def file_compensation(
    *, award: Award, loss: Loss, evidence: Sequence[File[bytes]], actor: User, at: datetime
) -> Compensation:  # fmt: skip
    """The lead files the loss of an organisation of its consortium. Raises ValidationError by field."""
    rows = Award.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("consortium", "application__call__rules", "contract").get(pk=award.pk)
    require(actor, "funding.file_compensation", locked)
    _require_sound(locked, loss, at)
    terms, year = terms_for(locked), timezone.localdate(at).year
    said = vars(loss) | {"technology": " ".join(loss.technology.split())}
    compensation = Compensation(
        award=locked, percent=terms.percent, cap=terms.cap, filed_by=actor, created_at=at,
        number=f"FX-{year}-{next_number(f'compensation-{year}'):03d}", **said,
    )  # fmt: skip
    _insert(compensation, FILED_ONCE, {"technology": STANDS})
    for ordinal, upload in enumerate(evidence[:MOST_FILES], 1):
        kept = files.store(upload, actor=actor, kind=KIND, at=at, owner=loss.organisation.pk)
        CompensationFile.objects.create(compensation=compensation, attachment=kept, ordinal=ordinal, created_at=at)
    facts = {"number": compensation.number, "loss": f"{loss.loss:.2f}", "organisation": loss.organisation.pk}
    audit.record(actor=actor, action=Action.FILE_COMPENSATION, subject=compensation, at=at, facts=facts)
    _tell(compensation, "funding.compensation_filed", at, holders(Role.OFFICER))
    return compensation


def _require_sound(award: Award, loss: Loss, at: datetime) -> None:
    contract = getattr(award, "contract", None)
    if contract is None or contract.countersigned_at is None:
        raise TransitionRefused(NO_CONTRACT)
    wrong: dict[str, object] = {}
    if loss.organisation.pk not in {one.pk for one in applicants(award)}:
        wrong["organisation"] = NOT_OF_IT
    if loss.stage not in terms_for(award).stages:
        wrong["stage"] = STAGE_WRONG
    if not award.approved_on <= loss.occurred_on <= timezone.localdate(at):
        wrong["occurred_on"] = DAY_WRONG
    if wrong:
        raise ValidationError(wrong)


def _insert(row: Compensation | CompensationEntry, name: str, sentence: dict[str, Any]) -> None:
    """Two may come at once: only the database sees both."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if name in str(error):
            raise ValidationError(sentence) from None
        raise


def check_compensation(
    *, compensation: Compensation, accepted: Decimal, actor: User, at: datetime, reason: str = ""
) -> Compensation:  # fmt: skip
    """An officer looks at the evidence and says which loss it shows; a lower one for a reason."""
    facts = {"accepted": f"{accepted:.2f}"}
    with _moving(compensation, Action.CHECK_COMPENSATION, actor, at, reason, facts) as locked:
        if accepted > locked.loss:
            raise ValidationError({"accepted": MORE_THAN_FILED})
        if accepted < locked.loss and not reason.strip():
            raise ValidationError({"reason": WHY_LOWER})
        locked.accepted, locked.check_reason = accepted, reason.strip()
        locked.checked_by, locked.checked_at = actor, at
        _tell(locked, "funding.compensation_checked", at, holders(Role.HEAD, Role.LEADER))
    return compensation


def grant_compensation(
    *, compensation: Compensation, granted: Decimal, actor: User, at: datetime, reason: str = ""
) -> Compensation:  # fmt: skip
    """Another person decides how much; below what the rules allow for a reason."""
    facts = {"granted": f"{granted:.2f}"}
    with _moving(compensation, Action.GRANT_COMPENSATION, actor, at, reason, facts) as locked:
        if granted > locked.most:
            raise ValidationError({"granted": TOO_MUCH % {"most": yuan(locked.most)}})
        if granted < locked.most and not reason.strip():
            raise ValidationError({"reason": WHY_LOWER})
        locked.granted, locked.reason = granted, reason.strip()
        locked.decided_by, locked.decided_at = actor, at
        told = [*_applicants(locked), *holders(Role.FINANCE)]
        _tell(locked, "funding.compensation_granted", at, told)
    return compensation


def refuse_compensation(*, compensation: Compensation, reason: str, actor: User, at: datetime) -> Compensation:
    """Nothing is compensated."""
    with _moving(compensation, Action.REFUSE_COMPENSATION, actor, at, reason, {}) as locked:
        locked.decided_by, locked.decided_at, locked.reason = actor, at, reason.strip()
        _tell(locked, "funding.compensation_refused", at, _applicants(locked))
    return compensation


def withdraw_compensation(*, compensation: Compensation, reason: str, actor: User, at: datetime) -> Compensation:
    """The lead gives it up before it is decided."""
    with _moving(compensation, Action.WITHDRAW_COMPENSATION, actor, at, reason, {}) as locked:
        locked.reason = reason.strip()
    return compensation


def pay_compensation(
    *, compensation: Compensation, amount: Decimal, paid_on: date, reference: str, actor: User, at: datetime
) -> Compensation:  # fmt: skip
    """Finance records the payment. Raises ValidationError by field."""
    facts = {"amount": f"{amount:.2f}", "paid_on": paid_on, "reference": reference}
    with _moving(compensation, Action.PAY_COMPENSATION, actor, at, "", facts) as locked:
        wrong: dict[str, object] = {}
        if amount != locked.granted:
            wrong["amount"] = PAID_WHOLE % {"granted": yuan(locked.granted)}
        if not (locked.decided_at and timezone.localdate(locked.decided_at) <= paid_on <= timezone.localdate(at)):
            wrong["paid_on"] = PAID_WRONG
        if wrong:
            raise ValidationError(wrong)
        entry = CompensationEntry(
            compensation=locked, kind=K.PAYMENT, amount=amount, day=paid_on, reference=one_spelling(reference),
            recorded_by=actor, created_at=at,
        )  # fmt: skip
        _insert(entry, REFERENCE_ONCE, {"reference": TAKEN})
        locked.paid = amount
        _tell(locked, "funding.compensation_paid", at, _applicants(locked))
    return compensation


def return_compensation(
    *, compensation: Compensation, returned_on: date, reason: str, actor: User, at: datetime
) -> Compensation:  # fmt: skip
    """The payment came back: a row of its own takes it off, and it may be paid anew."""
    with _moving(compensation, Action.RETURN_COMPENSATION, actor, at, reason, {"returned_on": returned_on}) as locked:
        payment = standing_payment(locked)
        if payment is None:
            raise TransitionRefused(NOTHING_PAID)
        if not payment.day <= returned_on <= timezone.localdate(at):
            raise ValidationError({"returned_on": RETURN_WRONG})
        CompensationEntry.objects.create(
            compensation=locked, kind=K.RETURN, amount=payment.amount, day=returned_on, reference=payment.reference,
            note=reason.strip(), recorded_by=actor, reverses=payment, created_at=at,
        )  # fmt: skip
        locked.paid = Decimal(0)
        _tell(locked, "funding.compensation_returned", at, [*_applicants(locked), *holders(Role.FINANCE)])
    return compensation


def _moving(
    row: Compensation, action: Action, actor: User, at: datetime, note: str, facts: dict[str, Any]
) -> Any:  # fmt: skip
    return COMPENSATION.moving(row, action, actor=actor, at=at, note=note, facts=facts)


def _applicants(compensation: Compensation) -> list[User]:
    """Those who filed it and those who write for the organisation that had the loss."""
    own = holders(Role.APPLICANT, Role.CONFIRMER, organisation=compensation.organisation_id)
    return [*{*lead_people(consortium=compensation.award.consortium), *own}]


def _tell(compensation: Compensation, kind: str, at: datetime, people: Any) -> None:
    params, url = {"number": compensation.number}, compensation.get_absolute_url()
    notifications.notify(recipients=people, kind=kind, params=params, url=url, at=at)
