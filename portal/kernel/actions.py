"""What an audited act is called: each room registers the words of its acts."""

from django.db.models import TextChoices

from portal.kernel.models.audit import AuditEntry

_words: dict[str, type[TextChoices]] = {}


def register_actions(room: str, words: type[TextChoices]) -> None:
    """Say how the acts on the objects of `room` (an app label) are called."""
    _words[room] = words


def action_label(entry: AuditEntry) -> str:
    """The act in the reader's language; its code when no room knows it."""
    words = _words.get(entry.subject_type.partition(".")[0])
    if words is None or entry.action not in words.values:
        return entry.action
    return str(words(entry.action).label)
