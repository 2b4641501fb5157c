"""Registering begins with an e-mail address that proves itself; nobody else learns whether it is known here."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.models import User
from portal.kernel import account_mails
from portal.kernel.crypto import Unreadable, open_sealed, seal
from portal.kernel.mail import send_mail_later
from portal.kernel.models import Job

VALID_FOR = timedelta(hours=24)
MAILS_A_DAY = 10  # to one address
ABOUT = "members.registration"  # what a link is sealed for; it opens nothing else
LINK = gettext_noop("Your link to register your organisation")
KNOWN = gettext_noop("You have an account already")

account_mails.register("registration", label=_("Link to register"), subject=LINK, variables=("path",))
account_mails.register("known", label=_("Registration with a known address"), subject=KNOWN)


@transaction.atomic
def ask_registration(*, email: str, language: str, at: datetime) -> None:
    """Mail a link to an address without an account, and to any other that it has one; both cost the same.

    Links do not replace each other and live for a day, so an address that got its MAILS_A_DAY holds a good one:
    whoever asks in somebody's name again and again keeps nobody out and fills no mailbox.
    """
    key = _free_key(email, at)
    path = reverse("members:register-complete", args=[registration_token(email=email, at=at)])
    spoken = User.objects.filter(email=email).values_list("language", flat=True).first()
    subject, template, context = (LINK, "registration", {"path": path}) if spoken is None else (KNOWN, "known", {})
    if key:
        send_mail_later(
            to=email, subject=subject, template=template, context=context, language=spoken or language, key=key, at=at
        )


def registration_token(*, email: str, at: datetime) -> str:
    """What proves that its bearer read the mail to `email`: sealed, so that the address cannot be read in it."""
    return seal(f"{int(at.timestamp())} {email}", ABOUT)


def registering_address(*, token: str, at: datetime) -> str | None:
    """The proven address; None when the link is none of ours, has run out, or the address has an account now."""
    try:
        asked, _space, email = open_sealed(token, ABOUT).partition(" ")
    except Unreadable:
        return None
    over = at >= datetime.fromtimestamp(int(asked), UTC) + VALID_FOR
    return None if over or User.objects.filter(email=email).exists() else email


def _free_key(email: str, at: datetime) -> str | None:
    """The key of the next mail to this address today; None when there were enough."""
    whose = salted_hmac(ABOUT, email, algorithm="sha256").hexdigest()
    keys = [f"registration:{whose}:{at:%Y%m%d}:{turn}" for turn in range(MAILS_A_DAY)]
    sent = set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    return next((key for key in keys if key not in sent), None)
