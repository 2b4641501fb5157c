"""Pages of a change of the lead: reached, refused, nothing typed lost."""

from typing import Any

import pytest
from django.urls import reverse

from consortia.enums import LeadChangeStatus, ParticipationRole
from consortia.models import LeadChange
from tests.consortia.test_services_leadchanges import all_consent, at_work, propose
from tests.factories.consortia import make_lead_change, ready_consortium
from tests.personas import Personas

SignIn = Any


def at(name: str, *keys: Any) -> str:
    return reverse(f"consortia:{name}", args=[getattr(key, "pk", key) for key in keys])


def test_from_the_proposal_to_the_decision(people: Personas, sign_in: SignIn) -> None:
    consortium = at_work(people)
    lead, leader = sign_in(people.lead), sign_in(people.leader)
    assert lead.get(at("consortium-members", consortium)).context["proposes_lead"] is True

    facts = {"new_lead": str(people.supplier.pk), "ground": "HANDED_OVER", "note": "战略调整。"}
    answer = lead.post(at("lead-change-propose", consortium), facts)
    change = LeadChange.objects.get()
    assert answer["Location"] == change.get_absolute_url()

    fund = consortium.participations.get(organisation=people.fund)
    client = sign_in(people.fund_confirmer)
    page = client.get(at("lead-change-consent", change, fund))
    client.post(at("lead-change-consent", change, fund), {"seen": page.context["form"]["seen"].value()})
    all_consent(change)
    paper = {"note": "同意。", "document_number": "样科1号", "meeting": "样例会", "meeting_on": "2026-11-10"}
    assert leader.get(change.get_absolute_url()).context["actions"] == ["reject_lead_change", "approve_lead_change"]
    done = leader.post(at("lead-change-approve", change), paper)

    assert done["Location"] == change.get_absolute_url()
    lead_now = consortium.participations.get(role=ParticipationRole.LEAD)
    assert lead_now.organisation == people.supplier
    again = leader.post(at("lead-change-approve", change), paper)
    assert (again.status_code, again.context["form"]["note"].value()) == (409, "同意。")


def test_bad_input_stands_at_its_field(people: Personas, sign_in: SignIn) -> None:
    consortium = at_work(people)

    answer = sign_in(people.lead).post(
        at("lead-change-propose", consortium), {"new_lead": str(people.university.pk), "ground": "SILENT", "note": ""}
    )

    assert set(answer.context["form"].errors) == {"new_lead", "ground", "note"}
    assert LeadChange.objects.count() == 0


def test_two_proposals_one_after_the_other(people: Personas, sign_in: SignIn) -> None:
    consortium = at_work(people)
    propose(people, consortium)

    closed = sign_in(people.fund_confirmer).get(at("lead-change-propose", consortium))

    assert (len(closed.context["reasons"]), closed.templates[0].name) == (1, "step_closed.html")


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("fund_confirmer", 200), ("officer", 200), ("leader", 200), ("district_officer", 200),
     ("other_district_officer", 404), ("rival", 404), ("expert", 404), ("system_admin", 404)],
)  # fmt: skip
def test_who_sees_a_proposal(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    change = make_lead_change(people, ready_consortium(people), people.lead)

    assert sign_in(getattr(people, who)).get(change.get_absolute_url()).status_code == status


@pytest.mark.parametrize(
    ("who", "act", "status"),
    [("lead", "approve", 403), ("officer", "approve", 403), ("leader", "withdraw", 403), ("rival", "approve", 404),
     ("fund_confirmer", "answer", 403), ("lead", "withdraw", 200), ("leader", "reject", 200)],
)  # fmt: skip
def test_who_may_take_which_step(people: Personas, sign_in: SignIn, who: str, act: str, status: int) -> None:
    change = make_lead_change(people, ready_consortium(people), people.lead)

    assert sign_in(getattr(people, who)).get(at(f"lead-change-{act}", change)).status_code == status


def test_nobody_answers_on_the_page_of_another_member(people: Personas, sign_in: SignIn) -> None:
    consortium = at_work(people)
    change = make_lead_change(people, consortium, people.lead)
    university = consortium.participations.get(organisation=people.university)

    answer = sign_in(people.fund_confirmer).post(at("lead-change-refuse", change, university), {"note": "不同意。"})

    assert (answer.status_code, change.consents.count(), change.status) == (403, 0, LeadChangeStatus.OPEN)


def test_the_figures_of_the_new_lead_are_for_officials_only(people: Personas, sign_in: SignIn) -> None:
    change = make_lead_change(people, at_work(people), people.lead)

    def years(who: Any) -> int:
        return len(sign_in(who).get(change.get_absolute_url()).context["years"])

    assert (years(people.leader), years(people.fund_confirmer), years(people.lead)) == (3, 0, 0)


def test_the_list_shows_what_is_being_decided(people: Personas, sign_in: SignIn) -> None:
    change = make_lead_change(people, at_work(people), people.lead)

    assert list(sign_in(people.head).get(at("lead-change-list")).context["rows"]) == [change]
    assert list(sign_in(people.rival).get(at("lead-change-list")).context["rows"]) == []
    assert sign_in(people.expert).get(at("lead-change-list")).status_code == 403
