"""The command palette offers what its reader may open, find and begin; nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.factories.funding import make_application
from tests.personas import ROLE_NAMES, Personas

pytestmark = pytest.mark.django_db

PALETTE = reverse("palette")


def enter(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def offered(client: Client, text: str = "") -> dict[str, list[str]]:
    with translation.override("en"):
        groups = client.get(PALETTE, {"q": text}).context["groups"]
        return {str(group.title): [option.label for option in group.options] for group in groups}


@pytest.mark.parametrize("name", ROLE_NAMES)
def test_every_line_leads_to_a_page_that_its_reader_may_open(people: Personas, name: str) -> None:
    client = enter(getattr(people, name))

    groups = client.get(PALETTE, {"q": ""}).context["groups"]
    answers = {option.url: client.get(option.url).status_code for group in groups for option in group.options}

    assert {url: code for url, code in answers.items() if code not in {200, 302}} == {}


def test_pages_objects_and_actions_are_found_by_their_words(people: Personas) -> None:
    application = make_application(people, status="SUBMITTED")
    client = enter(people.officer)

    assert offered(client, "领航") == {
        "Consortia": [application.consortium.name], "Organisations": [people.lead_org.name],
        "Applications": [application.consortium.name],
    }  # fmt: skip
    assert offered(client, "CALL") == {"Pages": ["Calls"], "Actions": ["New call"]}


def test_nobody_finds_what_is_not_theirs(people: Personas) -> None:
    make_application(people, status="SUBMITTED")

    assert offered(enter(people.rival), "领航") == {}
    assert offered(enter(people.lead), "new call") == {}


def test_the_search_of_everything_is_the_last_line(people: Personas) -> None:
    page = enter(people.officer).get(PALETTE, {"q": "<b>&x"}).content.decode()

    assert page.count(f'href="{reverse("reports:search")}?q=%3Cb%3E%26x"') == 1
    assert page.count("<b>") == 0


def test_nothing_typed_offers_pages_and_actions(people: Personas) -> None:
    assert list(offered(enter(people.officer))) == ["Pages", "Actions"]


def test_a_visitor_is_sent_to_sign_in(db: None) -> None:
    assert Client().get(PALETTE).status_code == 302


def test_it_costs_the_same_however_much_is_found(people: Personas) -> None:
    client = enter(people.officer)
    make_application(people, status="SUBMITTED")
    counts = []
    for text in ("领航", "领航科技"):
        client.get(PALETTE, {"q": text})
        with CaptureQueriesContext(connection) as queries:
            client.get(PALETTE, {"q": text})
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_every_signed_in_page_carries_it_and_works_without_a_script(people: Personas) -> None:
    page = enter(people.officer).get(reverse("home")).content.decode()

    assert page.count('id="palette"') == 1
    assert page.count('role="combobox"') == 1
    assert page.count(f'action="{reverse("reports:search")}"') == 2
