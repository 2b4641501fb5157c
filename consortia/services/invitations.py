"""Invitations to take part: reminded of, withdrawn, expired."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from consortia.enums import ALIVE, Action, ParticipationStatus
from consortia.models import Consortium, Participation
from consortia.rules.invitations import REMIND_BEFORE
from consortia.services.confirmations import about
from consortia.services.departures import require_nothing_planned
from consortia.services.notices import tell_lead, tell_member
from consortia.workflow import PARTICIPATION
from portal.kernel import audit
from portal.kernel.calendar import add_working_days


def remind_participation(*, participation: Participation, actor: Any, at: datetime) -> Participation:
    """Tell a member once more that it is waited for; once a day at most."""
    facts = about(by=participation.consortium.lead, participation=participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.REMIND, actor=actor, at=at, facts=facts) as locked:
            locked.reminded_at = at
            tell_member(participation=locked, kind="consortia.reminded", at=at)
    return participation


def withdraw_participation(*, participation: Participation, actor: Any, at: datetime, note: str = "") -> Participation:
    """Take back an invitation that nobody has answered yet."""
    facts = about(by=participation.consortium.lead, participation=participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.WITHDRAW, actor=actor, at=at, note=note, facts=facts) as locked:
            require_nothing_planned(participation=locked)
            tell_member(participation=locked, kind="consortia.withdrawn", at=at)
    return participation


def take_back_invitations(*, consortium: Consortium, actor: Any, at: datetime, note: str) -> None:
    """All that nobody has answered, whatever was planned with them; the caller holds the consortium's row."""
    for row in list(_open().filter(consortium=consortium).order_by("pk")):
        facts = about(by=consortium.lead, participation=row)
        with PARTICIPATION.moving(row, Action.WITHDRAW, actor=actor, at=at, note=note, facts=facts) as locked:
            tell_member(participation=locked, kind="consortia.withdrawn", at=at)


def expire_invitations(*, at: datetime) -> int:
    """Close the invitations whose last day is over; how many there were. The lead of each is told."""
    over = _open().filter(invited_until__lt=timezone.localdate(at))
    return sum(_expire(row, at) for row in over)


def _expire(participation: Participation, at: datetime) -> bool:
    facts = about(by=participation.consortium.lead, participation=participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        participation.refresh_from_db(fields=["status", "invited_until"])
        if PARTICIPATION.obstacles(participation, Action.EXPIRE, at):  # answered meanwhile
            return False
        with PARTICIPATION.moving(participation, Action.EXPIRE, actor=None, at=at, facts=facts) as locked:
            tell_lead(participation=locked, kind="consortia.expired", at=at)
            tell_member(participation=locked, kind="consortia.invitation_expired", at=at)
    return True


def remind_of_invitations(*, at: datetime) -> int:
    """Remind, once, of the invitations that are about to expire; how many there were."""
    today = timezone.localdate(at)
    soon = _open().filter(invited_until__range=(today, add_working_days(today, REMIND_BEFORE)))
    return sum(_remind(row, at) for row in soon)


def _remind(participation: Participation, at: datetime) -> bool:
    """The row remembers: whoever was reminded in these last days is left alone."""
    facts = about(by=participation.consortium.lead, participation=participation)
    with transaction.atomic():
        locked = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
        if not locked.is_invitation or _reminded_lately(locked):
            return False
        locked.reminded_at = at
        locked.save(update_fields=["reminded_at"])
        tell_member(participation=locked, kind="consortia.reminded", at=at)
        audit.record(actor=None, action=Action.REMIND, subject=locked, at=at, facts=facts)
    return True


def _reminded_lately(participation: Participation) -> bool:
    last, until = participation.reminded_at, participation.invited_until
    return bool(last and until and add_working_days(timezone.localdate(last), REMIND_BEFORE) >= until)


def _open() -> Any:
    return Participation.objects.select_related("consortium__lead", "organisation").filter(
        status=ParticipationStatus.INVITED, invited_until__isnull=False, consortium__status__in=ALIVE
    )
