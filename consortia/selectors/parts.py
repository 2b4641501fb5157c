"""A member's part, item by item: what it says now, and what of it the member has confirmed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Model, Prefetch

from consortia.enums import PartItem, Standing
from consortia.models import Consortium, ItemConfirmation, KeyTechnology, Milestone, Participation, ResearchTask
from consortia.selectors.changes import Change, Line, changes, lines
from portal.kernel.audit import sha256

Content = dict[str, Any]

FIELDS: dict[PartItem, tuple[str, ...]] = {
    PartItem.DUTIES: ("role", "layer", "chain_position", "duties"),
    PartItem.COMMITMENTS: ("cash", "in_kind", "person_months"),
    PartItem.SHARES: ("ip_share", "benefit_share"),
}
# What a member answers for: the plan. How far the work has come is recorded without asking it again.
TASK = ("number", "name", "start", "end", "budget_grant", "budget_own")
MILESTONE = ("name", "metric", "target", "weight", "due")
TECHNOLOGY = (
    "name", "problem_class", "indicator", "unit", "baseline", "target", "trl_start", "trl_target", "due",
)  # fmt: skip


@dataclass(frozen=True)
class ItemState:
    """One item as it reads now, with its newest confirmation."""

    item: PartItem
    content: Content
    newest: ItemConfirmation | None

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of the present content."""
        return sha256(self.content)

    @cached_property
    def standing(self) -> Standing:
        """Confirmed if and only if the newest confirmation was given to exactly this content."""
        if self.newest is None:
            return Standing.NEVER
        return Standing.CONFIRMED if self.newest.sha256 == self.sha256 else Standing.LAPSED

    @property
    def is_confirmed(self) -> bool:
        """Nothing is to be done about it."""
        return self.standing == Standing.CONFIRMED

    @property
    def token(self) -> str:
        """What a form sends back to say which content was read."""
        return f"{self.item.value}:{self.sha256}"

    @cached_property
    def lines(self) -> list[Line]:
        """The present content in words."""
        return lines(self.item, self.content)

    @cached_property
    def changes(self) -> list[Change]:
        """Field by field, what differs from what was confirmed last; empty when it never was."""
        return changes(self.item, self.newest.content, self.content) if self.newest else []


@dataclass(frozen=True)
class PartState:
    """All items of one member."""

    participation: Participation
    items: tuple[ItemState, ...]

    @property
    def open(self) -> tuple[ItemState, ...]:
        """What the member has not confirmed as it reads now."""
        return tuple(state for state in self.items if not state.is_confirmed)

    @property
    def done(self) -> int:
        """How many items are confirmed."""
        return len(self.items) - len(self.open)

    def item(self, item: PartItem) -> ItemState:
        """The state of one item."""
        return next(state for state in self.items if state.item == item)


def part_contents(member: Participation, work: Content) -> dict[PartItem, Content]:
    """The canonical content of each item: amounts as text, dates in ISO 8601, enums their values."""
    own = {item: _plain(member, names) for item, names in FIELDS.items()}
    return own | {PartItem.WORK: work}


def work_content(organisation: Any, tasks: Iterable[ResearchTask], technologies: Iterable[KeyTechnology]) -> Content:
    """The tasks that the organisation leads, with milestones (prefetched), and the technologies that it owns."""
    return {
        "tasks": [task_content(row) for row in tasks if row.lead_id == organisation],
        "technologies": [technology_content(row) for row in technologies if row.owner_id == organisation],
    }


def task_content(task: ResearchTask) -> Content:
    """A task as its leader confirms it."""
    steps = sorted(task.milestones.all(), key=lambda row: (row.due, str(row.pk)))
    return {"id": str(task.pk), **_plain(task, TASK), "milestones": [_milestone(row) for row in steps]}


def technology_content(technology: KeyTechnology) -> Content:
    """A technology as its owner confirms it."""
    return {"id": str(technology.pk), **_plain(technology, TECHNOLOGY)}


def states_of(
    members: Iterable[Participation], tasks: Collection[ResearchTask], technologies: Collection[KeyTechnology]
) -> list[PartState]:
    """The parts of members that carry their `newest_confirmations`, without a query."""
    return [_state(row, work_content(row.organisation_id, tasks, technologies)) for row in members]


def part_states(consortium: Consortium, members: Iterable[Participation] | None = None) -> list[PartState]:
    """The parts of the members (all present ones unless told otherwise), in five queries."""
    rows = Participation.objects.filter(consortium=consortium).select_related("organisation", "consortium__lead")
    chosen = rows.present() if members is None else rows.filter(pk__in=[row.pk for row in members])
    found = list(chosen.prefetch_related(newest_confirmations()).order_by("role", "created_at", "id"))
    tasks = consortium.tasks.prefetch_related("milestones").order_by("number")
    return states_of(found, list(tasks), list(consortium.technologies.order_by("created_at", "id")))


def part_state(member: Participation) -> PartState:
    """The part of one member, whatever became of it."""
    return part_states(member.consortium, [member])[0]


def newest_confirmations() -> Prefetch[Any]:
    """Gives each participation the newest confirmation of each item."""
    order = ("participation_id", "item", "-confirmed_at", "-created_at", "-id")
    rows = ItemConfirmation.objects.select_related("confirmed_by").order_by(*order)
    return Prefetch("confirmations", rows.distinct("participation_id", "item"), to_attr="newest_confirmations")


def _state(member: Participation, work: Content) -> PartState:
    newest = {row.item: row for row in member.newest_confirmations}  # type: ignore[attr-defined]
    contents = part_contents(member, work)
    return PartState(member, tuple(ItemState(item, contents[item], newest.get(item)) for item in PartItem))


def _milestone(row: Milestone) -> Content:
    return {"id": str(row.pk), **_plain(row, MILESTONE)}


def _plain(row: Model, names: tuple[str, ...]) -> Content:
    return {name: _value(row, name) for name in names}


def _value(row: Model, name: str) -> Any:
    value = getattr(row, name)
    places = getattr(row._meta.get_field(name), "decimal_places", None)  # noqa: SLF001
    if places is not None:
        return f"{Decimal(value):.{places}f}"
    return value.isoformat() if isinstance(value, date) else value
