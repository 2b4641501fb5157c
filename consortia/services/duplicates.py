"""Numbers claimed twice: flagged when they are written down, lifted when one is changed, settled by the bureau."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, DuplicateClaim, Outcome
from consortia.services.editing import note_edit
from consortia.services.notices import tell_officers, tell_writers
from consortia.workflow import DUPLICATE
from portal.kernel import audit
from portal.kernel.workflow import TransitionRefused

OF_THE_BUREAU = {"by": "", "by_id": ""}


def lock_numbers(*, numbers: Iterable[str]) -> None:
    """Whoever claims one of these numbers waits until this transaction ends; two at once see each other."""
    with connection.cursor() as cursor:
        for number in sorted({number for number in numbers if number}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"number:{number}"])


def flag_duplicates(*, outcome: Outcome, actor: Any, at: datetime) -> list[DuplicateClaim]:
    """Flag every other outcome with the number of this stored one; the caller has locked the number.

    Each pair is told to both leads and to the officers of the bureau once.
    """
    lift_flags(outcome=outcome, actor=actor, at=at)
    known = {pk for claim in _claims(outcome) for pk in (claim.first_id, claim.second_id)}
    others = _same_number(outcome).exclude(pk__in=known)
    return [_flag(first, outcome, actor, at) for first in others]


def lift_flags(*, outcome: Outcome, actor: Any, at: datetime, gone: bool = False) -> None:
    """Remove the flags of a number that two outcomes do not share any more, or all when the outcome is to go."""
    agree = Q(first__kind=F("second__kind"), first__canonical=F("second__canonical"))
    for claim in _claims(outcome) if gone else _claims(outcome).exclude(agree):
        audit.record(actor=actor, action=Action.LIFT_DUPLICATE, subject=claim, at=at, facts=_facts(claim))
        claim.delete()


def settle_duplicate(
    *, claim: DuplicateClaim, withdrawn: Outcome | None, actor: Any, at: datetime, note: str
) -> DuplicateClaim:
    """Decide which claim is withdrawn, or with None that both are entitled; both leads read the reason `note`."""
    reason = note.strip()
    if not reason:
        raise ValidationError({"note": _("Give the reason.")})
    action = Action.WITHDRAW_CLAIM if withdrawn else Action.SHARE_CLAIM
    with transaction.atomic():
        consortia = _lock_consortia(claim)
        facts = _facts(claim) | {"withdrawn": str(withdrawn.pk) if withdrawn else None}
        with DUPLICATE.moving(claim, action, actor=actor, at=at, note=reason, facts=facts) as locked:
            if withdrawn and withdrawn.pk not in {locked.first_id, locked.second_id}:
                raise ValidationError({"ruling": _("This outcome is none of the two.")})
            locked.withdrawn, locked.reason = withdrawn, reason
            locked.settled_by, locked.settled_at = actor, at
        for outcome in (claim.first, claim.second):
            name = {"name": outcome.name, **OF_THE_BUREAU}
            consortium = consortia[outcome.consortium_id]
            note_edit(consortium=consortium, action=action, actor=actor, at=at, note=reason, facts=name)
            tell_writers(outcome=outcome, kind="consortia.claim_settled", at=at)
    return claim


def _lock_consortia(claim: DuplicateClaim) -> dict[Any, Consortium]:
    """Both rows, always in one order; refused when a lead has changed its number meanwhile."""
    wanted = {claim.first.consortium_id, claim.second.consortium_id}
    rows = Consortium.objects.select_for_update(of=("self",)).select_related("lead").filter(pk__in=wanted)
    found = {row.pk: row for row in rows.order_by("pk")}
    if not DuplicateClaim.objects.filter(pk=claim.pk).exists():
        raise TransitionRefused(_("One of the two has changed its number meanwhile; nothing is left to settle."))
    return found


def _claims(outcome: Outcome) -> QuerySet[DuplicateClaim]:
    return DuplicateClaim.objects.filter(Q(first=outcome) | Q(second=outcome)).select_related("first", "second")


def _same_number(outcome: Outcome) -> QuerySet[Outcome]:
    """Other outcomes of this kind and number, the earliest first; none where there is no number."""
    if not outcome.canonical:
        return Outcome.objects.none()
    same = Outcome.objects.filter(kind=outcome.kind, canonical=outcome.canonical).exclude(pk=outcome.pk)
    return same.select_related("consortium").order_by("created_at", "id")


def _flag(first: Outcome, second: Outcome, actor: Any, at: datetime) -> DuplicateClaim:
    claim = DuplicateClaim.objects.create(first=first, second=second, created_at=at)
    audit.record(actor=actor, action=Action.FLAG_DUPLICATE, subject=claim, at=at, facts=_facts(claim))
    for outcome in (first,) if first.consortium_id == second.consortium_id else (first, second):
        tell_writers(outcome=outcome, kind="consortia.claimed_twice", at=at)
    tell_officers(claim=claim, at=at)
    return claim


def _facts(claim: DuplicateClaim) -> dict[str, Any]:
    first, second = claim.first, claim.second
    return {"kind": first.kind, "number": first.canonical, "first": str(first.pk), "second": str(second.pk)}
