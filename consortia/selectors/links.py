"""Links between consortia: whom one may be linked with, one's own, those of the city."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from consortia.enums import AT_WORK
from consortia.models import Consortium, ConsortiumLink
from portal.kernel.search import matching

FOUND = 20
SHOWN = 12  # links of a table and its diagram


def linkable(consortium: Consortium) -> QuerySet[Consortium]:
    """Published consortia at work, without this one: what anybody may read in the directory."""
    return Consortium.objects.published().filter(status__in=AT_WORK).exclude(pk=consortium.pk)


def partners(consortium: Consortium, words: str) -> QuerySet[Consortium]:
    """Those whose name, number or lead contains every word."""
    rows = linkable(consortium).select_related("lead", "sub_field", "district").order_by("code")
    return matching(rows, words)[:FOUND]


@dataclass(frozen=True)
class Seen:
    """A link from one side."""

    link: ConsortiumLink
    other: Consortium

    @property
    def was_asked(self) -> bool:
        """Whether the other side proposed it."""
        return self.link.proposer_id == self.other.pk


def links_of(consortium: Consortium) -> list[Seen]:
    """All links of a consortium, the newest first, in one query."""
    return [Seen(link, link.seen_from({consortium.pk})[1]) for link in ConsortiumLink.objects.of(consortium)]


def own_side(link: ConsortiumLink, user: Any) -> tuple[Consortium, Consortium]:
    """The side that the reader sees, then the other; whoever sees both stands with the one that proposed."""
    pair = Q(pk__in=[link.proposer_id, link.partner_id])
    return link.seen_from(set(Consortium.objects.visible_to(user).filter(pair).values_list("pk", flat=True)))


def standing_links(user: Any) -> list[ConsortiumLink]:
    """Links in force of which the reader sees a side, the newest first, at most twelve."""
    rows = ConsortiumLink.objects.visible_to(user).standing()
    return list(rows.select_related("proposer__sub_field", "partner__sub_field")[:SHOWN])
