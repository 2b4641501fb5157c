"""What an audited act is called: each room registers the words of its acts."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.audit import AuditEntry


class Action(TextChoices):
    """The acts of the foundation."""

    EXPORT = "export", _("Take export")


_words: dict[str, type[TextChoices]] = {"kernel": Action}


def register_actions(room: str, words: type[TextChoices]) -> None:
    """Say how the acts on the objects of `room` (an app label) are called."""
    _words[room] = words


def actions_of(rooms: Iterable[str]) -> dict[str, type[TextChoices]]:
    """The acts of those of the rooms that have registered any, in this order."""
    return {room: _words[room] for room in rooms if room in _words}


def action_label(entry: AuditEntry) -> str:
    """The act in the reader's language; its code when no room knows it."""
    words = _words.get(room_of(entry))
    if words is None or entry.action not in words.values:
        return entry.action
    return str(words(entry.action).label)


def room_of(entry: AuditEntry) -> str:
    """The app label of what the act was on."""
    return entry.subject_type.partition(".")[0]
