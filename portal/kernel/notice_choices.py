"""How a person wants to be told, kind by kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel import notifications
from portal.kernel.models import Channel, NoticeChoice, Notification
from portal.kernel.notifications import INSISTED, KINDS, Topic

UNKNOWN = _("There is no such kind of notice.")


@dataclass(frozen=True)
class Row:
    """One kind as the page offers it; with a `reason` it cannot be chosen."""

    kind: str
    label: str
    suggested: Channel
    chosen: Channel
    reason: str | Promise = ""

    @property
    def differs(self) -> bool:
        """Whether the person has chosen otherwise than is suggested."""
        return self.chosen != self.suggested


def offered(person: Any) -> list[tuple[Topic, list[Row]]]:
    """The kinds that a person of these roles may get, and those that it has got already; two queries."""
    own = dict(NoticeChoice.objects.filter(person=person).values_list("kind", "channel"))
    told = set(Notification.objects.filter(recipient=person).order_by().values_list("kind", flat=True).distinct())
    shown = []
    for topic, kinds in notifications.by_topic():
        meant = not topic.roles or not topic.roles.isdisjoint(person.roles)
        found = kinds if meant else [kind for kind in kinds if kind in told]
        if found:
            shown.append((topic, list(_rows(topic, found, own))))
    return shown


def _rows(topic: Topic, kinds: list[str], own: Mapping[str, str]) -> Iterable[Row]:
    for kind in kinds[:1] if topic.label else kinds:
        suggested = KINDS[kind].suggested
        reason = INSISTED.get(kind, "")
        chosen = suggested if reason else Channel(own.get(kind, suggested))
        label = str(topic.label) if topic.label else notifications.in_general(kind)
        yield Row(kind, label, suggested, chosen, reason)


@transaction.atomic
def choose_channels(*, person: Any, chosen: Mapping[str, str], at: datetime) -> None:
    """From now on tell this person so of these kinds; of others as before. Raises ValidationError by kind."""
    faults = {kind: fault for kind, channel in chosen.items() if (fault := _fault(kind, channel))}
    if faults:
        raise ValidationError(faults)
    get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    NoticeChoice.objects.filter(person=person, kind__in=chosen).delete()
    NoticeChoice.objects.bulk_create(
        NoticeChoice(person=person, kind=kind, channel=channel, created_at=at)
        for kind, channel in sorted(chosen.items())
        if channel != KINDS[kind].suggested
    )


def _fault(kind: str, channel: str) -> Any:
    if kind not in KINDS or channel not in Channel.values:
        return UNKNOWN
    return INSISTED.get(kind, "")
