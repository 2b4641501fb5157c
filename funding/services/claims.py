"""Objections to claims: filed by who has to pay back, decided by somebody who did not make the claim."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ClaimOutcome
from funding.models import ClaimObjection, ClaimObjectionFile, Recovery
from funding.rules.recovering import due_after
from funding.services.recoveries import KIND
from funding.workflow import RECOVERY
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import files, notifications

MOST_FILES = 5
PAID_ALREADY = _("Money was paid back already: reduce the claim to it instead.")
HOW_FAR = _("The claim is reduced to less than it is, and not below what was paid back.")
notifications.register(
    "funding.recovery_objected", _("An objection to claim %(number)s was filed; please decide."), urgent=True
)
notifications.register("funding.recovery_judged", _("The objection to claim %(number)s is decided."), urgent=True)


def object_to_claim(
    *, recovery: Recovery, statement: str, evidence: Sequence[File[bytes]], actor: User, at: datetime
) -> Recovery:  # fmt: skip
    """The organisation says why it does not owe that; meanwhile the term does not run out."""
    with RECOVERY.moving(recovery, Action.OBJECT_TO_CLAIM, actor=actor, at=at) as locked:
        objection = ClaimObjection.objects.create(
            recovery=locked, statement=statement.strip(), filed_by=actor, created_at=at
        )
        for ordinal, upload in enumerate(evidence[:MOST_FILES], 1):
            kept = files.store(upload, actor=actor, kind=KIND, at=at, owner=locked.organisation_id)
            ClaimObjectionFile.objects.create(objection=objection, attachment=kept, ordinal=ordinal, created_at=at)
        _tell(locked, "funding.recovery_objected", at, list(holders(Role.HEAD)))
    return recovery


def judge_claim(
    *, recovery: Recovery, outcome: str, reason: str, actor: User, at: datetime, amount: Decimal | None = None
) -> Recovery:  # fmt: skip
    """The claim stands, is reduced to `amount`, or is reversed. Raises ValidationError by field.

    What is left of it is due as if the notice were served on the day of the decision.
    """
    facts = {"outcome": outcome, "amount": f"{amount:.2f}" if amount else ""}
    with RECOVERY.moving(recovery, Action.JUDGE_CLAIM, actor=actor, at=at, note=reason, facts=facts) as locked:
        objection: ClaimObjection = locked.objection
        objection.taken_off = _taken_off(locked, outcome, amount)
        locked.amount -= objection.taken_off
        objection.outcome, objection.reason = outcome, reason.strip()
        objection.decided_by, objection.decided_at = actor, at
        objection.save(update_fields=["outcome", "reason", "decided_by", "decided_at", "taken_off"])
        if outcome == ClaimOutcome.REVERSED or not locked.left:
            locked.closed_by, locked.closed_at = locked.closed_by or actor, locked.closed_at or at
        elif locked.due_on:
            anew = due_after(locked.award.application.call.rules.data, timezone.localdate(at))
            locked.due_on, locked.alarmed_at = max(locked.due_on, anew), None
        told = list(holders(Role.APPLICANT, Role.CONFIRMER, Role.SIGNATORY, organisation=locked.organisation_id))
        _tell(locked, "funding.recovery_judged", at, [*told, *holders(Role.FINANCE)])
    return recovery


def _taken_off(recovery: Recovery, outcome: str, amount: Decimal | None) -> Decimal:
    if outcome == ClaimOutcome.REVERSED and recovery.received:
        raise ValidationError({"outcome": PAID_ALREADY})
    if outcome != ClaimOutcome.REDUCED:
        return Decimal(0)
    if amount is None or not max(recovery.received, Decimal("0.01")) <= amount < recovery.amount:
        raise ValidationError({"amount": HOW_FAR})
    return recovery.amount - amount


def _tell(recovery: Recovery, kind: str, at: datetime, people: list[User]) -> None:
    params, url = {"number": recovery.number}, recovery.get_absolute_url()
    notifications.notify(recipients=people, kind=kind, params=params, url=url, at=at)
