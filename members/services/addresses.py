"""Another e-mail address to sign in with: the new one proves itself, the old one is told."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.enums import Action
from members.models import EmailChange, User
from members.rules.tokens import token_hash
from members.services.sessions import end_sessions
from portal.kernel import account_mails, audit
from portal.kernel.mail import send_mail_later
from portal.kernel.workflow import TransitionRefused

VALID_FOR = timedelta(hours=24)
CONFIRM = gettext_noop("Please confirm your new e-mail address")
ASKED = gettext_noop("Somebody asked to change your e-mail address")
CHANGED = gettext_noop("Your e-mail address was changed")

account_mails.register("email_asked", label=_("Change of the address asked for"), subject=ASKED, variables=("name",))
account_mails.register(
    "email_confirm", label=_("Confirmation of a new address"), subject=CONFIRM, variables=("name", "path")
)
account_mails.register("email_changed", label=_("Address changed"), subject=CHANGED, variables=("name",))
VOID = _("This link is not valid any more. Please ask for a new one.")


@transaction.atomic
def ask_email_change(*, user: User, email: str, at: datetime) -> None:
    """Send a link to the new address and a notice to the old one; an address of somebody else gets no mail.

    Nothing in the answer tells whether the address is taken.
    """
    new, token = email.strip().lower(), secrets.token_urlsafe(32)
    if new == user.email:
        raise TransitionRefused(_("This is your address already."))
    facts = {"email": new, "token_hash": token_hash(token), "expires_at": at + VALID_FOR}
    change, _created = EmailChange.objects.update_or_create(user=user, defaults=facts)
    audit.record(actor=user, action=Action.ASK_EMAIL, subject=user, at=at)
    path = reverse("members:email-confirm", args=[token])
    if not User.objects.filter(email=new).exists():
        _mail(new, CONFIRM, "email_confirm", user, f"email:{change.token_hash}", at, path=path)
    _mail(user.email, ASKED, "email_asked", user, f"email-asked:{change.token_hash}", at)


@transaction.atomic
def change_email(*, user: User, token: str, session: str | None, at: datetime) -> User:
    """Take the new address; the old one is told, every session but the one with the key `session` ends."""
    change = EmailChange.objects.select_for_update().filter(user=user, token_hash=token_hash(token)).first()
    if change is None or change.expires_at <= at:
        raise TransitionRefused(VOID)
    locked = User.objects.select_for_update().get(pk=user.pk)
    old, locked.email = locked.email, change.email
    try:
        with transaction.atomic():
            locked.save(update_fields=["email"])
    except IntegrityError:
        raise TransitionRefused(VOID) from None
    change.delete()
    EmailAddress.objects.filter(user=user).delete()  # allauth would still know the old one
    audit.record(actor=user, action=Action.CHANGE_EMAIL, subject=locked, at=at)
    end_sessions(user=locked, actor=user, at=at, keep=session)
    _mail(old, CHANGED, "email_changed", locked, f"email-changed:{change.token_hash}", at)
    return locked


def _mail(to: str, subject: str, template: str, user: User, key: str, at: datetime, path: str = "") -> None:
    send_mail_later(
        to=to, subject=subject, template=template, context={"name": user.name, "path": path},
        language=user.language, key=key, at=at,
    )  # fmt: skip
