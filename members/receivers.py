"""What allauth tells us of sign-ins."""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone, translation

from members.enums import Action
from members.models import User
from members.services import signin


@receiver(account.user_logged_in)
def signed_in(user: User, **_kwargs: Any) -> None:
    signin.record_sign_in(user=user, language=translation.get_language(), at=timezone.now())


@receiver(account.password_changed)
@receiver(account.password_set)
def password_changed(user: User, **_kwargs: Any) -> None:
    signin.record_change(user=user, action=Action.CHANGE_PASSWORD, at=timezone.now())


@receiver(account.password_reset)
def password_reset(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Whoever proved to own the mailbox is not locked out any longer."""
    signin.record_change(user=user, action=Action.CHANGE_PASSWORD, at=timezone.now())
    get_adapter(request)._delete_login_attempts_cached_email(request, email=user.email)  # noqa: SLF001


@receiver(mfa.authenticator_added)
def factor_added(user: User, **_kwargs: Any) -> None:
    signin.record_change(user=user, action=Action.ADD_FACTOR, at=timezone.now())


@receiver(mfa.authenticator_removed)
def factor_removed(user: User, **_kwargs: Any) -> None:
    signin.record_change(user=user, action=Action.REMOVE_FACTOR, at=timezone.now())
