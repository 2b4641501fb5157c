"""The Seven Ones of a consortium by year: what the registers say, what is claimed, what is verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from consortia.enums import OutcomeKind, PlatformKind, Progress, SevenOnes
from consortia.models import Consortium, SevenOnesEvidence, SevenOnesItem, SevenOnesYear
from consortia.rules.sevenones import One, OneStatus, Proof
from consortia.selectors.overview import Overview
from members.enums import Group

SEEN = ("claimed", "narrative", "status", "claimed_at", "verified_at", "reason")


@dataclass(frozen=True)
class Link:
    """A piece of evidence; without an address where its entry is not in the register any more."""

    evidence: SevenOnesEvidence
    url: str


@dataclass
class YearlyOne:
    """One of the seven in a year. `row` may not be stored yet; the view adds what the reader may do."""

    one: One
    row: SevenOnesItem
    links: list[Link]
    acts: list[str] = field(default_factory=list)

    @property
    def proposed(self) -> Progress:
        """What the registers say: now in the year that runs, otherwise what they said when it was claimed."""
        return self.one.progress

    @property
    def stands(self) -> Progress | None:
        """What the bureau has verified."""
        return None if self.row.verified is None else Progress(self.row.verified)

    @property
    def status(self) -> OneStatus:
        """Where the claim stands."""
        return OneStatus(self.row.status)


@dataclass(frozen=True)
class Year:
    """The seven of one year."""

    year: int
    closed: bool
    ones: list[YearlyOne]

    def count(self, progress: Progress) -> int:
        """How many are verified at this progress."""
        return sum(one.stands == progress for one in self.ones)

    @property
    def built(self) -> int:
        """Verified as built."""
        return self.count(Progress.BUILT)

    @property
    def begun(self) -> int:
        """Verified as being built."""
        return self.count(Progress.IN_PROGRESS)

    @property
    def total(self) -> int:
        """Points for what is verified."""
        return 2 * self.built + self.begun

    @property
    def waiting(self) -> int:
        """Claims that nobody has judged."""
        return sum(one.status == OneStatus.CLAIMED for one in self.ones)


def years_of(view: Overview, *, language: str) -> list[Year]:
    """This year and every year of which something is recorded, the newest first; three queries."""
    whole, this_year = view.consortium, view.today.year
    rows = list(SevenOnesItem.objects.filter(consortium=whole).prefetch_related("evidence__attachment"))
    closed = set(SevenOnesYear.objects.values_list("year", flat=True))
    last = {this_year - 1} - closed if whole.recognised_on and whole.recognised_on.year < this_year else set()
    ones, urls = view.scorecard(language).ones, addresses(whole)
    return [
        Year(year, year in closed, [_yearly(view, one, year, rows, urls) for one in ones])
        for year in sorted({this_year, *last, *(row.year for row in rows)}, reverse=True)
    ]


def _yearly(view: Overview, one: One, year: int, rows: Iterable[SevenOnesItem], urls: Mapping[str, str]) -> YearlyOne:
    whole = view.consortium
    found = next((row for row in rows if (row.year, row.item) == (year, one.item)), None)
    row = found or SevenOnesItem(consortium=whole, year=year, item=one.item)
    row.consortium = whole
    if found and year < view.today.year:
        one = One(one.item, Progress(row.proposed), {})
    links = [Link(proof, urls.get(proof.key, "")) for proof in found.evidence.all()] if found else []
    return YearlyOne(one, row, links)


@dataclass(frozen=True)
class Course:
    """One item through the years."""

    label: str
    cells: list[YearlyOne]


def by_item(years: list[Year]) -> list[Course]:
    """The same with the years side by side."""
    return [Course(str(item.label), [year.ones[at] for year in years]) for at, item in enumerate(SevenOnes)]


def row_of(consortium: Consortium, year: int, item: SevenOnes) -> SevenOnesItem:
    """The stored row, or a new one that is not stored."""
    rows = SevenOnesItem.objects.filter(consortium=consortium, year=year, item=item)
    found = rows.first() or SevenOnesItem(year=year, item=item)
    found.consortium = consortium
    return found


# --- what may prove it -------------------------------------------------------------------------
def entries_for(whole: Consortium, item: SevenOnes) -> list[tuple[Proof, Model]]:
    """The entries of the registers that may prove this item; `whole` comes from `load_whole`."""
    members: list[Any] = whole.present_members  # type: ignore[attr-defined]
    offered: dict[SevenOnes, tuple[Proof, Iterable[Model]]] = {
        SevenOnes.TECHNOLOGIES: (Proof.TECHNOLOGY, whole.technologies.all()),
        SevenOnes.LEAD: (Proof.MEMBER, [row for row in members if row.organisation.group == Group.CHAIN]),
        SevenOnes.RESEARCH: (Proof.MEMBER, [row for row in members if row.organisation.group == Group.RESEARCH]),
        SevenOnes.INCUBATOR: (
            Proof.PLATFORM,
            [row for row in whole.platforms.all() if row.kind == PlatformKind.INCUBATOR],
        ),
        SevenOnes.FUND: (Proof.FUND, whole.funds.all()),
        SevenOnes.PRODUCTS: (
            Proof.OUTCOME,
            [row for row in whole.outcomes.all() if row.kind == OutcomeKind.PRODUCT],
        ),
    }
    kind, rows = offered.get(item, (Proof.FILE, ()))
    return [(kind, row) for row in rows]


def name_of(kind: Proof, entry: Any) -> str:
    """What a linked entry is called."""
    return str(entry.organisation.name if kind == Proof.MEMBER else entry)


def addresses(whole: Consortium) -> dict[str, str]:
    """Where each entry of the registers is shown, by its key."""
    found: dict[str, str] = {}
    for item in SevenOnes:
        for kind, entry in entries_for(whole, item):
            found[f"{kind}:{entry.pk}"] = _address(whole, kind, entry)
    return found


def _address(whole: Consortium, kind: Proof, entry: Any) -> str:
    if kind in {Proof.MEMBER, Proof.OUTCOME}:
        return str(entry.get_absolute_url())
    tab = "technologies" if kind == Proof.TECHNOLOGY else "outcomes"
    return reverse(f"consortia:consortium-{tab}", args=[whole.pk])


# --- the bureau and the public -----------------------------------------------------------------
def waiting_for(reader: Any, consortia: QuerySet[Consortium]) -> QuerySet[SevenOnesItem]:
    """Claims of these consortia that wait and that the reader did not make, the oldest first."""
    rows = SevenOnesItem.objects.waiting().filter(~Q(claimed_by=reader.pk), consortium__in=consortia)
    return rows.select_related("consortium__lead").order_by("claimed_at", "id")


def year_to_close(this_year: int) -> int | None:
    """The oldest year that is over, has items, and is not closed."""
    closed = SevenOnesYear.objects.values("year")
    rows = SevenOnesItem.objects.filter(year__lt=this_year).exclude(year__in=closed).order_by("year")
    return rows.values_list("year", flat=True).first()


def public_seven(pk: UUID) -> tuple[int, list[SevenOnesItem]] | None:
    """The newest year of which something is verified, with its verified items; nothing else is public."""
    rows = list(SevenOnesItem.objects.filter(consortium=pk).exclude(verified=None).order_by("-year"))
    if not rows:
        return None
    order = list(SevenOnes.values)
    newest = [row for row in rows if row.year == rows[0].year]
    return rows[0].year, sorted(newest, key=lambda row: order.index(row.item))
