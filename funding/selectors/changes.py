"""What an applicant changed after a return: every difference between the snapshot before and the one now."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import Promise

from funding.models import Application
from funding.rules.freezing import ReadSection, read_frozen
from funding.rules.returns import part_of
from funding.rules.sections import BUDGET, SECTIONS
from funding.selectors.budgets import budget_words, in_wan
from funding.selectors.readings import PARTS
from funding.selectors.snapshots import changed_parts

Text = str | Promise
CLAUSE = re.compile(r"[^，。；：！？、,.;:!?\n]*[，。；：！？、,.;:!?\n]|[^，。；：！？、,.;:!?\n]+")
NAMES = ("name", "title", "label", "number")


@dataclass(frozen=True)
class Run:
    """A piece of a text: `kind` is same, del (stood there before) or ins (new)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """A row of a list that came, went or changed; `kind` is ins, del or same."""

    kind: str
    name: str


@dataclass(frozen=True)
class Change:
    """One part that differs; `expected` when it was returned for correction."""

    title: Text
    expected: bool
    runs: tuple[Run, ...] = ()
    rows: tuple[Row, ...] = ()


def changes(application: Application, reopened: Iterable[str]) -> list[Change]:
    """The parts that differ from the snapshot before; `reopened` are the parts that were returned."""
    before, now = application.previous_snapshot or {}, application.snapshot or {}
    if not before or not now:
        return []
    asked = set(reopened) or set(application.parts)
    was, is_ = _sections(before), _sections(now)
    codes = changed_parts(before, now)
    return [_designed(code, was, is_, asked) or _change(code, before, now, asked) for code in codes]


def _sections(snapshot: Mapping[str, Any]) -> dict[str, ReadSection]:
    return {one.code: one for one in read_frozen(snapshot.get("designed") or (), snapshot)}


Sections = Mapping[str, ReadSection]


def _designed(code: str, before: Sections, now: Sections, asked: set[str]) -> Change | None:
    """The change of a designed section, question by question; None for another part."""
    if code not in before and code not in now:
        return None
    was, is_ = (each[code].plain if code in each else "" for each in (before, now))
    title = (now.get(code) or before[code]).title
    return Change(str(title), code in asked, runs=tuple(runs(was, is_)))


def _change(code: str, before: Mapping[str, Any], now: Mapping[str, Any], asked: set[str]) -> Change:
    title, expected = PARTS.get(code, code), part_of(code) in asked
    if code == BUDGET.code:
        return Change(title, expected, rows=tuple(_budget_rows(before.get(code), now.get(code))))
    if code in SECTIONS:
        was, is_ = (_text(snapshot.get("application", {}), SECTIONS[code].fields) for snapshot in (before, now))
        return Change(title, expected, runs=tuple(runs(was, is_)))
    return Change(title, expected, rows=tuple(rows(_listed(before.get(code)), _listed(now.get(code)))))


def _budget_rows(was: Any, now: Any) -> Iterator[Row]:
    """The items by their words; one that changed says its sum before and now."""
    old, new = budget_words(was or ()), budget_words(now or ())
    for row in rows(old, new):
        sums = [in_wan(Decimal(side[row.name]["total"])) for side in (old, new) if row.name in side]
        yield Row(row.kind, f"{row.name}: {' → '.join(dict.fromkeys(sums))}")


def _text(form: Mapping[str, Any], names: Iterable[str]) -> str:
    return "\n".join(str(form.get(name, "")) for name in names)


def runs(was: str, now: str) -> Iterator[Run]:
    """A text against the one before, clause by clause."""
    old, new = CLAUSE.findall(was), CLAUSE.findall(now)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Run("same", "".join(old[a:b]))
            continue
        if a != b:
            yield Run("del", "".join(old[a:b]))
        if c != d:
            yield Run("ins", "".join(new[c:d]))


def _listed(part: Any) -> dict[str, Any]:
    """The rows of a part by the name that a reader knows them by, namesakes numbered; a single thing is one row."""
    many = part if isinstance(part, list) else [part] if part else []
    met: Counter[str] = Counter()
    named: dict[str, Any] = {}
    for row in many:
        name = _name(row)
        met[name] += 1
        named[name if met[name] == 1 else f"{name} ({met[name]})"] = row
    return named


def _name(row: Mapping[str, Any]) -> str:
    inner = row.get("organisation")
    named = inner if isinstance(inner, Mapping) else row
    return next((str(named[name]) for name in NAMES if named.get(name)), "")


def rows(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Row]:
    """Which rows came, went, or are not what they were."""
    yield from (Row("del", name) for name in was if name not in now)
    yield from (Row("ins", name) for name in now if name not in was)
    yield from (Row("same", name) for name in now if name in was and was[name] != now[name])
