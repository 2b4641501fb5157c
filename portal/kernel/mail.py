"""Mail as jobs: wanted in the transaction of what it tells of, sent by a worker."""

import logging
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from portal.kernel import jobs
from portal.kernel.models.job import Job

logger = logging.getLogger(__name__)

KIND = "kernel.mail"  # the kinds of other mails begin with it: after a restore none is sent twice
MAX_ATTEMPTS = 6  # back-off reaches about six hours


def send_mail_later(
    *,
    to: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    language: str,
    key: str,
    at: datetime,
) -> Job:
    """Send templates/mail/<template>.txt to one address; the same key sends one mail.

    `subject` is an English msgid, filled from `context` by %-formatting; `context` must be JSON.
    The template also gets `base_url`, the portal's public address.
    """
    params = {"to": to, "subject": subject, "template": template, "context": context, "language": language}
    return jobs.enqueue(kind=KIND, key=key, params=params, requested_by=None, at=at, max_attempts=MAX_ATTEMPTS)


@jobs.handler(KIND)
def send(job: Job, progress: Callable[[int, str], None]) -> dict[str, Any]:
    """Send the mail; the result keeps the text that went out.

    A worker that dies between the mail server and the row sends it again: under the same
    Message-ID, by which mail programs know a double.
    """
    mail = written(job)
    progress(50, "")
    mail.send()
    return {"to": mail.to, "subject": mail.subject, "body": mail.body, **mail.extra_headers}


def written(job: Job) -> EmailMessage:
    """The mail of this job."""
    return letter(**job.params, number=str(job.pk))


def letter(
    *, to: str, subject: str, template: str, context: dict[str, Any], language: str, number: str
) -> EmailMessage:
    """A mail in its reader's language, as `send_mail_later` has it; the same number is the same mail."""
    with translation.override(language):
        title = " ".join((gettext(subject) % context).split())
        body = render_to_string(f"mail/{template}.txt", {**context, "base_url": settings.PUBLIC_URL})
    host = urlsplit(settings.PUBLIC_URL).hostname
    return EmailMessage(title, body.strip() + "\n", to=[to], headers={"Message-ID": f"<{number}@{host}>"})


# --- what cannot wait for a worker -------------------------------------------------------------
def send_now(letter: EmailMessage, *, patience: float = 2.0) -> None:
    """Send a letter that must not be stored (it carries a key). Whoever waits does so for `patience` seconds at most:
    a slow mail server gets the rest of its time behind the scenes, and a failure is told to the log alone.
    """
    sending = Thread(target=_deliver, args=(letter,), daemon=True)
    sending.start()
    sending.join(patience)


def _deliver(letter: EmailMessage) -> None:
    try:
        letter.send()
    except (SMTPException, OSError):
        logger.exception("a letter could not be sent")
