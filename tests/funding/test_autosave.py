"""What saves itself while one types: nothing is lost, nothing is overwritten unseen."""

from time import time
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from funding.enums import Action
from funding.enums import ApplicationStatus as S
from funding.models import Application
from funding.services.applications import SectionChanged, edit_application
from members.enums import Role
from portal.kernel import presence
from portal.kernel.audit import trail
from tests.clock import NOON
from tests.factories.funding import make_application
from tests.factories.members import give
from tests.funding.steps import queries_of, submit
from tests.personas import Personas
from tests.races import at_once

pytestmark = pytest.mark.django_db


def url(application: Application, section: str = "route") -> str:
    return reverse("funding:section-autosave", args=[application.pk, section])


def send(client: Any, application: Application, version: int, text: str, page: str = "") -> Any:
    return client.post(url(application), {"version": version, "route": text, "page": page})


# --- saving ------------------------------------------------------------------------------------
def test_what_was_typed_is_saved_with_its_version(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)

    first = send(client, application, application.version, "样例路线一。")
    second = send(client, application, first.json()["version"], "样例路线二。")

    application.refresh_from_db()
    assert (first.status_code, second.status_code, application.route) == (200, 200, "样例路线二。")
    assert second.json()["version"] == application.version == application.sections["route"]["version"]
    assert (second.json()["by"], len(second.json()["at"])) == (str(people.lead), len("10:32"))
    assert [entry.action for entry in trail(application)][:2] == [Action.EDIT, Action.EDIT]


def test_somebody_elses_newer_text_comes_back_instead(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    loaded = application.version
    send(sign_in(people.lead), application, loaded, "牵头人的文字。", "page-1")

    late = send(sign_in(people.signatory), application, loaded, "签署人的文字。", "page-2")
    kept = send(sign_in(people.signatory), application, late.json()["version"], "签署人的文字。", "page-2")

    assert (late.status_code, "牵头人的文字。" in late.json()["html"], kept.status_code) == (409, True, 200)
    application.refresh_from_db()
    assert application.route == "签署人的文字。"


def test_the_text_of_another_is_shown_as_text(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    loaded = application.version
    send(sign_in(people.lead), application, loaded, "<script>alert(1)</script>")

    html = send(sign_in(people.signatory), application, loaded, "样例。").json()["html"]

    assert ("<script>" in html, "&lt;script&gt;" in html) == (False, True)


def test_a_page_that_missed_its_answer_has_no_quarrel_with_itself(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    loaded = application.version
    send(client, application, loaded, "第一稿", "page-1")

    again = send(client, application, loaded, "第一稿，续写", "page-1")
    other_tab = send(client, application, loaded, "另一页", "page-2")

    assert (again.status_code, other_tab.status_code) == (200, 409)
    application.refresh_from_db()
    assert application.route == "第一稿，续写"


@pytest.mark.parametrize(
    ("section", "values", "field"),
    [
        ("route", {"route": "字" * 6001}, "route"),
        ("route", {"route": "样例", "version": "x"}, "version"),
        ("route", {"route": "样例", "page": "p" * 65}, "page"),
        ("basics", {"requested_tier": "A", "requested_amount": "-1"}, "requested_amount"),
        ("basics", {"requested_tier": "B", "requested_amount": "200"}, "requested_amount"),
        ("basics", {"requested_tier": "Z", "requested_amount": "1"}, "requested_tier"),
    ],
)
def test_what_cannot_be_saved_is_told_at_the_field(
    people: Personas, sign_in: Any, section: str, values: dict[str, str], field: str
) -> None:
    application = make_application(people)
    answer = sign_in(people.lead).post(url(application, section), {"version": application.version, **values})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert Application.objects.get().version == application.version


def test_after_the_submission_nothing_is_saved(people: Personas, sign_in: Any) -> None:
    application = submit(make_application(people), people)
    answer = send(sign_in(people.lead), application, application.version, "迟到的文字。")
    assert (answer.status_code, list(answer.json())) == (409, ["detail"])
    application.refresh_from_db()
    assert (application.status, "迟到" in application.route) == (S.SUBMITTED, False)


@pytest.mark.parametrize(
    ("who", "status"), [("university_confirmer", 403), ("officer", 404), ("rival", 404), ("expert", 404)]
)
def test_nobody_else_saves_or_looks(people: Personas, sign_in: Any, who: str, status: int) -> None:
    application = make_application(people)
    client = sign_in(getattr(people, who))
    answers = [send(client, application, application.version, "样例。"), client.get(url(application))]
    assert [answer.status_code for answer in answers] == [status, status]


def test_there_is_no_such_section(people: Personas, sign_in: Any) -> None:
    assert sign_in(people.lead).get(url(make_application(people), "nothing")).status_code == 404


# --- others ------------------------------------------------------------------------------------
def test_who_writes_here_sees_who_else_does(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    cache.clear()
    lead, signatory = sign_in(people.lead), sign_in(people.signatory)

    alone = lead.get(url(application)).json()
    met = signatory.get(url(application)).json()
    elsewhere = signatory.get(url(application, "objective")).json()

    assert (alone["others"], met["others"], elsewhere["others"]) == ([], [str(people.lead)], [])


def test_a_look_tells_of_a_newer_text(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.signatory)
    before = client.get(url(application)).json()
    saved = send(sign_in(people.lead), application, application.version, "新的路线。").json()

    assert before["version"] <= application.version < saved["version"]
    assert client.get(url(application)).json()["version"] == saved["version"]


def test_a_look_costs_the_same_however_many_write(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    client.get(url(application))
    before = len(queries_of(client, url(application)))
    for person in (people.rival, people.officer, people.university_confirmer):
        give(person, Role.APPLICANT, people.lead_org)
        presence.be_at(f"{application.pk}:route", person)

    assert len(queries_of(client, url(application))) == before
    assert len(client.get(url(application)).json()["others"]) == 3


def test_a_look_shows_nobody_at_work(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    session = client.session
    session["session_seen"] = seen = int(time()) - 600
    session.save()

    client.get(url(application), headers={"Portal-Background": "1"})
    background = client.session["session_seen"]
    client.get(url(application))

    assert (background == seen, client.session["session_seen"] > seen) == (True, True)


# --- races -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_pages_at_once_and_one_is_told(people: Personas) -> None:
    application = make_application(people)
    loaded = application.version

    results = at_once(
        *(
            lambda who=who, page=page: edit_application(
                application=Application.objects.get(pk=application.pk), actor=who, at=NOON, section="route",
                values={"route": page}, loaded=loaded, page=page,
            )
            for who, page in ((people.lead, "page-1"), (people.signatory, "page-2"))
        )
    )  # fmt: skip

    told = [result for result in results if isinstance(result, SectionChanged)]
    application.refresh_from_db()
    assert len(told) == 1
    assert told[0].values == {"route": application.route}
    assert application.version == loaded + 1
