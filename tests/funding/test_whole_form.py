"""The whole form of a call, read before anybody starts."""

import re
from typing import Any

import pytest
from django.urls import reverse

from funding.enums import CallStatus
from funding.forms.applications import SectionForm
from funding.forms.whole import Question, enclosed, prepared, written
from funding.models import Call
from funding.rules.declarations import DECLARATIONS, VERSION
from funding.rules.sections import SECTIONS
from tests.factories.funding import make_call
from tests.funding.steps import queries_of
from tests.personas import Personas


def url(call: Call) -> str:
    return reverse("funding:call-whole-form", args=[call.pk])


# --- what it holds -----------------------------------------------------------------------------
@pytest.mark.usefixtures("english")
def test_every_section_is_told_with_its_limit() -> None:
    parts = written()

    assert [part.title for part in parts] == [section.title for section in SECTIONS.values()]
    limits = {str(one.label): one.limit for part in parts for one in part.questions}
    assert limits == {
        "Tier applied for": 0, "Amount asked for (×10k yuan)": 0, "Need and objective": 3000,
        "Foundation of cooperation": 3000, "Technical route": 6000, "Commercialisation": 3000,
        "Talent, platforms and funds": 3000, "Amount of each member by year, source and category (×10k yuan)": 0,
        "Note": 200, "Reasons for deviations": 1000,
    }  # fmt: skip


@pytest.mark.parametrize("code", [code for code in SECTIONS if code != "budget"])
def test_what_is_told_is_what_the_form_asks(code: str) -> None:
    asked = [field for field in SectionForm(section=SECTIONS[code]).fields.values() if not field.widget.is_hidden]
    told = written()[list(SECTIONS).index(code)].questions

    assert [one.label for one in told] == [field.label for field in asked]
    assert [one.hint for one in told] == [field.help_text for field in asked]


@pytest.mark.usefixtures("english")
def test_notes_and_a_reason_for_deviations_may_be_left_out() -> None:
    optional = [str(one.label) for part in written() for one in part.questions if not one.required]
    assert optional == ["Note", "Reasons for deviations"]


@pytest.mark.usefixtures("english")
@pytest.mark.django_db
def test_the_parts_of_the_consortium_are_told() -> None:
    assert [str(part.title) for part in prepared()] == [
        "Profile of the consortium", "Yearly figures of the lead", "Part of each member", "Consortium agreement",
        "Key-technology list", "Research tasks", "Milestones of a task",
    ]  # fmt: skip
    assert all(one.label and one.answer for part in prepared() for one in part.questions)


@pytest.mark.usefixtures("english")
@pytest.mark.django_db
def test_each_answer_says_its_form() -> None:
    technology = {str(one.label): one for one in prepared()[4].questions}

    def told(label: str) -> tuple[str, int, bool]:
        one: Question = technology[label]
        return str(one.answer), one.limit, one.required

    assert told("Responsible") == ("chosen from a list", 0, True)
    assert told("Due") == ("a date", 0, True)
    assert told("Target") == ("a number", 0, True)
    assert told("Name") == ("written text", 120, True)
    assert [str(one.answer) for one in enclosed().questions] == ["written text", "a file"]


# --- the page ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_everybody_reads_it_for_a_published_call(people: Personas, client: Any) -> None:
    call = make_call(people)

    page = client.get(url(call)).content.decode()

    asked = [str(one.label) for part in (*written(), *prepared(), enclosed()) for one in part.questions]
    assert [label for label in asked if label not in page] == []
    assert [str(text) for text in DECLARATIONS.values() if str(text) not in page] == []
    assert (VERSION in page, call.rules.sha256 in page, "6,000" in page) == (True, True, True)


@pytest.mark.django_db
def test_the_numbers_are_those_of_the_rules_of_the_call(people: Personas, client: Any) -> None:
    call = make_call(people)
    rules = call.rules
    rules.data["eligibility"] |= {"min_members": 17, "revenue_floor": "123450000"}
    rules.save()

    words = re.sub(r"\s+", " ", client.get(url(call)).content.decode())

    assert ("17" in words, "12,345" in words) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("district_officer", 200), ("lead", 404), ("", 404)])
def test_the_form_of_a_draft_is_for_officials(
    people: Personas, client: Any, sign_in: Any, who: str, status: int
) -> None:
    call = make_call(people, status=CallStatus.DRAFT)
    reader = sign_in(getattr(people, who)) if who else client
    assert reader.get(url(call)).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["", "lead"])
def test_the_page_of_the_call_leads_there(people: Personas, client: Any, sign_in: Any, who: str) -> None:
    call = make_call(people)
    reader = sign_in(getattr(people, who)) if who else client
    assert f'href="{url(call)}"' in reader.get(call.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_it_is_costs_the_same_at_any_length(people: Personas, sign_in: Any) -> None:
    client, call = sign_in(people.officer), make_call(people)
    client.get(url(call))
    assert len(queries_of(client, url(call))) == 5
