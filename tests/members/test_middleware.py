"""A session ends by idleness and by age, on the server; nobody passes without the factor that the roles demand."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from members.middleware import BEGAN, SEEN, WRITE_EVERY
from members.models import User
from tests.personas import Personas

OWN = reverse("members:organisation-own")
LOGIN = reverse("account_login")


@pytest.fixture
def client(people: Personas, sign_in: Any) -> Client:
    """The lead applicant, with a session that has begun."""
    client: Client = sign_in(people.lead)
    client.get(OWN)
    return client


def age(client: Client, *, began: int = 0, seen: int = 0) -> None:
    """Let the session be that many seconds older."""
    session = client.session
    session[BEGAN] -= began
    session[SEEN] -= seen
    session.save()


def ended(answer: Any) -> tuple[str, dict[str, list[str]]]:
    """Where the answer leads, and with which parameters."""
    parts = urlsplit(answer["Location"])
    return parts.path, parse_qs(parts.query)


# --- limits of a session -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("older", "reason"),
    [
        ({"seen": settings.SESSION_IDLE_SECONDS}, "idle"),
        ({"began": settings.SESSION_COOKIE_AGE}, "age"),
        ({"began": settings.SESSION_COOKIE_AGE, "seen": settings.SESSION_IDLE_SECONDS}, "age"),
    ],
)
def test_a_session_ends_and_says_why_and_where_to_go_on(client: Client, older: dict[str, int], reason: str) -> None:
    key = client.session.session_key
    age(client, **older)

    answer = client.get(f"{OWN}?organisation=x")

    assert answer.status_code == 302
    assert ended(answer) == (LOGIN, {"next": [f"{OWN}?organisation=x"], "ended": [reason]})
    assert not Session.objects.filter(pk=key).exists()
    assert client.get(OWN).status_code == 302


@pytest.mark.parametrize(
    "older", [{"seen": settings.SESSION_IDLE_SECONDS - 30}, {"began": settings.SESSION_COOKIE_AGE - 30}]
)
def test_a_session_within_its_limits_goes_on(client: Client, older: dict[str, int]) -> None:
    age(client, **older)

    assert client.get(OWN).status_code == 200


def test_activity_moves_the_idle_limit_but_not_the_age(client: Client) -> None:
    age(client, began=5000, seen=WRITE_EVERY)
    began = client.session[BEGAN]

    client.get(OWN)

    assert time.time() - client.session[SEEN] < 5
    assert client.session[BEGAN] == began


def test_the_session_is_written_once_a_minute(client: Client) -> None:
    age(client, seen=WRITE_EVERY - 5)
    before = client.session[SEEN]

    client.get(OWN)

    assert client.session[SEEN] == before


@pytest.mark.parametrize(
    ("headers", "back"),
    [
        ({"Referer": f"http://testserver{OWN}?year=2025"}, f"{OWN}?year=2025"),
        ({"Referer": "https://elsewhere.test/members/"}, reverse("home")),
        ({}, reverse("home")),
    ],
)
def test_a_form_sent_too_late_leads_back_to_its_page(client: Client, headers: dict[str, str], back: str) -> None:
    age(client, seen=settings.SESSION_IDLE_SECONDS)

    answer = client.post(reverse("notifications-read"), headers=headers)

    assert ended(answer) == (LOGIN, {"next": [back], "ended": ["idle"]})


def test_a_part_of_a_page_takes_the_whole_window_along(client: Client) -> None:
    age(client, seen=settings.SESSION_IDLE_SECONDS)

    answer = client.get(OWN, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{OWN}"})

    assert answer.status_code == 200
    parts = urlsplit(answer["HX-Redirect"])
    assert (parts.path, parse_qs(parts.query)["next"]) == (LOGIN, [OWN])


def test_a_public_page_is_shown_all_the_same(client: Client) -> None:
    age(client, seen=settings.SESSION_IDLE_SECONDS)

    answer = client.get(reverse("account_reset_password"))

    assert answer.status_code == 200
    assert not answer.wsgi_request.user.is_authenticated


def test_an_address_that_does_not_exist_stays_one(client: Client) -> None:
    age(client, seen=settings.SESSION_IDLE_SECONDS)

    assert client.get("/nowhere/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_sign_in_page_says_why(db: None, language: str) -> None:
    sentences = {
        "en": "You were signed out because nothing happened for a while. Sign in to go on where you were.",
        "zh-hans": "由于长时间未操作，您已退出登录。重新登录后可继续之前的操作。",
    }
    answer = Client(headers={"Accept-Language": language}).get(f"{LOGIN}?ended=idle")

    assert answer.content.decode().count(sentences[language]) == 1


def test_a_deactivated_person_is_out_at_the_next_click(client: Client, people: Personas) -> None:
    User.objects.filter(pk=people.lead.pk).update(is_active=False)

    assert ended(client.get(OWN))[0] == LOGIN


def test_visitors_get_no_session(db: None) -> None:
    client = Client()

    client.get(reverse("account_reset_password"))

    assert Session.objects.count() == 0


# --- the second factor -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", [reverse("home"), reverse("members:role-list"), reverse("notifications"), reverse("public-home")]
)
def test_without_it_every_way_leads_to_its_set_up(bare_officer: User, sign_in: Any, path: str) -> None:
    answer = sign_in(bare_officer).get(path)

    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))


def test_without_it_the_api_is_closed(bare_officer: User, sign_in: Any) -> None:
    answer = sign_in(bare_officer).get("/api/v1/consortia/", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.json()) == (403, {"detail": "Please set up a second factor first."})


def test_without_it_one_may_set_it_up_change_the_language_and_sign_out(bare_officer: User, sign_in: Any) -> None:
    client = sign_in(bare_officer)

    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_reauthenticate")).status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.post(reverse("set_language"), {"language": "en", "next": "/"}).status_code == 302
    answer = client.post(reverse("account_logout"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("public-home"))


def test_with_it_the_portal_is_open(bare_officer: User, sign_in: Any) -> None:
    TOTP.activate(bare_officer, generate_totp_secret())

    assert sign_in(bare_officer).get(reverse("members:role-list")).status_code == 200


def test_a_role_that_demands_it_takes_effect_at_the_next_click(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead)

    assert client.get(OWN).status_code == 200
    people.lead.role_grants.all().delete()
    people.lead.role_grants.create(role="OFFICER", granted_at="2026-01-01T00:00Z")
    assert client.get(reverse("members:role-list"))["Location"] == reverse("mfa_index")


def test_the_page_of_the_set_up_shows_no_navigation(bare_officer: User, sign_in: Any) -> None:
    html = sign_in(bare_officer).get(reverse("mfa_index")).content.decode()

    assert html.count('<nav class="nav"') == 0
