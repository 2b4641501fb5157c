"""Who had which duty in which case, by what is on record and by the trail, and where one person had two in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast

from funding.enums import Action
from funding.models import Application, AssignmentCase, Avoidance, Draw, Naming, Objection, Reopening, Review
from funding.rules.separation import IN_ONE_ROW, PAIRS, Duty, apart_from
from members.enums import Role
from portal.kernel.models import AuditEntry
from portal.kernel.models.audit import Result

D = Duty
# What the rows say: the model, the way to the case, and who had which duty in it.
RECORDED: tuple[tuple[Any, str, dict[str, Duty]], ...] = (
    (Application, "pk", {
        "recommended_by": D.RECOMMENDER, "checked_by": D.CASE_OFFICER, "credit_by": D.SUPERVISOR,
        "graded_by": D.GRADER, "decided_by": D.DECIDER, "approved_by": D.APPROVER,
    }),
    (Avoidance, "application", {"judged_by": D.CASE_OFFICER}),
    (Draw, "application", {"prepared_by": D.DRAWER, "witnessed_by": D.SUPERVISOR}),
    (AssignmentCase, "application", {"assignment__prepared_by": D.DRAWER}),
    (Naming, "application", {"proposed_by": D.DRAWER, "decided_by": D.SUPERVISOR}),
    (Review, "application", {"expert__user": D.SCORER}),
    (Reopening, "review__application", {"decided_by": D.SUPERVISOR}),
    (Objection, "application", {"handled_by": D.HANDLER}),
)  # fmt: skip
# What the trail says of a case: a row forgets who graded when the grading is sent back, the trail does not.
TRAILED: dict[str, Duty] = {
    Action.RECOMMEND: D.RECOMMENDER, Action.DECLINE_RECOMMENDATION: D.RECOMMENDER, Action.CHECK: D.CASE_OFFICER,
    Action.REJECT: D.CASE_OFFICER, Action.REQUEST_CORRECTION: D.CASE_OFFICER, Action.CLEAR: D.SUPERVISOR,
    Action.SUSPEND: D.SUPERVISOR, Action.PREPARE_DRAW: D.DRAWER, Action.ASSIGN: D.DRAWER, Action.ADD_EXPERT: D.DRAWER,
    Action.GRADE: D.GRADER, Action.DECIDE: D.DECIDER, Action.DECLINE: D.DECIDER, Action.APPROVE: D.APPROVER,
    Action.CONTINUE: D.HANDLER, Action.OVERTURN: D.HANDLER, Action.AMEND_DECISION: D.HANDLER,
}  # fmt: skip


# --- one person in one case --------------------------------------------------------------------
def duties_of(user: Any, application: Application) -> frozenset[Duty]:
    """What this person did in the case; one query."""
    own = [rows.filter(case=application.pk, person=user.pk) for rows in _recorded()]
    trail = _trailed().filter(subject_id=str(application.pk), person=user.pk)
    rows = [one.values_list("duty", flat=True) for one in (*own, trail)]
    return frozenset(Duty(duty) for duty in rows[0].union(*rows[1:]))


def duties_in(user: Any, applications: Iterable[UUID]) -> frozenset[Duty]:
    """What this person did in any of the cases; two queries."""
    wanted = list(applications)
    own = [rows.filter(case__in=wanted, person=user.pk) for rows in _recorded()]
    trail = _trailed().filter(subject_id__in=[str(pk) for pk in wanted], person=user.pk)
    rows = [one.values_list("duty", flat=True) for one in (*own, trail)]
    return frozenset(Duty(duty) for duty in rows[0].union(*rows[1:]))


def in_the_way(user: Any, application: Application, duty: Duty) -> list[Duty]:
    """What this person did in the case that excludes this duty, in the order of the table."""
    held = duties_of(user, application) & apart_from(duty)
    return [one for one in Duty if one in held]


def _recorded() -> Iterable[QuerySet[Any]]:
    for model, case, duties in RECORDED:
        for field, duty in duties.items():
            rows = model._default_manager.order_by().filter(**{f"{field}__isnull": False})  # noqa: SLF001
            yield rows.annotate(case=F(case), person=F(field), duty=Value(duty.value))


def _trailed() -> QuerySet[Any]:
    rows = AuditEntry.objects.order_by().filter(
        subject_type=Application._meta.label_lower,  # noqa: SLF001
        action__in=TRAILED, result=Result.DONE, actor__isnull=False,
    )  # fmt: skip
    cases = [When(action=action, then=Value(duty.value)) for action, duty in TRAILED.items()]
    duty = Case(*cases, default=Value(""))
    return rows.annotate(case=Cast("subject_id", UUIDField()), person=F("actor"), duty=duty)


# --- every case --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Occurrence:
    """One person who had two duties in one case that two people should have."""

    pair: tuple[Duty, Duty]
    application: UUID
    number: str
    consortium: str
    person: str


@dataclass(frozen=True)
class Checked:
    """A forbidden pair with what was found of it."""

    one: Duty
    other: Duty
    found: tuple[Occurrence, ...]

    @property
    def in_one_row(self) -> bool:
        """Whether the database refuses it, too."""
        return (self.one, self.other) in IN_ONE_ROW


FIND = """
WITH acts AS ({acts}),
pairs (one, other) AS (VALUES {pairs})
SELECT DISTINCT pairs.one, pairs.other, a.id, a.number, c.name, u.name
FROM pairs
JOIN acts first ON first.duty = pairs.one
JOIN acts second ON second.duty = pairs.other AND second."case" = first."case" AND second.person = first.person
JOIN ({cases}) a ON a.id = first."case"
JOIN consortia_consortium c ON c.id = a.consortium_id
JOIN members_user u ON u.id = first.person
ORDER BY a.number, pairs.one, pairs.other, u.name
"""


def occurrences(user: Any) -> list[Occurrence]:
    """Where one person had both duties of a pair, in the cases that the reader may know of; one query."""
    sources = [rows.values_list("case", "person", "duty") for rows in (*_recorded(), _trailed())]
    acts, given = sources[0].union(*sources[1:]).query.sql_with_params()
    cases, known = _cases(user).values_list("id", "number", "consortium_id").query.sql_with_params()
    pairs = ", ".join(["(%s, %s)"] * len(PAIRS))
    asked = [*given, *(duty.value for pair in PAIRS for duty in pair), *known]
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(acts=acts, pairs=pairs, cases=cases), asked)
        rows = cursor.fetchall()
    return [Occurrence((Duty(one), Duty(other)), *facts) for one, other, *facts in rows]


def _cases(user: Any) -> QuerySet[Application]:
    """Every case for the audit administrator; those that supervision does not keep away from."""
    rows = Application.objects.all() if user.holds(Role.AUDIT_ADMIN) else Application.objects.visible_to(user)
    return rows.order_by()


def checked(user: Any) -> list[Checked]:
    """Every pair of the table with its occurrences."""
    found = occurrences(user)
    return [Checked(one, other, tuple(row for row in found if row.pair == (one, other))) for one, other in PAIRS]
