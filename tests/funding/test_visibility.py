"""Who sees which applications, and what of them."""

import pytest

from consortia.enums import ParticipationStatus
from funding.enums import ApplicationStatus
from funding.models import Application
from funding.selectors.applications import counts, queue, tabs
from funding.selectors.timeline import timeline, told
from funding.services.checks import (
    check_application,
)
from tests.clock import NOON
from tests.factories.consortia import (
    ready_consortium,
)
from tests.factories.funding import make_application
from tests.funding.steps import passed, recommended
from tests.personas import Personas

S = ApplicationStatus
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "draft", "submitted"),
    [
        ("lead", True, True), ("signatory", True, True), ("university_confirmer", True, True), ("rival", False, False),
        ("officer", False, True), ("leader", False, True), ("district_officer", False, True),
        ("other_district_officer", False, False), ("expert", False, False), ("system_admin", False, False),
    ],
)  # fmt: skip
def test_who_sees_an_application(people: Personas, who: str, draft: bool, submitted: bool) -> None:
    one, two = make_application(people), make_application(people, S.SUBMITTED)
    visible = set(Application.objects.visible_to(getattr(people, who)))
    assert (one in visible, two in visible) == (draft, submitted)


def test_a_member_sees_nothing_before_it_has_confirmed(people: Personas) -> None:
    application = make_application(people)
    application.consortium.participations.filter(organisation=people.university).update(
        status=ParticipationStatus.INVITED
    )
    assert list(Application.objects.visible_to(people.university_confirmer)) == []


def test_the_applicant_is_told_nothing_of_grades_and_names(people: Personas) -> None:
    application = recommended(people)
    check_application(application=application, actor=people.officer, at=NOON, items=passed(application))
    assert [event.who for event in told(application)] == ["", "", ""]
    assert len(timeline(application)) == 3


def test_the_tabs_count_what_they_show(people: Personas) -> None:
    consortium = ready_consortium(people)
    for status in (S.SUBMITTED, S.RECOMMENDED, S.CHECKED, S.APPROVED):
        make_application(people, status, consortium=consortium)
    rows = Application.objects.visible_to(people.officer)

    views = {tab.code: tab.narrow(rows) for tab in tabs(people.officer)}

    assert {code: str(count) for code, count in counts(people.officer, views).items()} == {
        "mine": "1", "all": "4", "district": "1", "returned": "0", "check": "1", "credit": "0", "review": "1",
        "decision": "0", "ended": "1",
    }  # fmt: skip
    assert str(counts(people.officer, views, limit=2)["all"]) == "2+"


def test_a_queue_follows_from_the_roles(people: Personas) -> None:
    assert queue(people.district_officer) == {S.SUBMITTED}
    assert queue(people.leader) == {S.GRADED, S.PUBLICISED}
    assert queue(people.finance) == frozenset()
