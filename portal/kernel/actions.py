"""What an audited act is called: each room registers the words of its acts."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.audit import AuditEntry


class Action(TextChoices):
    """The acts of the foundation."""

    EXPORT = "export", _("Take export")
    BEGIN_EXPORT = "begin_export", _("Begin to take export")
    ABORT_EXPORT = "abort_export", _("Export broken off")
    REQUEST = "request", _("Send request")
    PURGE = "purge_audit", _("Archive old entries")
    RESTORE = "restore", _("Restore backup")
    ANCHOR = "anchor_anew", _("Begin anchors anew")
    UPDATE_MAIL_TEXT = "update_mail_text", _("Change the text of a mail")
    RESTORE_MAIL_TEXT = "restore_mail_text", _("Go back to the built-in text of a mail")
    REVEAL = "reveal", _("Reveal")
    RETRY_LETTER = "retry_letter", _("Send a mail again")


_words: dict[str, tuple[type[TextChoices], ...]] = {"kernel": (Action,)}
_money: set[str] = set()


def register_actions(room: str, *words: type[TextChoices], money: bool = False) -> None:
    """Say how the acts on the objects of `room` (an app label) are called; those about money are kept longer."""
    _words[room] = words
    if money:
        _money.add(room)


def money_rooms() -> list[str]:
    """The rooms whose acts are about money."""
    return sorted(_money)


def actions_of(rooms: Iterable[str]) -> dict[str, list[TextChoices]]:
    """The acts of those of the rooms that have registered any, in this order."""
    return {room: [act for words in _words[room] for act in words] for room in rooms if room in _words}


def action_label(entry: AuditEntry) -> str:
    """The act in the reader's language; its code when no room knows it."""
    acts = actions_of([room_of(entry)]).get(room_of(entry), [])
    return next((str(act.label) for act in acts if act.value == entry.action), entry.action)


def room_of(entry: AuditEntry) -> str:
    """The app label of what the act was on."""
    return entry.subject_type.partition(".")[0]
