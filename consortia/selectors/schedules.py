"""The schedules of an agreement: taken from the data, frozen with a version, shown as tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consortia.enums import ChainPosition, ConsortiumForm, Layer, ParticipationRole
from consortia.models import Consortium
from consortia.selectors.facts import facts_of, present_members
from portal.kernel.templatetags.ui import percent, plain, wan

PROFILE = ("name", "code", "sub_field", "form", "decision_body", "secretariat", "chief_scientist", "entity")
MEMBER = (
    "id", "role", "layer", "chain_position", "duties", "cash", "in_kind", "person_months", "ip_share", "benefit_share",
)  # fmt: skip
TECHNOLOGY = ("name", "indicator", "unit", "baseline", "target", "due")
TASK = ("number", "name", "start", "end", "budget_grant", "budget_own")
MILESTONE = ("name", "metric", "target", "weight", "due")
NOTHING = "—"

Facts = dict[str, Any]
Row = tuple[str, ...]


def schedules_of(whole: Consortium) -> Facts:
    """What the consortium agrees on, as plain JSON values, of one that `load_whole` gave; progress is no part of it."""
    facts = facts_of(whole)
    return {
        "profile": _pick(facts["consortium"], PROFILE) | {"lead": facts["lead"]["name"]},
        "members": [
            _member(row, seat.organisation.code)
            for row, seat in zip(facts["members"], present_members(whole), strict=True)
        ],
        "background": [_background(row) for row in whole.background_ip.select_related("owner")],
        "technologies": [_pick(row, TECHNOLOGY) | {"owner": row["owner"]["name"]} for row in facts["technologies"]],
        "tasks": [_task(row) for row in facts["tasks"]],
    }


def _pick(row: Facts, names: Iterable[str]) -> Facts:
    return {name: row[name] for name in names}


def _member(row: Facts, code: str) -> Facts:
    return _pick(row, MEMBER) | {"name": row["organisation"]["name"], "uscc": code}


def _background(row: Any) -> Facts:
    return {"title": row.title, "number": row.number, "owner": row.owner.name, "terms": row.terms}


def _task(row: Facts) -> Facts:
    milestones = [_pick(one, MILESTONE) for one in row["milestones"]]
    technology = (row["technology"] or {}).get("name", "")
    return _pick(row, TASK) | {"lead": row["lead"]["name"], "technology": technology, "milestones": milestones}


# --- as tables ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Head:
    """A column: `width` in per cent, numbers to the right."""

    title: str
    width: int
    kind: str = "text"


@dataclass(frozen=True)
class ScheduleTable:
    """One schedule; `sums` is its last row, set apart."""

    key: str
    title: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    sums: tuple[Row, ...] = ()

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """The cells with the kind of their column."""
        return [self._cells(row) for row in self.rows]

    @property
    def sum_lines(self) -> list[list[tuple[str, str]]]:
        """The same for the sums."""
        return [self._cells(row) for row in self.sums]

    def _cells(self, row: Row) -> list[tuple[str, str]]:
        return [(head.kind, cell) for head, cell in zip(self.heads, row, strict=True)]


def tables(schedules: Facts) -> tuple[ScheduleTable, ...]:
    """Every schedule in the active language."""
    return tuple(make(schedules) for make in TABLES)


def _profile(schedules: Facts) -> ScheduleTable:
    row = schedules["profile"]
    entity = row["entity"] or {}
    pairs = [
        (_("Consortium"), row["name"]),
        (_("Consortium code"), row["code"]),
        (_("Lead organisation"), row["lead"]),
        (_("Sub-field"), _here(row["sub_field"])),
        (_("Form"), _label(ConsortiumForm, row["form"])),
        (_("Decision body"), row["decision_body"]),
        (_("Secretariat"), row["secretariat"]),
        (_("Chief scientist"), row["chief_scientist"]),
        (_("Company"), " ".join((entity.get("name", ""), entity.get("code", "")))),
        *((_("Share of %(name)s in the company") % one, percent(one["share"], 2)) for one in entity.get("shares", ())),
    ]
    filled = tuple((name, value) for name, value in pairs if value.strip())
    return ScheduleTable("profile", _("The consortium"), (Head(_("What"), 30), Head(_("Value"), 70)), filled)


def _members(schedules: Facts) -> ScheduleTable:
    heads = (
        Head(_("Member"), 22), Head(_("Credit code"), 26), Head(_("Role"), 20), Head(_("Duties"), 32)
    )  # fmt: skip
    rows = tuple((one["name"], one["uscc"] or NOTHING, _role(one), one["duties"]) for one in schedules["members"])
    return ScheduleTable("members", _("Members and their duties"), heads, rows)


def _role(one: Facts) -> str:
    words = (
        _label(ParticipationRole, one["role"]),
        _label(Layer, one["layer"]),
        _label(ChainPosition, one["chain_position"]),
    )
    return " · ".join(words)


def _money(schedules: Facts) -> ScheduleTable:
    heads = (
        Head(_("Member"), 40), Head(_("Cash (×10k yuan)"), 20, "num"), Head(_("In kind (×10k yuan)"), 20, "num"),
        Head(_("Person-months"), 20, "num"),
    )  # fmt: skip
    members = schedules["members"]
    rows = tuple((one["name"], wan(one["cash"]), wan(one["in_kind"]), str(one["person_months"])) for one in members)
    cash, in_kind, months = (_sum(members, name) for name in ("cash", "in_kind", "person_months"))
    return ScheduleTable(
        "money", _("Commitments of each member"), heads, rows, ((_("Sum"), wan(cash), wan(in_kind), f"{months:f}"),)
    )


def _shares(schedules: Facts) -> ScheduleTable:
    heads = (Head(_("Member"), 50), Head(_("IP share"), 25, "num"), Head(_("Benefit share"), 25, "num"))
    members = schedules["members"]
    rows = tuple((one["name"], percent(one["ip_share"], 2), percent(one["benefit_share"], 2)) for one in members)
    sums = (_("Sum"), *(percent(_sum(members, name), 2) for name in ("ip_share", "benefit_share")))
    return ScheduleTable("shares", _("Shares in foreground IP and benefits"), heads, rows, (sums,))


def _sum(rows: list[Facts], name: str) -> Decimal:
    return sum((Decimal(one[name]) for one in rows), Decimal(0))


def _brought(schedules: Facts) -> ScheduleTable:
    heads = (Head(_("Name"), 28), Head(_("Number"), 20), Head(_("Owner"), 20), Head(_("Licence terms"), 32))
    rows = tuple((one["title"], one["number"], one["owner"], one["terms"]) for one in schedules["background"])
    return ScheduleTable("background", _("Background intellectual property"), heads, rows)


def _technologies(schedules: Facts) -> ScheduleTable:
    heads = (Head(_("Technology"), 34), Head(_("Target"), 28), Head(_("Responsible"), 22), Head(_("Due"), 16, "day"))
    rows = tuple((one["name"], _target(one), one["owner"], one["due"] or NOTHING) for one in schedules["technologies"])
    return ScheduleTable("technologies", _("Key technologies"), heads, rows)


def _target(one: Facts) -> str:
    reach = f"{plain(Decimal(one['baseline']))} → {plain(Decimal(one['target']))}"
    return f"{one['indicator']} {reach} {one['unit']}".strip()


def _tasks(schedules: Facts) -> ScheduleTable:
    heads = (
        Head(_("No."), 7, "mid"), Head(_("Task"), 25), Head(_("Responsible"), 22), Head(_("Period"), 18),
        Head(_("Grant (×10k yuan)"), 14, "num"), Head(_("Own funds (×10k yuan)"), 14, "num"),
    )  # fmt: skip
    rows = tuple(
        (
            str(one["number"]), one["name"], one["lead"], f"{one['start']} – {one['end']}", wan(one["budget_grant"]),
            wan(one["budget_own"]),
        )
        for one in schedules["tasks"]
    )  # fmt: skip
    return ScheduleTable("tasks", _("Research tasks"), heads, rows)


def _milestones(schedules: Facts) -> ScheduleTable:
    heads = (Head(_("Task"), 28), Head(_("Milestone"), 28), Head(_("Indicator"), 28), Head(_("Due"), 16, "day"))
    rows = tuple(
        (task["name"], one["name"], f"{one['metric']} {plain(Decimal(one['target']))}", one["due"] or NOTHING)
        for task in schedules["tasks"]
        for one in task["milestones"]
    )
    return ScheduleTable("milestones", _("Milestones of the tasks"), heads, rows)


TABLES: tuple[Callable[[Facts], ScheduleTable], ...] = (
    _profile, _members, _money, _shares, _brought, _technologies, _tasks, _milestones,
)  # fmt: skip


def _here(row: Facts) -> str:
    name: str = row["zh" if (get_language() or "zh").startswith("zh") else "en"]
    return name


def _label(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


# --- what differs ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """A schedule that reads otherwise now: rows that stand in the old one only, and in the new one only."""

    table: ScheduleTable
    gone: tuple[Row, ...]
    new: tuple[Row, ...]


def differences(before: Facts, after: Facts) -> list[Difference]:
    """The schedules that differ, with the rows in which they do."""
    if before == after:
        return []
    pairs = zip(tables(before), tables(after), strict=True)
    found = (Difference(new, _without(old.rows, new.rows), _without(new.rows, old.rows)) for old, new in pairs)
    return [one for one in found if one.gone or one.new]


def _without(rows: tuple[Row, ...], others: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row not in others)
