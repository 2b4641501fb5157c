"""Notices to people: each app registers its kinds, the sentence is made in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.notification import Notification


@dataclass(frozen=True)
class Kind:
    """How notices of one kind read: a lazy sentence filled by %-formatting, and how loudly."""

    title: str | Promise
    urgent: bool = False


KINDS: dict[str, Kind] = {}
UNKNOWN = Kind(_("There is news for you."))


def register(kind: str, title: str | Promise, *, urgent: bool = False) -> None:
    """Declare a kind of notice; declared twice is a mistake."""
    if kind in KINDS:
        raise ValueError(f"{kind} is declared twice")
    KINDS[kind] = Kind(title, urgent)


def notify(
    *, recipients: Iterable[Any], kind: str, params: dict[str, Any], url: str, at: datetime
) -> list[Notification]:
    """Tell each active recipient once, in the caller's transaction. `params` is JSON, `url` a path of the portal."""
    if kind not in KINDS:
        raise LookupError(f"nobody declared notices of kind {kind}")
    people = {person.pk: person for person in recipients if person.is_active}.values()
    return Notification.objects.bulk_create(
        Notification(recipient=person, kind=kind, params=params, url=url, created_at=at) for person in people
    )


def text(notification: Notification) -> str:
    """The sentence in the reader's language; a plain one when its kind or a fact is not there any more."""
    try:
        sentence = str(KINDS[notification.kind].title)
        return f"{sentence % notification.params}"
    except (KeyError, TypeError, ValueError):
        return str(UNKNOWN.title)


def is_urgent(notification: Notification) -> bool:
    """Whether it should stand out."""
    return KINDS.get(notification.kind, UNKNOWN).urgent


def open_notification(*, notification: Notification, at: datetime) -> None:
    """Mark as read; the first time counts."""
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=at)


def read_all(*, reader: Any, at: datetime) -> int:
    """Mark all of the reader's notices as read; how many there were."""
    return Notification.objects.visible_to(reader).unread().update(read_at=at)


def unread_count(user: Any) -> int:
    """For the bell: exact up to 100, which is shown as 99+."""
    return Notification.objects.visible_to(user).unread().order_by()[:100].count()
