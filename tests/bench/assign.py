"""200 applications × 500 experts × 7 reviews: how long the job takes on one core, and whether the answer is stable.

Measured is what the job does: every expert held against every application (roles, limits, employers, fields, turns, the
graph of ties), the problem solved, the answer held against all rules. `stable` is 1 when the same database gives the
same answer again, and the same problem in another order, too.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection

from funding.enums import ApplicationStatus, ExpertMode
from funding.models import Application, Assignment, AssignmentCase
from funding.rules import assigning
from funding.rules.assigning import Answer, Problem
from funding.rules.solving import solve
from funding.selectors.assignments import Build, build
from members.enums import ExpertKind, ExpertStatus, Role, TitleLevel
from members.models import Employment, Expert, Organisation, Relation, RoleGrant, User
from members.rules.relations import RelationKind, RelationSource
from tests.bench.lists import World

APPLICATIONS, EXPERTS, SEATS = 200, 500, 7
EMPLOYERS = 180
KINDS = (*[ExpertKind.TECHNOLOGY] * 6, *[ExpertKind.INDUSTRY] * 2, ExpertKind.FINANCE, ExpertKind.INVESTMENT)


def run(
    applications: int = APPLICATIONS, experts: int = EXPERTS, seats: int = SEATS
) -> Iterator[tuple[str, float, str]]:
    """The figures; `broken`, `conflicted` and `empty` must be 0."""
    assignment = Crowd(experts).assignment(applications, seats)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # one core
    begin, cpu = time.perf_counter(), time.process_time()
    found = build(assignment, assignment.prepared_at)
    read = time.perf_counter() - begin
    answer = solve(found.problem)
    took, busy = time.perf_counter() - begin, time.process_time() - cpu
    yield "seconds", round(took, 2), "s"
    yield "seconds_reading", round(read, 2), "s"
    yield "seconds_busy", round(busy, 2), "s of one core"
    again = solve(build(assignment, assignment.prepared_at).problem)
    yield "stable", int(answer.seats == again.seats == solve(shuffled(found.problem)).seats), "1 = the same answer"
    yield "pairs", len(found.problem.pairs), "pairings to choose from"
    yield "reviews", sum(map(len, answer.seats.values())), "reviews"
    yield "empty", sum(answer.empty.values()) + sum(map(sum, answer.lacking.values())), "seats"
    yield "broken", len(assigning.broken(found.problem, answer)), "rules"
    yield "conflicted", conflicted(found, answer), "experts with a reason against them"
    loads = Counter(assigning.loads(found.problem, answer).values())
    yield "most", max(loads), "reviews of one expert"
    yield "spread", max(loads) - min(loads), "reviews between the most and the least"


def shuffled(problem: Problem) -> Problem:
    """The same, told in another order."""
    dice = random.Random(3)
    cases, people, pairs = (dice.sample(rows, len(rows)) for rows in (problem.cases, problem.people, problem.pairs))
    return Problem(tuple(cases), tuple(people), tuple(pairs), problem.per_employer, problem.load, problem.seed)


def conflicted(found: Build, answer: Answer) -> int:
    """How many were chosen whom a hard tie or anything else bars."""
    return sum(
        person not in found.candidates[case] or bool((path := found.candidates[case][person].path) and path.is_hard)
        for case, chosen in answer.seats.items()
        for person in chosen
    )


class Crowd(World):
    """Applications that wait for experts, and experts with employers, earlier employers and relations."""

    def __init__(self, experts: int) -> None:
        super().__init__()
        dice = random.Random(4)
        self.employers = Organisation.objects.bulk_create(
            Organisation(name=f"样例单位{n}", uscc=f"91320599MAE{n:07d}") for n in range(EMPLOYERS)
        )
        users = User.objects.bulk_create(
            User(email=f"expert{n}@sample.test", name=f"样例专家{n:03d}", notice_version=1) for n in range(experts)
        )
        RoleGrant.objects.bulk_create(RoleGrant(user=one, role=Role.EXPERT, granted_at=self.now) for one in users)
        rows = Expert.objects.bulk_create(self._expert(n, user, dice) for n, user in enumerate(users))
        today = self.now.date()
        Employment.objects.bulk_create(
            Employment(
                expert=one, organisation=dice.choice(self.members), since=today - timedelta(days=900),
                until=today - timedelta(days=300),
            )
            for one in rows[::9]
        )  # fmt: skip
        Relation.objects.bulk_create(self._relation(one, dice) for one in rows[::4])

    def _expert(self, n: int, user: User, dice: random.Random) -> Expert:
        fields = [f"X{field:02d}" for field in dice.sample(range(16), dice.randrange(2, 6))]
        return Expert(
            user=user, status=ExpertStatus.ACTIVE, kind=KINDS[n % len(KINDS)], fields=fields,
            title_level=TitleLevel.SENIOR, employer=dice.choice(self.employers), admitted_at=self.now,
            refreshed_at=self.now, yearly_limit=dice.randrange(7, 11),
        )  # fmt: skip

    def _relation(self, expert: Expert, dice: random.Random) -> Relation:
        kind = dice.choice([RelationKind.DIRECTOR, RelationKind.CONSULTANT, RelationKind.EQUITY])
        facts: dict[str, Any] = {"source": RelationSource.SELF, "recorded_by": expert.user}
        return Relation(expert=expert, kind=kind, organisation=dice.choice([*self.members, *self.employers]), **facts)

    def assignment(self, applications: int, seats: int) -> Assignment:
        """All of them in one call, asked for."""
        self.grow(applications)
        call = self.calls[0]
        Application.objects.update(call=call, status=ApplicationStatus.CHECKED)
        made = Assignment.objects.create(
            call=call, number="AS20260101-BENCH1", mode=ExpertMode.INVITED, seats=seats, job="bench",
            prepared_by=self.officer, prepared_at=self.now,
        )  # fmt: skip
        AssignmentCase.objects.bulk_create(
            AssignmentCase(assignment=made, application=one) for one in Application.objects.all()
        )
        return made
