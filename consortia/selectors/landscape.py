"""The city's consortia seen from above: where they are, where none is, and who takes part in many."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from consortia.enums import ALIVE, PRESENT, ChainPosition
from consortia.models import Consortium, Participation, SubField
from members.models import District, Organisation

MOST = 20  # rows of a table; the registry has the rest
SEVERAL = 2  # consortia that an organisation takes part in before the radar shows it
CHAIN = (
    ChainPosition.UPSTREAM, ChainPosition.MIDSTREAM, ChainPosition.DOWNSTREAM, ChainPosition.RESEARCH,
    ChainPosition.CAPITAL,
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One sub-field in one district; `shade` runs from 0, nothing, to 5, the most."""

    district: District
    count: int
    shade: int


@dataclass(frozen=True)
class Row:
    """A sub-field in all districts."""

    sub_field: SubField
    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        """Its consortia in the whole city."""
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True)
class Coverage:
    """Every sub-field in every district, the empty cells too."""

    districts: tuple[District, ...]
    rows: tuple[Row, ...]

    @property
    def totals(self) -> list[int]:
        """By district."""
        return [sum(row.cells[n].count for row in self.rows) for n in range(len(self.districts))]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(row.total for row in self.rows)

    @property
    def uncovered(self) -> list[SubField]:
        """Sub-fields without any consortium."""
        return [row.sub_field for row in self.rows if not row.total]

    @property
    def empty_cells(self) -> int:
        """Places where nothing is."""
        return sum(not cell.count for row in self.rows for cell in row.cells)


def coverage(user: Any) -> Coverage:
    """The consortia that are alive and visible to the reader, in three queries."""
    counted = _alive(user).order_by().values_list("sub_field", "district").annotate(n=Count("pk"))
    found = {(sub_field, district): n for sub_field, district, n in counted}
    highest = max(found.values(), default=0)
    districts = tuple(District.objects.all())
    rows = [
        Row(one, tuple(_cell(found.get((one.pk, district.pk), 0), district, highest) for district in districts))
        for one in SubField.objects.all()
    ]
    return Coverage(districts, tuple(rows))


def _cell(count: int, district: District, highest: int) -> Cell:
    return Cell(district, count, -(-5 * count // highest) if highest else 0)


def alive_by_district(user: Any) -> list[District]:
    """Every district with `published`, the number of living consortia that the reader may see."""
    counted = _alive(user).filter(district=OuterRef("pk")).order_by().values("district").annotate(n=Count("pk"))
    return list(District.objects.annotate(published=Coalesce(Subquery(counted.values("n")), 0)))


@dataclass(frozen=True)
class Overlap:
    """An organisation in several living consortia; `rivals` are sub-fields that two of them share."""

    organisation: Organisation
    consortia: tuple[Consortium, ...]
    rivals: tuple[SubField, ...]


def overlaps(user: Any) -> list[Overlap]:
    """Organisations in most consortia first, at most twenty, in three queries."""
    present = _present(user)
    several = present.order_by().values("organisation").annotate(n=Count("pk")).filter(n__gte=SEVERAL)
    busiest = [one["organisation"] for one in several.order_by("-n", "organisation")[:MOST]]
    rows = present.filter(organisation__in=busiest).select_related("organisation", "consortium__sub_field")
    by_organisation: dict[UUID, list[Participation]] = {pk: [] for pk in busiest}
    for row in rows.order_by("consortium__code"):
        by_organisation[row.organisation_id].append(row)
    return [_overlap(parts) for parts in by_organisation.values() if parts]


def _overlap(parts: list[Participation]) -> Overlap:
    consortia = tuple(part.consortium for part in parts)
    fields = Counter(one.sub_field for one in consortia)
    return Overlap(parts[0].organisation, consortia, tuple(one for one, n in fields.items() if n >= SEVERAL))


@dataclass(frozen=True)
class ChainGap:
    """A living consortium and the places of the chain where nobody stands."""

    consortium: Consortium
    missing: tuple[ChainPosition, ...]


def chain_gaps(user: Any) -> list[ChainGap]:
    """Consortia with most gaps first, at most twenty, in one query."""
    standing = Q(participations__status__in=PRESENT, participations__chain_position__in=CHAIN)
    rows: QuerySet[Any] = _alive(user).annotate(
        places=Count("participations__chain_position", filter=standing, distinct=True),
        held=ArrayAgg("participations__chain_position", filter=standing, distinct=True, default=Value([])),
    )
    thin = rows.filter(places__lt=len(CHAIN)).select_related("lead").order_by("places", "code")[:MOST]
    return [ChainGap(row, missing(row.held)) for row in thin]


def missing(held: Iterable[str]) -> tuple[ChainPosition, ...]:
    """The places of the chain that are not held."""
    standing = set(held)
    return tuple(place for place in CHAIN if place not in standing)


def _alive(user: Any) -> QuerySet[Consortium]:
    return Consortium.objects.visible_to(user).filter(status__in=ALIVE)


def _present(user: Any) -> QuerySet[Participation]:
    return Participation.objects.present().filter(consortium__in=_alive(user))
