"""Opening and closing an evaluation year."""

from calendar import monthrange
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK
from consortia.models import Consortium
from funding.models import RuleSet
from members.enums import Role
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.enums import EvaluationStatus as S
from reports.models import Evaluation, EvaluationCycle
from reports.rules import DEFAULT_EVALUATION
from reports.services.notices import OPENED
from reports.workflow import CYCLE


def open_cycle(*, actor: Any, year: int, opens_on: date, due_on: date, at: datetime) -> EvaluationCycle:
    """Open the evaluation of a year for every consortium that has been at work long enough.

    Raises TransitionRefused when the year is open already.
    """
    require(actor, "reports.open_cycle")
    with transaction.atomic():
        rules = default_rules()
        cycle = EvaluationCycle(
            year=year, opens_on=opens_on, due_on=due_on, rules=rules, opened_by=actor, created_at=at
        )
        _insert(cycle)
        months = rules.data["min_months"]
        consortia = list(participants(year=year, min_months=months))
        young = list(too_young(year=year, min_months=months))
        Evaluation.objects.bulk_create(
            [
                *(Evaluation(cycle=cycle, consortium=one, created_at=at) for one in consortia),
                *(Evaluation(cycle=cycle, consortium=one, created_at=at, status=S.EXEMPT) for one in young),
            ],
            batch_size=500,
        )
        facts = {"year": year, "rules": rules.code, "evaluations": len(consortia), "exempt": len(young)}
        audit.record(actor=actor, action=Action.OPEN_CYCLE, subject=cycle, at=at, facts=facts)
        _announce(cycle, consortia, at)
    return cycle


def _insert(cycle: EvaluationCycle) -> None:
    try:
        with transaction.atomic():
            cycle.save(force_insert=True)
    except IntegrityError as error:
        if EvaluationCycle.objects.filter(year=cycle.year).exists():
            raise TransitionRefused(_("The evaluation of this year is open already.")) from error
        raise


def _announce(cycle: EvaluationCycle, consortia: list[Consortium], at: datetime) -> None:
    notify(
        recipients=holders(Role.APPLICANT, Role.SIGNATORY, organisation__in={one.lead_id for one in consortia}),
        kind=OPENED,
        params={"year": cycle.year, "due": cycle.due_on.isoformat()},
        url=reverse("reports:my-evaluations"),
        at=at,
    )


def default_rules() -> RuleSet:
    """The default rules of the evaluation as a rule set; made when first asked for."""
    return RuleSet.objects.get_or_create(
        code=DEFAULT_EVALUATION["code"],
        defaults={
            "name": DEFAULT_EVALUATION["zh"],
            "data": DEFAULT_EVALUATION,
            "sha256": audit.sha256(DEFAULT_EVALUATION),
        },
    )[0]


def participants(*, year: int, min_months: int) -> QuerySet[Consortium]:
    """Consortia at work, recognised at least so many months before the end of the year."""
    return Consortium.objects.filter(
        status__in=AT_WORK, recognised_on__lte=latest_recognition(year=year, min_months=min_months)
    )


def too_young(*, year: int, min_months: int) -> QuerySet[Consortium]:
    """Consortia at work, recognised in the year and too late in it to be evaluated."""
    latest = latest_recognition(year=year, min_months=min_months)
    return Consortium.objects.filter(
        status__in=AT_WORK, recognised_on__gt=latest, recognised_on__lte=date(year, 12, 31)
    )


def latest_recognition(*, year: int, min_months: int) -> date:
    """The last day of recognition that still leaves `min_months` (at most 11) whole months in the year."""
    month = 12 - min_months
    return date(year, month, monthrange(year, month)[1])


def close_cycle(*, cycle: EvaluationCycle, actor: Any, at: datetime, note: str = "") -> EvaluationCycle:
    """Close a year in which every evaluation is final or recorded as absent."""
    with CYCLE.moving(cycle, Action.CLOSE_CYCLE, actor=actor, at=at, note=note) as locked:
        return locked
