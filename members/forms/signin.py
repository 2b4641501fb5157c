"""Allauth's forms in our words; settings name them in ACCOUNT_FORMS and MFA_FORMS."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.services.resets import ask_reset
from members.services.signin import use_code

CODE_ATTRS = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
TWICE: dict[str, str | Promise] = {"password1": _("New password"), "password2": _("New password again")}


class Worded(forms.Form):
    """Gives fields our labels and helps, and takes the placeholders away, which vanish when one types."""

    labels: dict[str, str | Promise] = {}
    helps: dict[str, str | Promise] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)  # type: ignore[assignment]
            field.help_text = self.helps.get(name, field.help_text)  # type: ignore[assignment]
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Worded, account.LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    labels = {"login": _("E-mail"), "password": _("Password")}


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """The present password and twice the new one."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    helps = {"oldpassword": ""}


class SetPasswordForm(Worded, account.SetPasswordForm):  # type: ignore[misc]
    """Twice the first password."""

    labels = TWICE


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """Asks for the address that the link goes to; whether it is known here, a worker finds out."""

    labels = {"email": _("E-mail")}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def save(self, request: HttpRequest, **_kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        ask_reset(email=email, language=get_language() or settings.LANGUAGE_CODE, at=timezone.now())
        return email


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Twice the new password."""

    labels = TWICE


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    labels = {"password": _("Password")}


class OnceMixin(forms.Form):
    """A code of the app counts once, by the database: the cache of allauth forgets when it is emptied."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        factor = self.authenticator  # type: ignore[attr-defined]
        if factor.type == factor.Type.TOTP and not use_code(user=factor.user, code=code, at=timezone.now()):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(Worded, OnceMixin, mfa.AuthenticateForm):  # type: ignore[misc]
    """The six digits of the app, or a recovery code."""

    labels = {"code": _("Code")}
    helps = {"code": _("The six digits that your authenticator app shows, or one of your recovery codes.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_ATTRS)


class ReauthenticateCodeForm(Worded, OnceMixin, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The same, to confirm that it is still you."""

    labels, helps = CodeForm.labels, CodeForm.helps


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code proves that the app has the secret."""

    labels = {"code": _("Code")}
    helps = {"code": _("The six digits that the app shows now.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_ATTRS)

    def clean_code(self) -> str:
        """It is used up by this: it does not open the door as well."""
        code: str = super().clean_code()
        if not use_code(user=self.user, code=code, at=timezone.now()):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AddKeyForm(Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or security key and what to call it."""

    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone, without a password")}
    helps = {"passwordless": _("The key must then ask for a fingerprint, your face or a PIN.")}


class EditKeyForm(Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """What to call a key."""

    labels = {"name": _("Name of the key")}
