"""What allauth tells us of sign-ins, and the kernel of files."""

from datetime import datetime
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as sessions
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from members.enums import Action, Role
from members.middleware import BEGAN, PASSWORD_OLD, SEEN
from members.models import User
from members.selectors import holders
from members.selectors.accounts import password_is_old
from members.services import signin
from members.services.guards import forget_failures
from members.services.sessions import end_sessions
from portal.kernel.files import file_alarm
from portal.kernel.notifications import notify, register


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """The session begins now, whatever was in it before."""
    at = timezone.now()
    request.session[BEGAN] = request.session[SEEN] = int(at.timestamp())
    request.session[PASSWORD_OLD] = password_is_old(user, at)
    signin.record_sign_in(user=user, language=translation.get_language(), at=at)


@receiver(account.password_changed)
@receiver(account.password_set)
def password_changed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    request.session.pop(PASSWORD_OLD, None)
    _changed(request, user, Action.CHANGE_PASSWORD)


@receiver(account.password_reset)
def password_reset(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Whoever proved to own the mailbox is not locked out any longer."""
    _changed(request, user, Action.CHANGE_PASSWORD)
    forget_failures(user=user)


@receiver(mfa.authenticator_added)
def factor_added(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    _changed(request, user, Action.ADD_FACTOR)


@receiver(mfa.authenticator_removed)
def factor_removed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    _changed(request, user, Action.REMOVE_FACTOR)


def _changed(request: HttpRequest, user: User, action: Action) -> None:
    """How somebody signs in has changed: recorded, and no other session goes on."""
    at = timezone.now()
    signin.record_change(user=user, action=action, at=at)
    end_sessions(user=user, actor=user, at=at, keep=request.session.session_key)


@receiver(sessions.user_logged_out)
def signed_out(user: User | None, **_kwargs: Any) -> None:
    """By its own wish, or because the session had lasted long enough."""
    if user is not None:
        signin.record_change(user=user, action=Action.SIGN_OUT, at=timezone.now())


@receiver(sessions.user_login_failed)
def sign_in_refused(credentials: dict[str, Any], **_kwargs: Any) -> None:
    """An unknown address is not kept: it may be a password that was typed into the wrong field."""
    email = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    if user := User.objects.filter(email=email).first():
        signin.record_refusal(user=user, at=timezone.now())


# --- files that are not what they should be -----------------------------------------------------
register("members.file_infected", _("The virus scanner found malicious code in the file “%(name)s”."), urgent=True)
register("members.file_damaged", _("The stored file “%(name)s” is damaged or gone; please restore it."), urgent=True)


@receiver(file_alarm)
def file_is_wrong(kind: str, name: str, at: datetime, **_kwargs: Any) -> None:
    """The system administrators put it right, the security administrators ask where it came from."""
    people = holders(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    notify(recipients=people, kind=f"members.file_{kind}", params={"name": name}, url="/notifications/", at=at)
