"""Ending sessions: the row on the server goes, so the next request of that browser is a stranger's."""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from members.enums import Action
from members.models import User
from portal.kernel import audit


@transaction.atomic
def end_sessions(*, user: User, actor: Any, at: datetime, keep: str | None = None, note: str = "") -> int:
    """End the sessions of somebody, all but the one with the key `keep`; how many. Recorded when there were any."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(rows.values_list("session_key", flat=True))
    ended = Session.objects.filter(session_key__in=keys).delete()[0]
    rows.delete()
    if ended:
        audit.record(actor=actor, action=Action.END_SESSIONS, subject=user, at=at, note=note, facts={"sessions": ended})
    return ended


@transaction.atomic
def end_session(*, session: UserSession, actor: User, at: datetime) -> None:
    """End one of one's own sessions."""
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    audit.record(actor=actor, action=Action.END_SESSIONS, subject=actor, at=at, facts={"sessions": 1})
