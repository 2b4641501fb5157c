"""The lists: all consortia for officials, one's own for organisations, the published ones for everybody."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from consortia.enums import ALIVE, ConsortiumStatus, DepartureStatus, ParticipationRole, ParticipationStatus
from consortia.models import (
    Agreement,
    AgreementSignature,
    Consortium,
    DepartureItem,
    KeyTechnology,
    Participation,
    ResearchTask,
)
from members.enums import GROUPS, Group, OrganisationType
from members.models import District, User


@dataclass(frozen=True)
class Mix:
    """How many present members there are of each kind; the lead counts for itself."""

    lead: int = 0
    univ: int = 0
    fund: int = 0
    chain: int = 0
    serv: int = 0

    @property
    def total(self) -> int:
        """All present members."""
        return sum(asdict(self).values())

    def plus(self, kind: str, count: int) -> "Mix":
        """The mix with more of one kind."""
        return replace(self, **{kind: getattr(self, kind) + count})


def mixes(consortia: Collection[Consortium]) -> dict[UUID, Mix]:
    """The make-up of each of the consortia, in one query."""
    counted = (
        Participation.objects.present()
        .filter(consortium__in=[one.pk for one in consortia])
        .order_by()
        .values_list("consortium_id", "role", "organisation__type")
        .annotate(n=Count("pk"))
    )
    found = {one.pk: Mix() for one in consortia}
    for consortium, role, kind, count in counted:
        found[consortium] = found[consortium].plus(kind_of(role, kind), count)
    return found


def kind_of(role: str, organisation_type: str) -> str:
    """The colour of a member: the lead, or the group of its organisation."""
    if role == ParticipationRole.LEAD:
        return "lead"
    return GROUPS.get(OrganisationType(organisation_type), Group.SERVICE).value


def with_mixes(rows: list[Consortium]) -> list[Consortium]:
    """The rows of a page, each with its `mix`."""
    found = mixes(rows)
    for row in rows:
        row.mix = found[row.pk]  # type: ignore[attr-defined]
    return rows


def for_list(rows: QuerySet[Consortium]) -> QuerySet[Consortium]:
    """What a list row shows, without the long texts."""
    return rows.select_related("lead", "sub_field", "district").defer("mission", "governance", "alignment", "exit_plan")


@dataclass(frozen=True)
class OwnRow:
    """One's own part in a consortium and what is waiting: a confirmation, a signature, for the lead the preparation."""

    participation: Participation
    consortium: Consortium
    must_confirm: bool
    must_take_over: bool
    must_sign: int | None  # the version
    prepares: bool
    unconfirmed: int
    lacks_agreement: bool
    lacks_technologies: bool
    lacks_tasks: bool


def own_participations(user: User) -> list[OwnRow]:
    """Present participations of the user's organisations with what each still has to do, in one query."""
    return [_own(row) for row in _own_rows(user)]


def _own(row: Any) -> OwnRow:
    alive = row.consortium.status in ALIVE
    prepares = row.role == ParticipationRole.LEAD and row.consortium.status == ConsortiumStatus.PREPARING
    return OwnRow(
        row, row.consortium, must_confirm=alive and row.status == ParticipationStatus.INVITED,
        must_take_over=alive and row.takes_over,
        must_sign=row.newest if alive and not row.signed else None, prepares=prepares,
        unconfirmed=(row.unconfirmed or 0) if prepares else 0, lacks_agreement=prepares and not row.newest,
        lacks_technologies=prepares and not row.technologies, lacks_tasks=prepares and not row.tasks,
    )  # fmt: skip


def _own_rows(user: User) -> QuerySet[Participation]:
    newest = Agreement.objects.laid_down().filter(consortium=OuterRef("consortium")).order_by("-version")
    signature = AgreementSignature.objects.filter(participation=OuterRef("pk"), agreement=OuterRef("newest_id"))
    others = Participation.objects.filter(consortium=OuterRef("consortium"), status=ParticipationStatus.INVITED)
    asked = DepartureItem.objects.filter(
        departure__participation__consortium=OuterRef("consortium"), departure__status=DepartureStatus.OPEN,
        taker=OuterRef("organisation"), consented_at=None,
    )  # fmt: skip
    return (
        Participation.objects.present()
        .filter(organisation__in=user.organisation_ids)
        .select_related("consortium__lead", "consortium__sub_field", "consortium__district", "organisation")
        .annotate(newest_id=Subquery(newest.values("pk")[:1]), newest=Subquery(newest.values("version")[:1]))
        .annotate(
            signed=Exists(signature),
            takes_over=Exists(asked),
            unconfirmed=_count(others),
            technologies=_count(KeyTechnology.objects.filter(consortium=OuterRef("consortium"))),
            tasks=_count(ResearchTask.objects.filter(consortium=OuterRef("consortium"))),
        )
        .order_by("-consortium__created_at", "role")
    )


def _count(rows: QuerySet[Participation] | QuerySet[KeyTechnology] | QuerySet[ResearchTask]) -> Subquery:
    """Rows of a correlated subquery."""
    return Subquery(rows.order_by().values("consortium").annotate(n=Count("pk")).values("n"))


def published_by_district() -> list[District]:
    """Every district with `published`, the number of its published consortia."""
    counts = dict(Consortium.objects.published().order_by().values_list("district").annotate(n=Count("pk")))
    districts = list(District.objects.all())
    for district in districts:
        district.published = counts.get(district.pk, 0)  # type: ignore[attr-defined]
    return districts
