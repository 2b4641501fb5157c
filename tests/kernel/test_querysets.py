"""Pages by key: whatever the order, each row exactly once, one query a page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.test import TestCase

from portal.kernel.models import Job
from portal.kernel.querysets import SALT, Page, count_up_to, keyset_page
from tests.clock import NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db

MICRO = timedelta(microseconds=1)


def make_jobs(people: Personas) -> None:
    """Eleven jobs with ties, nulls and times that differ by microseconds."""
    Job.objects.bulk_create(
        Job(
            kind=f"k{n % 3}",
            key=f"job {n}",
            run_after=NOON,
            created_at=NOON + (n % 4) * MICRO,
            started_at=None if n % 3 == 0 else NOON + (n % 5) * MICRO,
            attempts=n % 2,
            requested_by=[None, people.officer, people.head][n % 3],
        )
        for n in range(11)
    )


def forwards(qs: QuerySet[Job], order: Sequence[str], size: int) -> list[Page[Job]]:
    pages = [keyset_page(qs, order, size=size)]
    while token := pages[-1].next_token:
        pages.append(keyset_page(qs, order, after=token, size=size))
    return pages


def backwards(qs: QuerySet[Job], order: Sequence[str], last: Page[Job], size: int) -> list[Page[Job]]:
    pages = [last]
    while token := pages[0].previous_token:
        pages.insert(0, keyset_page(qs, order, before=token, size=size))
    return pages


def keys(pages: list[Page[Job]]) -> list[str]:
    return [row.key for page in pages for row in page.rows]


ORDERS = [
    (("-created_at", "-id"), ["-created_at", "-id"]),
    (("created_at", "pk"), ["created_at", "id"]),
    (("kind", "-created_at"), ["kind", "-created_at", "-id"]),
    (("-attempts", "kind", "id"), ["-attempts", "kind", "id"]),
    (("started_at", "id"), [F("started_at").asc(nulls_last=True), "id"]),
    (("-started_at", "-id"), [F("started_at").desc(nulls_last=True), "-id"]),
    (("kind", "-started_at", "id"), ["kind", F("started_at").desc(nulls_last=True), "id"]),
    (("requested_by__name", "id"), [F("requested_by__name").asc(nulls_last=True), "id"]),
    (("requested_by", "-id"), [F("requested_by").asc(nulls_last=True), "-id"]),
    (("label", "id"), ["label", "id"]),
]


@pytest.mark.parametrize(("order", "plain"), ORDERS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("size", [1, 3, 11])
def test_the_pages_are_the_ordered_list_cut_up(
    people: Personas, order: Sequence[str], plain: Sequence[Any], size: int
) -> None:
    make_jobs(people)
    qs = Job.objects.annotate(label=Concat("kind", Value(" x")))
    whole = [job.key for job in qs.order_by(*plain)]

    pages = forwards(qs, order, size)

    assert keys(pages) == whole
    assert [len(page.rows) for page in pages] == [size] * (11 // size) + [11 % size] * (11 % size > 0)
    assert keys(backwards(qs, order, pages[-1], size)) == whole


def test_the_first_page_has_no_previous_and_the_last_no_next(people: Personas) -> None:
    make_jobs(people)

    first, *_middle, last = forwards(Job.objects.all(), ("-created_at",), 4)

    assert (first.previous_token, last.next_token) == (None, None)
    back = keyset_page(Job.objects.all(), ("-created_at",), before=last.previous_token, size=4)
    assert back.next_token is not None
    assert back.previous_token is not None


def test_a_page_is_one_query(people: Personas) -> None:
    make_jobs(people)
    token = keyset_page(Job.objects.all(), ("requested_by", "-id"), size=2).next_token

    with TestCase().assertNumQueries(1):
        keyset_page(Job.objects.all(), ("requested_by", "-id"), after=token, size=2)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "rubbish",
        "a:b:c",
        "\x00",
        signing.dumps(["1created_at,1id", ["2026-01-01T00:00:00+00:00"]], salt=SALT),
        signing.dumps(["1created_at,1id", ["yesterday", "x"]], salt=SALT),
        signing.dumps(["0kind,1id", ["k1", "x"]], salt=SALT),
        signing.dumps(7, salt=SALT),
        signing.dumps(["1created_at,1id", ["2026-01-01T00:00:00+00:00", "x"]], salt="other"),
    ],
    ids=["empty", "rubbish", "colons", "nul", "one value", "no date", "other order", "no list", "other salt"],
)
def test_a_token_that_is_not_ours_gives_the_first_page(people: Personas, token: str) -> None:
    make_jobs(people)
    first = keyset_page(Job.objects.all(), ("-created_at", "-id"), size=2)

    after = keyset_page(Job.objects.all(), ("-created_at", "-id"), after=token, size=2)
    before = keyset_page(Job.objects.all(), ("-created_at", "-id"), before=token, size=2)

    shown = [(page.rows, page.previous_token) for page in (first, after, before)]  # a token also holds its second
    assert shown == [(first.rows, None)] * 3


def test_a_page_that_became_empty_gives_the_first_one(people: Personas) -> None:
    make_jobs(people)
    first = keyset_page(Job.objects.all(), ("created_at",), size=10)
    Job.objects.exclude(pk__in=[row.pk for row in first.rows]).delete()

    page = keyset_page(Job.objects.all(), ("created_at",), after=first.next_token, size=10)

    assert page.rows == first.rows


def test_a_page_is_never_larger_than_two_hundred_nor_smaller_than_one(people: Personas) -> None:
    make_jobs(people)

    assert len(keyset_page(Job.objects.all(), size=0).rows) == 1
    assert len(keyset_page(Job.objects.all(), size=10_000).rows) == 11


def test_no_rows_make_an_empty_page() -> None:
    assert keyset_page(Job.objects.all()) == Page([], None, None)


def test_a_count_stops_at_its_limit(people: Personas) -> None:
    make_jobs(people)

    assert str(count_up_to(Job.objects.all(), 10)) == "10+"
    assert str(count_up_to(Job.objects.all(), 11)) == "11"
    assert count_up_to(Job.objects.none()).value == 0
