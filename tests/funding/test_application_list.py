"""The officials' list: who sees which rows, views, filters, order, pages, and what it costs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consortia.models import Consortium
from funding.enums import ApplicationStatus
from funding.models import Application
from funding.selectors.applications import Row, decorate, listed, references
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, make_sub_field, ready_consortium
from tests.factories.funding import make_application, make_call
from tests.factories.members import make_district
from tests.funding.steps import queries_of
from tests.personas import Personas

S = ApplicationStatus
URL = reverse("funding:application-list")
pytestmark = pytest.mark.django_db


def numbers(response: Any) -> list[str]:
    return [line["row"].number for line in response.context["lines"]]


def line_of_the_only_row() -> Row:
    return decorate(listed(Application.objects.all()), references(), timezone.localdate(NOON))[0]


@pytest.fixture
def some(people: Personas) -> dict[str, Application]:
    """One application in each of several states, in two districts, moved on successive days."""
    call = make_call(people)
    states = {"T101": S.SUBMITTED, "T102": S.RECOMMENDED, "T103": S.RETURNED, "T104": S.CHECKED, "T105": S.APPROVED}
    made = {}
    for n, (number, status) in enumerate(states.items()):
        consortium = make_consortium(people, district=make_district("320581") if n % 2 else None)
        made[number] = make_application(
            people, status, consortium=consortium, call=call, number=number, moved_at=NOON + n * DAY,
            requested_amount=Decimal(1_000_000 - n),
        )  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("officer", ["T105", "T104", "T103", "T102", "T101"]),
        ("leader", ["T105", "T104", "T103", "T102", "T101"]),
        ("district_officer", ["T105", "T103", "T101"]),
        ("other_district_officer", ["T104", "T102"]),
    ],
)
def test_each_sees_its_own(people: Personas, sign_in: Any, some: Any, who: str, seen: list[str]) -> None:
    assert numbers(sign_in(getattr(people, who)).get(URL, {"tab": "all"})) == seen


@pytest.mark.parametrize("who", ["lead", "rival", "expert", "system_admin", "audit_admin"])
def test_nobody_else_has_the_list(people: Personas, sign_in: Any, who: str) -> None:
    assert sign_in(getattr(people, who)).get(URL).status_code == 403


@pytest.mark.parametrize(
    ("who", "seen"),
    [("officer", ["T102"]), ("acceptance", ["T102", "T104"]), ("district_officer", ["T101"]), ("leader", [])],
)
def test_it_opens_with_what_waits_for_one_longest_first(
    people: Personas, sign_in: Any, some: Any, who: str, seen: list[str]
) -> None:
    response = sign_in(getattr(people, who)).get(URL)
    assert (response.context["tab"].code, numbers(response)) == ("mine", seen)


def test_who_has_no_queue_gets_all(people: Personas, sign_in: Any, some: Any) -> None:
    assert sign_in(people.finance).get(URL).context["tab"].code == "all"


@pytest.mark.parametrize(
    ("tab", "seen"),
    [("district", ["T101"]), ("returned", ["T103"]), ("check", ["T102"]), ("review", ["T104"]), ("decision", []),
     ("ended", ["T105"]), ("nonsense", ["T102"])],
)  # fmt: skip
def test_the_views(people: Personas, sign_in: Any, some: Any, tab: str, seen: list[str]) -> None:
    assert numbers(sign_in(people.officer).get(URL, {"tab": tab})) == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"status": ["SUBMITTED", "CHECKED"]}, ["T104", "T101"]),
        ({"requested_tier": "B"}, []),
        ({"district": "320581"}, ["T104", "T102"]),
        ({"q": "T103"}, ["T103"]),
        ({"q": "领航"}, ["T105", "T104", "T103", "T102", "T101"]),
        ({"q": "%"}, []),
        ({"q": "' OR 1=1 --"}, []),
        ({"sort": "requested_amount"}, ["T105", "T104", "T103", "T102", "T101"]),
        ({"sort": "-requested_amount"}, ["T101", "T102", "T103", "T104", "T105"]),
        ({"sort": "number"}, ["T101", "T102", "T103", "T104", "T105"]),
        ({"sort": "consortium__lead__uscc"}, ["T105", "T104", "T103", "T102", "T101"]),
        ({"sort": "snapshot"}, ["T105", "T104", "T103", "T102", "T101"]),
        ({"after": "forged", "before": "forged"}, ["T105", "T104", "T103", "T102", "T101"]),
    ],
)
def test_filters_search_and_order(
    people: Personas, sign_in: Any, some: Any, query: dict[str, Any], seen: list[str]
) -> None:
    assert numbers(sign_in(people.officer).get(URL, {"tab": "all", **query})) == seen


@pytest.mark.parametrize("query", [{"status": "NONSENSE"}, {"call": "x"}, {"district": "1"}, {"sub_field": "\x01"}])
def test_a_nonsense_filter_is_no_fault(people: Personas, sign_in: Any, some: Any, query: dict[str, str]) -> None:
    assert sign_in(people.officer).get(URL, {"tab": "all", **query}).status_code == 200


def test_filters_by_call_and_sub_field(people: Personas, sign_in: Any, some: dict[str, Application]) -> None:
    other = make_application(
        people, S.SUBMITTED, number="201", consortium=make_consortium(people, sub_field=make_sub_field("E02"))
    )
    client = sign_in(people.officer)
    assert numbers(client.get(URL, {"tab": "all", "call": str(other.call_id)})) == ["201"]
    assert numbers(client.get(URL, {"tab": "all", "sub_field": "E02"})) == ["201"]


def test_drafts_are_never_listed(people: Personas, sign_in: Any) -> None:
    make_application(people)
    make_application(people, S.WITHDRAWN)
    assert numbers(sign_in(people.officer).get(URL, {"tab": "all"})) == []


def test_pages_by_key_meet_without_gap_or_double(people: Personas, sign_in: Any) -> None:
    call = make_call(people)
    made = [
        make_application(people, S.SUBMITTED, consortium=make_consortium(people), call=call, number=f"3{n:02d}",
                         moved_at=NOON)
        for n in range(60)
    ]  # fmt: skip
    client = sign_in(people.officer)

    first = client.get(URL, {"tab": "all"})
    second = client.get(URL, {"tab": "all", "after": first.context["page"].next_token})
    back = client.get(URL, {"tab": "all", "before": second.context["page"].previous_token})

    assert (len(numbers(first)), len(numbers(second))) == (50, 10)
    assert {*numbers(first), *numbers(second)} == {one.number for one in made}
    assert numbers(back) == numbers(first)
    assert (second.context["page"].next_token, str(first.context["count"])) == (None, "60")


def test_the_queries_do_not_grow_with_the_rows(people: Personas, sign_in: Any) -> None:
    client, call = sign_in(people.officer), make_call(people)
    make_application(people, S.RECOMMENDED, call=call, consortium=ready_consortium(people))
    client.get(URL)
    assert len(queries_of(client, URL)) == 10
    for _ in range(2):
        make_application(people, S.RECOMMENDED, call=call, consortium=ready_consortium(people))
    assert len(queries_of(client, URL)) == 10


def test_rows_leave_texts_and_snapshots_in_the_database(people: Personas) -> None:
    make_application(people, S.SUBMITTED, consortium=ready_consortium(people))
    row = listed(Application.objects.all()).get()
    assert row.get_deferred_fields() >= {"snapshot", "objective", "route", "check_items", "declarations"}


def test_a_row_tells_its_make_up_and_what_is_missing(people: Personas) -> None:
    make_application(
        people, S.RECOMMENDED, consortium=ready_consortium(people), findings=["members", "rd"], moved_at=NOON - 7 * DAY
    )
    line = line_of_the_only_row()
    assert (line.mix.lead, line.mix.univ, line.mix.fund, line.mix.chain, line.mix.serv) == (1, 1, 1, 2, 0)
    assert (len(line.missing), line.district, line.lead) == (2, "昆山市", "样例领航科技有限公司")
    assert (line.waiting, line.loudness) == (7, "warn")


@pytest.mark.parametrize(
    ("status", "days", "words", "loudness"),
    [
        (S.SUBMITTED, 0, "today", ""), (S.SUBMITTED, 1, "1 day", ""), (S.SUBMITTED, 5, "5 days", "warn"),
        (S.SUBMITTED, 10, "10 days", "bad"), (S.APPROVED, 30, "—", ""),
    ],
)  # fmt: skip
def test_waiting_grows_louder(people: Personas, status: str, days: int, words: str, loudness: str) -> None:
    make_application(people, status, moved_at=NOON - timedelta(days=days))
    with translation.override("en"):
        line = line_of_the_only_row()
        assert (line.wait, line.loudness) == (words, loudness)


@pytest.mark.parametrize(
    ("due", "words", "loudness"),
    [
        (20, "2 days left", ""),
        (19, "1 day left", "warn"),
        (18, "0 days left", "warn"),
        (16, "overdue by 2 days", "bad"),
    ],
)
def test_a_correction_counts_down(people: Personas, due: int, words: str, loudness: str) -> None:
    make_application(people, S.RETURNED, correction_due=date(2026, 11, due))
    with translation.override("en"):
        line = line_of_the_only_row()
        assert (line.wait, line.loudness) == (words, loudness)


def test_hostile_names_are_harmless(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.SUBMITTED)
    Consortium.objects.filter(pk=application.consortium_id).update(name='<script>alert("x")</script>')
    page = sign_in(people.officer).get(URL, {"tab": "all", "q": "<script>"}).content.decode()
    assert "<script>alert" not in page


def test_everybody_ticks_to_export_but_only_who_checks_to_check(people: Personas, sign_in: Any, some: Any) -> None:
    pages = [sign_in(person).get(URL, {"tab": "all"}).content.decode() for person in (people.officer, people.leader)]
    bulk = reverse("funding:application-bulk-check")
    assert ['name="ids"' in page for page in pages] == [True, True]
    assert [f'action="{bulk}"' in page for page in pages] == [True, False]
