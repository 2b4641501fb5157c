"""What allauth asks us."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import authenticate
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from members.selectors import may_go_without
from members.services.factors import open_factor, seal_factor
from members.services.guards import Locked, account_key, close_attempt, fail_attempt, open_attempt
from portal.kernel.mail import send_now

TOO_MANY = _("Too many attempts. For your protection sign-in is locked for half an hour.")
DEVICE_SALT = "members.device"
DEVICE_AGE = 180 * 24 * 3600  # seconds


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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person of e-mail and password, counted by account, known device and address; None if they do not fit.

        During a lock the password is not even looked at, so the answer is the same for the right one.
        """
        email = str(credentials.get("email") or "")
        device, address = known_device(request, email), get_ip(request)
        try:
            attempt = open_attempt(email=email, device=device, address=address, at=timezone.now())
        except Locked:
            raise self.validation_error("too_many_login_attempts") from None
        AuthenticationBackend.unstash_authenticated_user()
        user = authenticate(request, **credentials) or AuthenticationBackend.unstash_authenticated_user()
        if user:
            close_attempt(attempt=attempt)
        else:
            fail_attempt(attempt=attempt, at=timezone.now())
        return user

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """A device on which somebody came in with all factors is known from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(response, user.email)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor confirms with it; the password alone would be less than the sign-in was."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != "reauthenticate"] or methods

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say it, except what the page says itself: that one is in."""
        template = kwargs.get("message_template") or (args[2] if len(args) > 2 else None)
        if template != "account/messages/logged_in.txt":
            super().add_message(*args, **kwargs)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        with translation.override(user.language):
            super().send_notification_mail(template_prefix, user, context, email)

    def render_mail(self, *args: Any, **kwargs: Any) -> Any:
        """A mail server that is away must neither break nor hold up the page."""
        return Letter(super().render_mail(*args, **kwargs))


@dataclass(frozen=True)
class Letter:
    """A mail of allauth on its way."""

    message: EmailMessage

    def send(self) -> None:
        """Without keeping anybody waiting."""
        send_now(self.message)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your roles demand a second factor: please add another one before you remove this one."
        ),
        "incorrect_code": _("This code is not right, or it has run out or been used. Please enter the one shown now."),
    }

    def encrypt(self, text: str) -> str:
        return seal_factor(text=text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_factor(text=encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_go_without(authenticator)

    def build_totp_svg(self, url: str) -> str:
        """Ready to stand in the page: no XML declaration, white behind it in the dark theme too."""
        svg = str(super().build_totp_svg(url))
        return svg[svg.index("<svg") :].replace("<path", '<rect width="100%" height="100%" fill="#fff"/><path', 1)


# --- known devices -----------------------------------------------------------------------------
def known_device(request: HttpRequest, email: str) -> str:
    """The key under which a device counts that this account came in on before; empty for any other."""
    key = account_key(email=email)
    try:
        account, device = signing.loads(request.COOKIES.get(_cookie(key), ""), salt=DEVICE_SALT, max_age=DEVICE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(device) if account == key else ""


def remember_device(response: HttpResponse, email: str) -> None:
    """Give the browser a signed cookie that names this device and this account and opens nothing."""
    key = account_key(email=email)
    response.set_cookie(
        _cookie(key), signing.dumps([key, get_random_string(32)], salt=DEVICE_SALT), max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def _cookie(key: str) -> str:
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}device-{key[:12]}"
