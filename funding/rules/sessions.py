"""Sessions of experts and applicants: in which order cases come, who is out of the room when, which visits are due.

The order keeps together the cases for which the same person has to leave, so that everybody is out of the room once
and for as short as possible. Where that leaves a choice, the draw key decides: SHA-256 of the day of the session and
the number of the application. Everybody who knows the two can repeat it.
"""

import hashlib
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, permutations
from typing import Any

from django.utils.translation import get_language

from funding.rules.defaults import SESSIONS

Person = Hashable
EXACT = 6  # up to so many different sets of leavers every order is tried
ROUNDS = 20


@dataclass(frozen=True)
class Item:
    """A case to be heard, and who has to leave for it."""

    number: str
    leavers: frozenset[Person]


def draw_key(day: date, number: str) -> str:
    """What decides between two orders that are as good."""
    return hashlib.sha256(f"{day.isoformat()}|{number}".encode()).hexdigest()


def arranged(items: Iterable[Item], day: date) -> list[Item]:
    """The order of the cases."""
    keyed = sorted(items, key=lambda one: draw_key(day, one.number))
    groups: dict[frozenset[Person], list[Item]] = {}
    for one in keyed:
        groups.setdefault(one.leavers, []).append(one)
    rows = list(groups.values())
    best = _best(rows) if len(rows) <= EXACT else _good(rows)
    return [one for row in best for one in row]


def _best(rows: Sequence[list[Item]]) -> Sequence[list[Item]]:
    """Of all orders the first that costs least; they come in the order of the keys."""
    return min(permutations(rows), key=away)


def _good(rows: Sequence[list[Item]]) -> Sequence[list[Item]]:
    """Each group put where it costs least, until no move helps."""
    found: list[list[Item]] = []
    for row in rows:
        found = _inserted(found, row)
    for _round in range(ROUNDS):
        before = away(found)
        for row in rows:
            found = min(found, _inserted([one for one in found if one is not row], row), key=away)
        if away(found) == before:
            break
    return found


def _inserted(rows: list[list[Item]], row: list[Item]) -> list[list[Item]]:
    return min(([*rows[:place], row, *rows[place:]] for place in range(len(rows) + 1)), key=away)


def away(rows: Sequence[Sequence[Item]]) -> int:
    """For how many cases people are out of the room in all, from the first that concerns them to the last."""
    return sum(last - first + 1 for first, last in spans([one for row in rows for one in row]).values())


def spans(order: Sequence[Item]) -> dict[Person, tuple[int, int]]:
    """The first and the last case for which each is out of the room."""
    found: dict[Person, tuple[int, int]] = {}
    for place, one in enumerate(order):
        for person in one.leavers:
            found[person] = (found.get(person, (place, place))[0], place)
    return found


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring places as (first, last)."""
    pairs = groupby(enumerate(sorted(places)), key=lambda pair: pair[1] - pair[0])
    grouped = [[place for _n, place in some] for _key, some in pairs]
    return [(some[0], some[-1]) for some in grouped]


# --- the rules of a call -----------------------------------------------------------------------
@dataclass(frozen=True)
class Check:
    """A line of the list for site visits."""

    code: str
    label: str


@dataclass(frozen=True)
class Terms:
    """What the rules of a call say of sessions."""

    minutes: Mapping[str, int]
    visit_tiers: frozenset[str]
    visit_sample_percent: int
    second_declaration: bool
    checklist: tuple[Check, ...]


def terms_of(rules: Mapping[str, Any]) -> Terms:
    """As the call says; what it does not say is as in the defaults."""
    said = {**SESSIONS, **rules.get("sessions", {})}
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return Terms(
        minutes={**SESSIONS["minutes"], **said["minutes"]},
        visit_tiers=frozenset(said["visit_tiers"]),
        visit_sample_percent=int(said["visit_sample_percent"]),
        second_declaration=bool(said["second_declaration"]),
        checklist=tuple(Check(one["code"], one[language]) for one in said["checklist"]),
    )


def is_sampled(number: str, percent: int) -> bool:
    """Whether an application is in the sample: follows from its number alone."""
    return int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) % 100 < percent


def visit_is_due(terms: Terms, number: str, tiers: Collection[str]) -> bool:
    """Whether a site is to be visited; `tiers` are the one asked for and the one proposed."""
    return not terms.visit_tiers.isdisjoint(tiers) or is_sampled(number, terms.visit_sample_percent)
