"""A forgotten password: the request writes one row, whoever is asked about; a worker finds out who that is."""

from datetime import datetime
from secrets import token_hex

from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.models import User
from portal.kernel import account_mails, jobs, mail
from portal.kernel.crypto import open_sealed, seal
from portal.kernel.models import Job

JOB_KIND = f"{mail.KIND}.reset"
ABOUT = "members.reset"  # what the address is sealed for
MAX_ATTEMPTS = 5  # back-off reaches about twenty minutes; by then people have asked again
SUBJECT = gettext_noop("Set a new password")

account_mails.register("reset", label=_("Link to set a password"), subject=SUBJECT, variables=("path",))
account_mails.register("reset_unknown", label=_("A password asked for without an account"), subject=SUBJECT)


def ask_reset(*, email: str, language: str, at: datetime) -> Job:
    """Have a letter sent to this address. Nothing is looked up, so that no time tells who has an account."""
    params = {"to": seal(email, ABOUT), "language": language}
    return jobs.enqueue(
        kind=JOB_KIND, key=f"reset:{token_hex(16)}", params=params, requested_by=None, at=at, max_attempts=MAX_ATTEMPTS
    )


def reset_letter(*, job: Job) -> EmailMessage:
    """The link to set a new password in the person's language; to an address without an account, that it has none.

    The link is made now and stands in the letter alone.
    """
    email = open_sealed(job.params["to"], ABOUT)
    user = User.objects.filter(email=email, is_active=True).first()
    template, context = ("reset", {"path": _path(user)}) if user else ("reset_unknown", {})
    language = user.language if user else job.params["language"]
    return mail.letter(
        to=email, subject=SUBJECT, template=template, context=context, language=language, number=str(job.pk)
    )


def _path(user: User) -> str:
    link = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=link)
