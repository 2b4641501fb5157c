"""From notices to mails: at once for what is urgent or chosen so, once a day for the rest.

Each mail and the mark on its notices stand in one transaction, so a worker that dies loses nothing and doubles nothing.
"""

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from portal.kernel import mail_texts, notifications, outbox
from portal.kernel.models import Letter, MailText, Notification
from portal.kernel.models.notification import Mail

BATCH = 100
LISTED = 50  # notices named in a daily mail


# --- at once -----------------------------------------------------------------------------------
def mail_urgent_notices(*, at: datetime) -> int:
    """Put a mail of its own into the outbox for each notice that wants one; how many notices were looked at."""
    done = 0
    while count := _mail_some(at):
        done += count
    return done


@transaction.atomic
def _mail_some(at: datetime) -> int:
    waiting = Notification.objects.filter(mail=Mail.ONCE).select_related("recipient").order_by("created_at", "pk")
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    own = mail_texts.in_force({row.kind for row in rows})
    for row in rows:
        if row.recipient.is_active:
            _mail_one(row, own.get(row.kind), at)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail=Mail.DONE)
    return len(rows)


def _mail_one(row: Notification, own: MailText | None, at: datetime) -> None:
    person: Any = row.recipient
    with translation.override(person.language):
        values = {**notifications.facts_of(row), "notice": notifications.text(row), "person": person.name}
        values["link"] = mail_texts.address(reverse("notification-open", args=[row.pk]))
        text = mail_texts.compose(row.kind, person.language, values, own)
    outbox.post(
        kind=row.kind, to=person.email, subject=text.subject, body=text.body, language=person.language,
        key=f"notice:{row.pk}", at=at, recipient=person,
    )  # fmt: skip


# --- once a day --------------------------------------------------------------------------------
def mail_digests(*, at: datetime) -> int:
    """After the hour of the daily mail: one mail to each person for whom notices wait; how many mails.

    Told is what came before that hour and is not read yet; who has read everything gets no mail.
    """
    local = timezone.localtime(at)
    cut = timezone.make_aware(datetime.combine(local.date(), time(settings.DIGEST_HOUR)))
    if local < cut:
        return 0
    waiting = Notification.objects.filter(mail=Mail.DIGEST, created_at__lt=cut).order_by()
    people = get_user_model().objects.filter(pk__in=waiting.values("recipient"))
    own = mail_texts.in_force({mail_texts.DIGEST}).get(mail_texts.DIGEST)
    return sum(_mail_digest(person, cut, own, at) for person in people.iterator())


@transaction.atomic
def _mail_digest(person: Any, cut: datetime, own: MailText | None, at: datetime) -> bool:
    """Whether there was a mail. Nobody else makes one for this person meanwhile."""
    people = get_user_model().objects.select_for_update(no_key=True, skip_locked=True)
    locked: Any = people.filter(pk=person.pk).first()
    if locked is None or Letter.objects.filter(recipient=locked, digest_on=timezone.localdate(at)).exists():
        return False
    waiting = Notification.objects.filter(recipient=locked, mail=Mail.DIGEST, created_at__lt=cut)
    rows = list(waiting.select_for_update(of=("self",)).order_by("created_at", "pk"))
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail=Mail.DONE)
    unread = [row for row in rows if row.read_at is None]
    if not unread or not locked.is_active:
        return False
    _post_digest(locked, unread, own, at)
    return True


def _post_digest(person: Any, rows: list[Notification], own: MailText | None, at: datetime) -> None:
    day = timezone.localdate(at)
    with translation.override(person.language):
        values = {
            "person": person.name, "count": len(rows), "day": day.isoformat(), "notices": _listed(rows),
            "link": mail_texts.address(reverse("notifications")),
        }  # fmt: skip
        text = mail_texts.compose(mail_texts.DIGEST, person.language, values, own)
    outbox.post(
        kind=mail_texts.DIGEST, to=person.email, subject=text.subject, body=text.body, language=person.language,
        key=f"digest:{person.pk}:{day}", at=at, recipient=person, digest_on=day,
    )  # fmt: skip


def _listed(rows: list[Notification]) -> str:
    """A line and an address for each; of very many the newest."""
    lines = []
    for row in reversed(rows[-LISTED:]):
        link = mail_texts.address(reverse("notification-open", args=[row.pk]))
        lines.append(f"{timezone.localtime(row.created_at):%m-%d %H:%M}  {notifications.text(row)}\n{link}")
    return "\n\n".join(lines)
