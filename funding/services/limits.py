"""Limits of those who release money: set by two administrators, asked at every approval."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, LimitStatus
from funding.models import ApprovalLimit
from funding.selectors.limits import limit_of
from funding.workflow import LIMIT
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.templatetags.ui import wan
from portal.kernel.workflow import TransitionRefused

S = LimitStatus
NO_LEADER = _("This person does not release money.")
WAITS = _("A new limit of this person waits for the second administrator.")
ABOVE = _("This is above your approval limit of %(limit)s (10,000 yuan); somebody with a higher limit has to act.")
notifications.register(
    "funding.limit_proposed", _("A new approval limit of %(person)s is proposed; please confirm or decline."),
    urgent=True,
)  # fmt: skip
notifications.register("funding.limit_set", _("Your approval limit has changed."), urgent=True)


def require_within_limit(*, actor: Any, amount: Decimal) -> None:
    """Raises TransitionRefused where the sum is above what the person may release."""
    limit = limit_of(actor)
    if limit is not None and amount > limit:
        raise TransitionRefused(ABOVE % {"limit": wan(limit)})


@transaction.atomic
def propose_limit(
    *, person: User, amount: Decimal | None, reason: str, actor: User, at: datetime
) -> ApprovalLimit:  # fmt: skip
    """A sum in yuan, or None for no limit; a second administrator has to confirm it. Raises ValidationError."""
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    require(actor, "funding.propose_limit", locked)
    if not locked.holds(Role.LEADER):
        raise ValidationError({"person": NO_LEADER})
    if ApprovalLimit.objects.filter(person=locked, status=S.PROPOSED).exists():
        raise ValidationError({"person": WAITS})
    limit = ApprovalLimit.objects.create(
        person=locked, amount=amount, reason=reason.strip(), proposed_by=actor, created_at=at
    )
    facts = {"person": locked.pk, "amount": _said(amount)}
    audit.record(actor=actor, action=Action.PROPOSE_LIMIT, subject=limit, at=at, note=reason, facts=facts)
    others = [one for one in holders(Role.SECURITY_ADMIN) if one.pk not in {actor.pk, locked.pk}]
    params, url = {"person": locked.name}, limit.get_absolute_url()
    notifications.notify(recipients=others, kind="funding.limit_proposed", params=params, url=url, at=at)
    return limit


def confirm_limit(*, limit: ApprovalLimit, actor: User, at: datetime, note: str = "") -> ApprovalLimit:
    """The second administrator puts it in force; the one before ends."""
    facts = {"person": limit.person_id, "amount": _said(limit.amount)}
    with LIMIT.moving(limit, Action.CONFIRM_LIMIT, actor=actor, at=at, note=note, facts=facts) as locked:
        User.objects.select_for_update(no_key=True).get(pk=locked.person_id)
        for before in ApprovalLimit.objects.filter(person=locked.person_id, status=S.IN_FORCE):
            with LIMIT.moving(before, Action.END_LIMIT, actor=actor, at=at):
                pass
        locked.decided_by, locked.decided_at = actor, at
        url = locked.get_absolute_url()
        notifications.notify(recipients=[locked.person], kind="funding.limit_set", params={}, url=url, at=at)
    return limit


def drop_limit(*, limit: ApprovalLimit, actor: User, at: datetime, note: str) -> ApprovalLimit:
    """It is not put in force."""
    with LIMIT.moving(limit, Action.DROP_LIMIT, actor=actor, at=at, note=note) as locked:
        locked.decided_by, locked.decided_at = actor, at
    return limit


def _said(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"
