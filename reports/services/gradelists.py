"""Grades that a meeting decided: published for objections, final afterwards."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.authz import may
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.figures import publicised_until
from reports.models import Evaluation, EvaluationCycle, GradeList
from reports.selectors.appeals import to_finalise
from reports.services.grading import finalise_evaluation
from reports.services.notices import PUBLICISED, tell_lead
from reports.workflow import EVALUATION

AT_ONCE = 50  # grades made final by one click: each orders a report
LONGEST_AHEAD = 60  # days


@dataclass(frozen=True)
class Publication:
    """What is said on a list: which meeting decided, under which title and number it is published, from when."""

    title: str
    document_number: str
    meeting_on: date
    meeting_number: str
    starts_on: date


def publicise_grades(
    *, cycle: EvaluationCycle, evaluations: Sequence[Evaluation], publication: Publication, actor: Any, at: datetime
) -> GradeList:
    """Publish grades of a year as a meeting decided them; the list is frozen with its hash."""
    if not evaluations:
        raise TransitionRefused(_("No grade is chosen."))
    _require_days(publication, timezone.localdate(at))
    facts: dict[str, Any] = {}
    with transaction.atomic(), ExitStack() as stack:
        ordered = sorted(evaluations, key=lambda one: one.pk)  # always the same order of locks
        moving = [EVALUATION.moving(one, Action.PUBLICISE, actor=actor, at=at, facts=facts) for one in ordered]
        locked = [stack.enter_context(one) for one in moving]
        if any(one.cycle_id != cycle.pk for one in locked):
            raise TransitionRefused(_("A grade belongs to another year."))
        published = _list(cycle, locked, publication, actor, at)
        facts |= {"list": published.pk, "sha256": published.sha256, "ends_on": published.ends_on}
        for one in locked:
            one.grade_list = published
            tell_lead(evaluation=one, kind=PUBLICISED, at=at, until=published.ends_on.isoformat())
    return published


def _require_days(publication: Publication, today: date) -> None:
    if publication.starts_on < today:
        raise ValidationError({"starts_on": _("A list cannot begin in the past.")})
    if (publication.starts_on - today).days > LONGEST_AHEAD:
        raise ValidationError({"starts_on": _("A list begins within 60 days.")})
    if publication.meeting_on > today:
        raise ValidationError({"meeting_on": _("The meeting has not been held yet.")})


def _list(
    cycle: EvaluationCycle, evaluations: Sequence[Evaluation], publication: Publication, actor: Any, at: datetime
) -> GradeList:
    published = GradeList(
        cycle=cycle,
        **vars(publication),
        ends_on=publicised_until(cycle.rules.data, publication.starts_on),
        rows=sorted((_row(one) for one in evaluations), key=lambda row: row["code"]),
        published_by=actor,
        published_at=at,
        created_at=at,
    )
    published.sha256 = audit.sha256(published.canonical())
    try:
        with transaction.atomic():
            published.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"document_number": _("A list of this number exists already.")}) from error
    facts = {"sha256": published.sha256, "grades": len(evaluations)}
    audit.record(actor=actor, action=Action.PUBLICISE, subject=published, at=at, facts=facts)
    return published


def _row(evaluation: Evaluation) -> dict[str, str]:
    """One line of a list, in both languages; the grade without its points."""
    consortium = evaluation.consortium
    return {
        "evaluation": str(evaluation.pk),
        "code": consortium.code,
        "consortium": consortium.name,
        "lead": consortium.lead.name,
        "district_zh": consortium.district.name_zh,
        "district_en": consortium.district.name_en,
        "tier": consortium.tier,
        "grade": evaluation.grade,
    }


def finalise_list(*, grade_list: GradeList, actor: Any, at: datetime) -> int:
    """Make final what nobody contests, each grade in a transaction of its own; how many were made so.

    The most that one call makes final is AT_ONCE. Raises PermissionDenied where all of them were graded by the actor.
    """
    waiting = list(to_finalise(grade_list.evaluations.all(), at).order_by("consortium__code")[:AT_ONCE])
    mine = [one for one in waiting if may(actor, "reports.finalise_evaluation", one)]
    if waiting and not mine:
        raise PermissionDenied("reports.finalise_evaluation")
    for evaluation in mine:
        finalise_evaluation(evaluation=evaluation, actor=actor, at=at)
    return len(mine)
