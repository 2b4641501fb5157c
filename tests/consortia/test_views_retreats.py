"""The pages on the way out of a consortium in preparation."""

from typing import Any

import pytest
from django.urls import reverse

from consortia.enums import ConsortiumStatus, ParticipationStatus
from consortia.models import Consortium, Participation
from tests.factories.consortia import make_participation, make_task, ready_consortium
from tests.factories.funding import make_application
from tests.personas import Personas

P, S = ParticipationStatus, ConsortiumStatus
SignIn = Any
ENGLISH = {"accept-language": "en"}
NOTE = {"note": "样例规划调整。"}


def at(name: str, subject: Any) -> str:
    return reverse(f"consortia:{name}", args=[subject.pk])


def member_of(consortium: Consortium, people: Personas) -> Participation:
    make_task(consortium, lead=people.university)
    return consortium.participations.get(organisation=people.university)


# --- stepping back -----------------------------------------------------------------------------
def test_a_member_steps_back_on_a_page_that_says_what_ends(people: Personas, sign_in: SignIn) -> None:
    member, client = member_of(ready_consortium(people), people), sign_in(people.university_confirmer)
    page = at("participation-step-back", member)

    offered = client.get(at("participation-detail", member)).text
    shown = client.get(page)
    empty = client.post(page, {"note": ""})
    answer = client.post(page, NOTE)
    after = client.get(answer["Location"])
    again = client.post(page, NOTE)

    assert (page in offered, at("departure-request", member) in offered) == (True, True)
    assert str(shown.context["due"][0]) == str(member.consortium.tasks.last())
    assert list(empty.context["form"].errors) == ["note"]
    assert (answer.status_code, after.status_code, again.status_code) == (302, 200, 409)
    assert Participation.objects.get(pk=member.pk).status == P.LEFT


@pytest.mark.parametrize(
    ("who", "status"), [("university_confirmer", 200), ("lead", 403), ("fund_confirmer", 403), ("officer", 403),
                        ("rival", 404), ("expert", 404)]
)  # fmt: skip
def test_who_reaches_the_way_back(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    member = member_of(ready_consortium(people), people)

    assert sign_in(getattr(people, who)).get(at("participation-step-back", member)).status_code == status


def test_at_work_a_member_is_offered_the_departure(people: Personas, sign_in: SignIn) -> None:
    member = member_of(ready_consortium(people, status=S.OPERATING), people)
    client = sign_in(people.university_confirmer)

    offered = client.get(at("participation-detail", member)).text

    assert (at("participation-step-back", member) in offered, at("departure-request", member) in offered) == (
        False,
        True,
    )
    assert client.get(at("participation-step-back", member)).templates[0].name == "step_closed.html"


def test_who_has_left_reads_the_own_part_without_being_asked_anything(people: Personas, sign_in: SignIn) -> None:
    member, client = member_of(ready_consortium(people), people), sign_in(people.university_confirmer)
    home = f'href="{member.consortium.get_absolute_url()}"'
    before = client.get(at("participation-detail", member)).text
    client.post(at("participation-step-back", member), NOTE)

    after = client.get(at("participation-detail", member), headers=ENGLISH).text

    assert (home in before, home in after) == (True, False)
    assert [words in after for words in ("Changed since it was confirmed", "What changed since")] == [False, False]
    assert home in sign_in(people.lead).get(at("participation-detail", member)).text


# --- giving up ---------------------------------------------------------------------------------
def test_the_lead_gives_up_on_a_page_that_names_who_is_told(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    make_participation(consortium, people.rival_org, people.lead, status=P.INVITED)
    page = at("consortium-abandon", consortium)

    offered = client.get(consortium.get_absolute_url()).text
    shown = client.get(page, headers=ENGLISH)
    empty = client.post(page, {"note": ""})
    answer = client.post(page, NOTE)
    after = client.get(answer["Location"])
    life = client.get(at("consortium-life", consortium), headers=ENGLISH).text

    assert page in offered
    assert [row.organisation for row in shown.context["members"]] == [
        people.university, people.fund, people.supplier, people.other_supplier, people.rival_org
    ]  # fmt: skip
    assert "The invitation is taken back" in shown.text
    assert list(empty.context["form"].errors) == ["note"]
    assert (answer["Location"], after.status_code) == (consortium.get_absolute_url(), 200)
    assert (page in after.text, "Given up while it was being prepared" in life) == (False, True)
    assert client.post(page, NOTE).status_code == 409


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 200), ("signatory", 403), ("university_confirmer", 403), ("officer", 403),
                        ("leader", 403), ("rival", 404), ("expert", 404)]
)  # fmt: skip
def test_who_reaches_the_giving_up(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    consortium = ready_consortium(people)

    assert sign_in(getattr(people, who)).get(at("consortium-abandon", consortium)).status_code == status


def test_an_application_stands_in_the_way(people: Personas, sign_in: SignIn) -> None:
    application = make_application(people)
    page = at("consortium-abandon", application.consortium)

    shown = sign_in(people.lead).get(page, headers=ENGLISH)
    answer = sign_in(people.lead).post(page, NOTE)

    assert shown.context["reasons"] == [f"The application {application.number} has to be withdrawn first."]
    assert (answer.status_code, answer.context["form"]["note"].value()) == (409, NOTE["note"])
