"""The read API tells everybody what the pages tell them, no more."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from portal.kernel import jobs
from reports.enums import EvaluationStatus
from reports.services.documents import request_report
from tests.clock import NOON
from tests.factories.consortia import rival_consortium
from tests.factories.reports import make_evaluation, make_report
from tests.personas import Personas

S = EvaluationStatus


def get(sign_in: Any, user: Any, name: str, *args: Any) -> Any:
    return sign_in(user).get(reverse(f"api:{name}", args=args))


@pytest.mark.parametrize(
    ("name", "status", "grade"),
    [
        ("lead", S.GRADED, None),
        ("lead", S.FINAL, "EXCELLENT"),
        ("district_officer", S.GRADED, None),
        ("officer", S.GRADED, "EXCELLENT"),
    ],
)
def test_a_grade_is_told_when_it_may_be(people: Personas, sign_in: Any, name: str, status: str, grade: Any) -> None:
    evaluation = make_evaluation(people, status, total=Decimal("86.00"))

    row = get(sign_in, getattr(people, name), "evaluation-detail", evaluation.pk).json()

    assert (row["grade"], row["total"]) == (grade, "86.00" if grade else None)


@pytest.mark.parametrize("name", ["rival", "other_district_officer", "expert", "system_admin"])
def test_a_stranger_finds_nothing(people: Personas, sign_in: Any, name: str) -> None:
    evaluation, report = make_evaluation(people), make_report(people)
    user = getattr(people, name)

    assert get(sign_in, user, "evaluation-detail", evaluation.pk).status_code == 404
    assert get(sign_in, user, "report-detail", report.pk).status_code == 404


def test_a_list_holds_the_own_rows(people: Personas, sign_in: Any) -> None:
    mine = make_evaluation(people)
    make_evaluation(people, consortium=rival_consortium(people, status="OPERATING"))

    rows = get(sign_in, people.lead, "evaluation-list").json()["results"]

    assert [row["id"] for row in rows] == [str(mine.pk)]


@pytest.mark.parametrize("name", ["evaluation-list", "report-list"])
def test_a_list_costs_the_same_at_one_and_three_rows(
    people: Personas, sign_in: Any, django_assert_num_queries: Any, name: str
) -> None:
    client = sign_in(people.officer)
    client.get(reverse(f"api:{name}"))
    for rows in (1, 2):
        for _ in range(rows):
            evaluation = make_evaluation(people, S.FINAL)
            request_report(evaluation=evaluation, actor=people.officer, language="en", at=NOON)
        with django_assert_num_queries(5):
            assert client.get(reverse(f"api:{name}")).status_code == 200


def test_progress_is_told(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people, S.FINAL)
    report = request_report(evaluation=evaluation, actor=people.officer, language="en", at=NOON)
    progress = jobs.claim(report.job.pk, NOON)  # type: ignore[union-attr]
    assert progress
    progress(35, "Laying out the pages")

    row = get(sign_in, people.officer, "report-detail", report.pk).json()

    assert (row["status"], row["job"]["state"], row["job"]["progress"], row["job"]["step"]) == (
        "QUEUED",
        "RUNNING",
        35,
        "Laying out the pages",
    )


def test_nothing_is_written_through_the_api(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people)
    client = sign_in(people.lead)

    answers = [
        client.generic(method, reverse("api:evaluation-detail", args=[evaluation.pk]))
        for method in ("POST", "PUT", "PATCH", "DELETE")
    ]

    assert [answer.status_code for answer in answers] == [405, 405, 405, 405]
