"""Invitations: reminded of, withdrawn, expired."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from consortia.enums import Action, ConsortiumStatus, ParticipationRole, ParticipationStatus
from consortia.models import Participation
from consortia.services.invitations import (
    expire_invitations,
    remind_of_invitations,
    remind_participation,
    withdraw_participation,
)
from consortia.services.participations import Part, confirm_participation, invite_member, revise_participation
from consortia.tasks import chase_invitations
from consortia.workflow import PARTICIPATION
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, make_participation, make_task, meet
from tests.personas import Personas
from tests.races import at_once

P = ParticipationStatus
LAST_DAY = date(2026, 12, 2)  # ten working days after NOON
EVENING = datetime(2026, 12, 2, 15, 59, tzinfo=UTC)  # of the last day, a minute before midnight in Shanghai
MIDNIGHT = datetime(2026, 12, 2, 16, 0, tzinfo=UTC)


def _invited(people: Personas, **facts: Any) -> Participation:
    facts.setdefault("invited_until", LAST_DAY)
    return make_participation(make_consortium(people), people.university, people.lead, status=P.INVITED, **facts)


def _kinds(user: Any) -> list[str]:
    return sorted(note.kind for note in Notification.objects.filter(recipient=user))


def test_an_invitation_stands_for_ten_working_days(people: Personas) -> None:
    member = invite_member(
        consortium=make_consortium(people), organisation=people.university, part=Part("RESEARCH", "样例"),
        actor=people.lead, at=NOON,
    )  # fmt: skip

    assert member.invited_until == LAST_DAY


def test_it_expires_when_its_last_day_is_over(people: Personas) -> None:
    member = _invited(people)
    meet(people.lead, people.university_confirmer)

    assert (expire_invitations(at=EVENING), expire_invitations(at=MIDNIGHT), expire_invitations(at=MIDNIGHT)) == (
        0,
        1,
        0,
    )

    member.refresh_from_db()
    assert (member.status, _kinds(people.lead), _kinds(people.university_confirmer)) == (
        P.EXPIRED, ["consortia.expired"], ["consortia.invitation_expired"],
    )  # fmt: skip
    entry = trail(member).get()
    assert (entry.action, entry.actor) == ("expire", None)


def test_no_person_lets_an_invitation_expire(people: Personas) -> None:
    member = _invited(people)

    with pytest.raises(PermissionDenied), PARTICIPATION.moving(member, Action.EXPIRE, actor=people.lead, at=MIDNIGHT):
        pass

    assert Action.EXPIRE not in PARTICIPATION.offered(member, people.lead)


def test_whoever_has_confirmed_once_never_expires(people: Personas) -> None:
    member = _invited(people)
    confirm_participation(participation=member, actor=people.university_confirmer, at=NOON)
    revise_participation(participation=member, part=Part("RESEARCH", "新"), actor=people.lead, at=NOON)

    assert (expire_invitations(at=MIDNIGHT + DAY * 99), remind_of_invitations(at=EVENING)) == (0, 0)
    assert Participation.objects.get(pk=member.pk).status == P.INVITED


def test_neither_the_lead_nor_what_has_ended_expires(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, status=P.INVITED, role=ParticipationRole.LEAD)
    ended = make_consortium(people, status=ConsortiumStatus.EXITED)
    make_participation(ended, people.university, people.lead, status=P.INVITED, invited_until=LAST_DAY)

    assert expire_invitations(at=MIDNIGHT) == 0


def test_it_is_reminded_of_once_three_working_days_before(people: Personas) -> None:
    member = _invited(people)
    meet(people.university_confirmer)
    friday = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)

    counts = [remind_of_invitations(at=friday + DAY * n) for n in (-1, 0, 3, 4)]

    assert (counts, _kinds(people.university_confirmer)) == ([0, 1, 0, 0], ["consortia.reminded"])
    member.refresh_from_db()
    assert member.reminded_at == friday


def test_what_is_over_is_not_confirmed_although_nobody_closed_it(people: Personas) -> None:
    member = _invited(people)

    with pytest.raises(TransitionRefused):
        confirm_participation(participation=member, actor=people.university_confirmer, at=MIDNIGHT)
    confirm_participation(participation=member, actor=people.university_confirmer, at=EVENING)

    assert member.status == P.CONFIRMED


def test_the_task_of_every_day_does_both(people: Personas) -> None:
    member = _invited(people, invited_until=date(2020, 1, 2))

    chase_invitations()

    member.refresh_from_db()
    assert member.status == P.EXPIRED


def test_the_lead_reminds_once_a_day(people: Personas) -> None:
    member = _invited(people)
    meet(people.university_confirmer)
    remind_participation(participation=member, actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused):
        remind_participation(participation=member, actor=people.lead, at=NOON)
    remind_participation(participation=member, actor=people.lead, at=NOON + DAY)

    assert _kinds(people.university_confirmer) == ["consortia.reminded"] * 2


def test_the_lead_withdraws(people: Personas) -> None:
    member = _invited(people)
    meet(people.university_confirmer)

    withdraw_participation(participation=member, actor=people.lead, at=NOON, note="样例")

    assert (member.status, _kinds(people.university_confirmer)) == (P.WITHDRAWN, ["consortia.withdrawn"])
    with pytest.raises(TransitionRefused):
        withdraw_participation(participation=member, actor=people.lead, at=NOON)


def test_what_leads_a_task_or_has_joined_is_not_withdrawn(people: Personas) -> None:
    planned = _invited(people)
    make_task(planned.consortium, lead=people.university)
    joined = make_participation(make_consortium(people), people.university, people.lead)

    for member in (planned, joined):
        with pytest.raises(TransitionRefused):
            withdraw_participation(participation=member, actor=people.lead, at=NOON)


@pytest.mark.parametrize("who", ["university_confirmer", "rival", "officer", "lead_confirmer"])
@pytest.mark.parametrize("act", [remind_participation, withdraw_participation])
def test_nobody_else_reminds_or_withdraws(people: Personas, who: str, act: Any) -> None:
    with pytest.raises(PermissionDenied):
        act(participation=_invited(people), actor=getattr(people, who), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_a_confirmation_at_the_last_moment_stands_or_falls_whole() -> None:
    people = Personas()
    member = _invited(people)
    meet(people.university_confirmer)
    answering = Participation.objects.get(pk=member.pk)

    at_once(
        lambda: expire_invitations(at=MIDNIGHT),
        lambda: confirm_participation(participation=answering, actor=people.university_confirmer, at=MIDNIGHT),
    )

    member.refresh_from_db()
    assert (member.status, member.confirmations.count()) in {(P.EXPIRED, 0), (P.CONFIRMED, 4)}
