"""The minutes of a decision meeting: who has them made, what stands in them, that they are a PDF."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from funding.models import Recusal
from portal.kernel.audit import sha256
from portal.kernel.workflow import TransitionRefused
from reports import pdf
from reports.exporters.minutes import minutes_text
from reports.models import MinutesDocument
from reports.services.minutes import order_minutes
from reports.tasks import record_html
from tests.clock import NOON
from tests.factories.funding import make_scenario
from tests.factories.reports import make_minutes
from tests.personas import Personas


def test_the_minutes_hold_list_deviations_approvals_and_hash(people: Personas) -> None:
    document = make_minutes(people)
    scenario = document.scenario

    found = minutes_text(document.snapshot)

    assert document.snapshot_hash == sha256(document.snapshot)
    assert dict(found.cover.pairs)["Meeting or document"] == scenario.meeting
    html = record_html(document, text=minutes_text)
    for text in (scenario.sha256, people.leader.name, people.second_leader.name, *_numbers(scenario)):
        assert text in html
    assert not any(expert.user.name in html for expert in people.experts)


def _numbers(scenario: Any) -> list[str]:
    return list(scenario.places.values_list("application__number", flat=True))


def test_attendance_and_votes_stand_in_them(people: Personas) -> None:
    document = make_minutes(people, met=True)
    meeting = document.scenario.record

    html = record_html(document, text=minutes_text)

    assert [one.key for one in minutes_text(document.snapshot).chapters][3:5] == ["attendance", "votes"]
    for text in (meeting.sha256, meeting.place, people.finance.name, people.secretary.name, "Adopted", "4 / 3 / 2"):
        assert text in html
    assert pdf.lay_out(html).pages >= 2


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_they_become_a_document_in_both_languages(people: Personas, language: str) -> None:
    document = make_minutes(people)
    document.language = language

    assert pdf.lay_out(record_html(document, text=minutes_text)).pages >= 2


def test_the_same_list_gives_the_same_minutes(people: Personas) -> None:
    document = make_minutes(people)

    again = order_minutes(scenario=document.scenario, language="en", actor=people.leader, at=NOON)

    assert (again, MinutesDocument.objects.count()) == (document, 1)


def test_there_are_no_minutes_before_the_decision(people: Personas) -> None:
    with pytest.raises(TransitionRefused, match="has not decided"):
        order_minutes(scenario=make_scenario(people), language="en", actor=people.officer, at=NOON)


@pytest.mark.parametrize("name", ["acceptance", "expert", "lead", "district_officer", "system_admin"])
def test_only_who_sees_the_board_has_them_made(people: Personas, name: str) -> None:
    document = make_minutes(people)

    with pytest.raises(PermissionDenied):
        order_minutes(scenario=document.scenario, language="en", actor=getattr(people, name), at=NOON)


def test_the_page_offers_them_and_a_stranger_finds_none(people: Personas, sign_in: Any) -> None:
    document = make_minutes(people)
    page = reverse("reports:minutes-documents", args=[document.scenario_id])

    assert sign_in(people.officer).get(page).context["documents"].get() == document
    assert sign_in(people.lead).get(page).status_code == 404
    case = document.scenario.places.get().application
    Recusal.objects.create(
        application=case, person=people.finance, ground="样例", declared_by=people.finance, recused_at=NOON
    )
    assert sign_in(people.finance).get(page).status_code == 404
