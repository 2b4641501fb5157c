"""Who may answer a demand, and what a reader may read of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from consortia.enums import JOINED
from consortia.models import Consortium, Demand, DemandAnswer, Participation
from members.enums import OrganisationType, Role
from members.models import Organisation

WRITING = frozenset({Role.APPLICANT, Role.CONFIRMER})


def writing_places(user: Any) -> set[UUID]:
    """The organisations for which the user writes or confirms."""
    return {place for role, place, _district in user.grants if role in WRITING and place}


def joined_places(user: Any, consortium: Consortium) -> set[UUID]:
    """Those of them that are members of the consortium."""
    parts = Participation.objects.filter(
        consortium=consortium, status__in=JOINED, organisation__in=writing_places(user)
    )
    return set(parts.values_list("organisation", flat=True))


def posing_places(user: Any, consortium: Consortium) -> set[UUID]:
    """The enterprises among these: they pose the questions."""
    rows = Organisation.objects.filter(pk__in=joined_places(user, consortium), type=OrganisationType.ENTERPRISE)
    return set(rows.values_list("pk", flat=True))


def answering_places(user: Any, demand: Demand) -> set[UUID]:
    """The organisations for which the user may answer: members of the consortium, or of any if it is published."""
    parts = Participation.objects.filter(organisation__in=writing_places(user), status__in=JOINED)
    if not demand.published:
        parts = parts.filter(consortium=demand.consortium_id)
    return set(parts.exclude(organisation=demand.poser_id).values_list("organisation", flat=True))


@dataclass(frozen=True)
class DemandPage:
    """A demand as one reader sees it: whole inside its consortium, elsewhere what the poser has marked."""

    demand: Demand
    inside: bool
    answers: list[DemandAnswer]

    @property
    def title(self) -> str:
        """The title, or the beginning of what is published."""
        return self.demand.title if self.inside else self.demand.brief

    @property
    def words(self) -> str:
        """What to search answers by."""
        return f"{self.demand.title} {self.demand.question}" if self.inside else self.demand.brief

    @property
    def poser(self) -> Organisation | None:
        """Who asks, if the reader may know."""
        return self.demand.poser if self.inside or self.demand.named else None


def demand_page(demand: Demand, reader: Any) -> DemandPage:
    """The demand with the answers that the reader may see."""
    inside = Consortium.objects.visible_to(reader).filter(pk=demand.consortium_id).exists()
    answers = DemandAnswer.objects.visible_to(reader).filter(demand=demand).select_related("organisation")
    return DemandPage(demand, inside, list(answers))


def demands_of(consortium: Consortium) -> QuerySet[Demand]:
    """The demands posed inside a consortium with `answer_count`, the newest first."""
    rows = consortium.demands.select_related("poser", "matched__organisation").annotate(answer_count=Count("answers"))
    return rows.order_by("-created_at", "-id")
