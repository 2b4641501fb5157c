"""By when an evaluation is filed, verified and scored; whoever is late is reminded once before and once after."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portal.kernel.models import Notification
from reports.enums import EvaluationStatus as S
from reports.enums import Term
from reports.figures import is_near, score_by, verify_by
from reports.models import Evaluation
from reports.rules import DEFAULT_EVALUATION
from reports.selectors.terms import due_of
from reports.services.reminders import remind_of_terms
from reports.services.scoring import assign_expert
from tests.clock import DAY, NOON
from tests.factories.reports import make_evaluation
from tests.personas import Personas


def noon(day: str) -> datetime:
    return NOON + (date.fromisoformat(day) - NOON.date())


def told(user: Any) -> list[str]:
    kinds = Notification.objects.filter(recipient=user).values_list("kind", flat=True)
    return [kind for kind in kinds if kind.endswith("_due")]


# --- the days ----------------------------------------------------------------------------------
def test_terms_count_working_days_over_a_holiday() -> None:
    assert verify_by(DEFAULT_EVALUATION, date(2026, 9, 29)) == date(2026, 10, 19)  # ten days off, a Saturday worked
    assert score_by({"score_working_days": 1}, date(2026, 11, 20)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("today", "near"), [("2026-11-18", False), ("2026-11-19", False), ("2026-11-20", True), ("2026-12-30", True)]
)
def test_a_term_is_near_three_working_days_before_its_end(today: str, near: bool) -> None:
    assert is_near({"remind_working_days": 3}, date(2026, 11, 25), date.fromisoformat(today)) == near


@pytest.mark.django_db
def test_each_state_waits_for_one_thing(people: Personas) -> None:
    found = {status: due_of(make_evaluation(people, status)) for status in S}

    terms = {status: due.term for status, due in found.items() if due}
    assert terms == {S.FILLING: Term.FILE, S.SUBMITTED: Term.VERIFY, S.VERIFIED: Term.SCORE}


@pytest.mark.django_db
def test_the_term_of_an_expert_begins_when_it_was_asked(people: Personas) -> None:
    evaluation = make_evaluation(people, S.VERIFIED, expert=None, declared_at=None)
    assert due_of(evaluation) is None

    assign_expert(evaluation=evaluation, actor=people.officer, expert=people.experts[0], at=NOON + 2 * DAY)

    due = due_of(Evaluation.objects.get())
    assert due
    assert due.on == score_by(DEFAULT_EVALUATION, (NOON + 2 * DAY).date())


# --- reminders ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_who_is_to_verify_is_reminded_once_before_and_once_after(people: Personas) -> None:
    evaluation, others = make_evaluation(people, S.SUBMITTED), (people.other_district_officer, people.head)
    due = due_of(evaluation)
    assert due
    assert people.district_officer
    assert people.officer

    early = remind_of_terms(at=NOON)
    before = [remind_of_terms(at=noon((due.on - timedelta(days=1)).isoformat())) for _ in range(2)]
    after = [remind_of_terms(at=noon((due.on + timedelta(days=n)).isoformat())) for n in (1, 2, 9)]

    assert (early, before, after) == (0, [1, 0], [1, 0, 0])
    assert told(people.district_officer) == ["reports.verify_due"] * 2
    assert [told(other) for other in others] == [[], []]
    assert told(people.officer) == ["reports.verify_due"]


@pytest.mark.django_db
def test_lead_and_expert_are_reminded_of_theirs(people: Personas) -> None:
    filling, verified = make_evaluation(people, S.FILLING), make_evaluation(people, S.VERIFIED)
    bound, others = (people.lead, people.signatory), (people.rival, people.head)

    remind_of_terms(at=noon(filling.cycle.due_on.isoformat()))

    assert [told(one) for one in bound] == [["reports.file_due"]] * 2
    assert told(people.expert) == ["reports.score_due"]
    assert verified.expert
    assert [told(other) for other in others] == [[], []]


@pytest.mark.django_db
def test_filed_anew_the_term_begins_anew(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SUBMITTED)
    remind_of_terms(at=NOON + 20 * DAY)
    Evaluation.objects.filter(pk=evaluation.pk).update(submitted_at=NOON + 21 * DAY)

    assert (remind_of_terms(at=NOON + 22 * DAY), remind_of_terms(at=NOON + 60 * DAY)) == (0, 1)


@pytest.mark.django_db
def test_a_closed_year_reminds_nobody(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SUBMITTED)
    evaluation.cycle.__class__.objects.update(status="CLOSED")

    assert remind_of_terms(at=NOON + 60 * DAY) == 0


@pytest.mark.django_db
def test_looking_for_terms_asks_as_often_for_ten_as_for_two(people: Personas, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        make_evaluation(people, S.SUBMITTED)
    with django_assert_num_queries(1):
        remind_of_terms(at=NOON)
    for _ in range(8):
        make_evaluation(people, S.SUBMITTED)

    with django_assert_num_queries(1):
        remind_of_terms(at=NOON)


@pytest.mark.django_db
def test_the_page_says_by_when(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people, S.SUBMITTED)
    client = sign_in(people.district_officer)
    client.cookies["django_language"] = "en"

    page = client.get(evaluation.get_absolute_url()).content.decode()

    assert "Verification due" in page
