"""The content of a member's item in words, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext

from consortia.enums import PartItem
from consortia.models import KeyTechnology, Milestone, Participation, ResearchTask
from portal.kernel.templatetags.ui import percent, wan

MONEY = frozenset({"cash", "in_kind", "budget_grant", "budget_own"})
SHARE = frozenset({"ip_share", "benefit_share"})
NOTHING = "—"
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One field with its value in words."""

    label: str
    value: str


@dataclass(frozen=True)
class Change:
    """One field before and now, in words; a dash where there is or was nothing."""

    label: str
    before: str
    after: str


def lines(item: PartItem, content: Content) -> list[Line]:
    """The content of one item."""
    if item != PartItem.WORK:
        return [Line(_label(Participation, name), said(Participation, name, content[name])) for name in content]
    tasks = [Line(_title(row), _task(row)) for row in content["tasks"]]
    return tasks + [Line(row["name"], _technology(row)) for row in content["technologies"]]


def changes(item: PartItem, before: Content, after: Content) -> list[Change]:
    """Field by field, what differs between two contents of one item."""
    if item != PartItem.WORK:
        return _fields(Participation, before, after)
    return [
        *_rows(before["tasks"], after["tasks"], _task_changes, _title, _task),
        *_rows(before["technologies"], after["technologies"], _technology_changes, _name, _technology),
    ]


def said(model: type[Model], name: str, value: Any) -> str:
    """One canonical value in the reader's language."""
    field: Any = model._meta.get_field(name)  # noqa: SLF001
    if name in MONEY:
        return gettext("%(amount)s ×10k yuan") % {"amount": wan(value)}
    if name in SHARE:
        return percent(value, 2)
    if getattr(field, "decimal_places", None):
        return f"{Decimal(value).normalize():f}"
    return str(dict(field.flatchoices).get(value, value)) or NOTHING


def _fields(model: type[Model], before: Content, after: Content, about: str = "") -> list[Change]:
    """The plain fields that differ; `about` stands before each label."""
    names = [name for name, value in after.items() if not isinstance(value, list) and name != "id"]
    return [
        Change(about + _label(model, name), said(model, name, before[name]), said(model, name, after[name]))
        for name in names
        if before.get(name) != after[name]
    ]


def _rows(before: list[Any], after: list[Any], compare: Any, title: Any, summary: Any) -> list[Change]:
    """Rows that came, went or changed, known by their `id`."""
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    came = [Change(title(row), NOTHING, summary(row)) for key, row in new.items() if key not in old]
    went = [Change(title(row), summary(row), NOTHING) for key, row in old.items() if key not in new]
    return [*went, *came, *(one for key in new if key in old for one in compare(old[key], new[key]))]


def _task_changes(before: Content, after: Content) -> list[Change]:
    steps = _rows(before["milestones"], after["milestones"], _step_changes, _name, _milestone)
    return _fields(ResearchTask, before, after, f"{_title(after)} · ") + steps


def _step_changes(before: Content, after: Content) -> list[Change]:
    return _fields(Milestone, before, after, f"{after['name']} · ")


def _technology_changes(before: Content, after: Content) -> list[Change]:
    return _fields(KeyTechnology, before, after, f"{after['name']} · ")


def _title(row: Content) -> str:
    return f"T{row['number']} {row['name']}"


def _name(row: Content) -> str:
    return str(row["name"])


def _task(row: Content) -> str:
    facts = {
        "start": row["start"], "end": row["end"], "grant": wan(row["budget_grant"]), "own": wan(row["budget_own"]),
        "steps": len(row["milestones"]),
    }  # fmt: skip
    text = gettext(
        "%(start)s to %(end)s; %(grant)s from the grant and %(own)s own funds (×10k yuan); milestones: %(steps)s"
    )
    return text % facts


def _milestone(row: Content) -> str:
    facts = {"metric": row["metric"], "target": said(Milestone, "target", row["target"]), "due": row["due"]}
    return gettext("%(metric)s: %(target)s, due %(due)s") % facts


def _technology(row: Content) -> str:
    facts = {
        "indicator": row["indicator"], "target": said(KeyTechnology, "target", row["target"]), "unit": row["unit"],
        "trl": row["trl_target"], "due": row["due"],
    }  # fmt: skip
    return gettext("%(indicator)s: %(target)s %(unit)s, TRL %(trl)s, due %(due)s") % facts


def _label(model: type[Model], name: str) -> str:
    text = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001
    return text[:1].upper() + text[1:]
