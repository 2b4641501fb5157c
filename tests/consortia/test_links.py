"""Links between consortia: who proposes, who answers, who ends, and what each side learns of the other."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from consortia.models import Consortium, ConsortiumLink
from consortia.rules.links import LinkKind, LinkStatus
from consortia.selectors.links import links_of, partners, standing_links
from consortia.services.links import accept_link, decline_link, end_link, propose_link, withdraw_link
from consortia.workflow import LINK
from members.enums import Role
from members.models import User
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_consortium, make_link, ready_consortium, rival_consortium
from tests.factories.members import make_organisation, make_user
from tests.personas import Personas
from tests.races import at_once, refusals

S, L = ConsortiumStatus, LinkStatus
SignIn = Any
TYPED = {
    "kind": "PROJECT", "subject": "样例联合攻关", "goal": "样例目标。", "start": "2026-12-01", "end": "2027-12-01",
    "project_name": "样例项目", "project_level": "CITY", "project_number": "样-1",
}  # fmt: skip


def pair(people: Personas, status: ConsortiumStatus = S.OPERATING) -> tuple[Consortium, Consortium]:
    return (
        ready_consortium(people, status=S.OPERATING, name="样例甲联合体"),
        rival_consortium(people, status=status, name="样例乙联合体"),
    )


def propose(consortium: Consortium, partner: Consortium, actor: User, **facts: Any) -> ConsortiumLink:
    given = {"kind": "FIELDS", "subject": "样例互补", "goal": "样例。", "start": date(2026, 12, 1)} | facts
    row = ConsortiumLink(**{"end": date(2027, 12, 1)} | given)
    return propose_link(consortium=consortium, partner=partner, link=row, actor=actor, at=NOON)


def told(kind: str) -> set[str]:
    return {one.recipient.name for one in Notification.objects.filter(kind=f"consortia.{kind}")}


def at(name: str, *keys: Any) -> str:
    return reverse(f"consortia:{name}", args=[getattr(key, "pk", key) for key in keys])


# --- the table ---------------------------------------------------------------------------------
TABLE = {
    L.PROPOSED: {"accept_link", "decline_link", "withdraw_link"},
    L.ACCEPTED: {"end_link"},
    L.DECLINED: set(),
    L.WITHDRAWN: set(),
    L.ENDED: set(),
}


@pytest.mark.parametrize("status", list(L))
def test_what_follows_from_each_state(status: LinkStatus) -> None:
    assert {name for name, step in LINK.transitions.items() if status in step.sources} == TABLE[status]


# --- proposing ---------------------------------------------------------------------------------
def test_the_lead_proposes_and_the_other_lead_is_told(people: Personas) -> None:
    own, other = pair(people)
    rival = people.rival

    link = propose(own, other, people.lead)

    assert (link.status, link.proposer, link.partner) == (L.PROPOSED, own, other)
    assert told("link_proposed") == {rival.name}
    assert trail(own).last().facts["name"] == "样例乙联合体"  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["rival", "fund_confirmer", "officer", "district_officer"])
def test_nobody_else_proposes(people: Personas, who: str) -> None:
    own, other = pair(people)

    with pytest.raises(PermissionDenied):
        propose(own, other, getattr(people, who))
    assert ConsortiumLink.objects.count() == 0


def test_only_published_consortia_at_work_are_linked(people: Personas) -> None:
    own, other = pair(people)
    forming, gone = make_consortium(people), make_consortium(people, status=S.EXITED)

    for partner in (own, forming, gone):
        with pytest.raises(ValidationError):
            propose(own, partner, people.lead)
    with pytest.raises(TransitionRefused):
        propose(forming, other, people.lead)
    assert list(partners(own, "样例")) == [other]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": LinkKind.PROJECT}, "project_name"),
        ({"kind": LinkKind.PROJECT, "project_name": "样例", "project_level": "CITY"}, "project_number"),
        ({"kind": LinkKind.PROJECT, "project_name": "样例", "project_number": "1"}, "project_level"),
    ],
)
def test_a_joint_project_is_named(people: Personas, facts: dict[str, Any], field: str) -> None:
    own, other = pair(people)

    with pytest.raises(ValidationError) as refused:
        propose(own, other, people.lead, **facts)
    assert set(refused.value.message_dict) == {field}


def test_another_kind_forgets_the_project(people: Personas) -> None:
    assert propose(*pair(people), people.lead, project_name="样例").project_name == ""


def test_one_open_proposal_of_a_kind(people: Personas) -> None:
    own, other = pair(people)
    propose(own, other, people.lead)

    with pytest.raises(ValidationError):
        propose(own, other, people.lead)
    propose(own, other, people.lead, kind=LinkKind.PLATFORM)
    assert ConsortiumLink.objects.count() == 2


# --- answering ---------------------------------------------------------------------------------
def test_the_other_lead_accepts_and_both_sides_are_told(people: Personas) -> None:
    own, other = pair(people)
    fund, link = people.fund_confirmer, propose(own, other, people.lead)

    accept_link(link=link, actor=people.rival, at=NOON)

    assert (link.status, link.answered_by, link.reason) == (L.ACCEPTED, people.rival, "")
    assert {people.lead.name, people.rival.name, fund.name} <= told("link_accepted")
    names = [AuditEntry.objects.filter(subject_id=str(one.pk)).latest("id").facts["name"] for one in (own, other)]
    assert names == ["样例乙联合体", "样例甲联合体"]


@pytest.mark.parametrize("who", ["lead", "signatory", "fund_confirmer", "officer"])
def test_nobody_else_answers(people: Personas, who: str) -> None:
    own, other = pair(people)
    link = propose(own, other, people.lead)

    with pytest.raises(PermissionDenied):
        accept_link(link=link, actor=getattr(people, who), at=NOON)
    with pytest.raises(PermissionDenied):
        decline_link(link=link, actor=getattr(people, who), at=NOON, note="样例。")


def test_a_no_says_why(people: Personas) -> None:
    own, other = pair(people)
    link = propose(own, other, people.lead)

    with pytest.raises(ValidationError):
        decline_link(link=link, actor=people.rival, at=NOON, note=" ")
    decline_link(link=link, actor=people.rival, at=NOON, note="领域不合。")

    assert (link.status, link.reason) == (L.DECLINED, "领域不合。")
    assert people.lead.name in told("link_declined")
    assert people.rival.name not in told("link_declined")
    with pytest.raises(TransitionRefused):
        accept_link(link=link, actor=people.rival, at=NOON)


def test_whoever_proposed_takes_it_back_before_the_answer(people: Personas) -> None:
    own, other = pair(people)
    link = propose(own, other, people.lead)

    with pytest.raises(PermissionDenied):
        withdraw_link(link=link, actor=people.rival, at=NOON, note="样例。")
    withdraw_link(link=link, actor=people.lead, at=NOON, note="另行商议。")

    assert link.status == L.WITHDRAWN
    with pytest.raises(TransitionRefused):
        withdraw_link(link=link, actor=people.lead, at=NOON, note="另行商议。")


@pytest.mark.parametrize("who", ["lead", "rival"])
def test_either_lead_ends_it(people: Personas, who: str) -> None:
    own, other = pair(people)
    link = accept_link(link=propose(own, other, people.lead), actor=people.rival, at=NOON)
    actor = getattr(people, who)

    with pytest.raises(PermissionDenied):
        end_link(link=link, actor=people.fund_confirmer, at=NOON, note="样例。")
    end_link(link=link, actor=actor, at=NOON, note="目标已达成。")

    assert (link.status, link.ended_by, link.reason) == (L.ENDED, actor, "目标已达成。")
    with pytest.raises(TransitionRefused):
        end_link(link=link, actor=actor, at=NOON, note="目标已达成。")


def test_who_is_not_at_work_any_more_is_not_linked(people: Personas) -> None:
    own, other = pair(people)
    link = propose(own, other, people.lead)
    Consortium.objects.filter(pk=own.pk).update(status=S.EXITED)

    with pytest.raises(TransitionRefused):
        accept_link(link=link, actor=people.rival, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(people: Personas) -> None:
    own, other = pair(people)
    link, rival = propose(own, other, people.lead), people.rival

    results = at_once(
        lambda: accept_link(link=ConsortiumLink.objects.get(pk=link.pk), actor=rival, at=NOON),
        lambda: decline_link(link=ConsortiumLink.objects.get(pk=link.pk), actor=rival, at=NOON, note="不合。"),
    )

    assert refusals(results) == 1


# --- what each learns --------------------------------------------------------------------------
def test_members_of_both_see_the_link_and_nothing_else_of_the_other(people: Personas, sign_in: SignIn) -> None:
    own, other = pair(people)
    link = make_link(own, other, people.lead)

    for who, foreign in ((people.fund_confirmer, other), (people.rival, own)):
        client = sign_in(who)
        page = client.get(link.get_absolute_url())
        assert (page.status_code, page.context["other"]) == (200, foreign)
        assert client.get(at("consortium-detail", foreign)).status_code == 404
        assert client.get(at("consortium-cooperation", foreign)).status_code == 404


def test_a_stranger_sees_no_link(people: Personas, sign_in: SignIn) -> None:
    link = make_link(*pair(people), people.lead)
    stranger = make_user("stranger", "样例外人", (Role.APPLICANT, make_organisation()))

    assert sign_in(stranger).get(link.get_absolute_url()).status_code == 404
    assert standing_links(stranger) == []
    assert sign_in(people.officer).get(link.get_absolute_url()).status_code == 200


def test_both_tabs_and_the_landscape_show_it(people: Personas, sign_in: SignIn) -> None:
    own, other = pair(people)
    link = accept_link(link=propose(own, other, people.lead), actor=people.rival, at=NOON)
    propose(other, own, people.rival)

    assert sorted(one.was_asked for one in links_of(own)) == [False, True]
    assert [one.other for one in links_of(own)] == [other, other]
    assert [one.other for one in links_of(other)] == [own, own]
    page = sign_in(people.officer).get(at("landscape"))
    assert page.context["links"] == [link]
    assert str(page.context["links_pictures"][0]).count('class="link rd strong"') == 1
    assert len(sign_in(people.lead).get(at("consortium-cooperation", own)).context["links"]) == 2


# --- the pages ---------------------------------------------------------------------------------
def test_from_the_search_to_the_end(people: Personas, sign_in: SignIn) -> None:
    own, other = pair(people)
    lead, rival = sign_in(people.lead), sign_in(people.rival)

    assert list(lead.get(at("link-find", own), {"q": "乙联合"}).context["found"]) == [other]
    done = lead.post(at("link-propose", own, other), TYPED)
    link = ConsortiumLink.objects.get()
    assert done["Location"] == link.get_absolute_url()
    assert lead.get(link.get_absolute_url()).context["actions"] == ["withdraw_link"]
    assert rival.get(link.get_absolute_url()).context["actions"] == ["accept_link", "decline_link"]
    rival.post(at("link-accept", link), {})
    assert rival.post(at("link-accept", link), {}).status_code == 409
    lead.post(at("link-end", link), {"note": "目标已达成。"})
    link.refresh_from_db()
    assert (link.status, link.project_number) == (L.ENDED, "样-1")


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"project_name": ""}, {"project_name"}),
        ({"project_number": ""}, {"project_number"}),
        ({"end": "2026-12-01"}, {"end"}),
        ({"kind": "X", "subject": "", "start": "gestern"}, {"kind", "subject", "start"}),
    ],
)
def test_bad_input_stands_at_its_field(
    people: Personas, sign_in: SignIn, typed: dict[str, str], fields: set[str]
) -> None:
    own, other = pair(people)

    answer = sign_in(people.lead).post(at("link-propose", own, other), TYPED | typed)

    assert (answer.status_code, set(answer.context["form"].errors)) == (200, fields)
    assert ConsortiumLink.objects.count() == 0


def test_what_is_not_published_is_not_found(people: Personas, sign_in: SignIn) -> None:
    own, hidden = pair(people, status=S.PREPARING)
    lead = sign_in(people.lead)

    assert list(lead.get(at("link-find", own), {"q": "乙联合"}).context["found"]) == []
    assert lead.get(at("link-propose", own, hidden)).status_code == 404
    assert lead.get(at("link-find", own), {"q": "乙"}).context["found"] is None
    assert sign_in(people.fund_confirmer).get(at("link-find", own)).status_code == 403
