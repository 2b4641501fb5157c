"""Notices to people: each app registers its kinds, the sentence is made in the reader's language.

In the portal a notice stands always. By mail it comes at once when its kind is urgent, else in the daily mail, unless
the person has chosen otherwise; kinds that are insisted on cannot be chosen.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel import placeholders
from portal.kernel.models.letter import Channel, NoticeChoice
from portal.kernel.models.notification import Mail, Notification

FACT = re.compile(r"%\((\w+)\)s")
DEADLINE = _("A deadline or a right of appeal runs from this notice.")
SAFETY = _("It protects accounts and records.")
RIGHTS = _("It changes what you may do in the portal.")
MAILED = {Channel.PORTAL: Mail.NONE, Channel.DIGEST: Mail.DIGEST, Channel.ONCE: Mail.ONCE}


@dataclass(frozen=True)
class Kind:
    """How notices of one kind read: a lazy sentence filled by %-formatting, and how loudly."""

    title: str | Promise
    urgent: bool = False

    @property
    def suggested(self) -> Channel:
        """How people are told who have not chosen."""
        return Channel.ONCE if self.urgent else Channel.DIGEST


@dataclass(frozen=True)
class Topic:
    """Kinds that are shown together; `roles` are those who get such notices (empty: everybody).

    With a `label` its kinds differ in a word only and are shown as one.
    """

    title: str | Promise
    prefixes: tuple[str, ...]
    roles: frozenset[str]
    label: str | Promise


KINDS: dict[str, Kind] = {}
TOPICS: list[Topic] = []
INSISTED: dict[str, str | Promise] = {}  # why a kind cannot be chosen
OTHER = Topic(_("Other notices"), (), frozenset(), "")
UNKNOWN = Kind(_("There is news for you."))


# The rooms say who is not to be told of what an address of the portal shows.
WITHHELD: list[Callable[[str], Collection[Any]]] = []


def register(kind: str, title: str | Promise, *, urgent: bool = False) -> None:
    """Declare a kind of notice; declared twice is a mistake."""
    if kind in KINDS:
        raise ValueError(f"{kind} is declared twice")
    KINDS[kind] = Kind(title, urgent)


def topic(title: str | Promise, *prefixes: str, roles: Iterable[str] = (), label: str | Promise = "") -> None:
    """Declare that the kinds which begin with one of the prefixes belong together; the longest prefix counts."""
    TOPICS.append(Topic(title, prefixes, frozenset(roles), label))


def insist(reason: str | Promise, *kinds: str) -> None:
    """These kinds are always mailed as suggested, for this reason."""
    INSISTED.update(dict.fromkeys(kinds, reason))


def topic_of(kind: str) -> Topic:
    """The topic with the longest prefix; OTHER when nobody has named the kind."""
    found = [(len(prefix), one) for one in TOPICS for prefix in one.prefixes if kind.startswith(prefix)]
    return max(found, key=lambda pair: pair[0])[1] if found else OTHER


# --- telling -----------------------------------------------------------------------------------
def notify(
    *, recipients: Iterable[Any], kind: str, params: dict[str, Any], url: str, at: datetime
) -> list[Notification]:
    """Tell each active recipient once, in the caller's transaction. `url` is a path of the portal.

    `params` is JSON; a lazy text in it is kept in every language, so that its reader reads the own one.
    """
    if kind not in KINDS:
        raise LookupError(f"nobody declared notices of kind {kind}")
    kept_from = {pk for withheld in WITHHELD for pk in withheld(url)}
    people = {person.pk: person for person in recipients if person.is_active and person.pk not in kept_from}
    said = {name: in_all_languages(value) for name, value in params.items()}
    chosen = _chosen(kind, people)
    suggested = KINDS[kind].suggested
    return Notification.objects.bulk_create(
        Notification(
            recipient=person, kind=kind, params=said, url=url, created_at=at, mail=MAILED[chosen.get(pk, suggested)]
        )
        for pk, person in people.items()
    )


def _chosen(kind: str, people: Mapping[Any, Any]) -> dict[Any, Channel]:
    """What those have chosen who differ from the suggestion."""
    if not people or kind in INSISTED:
        return {}
    rows = NoticeChoice.objects.filter(kind=kind, person__in=people).values_list("person", "channel")
    return {person: Channel(channel) for person, channel in rows}


def in_all_languages(value: Any) -> Any:
    """A lazy text by language, or once where all say the same; anything else as it is."""
    if not isinstance(value, Promise):
        return value
    spoken: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            spoken[language] = str(value)
    texts = set(spoken.values())
    return texts.pop() if len(texts) == 1 else spoken


# --- reading -----------------------------------------------------------------------------------
def text(notification: Notification) -> str:
    """The sentence in the reader's language; a plain one when its kind or a fact is not there any more."""
    try:
        sentence = str(KINDS[notification.kind].title)
        return f"{sentence % facts_of(notification)}"
    except (KeyError, TypeError, ValueError):
        return str(UNKNOWN.title)


def facts_of(notification: Notification) -> Any:
    """What fills its sentence, in the reader's language."""
    if not isinstance(notification.params, dict):
        return {}
    return {name: _spoken(value) for name, value in notification.params.items()}


def _spoken(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return value.get(translation.get_language() or "") or value.get(settings.LANGUAGE_CODE, "")


def facts_named(kind: str) -> list[str]:
    """The names of the facts in the sentence of a kind."""
    with translation.override("en"):
        return sorted(set(FACT.findall(str(KINDS[kind].title))))


def in_general(kind: str) -> str:
    """The sentence of a kind with words in the place of its facts."""
    return str(KINDS[kind].title) % {name: placeholders.word(name) for name in facts_named(kind)}


def by_topic() -> Iterator[tuple[Topic, list[str]]]:
    """Every topic with its kinds, in the order in which they were declared."""
    placed: dict[int, list[str]] = {}
    for kind in KINDS:
        placed.setdefault(id(topic_of(kind)), []).append(kind)
    return ((one, placed[id(one)]) for one in (*TOPICS, OTHER) if id(one) in placed)


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
