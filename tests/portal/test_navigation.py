"""What stands in the navigation, for whom, and which entry is the current one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal.navigation import SECTIONS
from tests.factories.funding import make_call, make_contract, make_tranche
from tests.personas import ROLE_NAMES, Personas


def enter(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def shown(user: Any, path: str) -> list[dict[str, Any]]:
    """The entries of the navigation on a page."""
    sections = enter(user).get(path).context["nav"]
    return [item for section in sections for item in section["items"]]


def current(user: Any, path: str) -> list[str]:
    return [str(item["url"]) for item in shown(user, path) if item["current"]]


@pytest.mark.parametrize("name", ROLE_NAMES)
def test_every_entry_leads_to_a_page_that_its_reader_may_open(people: Personas, name: str) -> None:
    reader = getattr(people, name)

    entries = shown(reader, reverse("home"))
    client = enter(reader)
    answers = {item["url"]: client.get(item["url"]).status_code for item in entries}

    assert answers == dict.fromkeys(answers, 200)
    assert sum(item["mobile"] for item in entries) <= 5


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("finance", ["Workbench", "Applications", "Consortia", "Funds", "Calls", "Ranking and decision",
                     "Public notices", "Expert pool", "Annual evaluation", "Reports", "Register of outcomes",
                     "Joint platforms", "Demands", "Institutions", "Funding overview",
                     "Funding reports", "Organisations", "Integrity records", "Roles"]),
        ("district_officer", ["Workbench", "Applications", "Consortia", "Funds", "Calls", "Public notices",
                              "Annual evaluation", "Reports", "Register of outcomes",
                     "Joint platforms", "Demands", "Institutions", "Funding reports",
                              "Organisations", "Integrity records"]),
        ("lead", ["Workbench", "My applications", "Consortia", "Funds", "Calls", "Public notices",
                  "Annual evaluation", "Reports", "Demands", "Institutions", "Funding reports", "My organisation"]),
        ("university_confirmer", ["Workbench", "My applications", "Consortia", "Funds", "Calls", "Public notices",
                                  "Demands", "Institutions", "My organisation"]),
        ("expert", ["Workbench", "My reviews", "Annual evaluation"]),
        ("audit_admin", ["Workbench", "Audit console", "Roles", "Approval limits", "Outbox", "Separation of duties",
                         "Replay of decisions", "Audit trail"]),
    ],
)  # fmt: skip
def test_each_role_has_its_own_entries(people: Personas, name: str, labels: list[str]) -> None:
    with translation.override("en"):
        assert [str(item["label"]) for item in shown(getattr(people, name), reverse("home"))] == labels


def test_exactly_one_entry_is_current_and_it_is_the_nearest(people: Personas) -> None:
    tranche = make_tranche(people)
    contract = make_contract(people)
    lists, own = reverse("funding:tranche-list"), reverse("funding:my-funding")

    assert current(people.officer, tranche.get_absolute_url()) == [lists]
    assert current(people.officer, contract.get_absolute_url()) == [lists]
    assert current(people.lead, tranche.get_absolute_url()) == [own]
    assert current(people.lead, contract.get_absolute_url()) == [own]
    assert current(people.lead, contract.award.application.get_absolute_url()) == [reverse("funding:my-applications")]
    assert current(people.lead, reverse("home")) == [reverse("home")]
    assert current(people.lead, reverse("notifications")) == []


def test_the_public_pages_mark_where_one_is(client: Client, db: None) -> None:
    def marked(name: str) -> list[str]:
        return [item["url"] for item in client.get(reverse(name)).context["topnav"] if item["current"]]

    assert marked("public-home") == [reverse("public-home")]
    assert marked("funding:call-list") == [reverse("funding:call-list")]


def test_the_navigation_is_read_without_a_query(people: Personas, django_assert_num_queries: Any) -> None:
    page = enter(people.officer).get(reverse("home"))

    with django_assert_num_queries(0):
        assert len(page.context["nav"]) == len(SECTIONS)


def test_the_board_of_a_call_belongs_to_the_ranking(people: Personas) -> None:
    call = make_call(people)

    pages = [reverse(f"funding:{name}", args=[call.pk]) for name in ("tier-board", "call-scenarios", "call-detail")]

    ranking, calls = reverse("funding:grading-board"), reverse("funding:call-list")
    assert [current(people.officer, page) for page in pages] == [[ranking], [ranking], [calls]]
