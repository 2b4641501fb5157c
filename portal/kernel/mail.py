"""Mail as jobs: wanted in the transaction of what it tells of, sent by a worker."""

import logging
from datetime import datetime
from smtplib import SMTPException
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from portal.kernel import jobs, mail_texts, outbox
from portal.kernel.models.job import Job
from portal.kernel.outbox import KIND as KIND

logger = logging.getLogger(__name__)


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
    """Send templates/mail/<template>.txt to one address, or what the bureau wrote instead; the same key sends one mail.

    `subject` is an English msgid, filled from `context` by %-formatting.
    The template also gets `base_url`, the portal's public address. A `path` in the context is taken for a personal
    link, which is kept until the mail is sent and no longer.
    """
    link = str(context.get("path", ""))
    shown = {**context, "path": outbox.HIDDEN_LINK} if link else context
    title, body = _text(subject, template, shown, language)
    letter = outbox.post(kind=template, to=to, subject=title, body=body, secret=link, language=language, key=key, at=at)
    return letter.job


@jobs.handler(KIND)
def send(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Send the mail of this job; one that an earlier version of the portal wanted stands in the job itself."""
    if "letter" in job.params:
        return outbox.send(job, progress)
    letter(**job.params, number=str(job.pk)).send()
    return {}


def letter(
    *, to: str, subject: str, template: str, context: dict[str, Any], language: str, number: str
) -> EmailMessage:
    """A mail in its reader's language that the outbox does not keep; the same number is the same mail."""
    title, body = _text(subject, template, context, language)
    return outbox.numbered_mail(to=to, subject=title, body=body, number=number)


def _text(subject: str, template: str, context: dict[str, Any], language: str) -> tuple[str, str]:
    own = mail_texts.account_mail(template, language, context)
    if own:
        return outbox.one_line(own.subject), own.body
    with translation.override(language):
        title = " ".join((gettext(subject) % context).split())
        return title, render_to_string(f"mail/{template}.txt", {**context, "base_url": settings.PUBLIC_URL})


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
