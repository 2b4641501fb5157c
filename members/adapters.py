"""What allauth asks us."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from members.selectors import may_go_without

logger = logging.getLogger(__name__)

TOO_MANY = _("Too many attempts. For your protection sign-in is locked for a quarter of an hour.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by allauth; one joins only by registering an organisation or by invitation."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is deactivated. Please turn to the system administrator."),
        "email_password_mismatch": _("E-mail address and password do not fit together."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say it, except what the page says itself: that one is in."""
        template = kwargs.get("message_template") or (args[2] if len(args) > 2 else None)
        if template != "account/messages/logged_in.txt":
            super().add_message(*args, **kwargs)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        with translation.override(user.language):
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        with translation.override(user.language):
            super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away must neither break the page nor tell whether the address is known."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            logger.exception("a mail (%s) could not be sent", template_prefix)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your roles demand a second factor: please add another one before you remove this one."
        ),
        "incorrect_code": _("This code is not right, or it has run out or been used. Please enter the one shown now."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_go_without(authenticator)

    def build_totp_svg(self, url: str) -> str:
        """Ready to stand in the page: no XML declaration, white behind it in the dark theme too."""
        svg = str(super().build_totp_svg(url))
        return svg[svg.index("<svg") :].replace("<path", '<rect width="100%" height="100%" fill="#fff"/><path', 1)
