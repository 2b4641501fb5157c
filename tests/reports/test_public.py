"""The first page for everybody: what is published, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consortia.enums import ConsortiumStatus, Tier
from funding.enums import CallStatus
from reports.selectors.public import overview
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, make_technology, rival_consortium
from tests.factories.funding import make_application, make_call, make_notice
from tests.factories.members import make_district
from tests.personas import Personas

TODAY = timezone.localdate(NOON)
URL = reverse("public-home")


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def test_an_empty_portal_greets_its_visitors(visitor: Client, db: None) -> None:
    page = visitor.get(URL)

    assert (page.status_code, page.context["overview"].consortia, page.context["hexmap"]) == (200, 0, "")
    assert "No consortium is published yet" in page.text


def test_only_published_consortia_are_named(people: Personas, visitor: Client) -> None:
    shown = make_consortium(people, name="样例公开联合体", status=ConsortiumStatus.OPERATING)
    graduated = make_consortium(people, name="样例毕业联合体", status=ConsortiumStatus.GRADUATED, tier=Tier.A)
    hidden = [make_consortium(people, name="样例筹建联合体"), rival_consortium(people, name="样例对手联合体")]
    make_application(people, "PUBLICISED", consortium=hidden[0])

    page = visitor.get(URL)

    assert set(page.context["overview"].newest) == {shown, graduated}
    assert page.context["overview"].consortia == 2
    names = ("样例公开联合体", "样例筹建联合体", "样例对手联合体")
    assert [name for name in names if name in page.text] == ["样例公开联合体"]


def test_the_figures_count_what_is_published(people: Personas) -> None:
    shown = make_consortium(people, status=ConsortiumStatus.OPERATING, district=make_district("320581"))
    for _ in range(2):
        make_technology(shown)
    make_technology(make_consortium(people))

    facts = overview(NOON)

    assert (facts.consortia, facts.technologies) == (1, 2)
    assert {district.pk: number for district, number in facts.districts} == {"320581": 1, "320583": 0}


def test_calls_and_notices_stand_there_while_they_concern_anybody(people: Personas) -> None:
    open_call = make_call(people)
    make_call(people, status=CallStatus.DRAFT)
    make_call(people, opens_at=NOON - 9 * DAY, closes_at=NOON - DAY)
    begun = make_notice(people, open_call)
    make_notice(people, open_call, starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=8))

    facts = overview(NOON)

    assert (facts.calls, facts.notices) == ([open_call], [begun])


def test_every_link_of_the_page_answers(people: Personas, visitor: Client) -> None:
    consortium = make_consortium(people, status=ConsortiumStatus.OPERATING)
    now = timezone.now()
    call = make_call(people, opens_at=now - DAY, closes_at=now + DAY)
    today = timezone.localdate(now)
    notice = make_notice(people, call, starts_on=today, ends_on=today + timedelta(days=7))
    page = visitor.get(URL).text

    addresses = {
        reverse("consortia:public-consortium-detail", args=[consortium.pk]), call.get_absolute_url(),
        notice.get_absolute_url(), reverse("consortia:public-consortium-list"), reverse("members:register"),
        reverse("funding:call-list"), reverse("funding:notice-list"), reverse("account_login"),
        f"{reverse('consortia:public-consortium-list')}?district={consortium.district_id}",
    }  # fmt: skip

    assert {url for url in addresses if f'href="{url}"' not in page} == set()
    assert {url: visitor.get(url).status_code for url in addresses} == dict.fromkeys(addresses, 200)


def test_the_page_is_there_for_who_is_signed_in_too(people: Personas, sign_in: Any) -> None:
    assert sign_in(people.officer).get(URL).status_code == 200


def test_the_page_costs_the_same_whatever_it_shows(people: Personas, visitor: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            visitor.get(URL)
        return len(captured)

    make_consortium(people, status=ConsortiumStatus.OPERATING)
    one = cost()
    for code in ("320581", "320571"):
        make_consortium(people, status=ConsortiumStatus.OPERATING, district=make_district(code))
        make_notice(people, make_call(people))

    assert (one, cost()) == (7, 7)
