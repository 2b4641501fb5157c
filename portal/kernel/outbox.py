"""The outbox: every mail is a row with its text, sealed, and a job that hands it to the mail server.

A mail that tells of notices is handed over once: when a worker dies in that moment nobody knows whether it arrived, and
the notices stand in the portal anyway, so it waits for an administrator. What people wait for, as a link to set a
password, is handed over again under the same Message-ID, by which mail programs know a double.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.kernel import audit, jobs
from portal.kernel.actions import Action
from portal.kernel.authz import require
from portal.kernel.jobs import JobFailed, Progress
from portal.kernel.models import Job, Letter
from portal.kernel.models.job import ENDED, JobState
from portal.kernel.models.letter import CONFIDENTIAL
from portal.kernel.workflow import TransitionRefused

KIND = "kernel.mail"  # the kinds of other mails begin with it: after a restore none is sent twice
MAX_ATTEMPTS = 6  # back-off reaches about six hours
HIDDEN_LINK = f"/{'•' * 8}"  # stands for a personal link in what is kept
LONGEST_SUBJECT = 150
NOT_KNOWN = gettext_noop(
    "The worker was interrupted while it handed the mail over. It may have arrived, so it was not sent again."
)
BATCH = 500


def confide(kind: str) -> str:
    """Keep the mails of a kind out of the pages of the outbox: whom they go to is nobody's business there."""
    CONFIDENTIAL.add(kind)
    return kind


@transaction.atomic
def post(
    *,
    kind: str,
    to: str,
    subject: str,
    body: str,
    language: str,
    key: str,
    at: datetime,
    secret: str = "",
    **facts: Any,
) -> Letter:
    """Put a mail into the outbox, in the caller's transaction; the same key puts one.

    `secret` is the personal link for which HIDDEN_LINK stands in `body`; `facts` are `recipient` and `digest_on`.
    """
    number = uuid4()
    job = jobs.enqueue(
        kind=KIND, key=key, params={"letter": str(number)}, requested_by=None, at=at, max_attempts=MAX_ATTEMPTS
    )
    if job.params.get("letter") != str(number):
        return Letter.objects.get(job=job)
    return Letter.objects.create(
        pk=number, kind=kind, to=to, subject=one_line(subject), body=body, secret=secret, language=language,
        job=job, created_at=at, **facts,
    )  # fmt: skip


def one_line(subject: str) -> str:
    """A subject holds no line breaks, by which headers could be smuggled in, and is not endless."""
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def message(letter: Letter) -> EmailMessage:
    """The mail as it goes out."""
    body = letter.body.reveal().replace(HIDDEN_LINK, letter.secret.reveal() or HIDDEN_LINK)
    return numbered_mail(to=letter.to.reveal(), subject=letter.subject, body=body, number=str(letter.job_id))


def numbered_mail(*, to: str, subject: str, body: str, number: str) -> EmailMessage:
    """A mail with its number in its Message-ID: the same number is the same mail."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    return EmailMessage(subject, body.strip() + "\n", to=[to], headers={"Message-ID": f"<{number}@{host}>"})


def send(job: Job, progress: Progress) -> dict[str, Any]:
    """Hand the mail over; afterwards its personal link is forgotten."""
    letter = Letter.objects.select_related("job").get(pk=job.params["letter"])
    if letter.handed_at and letter.recipient_id:
        job.max_attempts = job.attempts  # trying again would not tell more
        raise JobFailed(NOT_KNOWN)
    mail = message(letter)
    Letter.objects.filter(pk=letter.pk).update(handed_at=progress.now())
    progress(50, "")
    try:
        mail.send()
    except Exception:
        Letter.objects.filter(pk=letter.pk).update(handed_at=None)  # it was refused, so it has not arrived
        raise
    with progress.finishing() as result:
        letter.sent_at, letter.handed_at, letter.secret = progress.now(), None, ""
        letter.save(update_fields=["sent_at", "handed_at", "secret"])
        result["letter"] = str(letter.pk)
    return result


def retry_letter(*, letter: Letter, actor: Any, at: datetime) -> Letter:
    """Try a failed mail again, one too of which nobody knows whether it arrived."""
    require(actor, "members.retry_letter", letter)
    with transaction.atomic():
        locked = Letter.objects.select_for_update(of=("self",)).select_related("job").get(pk=letter.pk)
        if locked.job.state != JobState.FAILED:
            raise TransitionRefused(_("Only a mail that failed can be sent again."))
        Letter.objects.filter(pk=locked.pk).update(handed_at=None)
        jobs.retry(job=locked.job, at=at)
        audit.record(actor=actor, action=Action.RETRY_LETTER, subject=locked, at=at)
    return letter


def sweep_letters(*, at: datetime) -> int:
    """Delete mails, with their jobs, that ended and are older than mails are kept; how many jobs."""
    before = at - timedelta(days=settings.LETTERS_KEPT_DAYS)
    old = Job.objects.filter(kind__startswith=KIND, state__in=ENDED, created_at__lt=before)
    removed = 0
    while keys := list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            old.filter(pk__in=keys).delete()
        removed += len(keys)
    return removed
