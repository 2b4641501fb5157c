"""The solver behind assignments: HiGHS, through SciPy, on one core. Only the worker imports it.

A pairing is a number that is 0 or 1. Every case has its seats and those kept for kinds; what cannot be filled is a
shortage that costs more than anything else. A further review of the same expert costs more than the one before, so
that the load spreads. The same problem, in whatever order it comes, has the same answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from funding.rules.assigning import NOISE, Answer, Case, Pair, Person, Problem, broken, by_case, tie_break

SHORTAGE = 100_000 * NOISE  # an empty seat, or one of the wrong kind
CHOSEN = 0.5
GAP = 0.0005  # how far from the best the solver may stop, as a share of what the answer costs


class Unsolved(Exception):
    """The solver gave up, or its answer broke a rule."""


@dataclass
class Model:
    """A matrix that grows row by row and column by column."""

    costs: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    cells: tuple[list[int], list[int], list[float]] = field(default_factory=lambda: ([], [], []))
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def column(self, cost: float, upper: float, *, whole: bool = False) -> int:
        """A further unknown from 0 to `upper`."""
        self.costs.append(cost)
        self.upper.append(upper)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def row(self, columns: Iterable[tuple[int, float]], low: float, high: float) -> None:
        """A sum that must lie between two numbers."""
        number = len(self.low)
        for column, factor in columns:
            self.cells[0].append(number)
            self.cells[1].append(column)
            self.cells[2].append(factor)
        self.low.append(low)
        self.high.append(high)

    def solve(self) -> Any:
        """The values of the unknowns. Raises Unsolved."""
        rows, columns, values = self.cells
        matrix = csr_array((values, (rows, columns)), shape=(len(self.low), len(self.costs)))
        found = milp(
            np.array(self.costs), integrality=np.array(self.whole), bounds=Bounds(0, np.array(self.upper)),
            constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
            options={"mip_rel_gap": GAP},
        )  # fmt: skip
        if found.x is None:
            raise Unsolved(found.message)
        return found.x


def solve(problem: Problem) -> Answer:
    """The cheapest answer. Raises Unsolved."""
    cases = sorted(problem.cases, key=lambda one: one.key)
    people = {one.key: one for one in sorted(problem.people, key=lambda one: one.key)}
    pairs = sorted(problem.pairs, key=lambda one: (one.case, one.person))
    if not cases:
        return Answer({})
    model = Model()
    chosen = {
        (one.case, one.person): model.column(
            one.cost * NOISE + tie_break(problem.seed, one.case, one.person), 1, whole=True
        )
        for one in pairs
    }
    short = _add_cases(model, problem.per_employer, cases, people, by_case(pairs), chosen)
    _add_loads(model, problem.load, people, pairs, chosen)
    answer = _read(cases, chosen, short, model.solve())
    if faults := broken(problem, answer):
        raise Unsolved("; ".join(faults))
    return answer


Chosen = Mapping[tuple[str, str], int]


def _add_cases(
    model: Model, per_employer: int, cases: Iterable[Case], people: Mapping[str, Person],
    pairs: Mapping[str, list[Pair]], chosen: Chosen,
) -> dict[str, list[int]]:  # fmt: skip
    """Seats, kept seats and employers of every case; the columns of what is short, the whole first."""
    short: dict[str, list[int]] = {}
    for case in cases:
        mine = [(people[one.person], (chosen[case.key, one.person], 1.0)) for one in pairs.get(case.key, ())]
        missing = model.column(SHORTAGE, case.seats)
        model.row([*(cell for _person, cell in mine), (missing, 1.0)], case.seats, case.seats)
        short[case.key] = [missing]
        for group in case.least:
            lacking = model.column(SHORTAGE, group.count)
            cells = [cell for person, cell in mine if person.kind in group.kinds]
            model.row([*cells, (lacking, 1.0)], group.count, np.inf)
            short[case.key].append(lacking)
        colleagues = defaultdict(list)
        for person, cell in mine:
            if person.employer:
                colleagues[person.employer].append(cell)
        for _employer, cells in sorted(colleagues.items()):
            if len(cells) > per_employer:
                model.row(cells, 0, per_employer)
    return short


def _add_loads(model: Model, load: int, people: Mapping[str, Person], pairs: Iterable[Pair], chosen: Chosen) -> None:
    """What an expert is given is a sum of steps, each dearer than the one before."""
    given = defaultdict(list)
    for one in pairs:
        given[one.person].append((chosen[one.case, one.person], 1.0))
    for key, cells in sorted(given.items()):
        person = people[key]
        room = min(person.room, len(cells))
        steps = [model.column((person.running + number) * load * NOISE, 1) for number in range(room)]
        model.row([*cells, *((step, -1.0) for step in steps)], 0, 0)


def _read(cases: Iterable[Case], chosen: Chosen, short: Mapping[str, list[int]], values: Any) -> Answer:
    seats = defaultdict(list)
    for (case, person), column in chosen.items():
        if values[column] > CHOSEN:
            seats[case].append(person)
    missing = {key: [round(values[column]) for column in columns] for key, columns in short.items()}
    return Answer(
        seats={one.key: tuple(seats[one.key]) for one in cases},
        empty={key: first for key, (first, *_rest) in missing.items() if first},
        lacking={key: tuple(rest) for key, (_first, *rest) in missing.items() if any(rest)},
    )
