"""Who reviews what, for many cases at once: the problem, what every answer keeps to, and what it is worth.

The solver (`rules.solving`) proposes; what it gives back is held against `broken` here before anybody sees it.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from funding.rules import drawing
from funding.rules.defaults import ASSIGNMENT

FORMAT = "assignment-1"
NOISE = 1000  # a pairing's cost is multiplied by this; below it stands what decides between equals


@dataclass(frozen=True)
class Group:
    """At least so many of these kinds."""

    kinds: frozenset[str]
    count: int


@dataclass(frozen=True)
class Case:
    """An application that waits for experts."""

    key: str
    seats: int
    least: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Person:
    """An expert: how many reviews it has to do, and how many more it may be given this year."""

    key: str
    kind: str
    employer: str = ""
    running: int = 0
    room: int = 0


@dataclass(frozen=True)
class Pair:
    """An expert whom nothing speaks against in a case, and what the choice would cost."""

    case: str
    person: str
    cost: int = 0


@dataclass(frozen=True)
class Problem:
    """All of it; the order of nothing in it matters."""

    cases: tuple[Case, ...]
    people: tuple[Person, ...]
    pairs: tuple[Pair, ...]
    per_employer: int = 1
    load: int = 10  # what a further review of one expert costs, times those it has already
    seed: str = ""  # decides between equals

    @property
    def digest(self) -> str:
        """SHA-256 of the problem, whatever its order."""
        return drawing.digest(_plain(self))


@dataclass(frozen=True)
class Answer:
    """By case who reviews it, and how many seats of which groups stay empty."""

    seats: Mapping[str, tuple[str, ...]]
    empty: Mapping[str, int] = field(default_factory=dict)
    lacking: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # by case, one number for each group


def _plain(problem: Problem) -> dict[str, Any]:
    def rows(found: Iterable[Any]) -> list[Any]:
        return sorted(
            (asdict(one) for one in found), key=lambda one: (one.get("key") or one["case"], one.get("person"))
        )

    cases = rows(problem.cases)
    for one in cases:
        one["least"] = [{"kinds": sorted(group["kinds"]), "count": group["count"]} for group in one["least"]]
    return {
        "format": FORMAT, "cases": cases, "people": rows(problem.people), "pairs": rows(problem.pairs),
        "per_employer": problem.per_employer, "load": problem.load, "seed": problem.seed,
    }  # fmt: skip


# --- what a pairing costs --------------------------------------------------------------------------
def terms(rules: Mapping[str, Any]) -> dict[str, int]:
    """Of a call's rules; where they say nothing, the defaults."""
    said = {**ASSIGNMENT, **rules["panel"].get("assignment", {})}
    return {name: int(value) for name, value in said.items()}


def cost(said: Mapping[str, int], *, fields: int, financial: bool, bound: bool) -> int:
    """Specialists before those of many fields, money people for the seats kept for them, ties only where needed."""
    wide = min(max(fields - 1, 0), said["most_fields"]) * said["field"]
    return (said["money"] if financial else wide) + (said["tie"] if bound else 0)


def tie_break(seed: str, case: str, person: str) -> int:
    """Decides between equals, by no name and no order."""
    return int.from_bytes(hashlib.sha256(f"{seed}|{case}|{person}".encode()).digest()[:4], "big") % NOISE


# --- what every answer keeps to ----------------------------------------------------------------------
def broken(problem: Problem, answer: Answer) -> list[str]:
    """Which of the rules an answer breaks; empty for every answer that is shown."""
    people = {one.key: one for one in problem.people}
    allowed = {(one.case, one.person) for one in problem.pairs}
    given = Counter(person for chosen in answer.seats.values() for person in chosen)
    found = [f"{key} gets more than its room" for key, count in given.items() if count > people[key].room]
    for case in problem.cases:
        chosen = answer.seats.get(case.key, ())
        found += [f"{key} does not fit {case.key}" for key in chosen if (case.key, key) not in allowed]
        found += _in_case(case, [people[key] for key in chosen], problem.per_employer, answer)
    return found


def _in_case(case: Case, chosen: Sequence[Person], per_employer: int, answer: Answer) -> list[str]:
    employers = Counter(one.employer for one in chosen if one.employer)
    lacking = answer.lacking.get(case.key, ())
    checks = [
        (len({one.key for one in chosen}) == len(chosen), "somebody twice"),
        (len(chosen) + answer.empty.get(case.key, 0) == case.seats, "a number of seats that is not the one asked for"),
        (all(count <= per_employer for count in employers.values()), "too many of one employer"),
    ]
    for number, group in enumerate(case.least):
        short = lacking[number] if number < len(lacking) else 0
        there = sum(one.kind in group.kinds for one in chosen)
        checks.append((there + short >= group.count, "too few of a kind"))
    return [f"{case.key} has {text}" for holds, text in checks if not holds]


def loads(problem: Problem, answer: Answer) -> dict[str, int]:
    """How many reviews each person would have to do."""
    found = {one.key: one.running for one in problem.people}
    for chosen in answer.seats.values():
        for person in chosen:
            found[person] += 1
    return found


def by_case(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    """The pairings of each case."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for one in pairs:
        found[one.case].append(one)
    return found
