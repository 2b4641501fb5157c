"""The registers of a consortium's year: one table of kinds, from which addresses, forms and pages are made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consortia.models import (
    AttractedEnterprise,
    Consortium,
    Contribution,
    Entry,
    Exchange,
    JointTraining,
    Obligation,
    Participation,
    PlatformMatch,
    Recognition,
    Risk,
    SharingRecord,
    SupplyLink,
    Talent,
)
from consortia.rules.registers import ContributionKind


@dataclass(frozen=True)
class Column:
    """A column of a register; `shape` is text, num, wan (yuan shown in 10,000) or day."""

    title: str | Promise
    value: Callable[[Any], Any]
    shape: str = "text"
    priority: str = ""

    @property
    def is_number(self) -> bool:
        """It stands on the right."""
        return self.shape in {"num", "wan"}

    @property
    def look(self) -> str:
        """The classes of its cells."""
        return {"num": "num", "wan": "num", "day": "nw"}.get(self.shape, "")


@dataclass(frozen=True)
class Register:
    """A kind of entry."""

    slug: str
    title: str | Promise
    adding: str | Promise
    nothing: str | Promise
    icon: str
    model: type[Entry]
    columns: tuple[Column, ...]
    related: tuple[str, ...] = ()

    @property
    def add_url(self) -> str:
        """The name of the address."""
        return f"consortia:{self.slug}-add"

    @property
    def update_url(self) -> str:
        """The name of the address."""
        return f"consortia:{self.slug}-update"

    @property
    def remove_url(self) -> str:
        """The name of the address."""
        return f"consortia:{self.slug}-remove"

    @property
    def proof_url(self) -> str:
        """The name of the address."""
        return f"consortia:{self.slug}-proof"

    @property
    def is_proven(self) -> bool:
        """Its entries may carry a file."""
        return hasattr(self.model, "proof")

    def blank(self, consortium: Consortium) -> Entry:
        """An entry that is still to be written, to ask a permission about."""
        return self.model(consortium=consortium)


def _people(row: Any) -> str:
    named = row.name if getattr(row, "name", "") else ""
    return named or ngettext("%(n)s person", "%(n)s people", row.headcount) % {"n": row.headcount}


def _period(row: Any) -> str:
    return f"{row.start:%Y-%m-%d} – {row.end:%Y-%m-%d}"


def _layers(row: Any) -> str:
    return f"{row.get_layer_display()} – {row.get_with_layer_display()}"


def _answer(row: Any) -> Any:
    """What the bureau said, and when."""
    return f"{timezone.localdate(row.answered_at)} · {row.answer}" if row.answered_at else "—"


def _obligation(row: Any) -> str:
    if row.is_overdue:
        return gettext("Overdue")
    day = f" {row.settled_on:%Y-%m-%d}" if row.settled_on else ""
    return f"{row.get_state_display()}{day}"


REGISTERS: tuple[Register, ...] = (
    Register(
        "talent", _("Talent and secondment"), _("Add talent"),
        _("Who works at another member, for how long and under which programme."), "users", Talent,
        (
            Column(_("Who"), _people),
            Column(_("Programme"), lambda row: row.get_programme_display(), priority="p2"),
            Column(_("Way of working"), lambda row: row.get_mode_display()),
            Column(_("From → to"), lambda row: f"{row.home} → {row.host}"),
            Column(_("Research task"), lambda row: row.task or "—", priority="p3"),
            Column(_("Person-months"), lambda row: row.person_months, "num"),
            Column(_("Period"), _period, "day", "p2"),
        ),
        ("home", "host", "task"),
    ),
    Register(
        "training", _("Joint training"), _("Add joint training"),
        _("Students and engineers whom two members train together."), "school", JointTraining,
        (
            Column(_("Degree"), lambda row: row.get_degree_display()),
            Column(_("People"), lambda row: row.headcount, "num"),
            Column(_("Training organisation"), lambda row: row.home),
            Column(_("Together with"), lambda row: row.partner, priority="p2"),
            Column(_("Period"), _period, "day"),
        ),
        ("home", "partner"),
    ),
    Register(
        "sharing", _("Shared resources"), _("Add sharing record"),
        _("Equipment, data and platforms that members let others use."), "arrows-exchange", SharingRecord,
        (
            Column(_("Resource"), lambda row: row.name),
            Column(_("Kind"), lambda row: row.get_resource_display(), priority="p2"),
            Column(_("Provider"), lambda row: row.provider),
            Column(_("User"), lambda row: row.used_by, priority="p2"),
            Column(_("Use"), lambda row: f"{row.quantity.normalize():f} {row.get_unit_display()}", "num"),
            Column(_("Charge (×10k yuan)"), lambda row: row.charge, "wan", "p3"),
            Column(_("Date"), lambda row: f"{row.date:%Y-%m-%d}", "day"),
        ),
        ("provider",),
    ),
    Register(
        "exchange", _("Working together"), _("Add exchange"),
        _("Meetings and other ways in which the layers of the consortium work together."), "message", Exchange,
        (
            Column(_("Topic"), lambda row: row.topic),
            Column(_("Way"), lambda row: row.get_kind_display()),
            Column(_("Layers"), _layers, priority="p2"),
            Column(_("Result"), lambda row: row.result or "—", priority="p3"),
            Column(_("Date"), lambda row: f"{row.date:%Y-%m-%d}", "day"),
        ),
    ),
    Register(
        "recognition", _("Recognitions"), _("Add recognition"),
        _("Pilots, reform tasks and titles of city, province or state."), "award", Recognition,
        (
            Column(_("Recognition"), lambda row: row.name),
            Column(_("Kind"), lambda row: row.get_kind_display(), priority="p2"),
            Column(_("Level"), lambda row: row.get_level_display()),
            Column(_("Batch"), lambda row: row.batch or "—", priority="p3"),
            Column(_("Document number"), lambda row: row.document_number, priority="p2"),
            Column(_("Date"), lambda row: f"{row.date:%Y-%m-%d}", "day"),
        ),
        ("proof",),
    ),
    Register(
        "contribution", _("Contributions that arrived"), _("Add contribution"),
        _("Money and things of value that members promised and that have arrived."), "cash", Contribution,
        (
            Column(_("Member"), lambda row: row.participation.organisation),
            Column(_("Kind"), lambda row: row.get_kind_display()),
            Column(_("What was contributed"), lambda row: row.note or "—", priority="p3"),
            Column(_("Amount (×10k yuan)"), lambda row: row.amount, "wan"),
            Column(_("Received on"), lambda row: f"{row.received_on:%Y-%m-%d}", "day"),
        ),
        ("participation__organisation", "proof"),
    ),
    Register(
        "supply", _("Supply chain"), _("Add supply link"),
        _("What members buy, from whom, and where only one supplier is left."), "route", SupplyLink,
        (
            Column(_("What is supplied"), lambda row: row.goods),
            Column(_("Supplier → customer"), lambda row: f"{row.supplied_by} → {row.customer}"),
            Column(_("Sources"), lambda row: row.get_sourcing_display()),
            Column(_("Made in China"), lambda row: _("Yes") if row.is_domestic else _("No"), priority="p2"),
            Column(_("What is done about it"), lambda row: row.answer or "—", priority="p3"),
        ),
        ("supplier", "customer"),
    ),
    Register(
        "attracted", _("Attracted enterprises"), _("Add attracted enterprise"),
        _("Enterprises that settled here because of the consortium."), "building-factory-2", AttractedEnterprise,
        (
            Column(_("Enterprise"), lambda row: row.name),
            Column(_("How it was attracted"), lambda row: row.get_way_display(), priority="p2"),
            Column(_("Chain position"), lambda row: row.get_chain_position_display(), priority="p3"),
            Column(_("Settled in"), lambda row: " · ".join(filter(None, (str(row.district), row.park)))),
            Column(_("Introduced by"), lambda row: row.introduced_by, priority="p3"),
            Column(_("Investment (×10k yuan)"), lambda row: row.investment, "wan"),
            Column(_("Settled on"), lambda row: f"{row.date:%Y-%m-%d}", "day", "p2"),
        ),
        ("introduced_by", "district"),
    ),
    Register(
        "match", _("Matching with high-level platforms"), _("Ask for a platform"),
        _("Platforms of city, province or state that the consortium wants to work with, and what came of it."),
        "link", PlatformMatch,
        (
            Column(_("Platform"), lambda row: row.platform),
            Column(_("Level"), lambda row: row.get_level_display(), priority="p3"),
            Column(_("What is needed from it"), lambda row: row.need, priority="p2"),
            Column(_("Key technology"), lambda row: row.technology or "—", priority="p3"),
            Column(_("Asked on"), lambda row: f"{row.date:%Y-%m-%d}", "day", "p2"),
            Column(_("Result"), lambda row: row.get_result_display()),
            Column(_("Record"), lambda row: row.record or "—", priority="p3"),
            Column(_("Answer of the bureau"), _answer),
        ),
        ("technology",),
    ),
    Register(
        "risk", _("Risks of the research tasks"), _("Add risk"),
        _("What may go wrong, how likely and how heavy, and what is done about it."), "alert-triangle", Risk,
        (
            Column(_("Risk"), lambda row: row.description),
            Column(_("Research task"), lambda row: row.task, priority="p2"),
            Column(_("Probability"), lambda row: row.get_probability_display()),
            Column(_("Impact"), lambda row: row.get_impact_display()),
            Column(_("Response"), lambda row: row.response, priority="p2"),
        ),
        ("task",),
    ),
    Register(
        "obligation", _("Obligations of the members"), _("Add obligation"),
        _("What each member is bound to by the agreement, until when, and whether it was done."), "checklist",
        Obligation,
        (
            Column(_("Member"), lambda row: row.member),
            Column(_("Obligation"), lambda row: row.duty),
            Column(_("Clause"), lambda row: row.get_clause_display(), priority="p3"),
            Column(_("Due on"), lambda row: f"{row.due:%Y-%m-%d}" if row.due else _("lasting"), "day", "p2"),
            Column(_("State"), _obligation),
            Column(_("Remark"), lambda row: row.remark or "—", priority="p3"),
        ),
        ("member", "proof"),
    ),
)  # fmt: skip
BY_SLUG = {register.slug: register for register in REGISTERS}
BY_MODEL = {register.model: register for register in REGISTERS}


@dataclass(frozen=True)
class Cell:
    """A value with the column it stands in."""

    column: Column
    value: Any


@dataclass
class Row:
    """An entry in words; the views add what the reader may do."""

    entry: Any
    cells: list[Cell]
    edits: set[str] = field(default_factory=set)

    @property
    def proof(self) -> Any:
        """The file, where there is one."""
        return getattr(self.entry, "proof", None)


@dataclass
class Book:
    """A register of one consortium with its entries."""

    register: Register
    rows: list[Row]
    may_add: bool = False
    pictures: list[str] = field(default_factory=list)


def books_of(consortium: Consortium) -> list[Book]:
    """Every register of the consortium; one query each."""
    return [Book(register, [_row(register, one) for one in _entries(register, consortium)]) for register in REGISTERS]


def _entries(register: Register, consortium: Consortium) -> list[Any]:
    rows = list(register.model.objects.filter(consortium=consortium).select_related(*register.related))
    for row in rows:
        row.consortium = consortium
    return rows


def _row(register: Register, entry: Any) -> Row:
    return Row(entry, [Cell(column, column.value(entry)) for column in register.columns])


# --- promises and arrivals ---------------------------------------------------------------------
@dataclass(frozen=True)
class Arrival:
    """What a member promised of both kinds and what has arrived of it, confirmed by the lead; in yuan."""

    participation: Participation
    cash: Decimal
    in_kind: Decimal

    @property
    def arrived(self) -> Decimal:
        """Both kinds."""
        return self.cash + self.in_kind

    @property
    def is_beyond(self) -> bool:
        """More has arrived of one kind than was promised."""
        return self.cash > self.participation.cash or self.in_kind > self.participation.in_kind


def arrivals(members: list[Participation]) -> list[Arrival]:
    """For each member what has arrived; one query."""
    confirmed = Contribution.objects.filter(participation__in=members, confirmed_at__isnull=False)
    sums = confirmed.order_by().values_list("participation", "kind").annotate(Sum("amount"))
    known = {(part, kind): total for part, kind, total in sums}
    zero = Decimal(0)
    return [
        Arrival(
            row,
            known.get((row.pk, ContributionKind.CASH), zero),
            known.get((row.pk, ContributionKind.IN_KIND), zero),
        )
        for row in members
    ]
