"""The city's consortia seen from above: where they are, where none is, and who takes part in many."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from consortia.enums import ALIVE, IN_CHAIN, ChainPosition
from consortia.models import Consortium, Participation, SubField, SupplyLink
from consortia.rules.registers import Sourcing
from members.enums import OrganisationType, Ownership, SizeClass
from members.models import District, Organisation

MOST = 20  # rows of a table; the registry has the rest
SEVERAL = 2  # consortia that an organisation takes part in before the radar shows it
NAMED = 5  # consortia or sub-fields that are named in one row


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


def placed(found: Coverage) -> list[District]:
    """Every district with `published`, its consortia."""
    for district, total in zip(found.districts, found.totals, strict=True):
        district.published = total  # type: ignore[attr-defined]
    return list(found.districts)


@dataclass(frozen=True)
class Share:
    """So many of all."""

    count: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded to whole per cent; 0 of nothing."""
        return round(100 * self.count / self.total) if self.total else 0


def led_by_the_state(user: Any) -> Share:
    """Consortia that a state-owned enterprise leads, in one query."""
    owned = Q(lead__ownership=Ownership.STATE, lead__type=OrganisationType.ENTERPRISE)
    return Share(**_alive(user).order_by().aggregate(count=Count("pk", filter=owned), total=Count("pk")))


def small_members(user: Any) -> Share:
    """Small and micro enterprises among the organisations that take part, each counted once, in one query."""
    taking_part = Organisation.objects.filter(pk__in=_present(user).order_by().values("organisation"))
    small = Q(type=OrganisationType.ENTERPRISE, size_class__in=(SizeClass.SMALL, SizeClass.MICRO))
    return Share(**taking_part.order_by().aggregate(count=Count("pk", filter=small), total=Count("pk")))


@dataclass(frozen=True)
class Overlap:
    """An organisation in several living consortia, a few of which are named; `rivals` are fields that two share."""

    organisation: Organisation
    count: int
    consortia: tuple[Consortium, ...]
    rivals: tuple[SubField, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.consortia)


def overlaps(user: Any) -> list[Overlap]:
    """Organisations in most consortia first, at most twenty, each with a few of them, in four queries."""
    present = _present(user).order_by()
    several = present.values_list("organisation").annotate(n=Count("pk")).filter(n__gte=SEVERAL)
    counts: dict[UUID, int] = dict(several.order_by("-n", "organisation")[:MOST])
    organisations = Organisation.objects.in_bulk(list(counts))
    named, rivals = _named(present, counts), _rivals(present, counts)
    return [Overlap(organisations[pk], n, tuple(named[pk]), tuple(rivals[pk])) for pk, n in counts.items()]


def _named(present: QuerySet[Participation], organisations: Iterable[UUID]) -> dict[UUID, list[Consortium]]:
    """A few consortia of each."""
    few = [present.filter(organisation=one).order_by("consortium").values("pk")[:NAMED] for one in organisations]
    found: dict[UUID, list[Consortium]] = defaultdict(list)
    if few:
        rows = Participation.objects.filter(pk__in=few[0].union(*few[1:], all=True)).select_related("consortium")
        for row in rows.order_by("consortium__code"):
            found[row.organisation_id].append(row.consortium)
    return found


def _rivals(present: QuerySet[Participation], organisations: Iterable[UUID]) -> dict[UUID, list[SubField]]:
    """Sub-fields in which two consortia of the same organisation work."""
    shared = present.filter(organisation__in=list(organisations)).values_list("organisation", "consortium__sub_field")
    fields = SubField.objects.in_bulk()
    found: dict[UUID, list[SubField]] = defaultdict(list)
    for organisation, field, _n in shared.annotate(n=Count("pk")).filter(n__gte=SEVERAL).order_by("-n")[: MOST * NAMED]:
        if len(found[organisation]) < NAMED:
            found[organisation].append(fields[field])
    return found


@dataclass(frozen=True)
class ChainGap:
    """A living consortium and the places of the chain where nobody stands."""

    consortium: Consortium
    missing: tuple[ChainPosition, ...]


def chain_gaps(user: Any) -> list[ChainGap]:
    """Consortia with most gaps first, at most twenty; who has nobody on the chain comes before all others."""
    standing = Participation.objects.present().filter(chain_position__in=IN_CHAIN)
    alive = _alive(user)
    bare = alive.filter(~Exists(standing.filter(consortium=OuterRef("pk")))).order_by("code")[:MOST]
    keys = list(bare.values_list("pk", flat=True))
    if len(keys) < MOST:
        grouped = standing.filter(consortium__in=alive).order_by().values_list("consortium", "consortium__code")
        thin = grouped.annotate(n=Count("chain_position", distinct=True)).filter(n__lt=len(IN_CHAIN))
        keys += [pk for pk, _code, _n in thin.order_by("n", "consortium__code")[: MOST - len(keys)]]
    return _gaps(keys, standing)


def _gaps(keys: list[UUID], standing: QuerySet[Participation]) -> list[ChainGap]:
    held: dict[UUID, set[str]] = defaultdict(set)
    for pk, place in standing.filter(consortium__in=keys).values_list("consortium", "chain_position"):
        held[pk].add(place)
    rows = Consortium.objects.select_related("lead").in_bulk(keys)
    return [ChainGap(rows[pk], missing(held[pk])) for pk in keys]


def single_sources(user: Any) -> list[SupplyLink]:
    """Supplies of living consortia that hang on one supplier, at most twenty; those from abroad come first."""
    rows = SupplyLink.objects.filter(consortium__in=_alive(user), sourcing=Sourcing.SINGLE)
    rows = rows.select_related("consortium", "supplier", "customer")
    return list(rows.order_by("is_domestic", "consortium__code", "id")[:MOST])


def missing(held: Iterable[str]) -> tuple[ChainPosition, ...]:
    """The places of the chain that are not held."""
    standing = set(held)
    return tuple(place for place in IN_CHAIN if place not in standing)


def _alive(user: Any) -> QuerySet[Consortium]:
    return Consortium.objects.visible_to(user).filter(status__in=ALIVE)


def _present(user: Any) -> QuerySet[Participation]:
    return Participation.objects.present().filter(consortium__in=_alive(user))
