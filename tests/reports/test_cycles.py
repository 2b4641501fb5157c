"""A year is opened once for those who have been at work long enough, and closed when all is decided."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from consortia.enums import ConsortiumStatus
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import CycleStatus, EvaluationStatus
from reports.models import Evaluation, EvaluationCycle
from reports.rules import DEFAULT_EVALUATION
from reports.services.cycles import close_cycle, default_rules, latest_recognition, open_cycle
from tests.clock import NOON
from tests.factories.consortia import make_consortium
from tests.factories.reports import make_cycle, make_evaluation
from tests.personas import Personas
from tests.races import at_once, refusals

PERIOD = {"opens_on": date(2026, 11, 1), "due_on": date(2027, 1, 31)}


def open_year(people: Personas, actor: Any = None, year: int = 2026) -> EvaluationCycle:
    return open_cycle(actor=actor or people.officer, year=year, at=NOON, **PERIOD)


def test_a_year_takes_in_whoever_was_at_work_for_six_months(people: Personas) -> None:
    old = make_consortium(people, status=ConsortiumStatus.OPERATING, recognised_on=date(2026, 6, 30))
    rectifying = make_consortium(people, status=ConsortiumStatus.RECTIFYING)
    young = make_consortium(people, status=ConsortiumStatus.OPERATING, recognised_on=date(2026, 7, 1))
    make_consortium(people, status=ConsortiumStatus.EXITED)
    make_consortium(people)

    cycle = open_year(people)

    assert set(cycle.evaluations.values_list("consortium", "status")) == {
        (old.pk, EvaluationStatus.FILLING),
        (rectifying.pk, EvaluationStatus.FILLING),
        (young.pk, EvaluationStatus.EXEMPT),
    }


def test_opening_a_year_is_recorded_and_the_leads_are_told(people: Personas) -> None:
    make_consortium(people, status=ConsortiumStatus.OPERATING)
    people.lead, people.signatory, people.lead_confirmer, people.rival  # noqa: B018

    cycle = open_year(people)

    entry = AuditEntry.objects.get(action="open_cycle")
    assert (entry.subject_id, entry.facts["evaluations"]) == (str(cycle.pk), 1)
    assert {notice.recipient for notice in Notification.objects.all()} == {people.lead, people.signatory}


def test_a_year_is_bound_to_the_default_rules(people: Personas) -> None:
    assert open_year(people).rules.data == DEFAULT_EVALUATION
    assert default_rules().pk == EvaluationCycle.objects.get().rules_id


def test_a_second_opening_is_refused(people: Personas) -> None:
    open_year(people)

    with pytest.raises(TransitionRefused):
        open_year(people)


@pytest.mark.parametrize("name", ["lead", "district_officer", "acceptance", "head", "leader", "finance", "expert"])
def test_only_the_programme_officer_opens_a_year(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        open_year(people, getattr(people, name))


@pytest.mark.django_db(transaction=True)
def test_two_officers_open_the_year_at_once(people: Personas) -> None:
    make_consortium(people, status=ConsortiumStatus.OPERATING)
    acts = [partial(open_year, people, person) for person in (people.officer, people.second_officer)]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert (EvaluationCycle.objects.count(), Evaluation.objects.count()) == (1, 1)


@pytest.mark.parametrize(("months", "day"), [(6, date(2026, 6, 30)), (0, date(2026, 12, 31)), (10, date(2026, 2, 28))])
def test_the_last_day_of_recognition(months: int, day: date) -> None:
    assert latest_recognition(year=2026, min_months=months) == day


# --- closing -----------------------------------------------------------------------------------
def test_a_year_closes_when_everything_is_decided(people: Personas) -> None:
    evaluation = make_evaluation(people, EvaluationStatus.FINAL)
    make_evaluation(people, EvaluationStatus.ABSENT)

    cycle = close_cycle(cycle=evaluation.cycle, actor=people.head, at=NOON)

    assert cycle.status == CycleStatus.CLOSED


def test_a_year_with_an_open_evaluation_stays_open(people: Personas) -> None:
    evaluation = make_evaluation(people, EvaluationStatus.GRADED)

    with pytest.raises(TransitionRefused) as refusal:
        close_cycle(cycle=evaluation.cycle, actor=people.head, at=NOON)

    assert [str(reason) for reason in refusal.value.reasons] == ["1 evaluations are not final yet."]


@pytest.mark.parametrize("name", ["officer", "leader", "finance", "lead", "district_officer"])
def test_only_the_head_closes_a_year(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        close_cycle(cycle=make_cycle(people), actor=getattr(people, name), at=NOON)


def test_a_year_stands_once(people: Personas) -> None:
    cycle = make_cycle(people)

    with pytest.raises(IntegrityError, match="year"):
        EvaluationCycle.objects.create(year=cycle.year, rules=cycle.rules, opened_by=people.officer, **PERIOD)


def test_a_year_ends_after_it_begins(people: Personas) -> None:
    with pytest.raises(IntegrityError, match="cycle_dates_in_order"):
        make_cycle(people, 2024, opens_on=date(2026, 1, 2), due_on=date(2026, 1, 1))
