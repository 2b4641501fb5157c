"""Out of a consortium that is still being prepared: a member steps back, the lead gives it up."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from consortia.enums import AgreementStatus, ConsortiumStatus, ParticipationStatus, PlatformKind, Stage
from consortia.models import CoBuilder, Consortium, Departure, Fund, Participation, Platform, Shareholding
from consortia.rules.stages import stage_of
from consortia.selectors.parts import part_state
from consortia.services.consortia import update_consortium
from consortia.services.departures import Choice, allocate_departure, consent_departure, request_departure
from consortia.services.participations import Part, confirm_participation, invite_member
from consortia.services.retreats import abandon_consortium, step_back_participation
from funding.enums import ApplicationStatus
from funding.models import Application
from funding.services.applications import start_application
from members.enums import Role
from members.models import Organisation, User
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_lead_change,
    make_participation,
    make_task,
    make_technology,
    meet,
    ready_consortium,
)
from tests.factories.funding import make_application, make_call
from tests.factories.members import make_organisation, make_user
from tests.personas import Personas
from tests.races import at_once, refusals

A, G, P, S = ApplicationStatus, AgreementStatus, ParticipationStatus, ConsortiumStatus
WHY = "样例规划调整。"


def working(people: Personas, **facts: Any) -> Participation:
    """The university, with one of everything that a member may answer for."""
    consortium = ready_consortium(people, **facts)
    make_task(consortium, lead=people.university)
    make_technology(consortium, owner=people.university)
    platform = Platform.objects.create(
        consortium=consortium, kind=PlatformKind.JOINT_LAB, name="样例实验室", builder=people.university, share=40
    )
    CoBuilder.objects.create(platform=platform, organisation=people.lead_org, share=35)
    Fund.objects.create(consortium=consortium, name="样例基金", manager=people.university, scale=Decimal(10))
    Shareholding.objects.create(consortium=consortium, organisation=people.university, share=Decimal(20))
    return consortium.participations.get(organisation=people.university)


def step_back(member: Participation, actor: Any, note: str = WHY) -> Participation:
    return step_back_participation(participation=member, actor=actor, at=NOON, note=note)


def abandon(consortium: Consortium, actor: Any, note: str = WHY) -> Consortium:
    return abandon_consortium(consortium=consortium, actor=actor, at=NOON, note=note)


def confirmer_of(place: Organisation) -> User:
    return make_user("confirmer", "样例确认戊", (Role.CONFIRMER, place))


def told(user: Any) -> list[str]:
    return [row.kind for row in Notification.objects.filter(recipient=user).order_by("created_at", "pk")]


# --- a member steps back -----------------------------------------------------------------------
def test_the_work_of_who_steps_back_falls_to_the_lead(people: Personas) -> None:
    meet(people.lead, people.lead_confirmer)
    member = step_back(working(people), people.university_confirmer)

    consortium, lead = member.consortium, people.lead_org
    platform = consortium.platforms.get()
    assert member.status == P.LEFT
    assert {row.lead for row in consortium.tasks.all()} == {lead}
    assert {row.owner for row in consortium.technologies.all()} == {lead}
    assert (platform.builder, platform.share, platform.co_builders.count()) == (lead, 75, 0)
    assert (consortium.funds.get().manager, consortium.shareholdings.count()) == (lead, 0)
    entry = trail(member).get()
    assert (entry.action, entry.note, entry.facts["by"]) == ("step_back", WHY, people.university.name)
    assert len(entry.facts["rows"]) == 5
    assert told(people.lead) == ["consortia.stepped_back"]


def test_only_the_lead_confirms_its_work_anew(people: Personas) -> None:
    member = step_back(working(people), people.university_confirmer)

    parts = {row.organisation: row.status for row in member.consortium.participations.present()}
    lead = member.consortium.participations.get(organisation=people.lead_org)
    assert parts.pop(people.lead_org) == P.INVITED
    assert set(parts.values()) == {P.CONFIRMED}
    assert [one.item for one in part_state(lead).open] == ["work"]
    assert trail(lead).get().facts["by"] == people.university.name


def test_who_had_no_work_costs_nobody_a_confirmation(people: Personas) -> None:
    member = ready_consortium(people).participations.get(organisation=people.fund)

    step_back(member, people.fund_confirmer)

    assert set(member.consortium.participations.present().values_list("status", flat=True)) == {P.CONFIRMED}


def test_its_shares_are_free_for_another(people: Personas) -> None:
    member = step_back(working(people), people.university_confirmer)
    part = Part("RESEARCH", "接替研究。", ip_share=Decimal(20))

    other = invite_member(
        consortium=member.consortium, organisation=make_organisation(), part=part, actor=people.lead, at=NOON,
        replaces=member,
    )  # fmt: skip

    assert (other.replaces, other.ip_share) == (member, 20)


def test_who_changed_its_part_meanwhile_steps_back_too(people: Personas) -> None:
    member = working(people)
    member.consortium.participations.filter(pk=member.pk).update(status=P.INVITED, confirmed_by=None, confirmed_at=None)

    assert step_back(Participation.objects.get(pk=member.pk), people.university_confirmer).status == P.LEFT


@pytest.mark.parametrize("who", ["lead", "signatory", "lead_confirmer", "fund_confirmer", "rival", "officer", "head"])
def test_only_the_member_itself_steps_back(people: Personas, who: str) -> None:
    member = working(people)

    with pytest.raises(PermissionDenied):
        step_back(member, getattr(people, who))
    assert Participation.objects.get(pk=member.pk).status == P.CONFIRMED


@pytest.mark.parametrize("note", ["", "  "])
def test_stepping_back_says_why(people: Personas, note: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        step_back(working(people), people.university_confirmer, note)
    assert list(refusal.value.message_dict) == ["note"]


@pytest.mark.parametrize("status", [S.CULTIVATION, S.OPERATING, S.RECTIFYING, S.GRADUATED])
def test_from_a_consortium_at_work_a_member_departs(people: Personas, status: str) -> None:
    facts = {"tier": "C"} if status == S.CULTIVATION else {}

    with pytest.raises(TransitionRefused):
        step_back(working(people, status=status, **facts), people.university_confirmer)


def test_an_invitation_is_declined_and_the_lead_stays(people: Personas) -> None:
    consortium = ready_consortium(people)
    invited = make_participation(consortium, people.rival_org, people.lead, status=P.INVITED)
    lead = consortium.participations.get(organisation=people.lead_org)

    for member, actor in ((invited, confirmer_of(people.rival_org)), (lead, people.lead_confirmer)):
        with pytest.raises(TransitionRefused):
            step_back(member, actor)


@pytest.mark.parametrize(("status", "refused"), [(A.DRAFT, 0), (A.RETURNED, 0), (A.SUBMITTED, 1), (A.APPROVED, 1),
                                                 (A.WITHDRAWN, 0), (A.NOT_APPROVED, 0)])  # fmt: skip
def test_what_is_judged_stays_as_it_was_handed_in(people: Personas, status: str, refused: int) -> None:
    member = working(people)
    make_application(people, status, consortium=member.consortium)

    try:
        step_back(member, people.university_confirmer)
    except TransitionRefused:
        assert refused
    else:
        assert not refused


def test_stepping_back_twice_is_refused(people: Personas) -> None:
    member = step_back(working(people), people.university_confirmer)

    with pytest.raises(TransitionRefused):
        step_back(member, people.university_confirmer)
    assert trail(member).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_step_back_once() -> None:
    people = Personas()
    member, actor = working(people), people.university_confirmer
    copies = [Participation.objects.get(pk=member.pk) for _ in range(2)]

    answers = at_once(*(lambda copy=copy: step_back(copy, actor) for copy in copies))  # type: ignore[misc]

    assert refusals(answers) == 1
    assert Platform.objects.get().share == 75


# --- the lead gives it up ----------------------------------------------------------------------
def test_what_is_given_up_ends_with_its_invitations(people: Personas) -> None:
    meet(people.university_confirmer, people.signatory)
    consortium = ready_consortium(people)
    invited = make_participation(consortium, people.rival_org, people.lead, status=P.INVITED)
    make_task(consortium, lead=people.rival_org)
    waiting = make_agreement(consortium, people.lead, signed=False, version=2)

    abandon(consortium, people.lead)

    invited.refresh_from_db()
    waiting.refresh_from_db()
    event = consortium.life.get()
    assert (consortium.status, consortium.tier, consortium.recognised_on) == (S.EXITED, "", None)
    assert (invited.status, waiting.status) == (P.WITHDRAWN, G.SUPERSEDED)
    assert (event.kind, event.reason, event.by) == ("abandon", WHY, people.lead_org.name)
    assert trail(consortium).get().facts["to"] == S.EXITED
    assert [told(who) for who in (people.university_confirmer, people.signatory)] == [["consortia.abandoned"]] * 2
    assert Notification.objects.filter(recipient=people.university_confirmer).get().params["reason"] == WHY


def test_what_was_given_up_is_nobodys_but_its_members(people: Personas) -> None:
    consortium = abandon(ready_consortium(people, name="样例放弃"), people.lead)

    standing = stage_of(status=consortium.status, leaving_since=None, build_from=None, build_to=None, today=NOON.date())
    assert list(Consortium.objects.published()) == []
    assert list(Consortium.objects.visible_to(people.university_confirmer)) == [consortium]
    assert (standing.stage, str(standing.reason)) == (Stage.LEAVING, "It was given up while it was being prepared.")
    assert make_consortium(people, name="样例放弃").name == "样例放弃"


@pytest.mark.parametrize(
    "who", ["signatory", "lead_admin", "lead_confirmer", "university_confirmer", "rival", "officer", "head", "leader"]
)
def test_only_who_writes_for_the_lead_gives_up(people: Personas, who: str) -> None:
    consortium = ready_consortium(people)

    with pytest.raises(PermissionDenied):
        abandon(consortium, getattr(people, who))
    assert Consortium.objects.get(pk=consortium.pk).status == S.PREPARING


def test_giving_up_says_why(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        abandon(ready_consortium(people), people.lead, " ")
    assert list(refusal.value.message_dict) == ["note"]


@pytest.mark.parametrize("status", [S.CULTIVATION, S.OPERATING, S.RECTIFYING, S.GRADUATED, S.EXITED, S.REVOKED])
def test_a_recognised_consortium_leaves_by_a_case_only(people: Personas, status: str) -> None:
    facts = {"tier": "C"} if status == S.CULTIVATION else {}

    with pytest.raises(TransitionRefused):
        abandon(make_consortium(people, status=status, **facts), people.lead)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (A.DRAFT, "The application 7 has to be withdrawn first."),
        (A.RETURNED, "The application 7 has to be withdrawn first."),
        (A.SUBMITTED, "The application 7 was handed in; until it has ended the consortium stays as it is."),
        (A.APPROVED, "The application 7 was handed in; until it has ended the consortium stays as it is."),
    ],
)
def test_nothing_is_given_up_while_it_is_applied_for(people: Personas, status: str, sentence: str) -> None:
    consortium = ready_consortium(people)
    make_application(people, status, consortium=consortium, number="7")

    with pytest.raises(TransitionRefused) as refusal:
        abandon(consortium, people.lead)
    assert [str(reason) for reason in refusal.value.reasons] == [sentence]


def test_after_the_application_has_ended_it_is_given_up(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_application(people, A.WITHDRAWN, consortium=consortium)

    assert abandon(consortium, people.lead).status == S.EXITED


def test_members_who_want_another_lead_are_answered_first(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_lead_change(people, consortium, people.officer, ground="SILENT", asked_by=None, heard_until=NOON.date())

    with pytest.raises(TransitionRefused):
        abandon(consortium, people.lead)


def test_nothing_moves_in_what_was_given_up(people: Personas) -> None:
    member = working(people)
    consortium = member.consortium
    open_part = make_participation(consortium, people.rival_org, people.lead, status=P.INVITED)
    departure = request_departure(participation=member, actor=people.lead, at=NOON, note=WHY)
    row = departure.items.get(kind="TASK")
    taker = {row.pk: Choice(people.fund)}
    allocate_departure(departure=departure, choices=taker, actor=people.lead, at=NOON)
    abandon(consortium, people.lead)

    part = Part("RESEARCH", "研究。")
    acts = [
        lambda: confirm_participation(participation=open_part, actor=confirmer_of(people.rival_org), at=NOON),
        lambda: invite_member(
            consortium=consortium, organisation=make_organisation(), part=part, actor=people.lead, at=NOON
        ),
        lambda: update_consortium(consortium=consortium, actor=people.lead, at=NOON),
        lambda: consent_departure(item=row, actor=people.fund_confirmer, at=NOON),
        lambda: start_application(call=make_call(people), consortium=consortium, actor=people.lead, at=NOON),
        lambda: abandon(consortium, people.lead),
    ]
    for act in acts:
        with pytest.raises(TransitionRefused):
            act()
    assert Departure.objects.get().status == "OPEN"


def test_left_without_a_tier_is_only_who_was_never_recognised(people: Personas) -> None:
    consortium = abandon(ready_consortium(people), people.lead)

    with pytest.raises(IntegrityError), transaction.atomic():
        Consortium.objects.filter(pk=consortium.pk).update(recognised_on=NOON.date())


@pytest.mark.django_db(transaction=True)
def test_giving_up_and_applying_at_once_is_one_of_the_two() -> None:
    people = Personas()
    consortium, call, lead = ready_consortium(people), make_call(people), people.lead
    copies = [Consortium.objects.get(pk=consortium.pk) for _ in range(2)]

    answers = at_once(
        lambda: abandon(copies[0], lead),
        lambda: start_application(call=call, consortium=copies[1], actor=lead, at=NOON),
    )

    consortium.refresh_from_db()
    assert refusals(answers) == 1
    assert (consortium.status == S.EXITED) != Application.objects.exists()
