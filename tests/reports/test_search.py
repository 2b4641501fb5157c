"""The search in the roof: what one may see, of every kind, and nothing of a rival."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.selectors.search import MOST, find
from tests.factories.consortia import make_consortium
from tests.factories.funding import make_application
from tests.factories.members import make_organisation
from tests.personas import Personas

SEARCH = reverse("reports:search")
SignIn = Callable[..., Client]


def names(user: object, text: str) -> dict[str, list[str]]:
    return {str(one.icon): [hit.name for hit in one.rows] for one in find(user, text)}


def test_everything_with_these_words_is_found_by_kind(people: Personas) -> None:
    application = make_application(people, status="SUBMITTED")

    found = names(people.officer, "领航")

    assert found == {
        "affiliate": [application.consortium.name],
        "building": [people.lead_org.name],
        "clipboard-text": [application.consortium.name],
    }
    assert names(people.officer, application.number)["clipboard-text"] == [application.consortium.name]


@pytest.mark.parametrize("who", ["rival", "expert", "system_admin", "other_district_officer"])
def test_nobody_finds_what_is_not_theirs(people: Personas, who: str) -> None:
    application = make_application(people, status="SUBMITTED")

    user = getattr(people, who)

    assert names(user, "领航") == {}
    assert names(user, application.number) == {}
    assert names(user, application.consortium.code) == {}


def test_the_rest_is_in_the_list(people: Personas) -> None:
    for n in range(MOST + 1):
        make_organisation(f"样例众多{n}")

    hits = next(one for one in find(people.officer, " 众多 ") if one.icon == "building")

    assert (len(hits.rows), hits.more) == (
        MOST,
        reverse("members:organisation-list") + "?q=%E4%BC%97%E5%A4%9A",
    )


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "没有这样的词", "%", "'; --", "\\", "长" * 5000])
def test_the_page_bears_any_words(people: Personas, sign_in: SignIn, text: str) -> None:
    make_consortium(people)

    assert sign_in(people.officer).get(SEARCH, {"q": text}).status_code == 200


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(SEARCH, {"q": "样例"}).status_code == 302


def test_more_hits_cost_no_more_queries(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)
    make_consortium(people, name="样例一")
    make_organisation("样例甲")
    first = queries(client)
    for n in range(4):
        make_consortium(people, name=f"样例多{n}")
        make_organisation(f"样例众{n}")

    assert queries(client) == first


def queries(client: Client) -> int:
    client.get(SEARCH, {"q": "样例"})
    with CaptureQueriesContext(connection) as captured:
        client.get(SEARCH, {"q": "样例"})
    return len(captured)
