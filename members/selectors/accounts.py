"""Named reads about passwords and sessions."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from members.models import User


def password_set_at(user: User) -> datetime:
    """Since when the present password holds; an account that never noted one counts from its beginning."""
    newest = user.past_passwords.order_by("-set_at").values_list("set_at", flat=True).first()
    return newest or user.date_joined


def password_is_old(user: User, at: datetime) -> bool:
    """Whether the password has to be changed: after PASSWORD_MAX_AGE_DAYS, for those who need a second factor."""
    days: int = settings.PASSWORD_MAX_AGE_DAYS
    bound = days and not user.is_demo and user.has_usable_password() and user.needs_second_factor
    return bool(bound and password_set_at(user) <= at - timedelta(days=days))


def own_sessions(user: User, at: datetime) -> QuerySet[UserSession]:
    """The sessions of somebody that go on, newest sign of life first."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    found: QuerySet[UserSession] = UserSession.objects.filter(user=user, session_key__in=alive)
    return found.order_by("-last_seen_at")
