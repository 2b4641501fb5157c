"""The decision meeting of a list: who came, who voted how, and the minutes that the chair closes.

The list is locked first, as an approval locks it: minutes are not closed, and no vote is given, while it is decided.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, MeetingChoice, ScenarioStatus
from funding.models import Application, DecisionMeeting, MeetingSeat, MeetingVote, Scenario
from funding.selectors.meetings import barred, meeting_snapshot, present_at, quorum_of, record_of, unvoted
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.enumerating import enumerated
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.meeting_to_close", _("The minutes of the meeting on “%(name)s” wait for you to close them."))


@dataclass(frozen=True)
class Attendance:
    """When and where it was, who took the chair, who was invited and who of them came."""

    held_at: datetime
    place: str
    chair: User
    invited: Collection[User]
    present: Collection[User]


@contextmanager
def _recording(scenario: Scenario, permission: str, actor: User) -> Iterator[tuple[Scenario, DecisionMeeting | None]]:
    """The locked list before the meeting and what is recorded of it so far."""
    with transaction.atomic():
        rows = Scenario.everything.select_for_update(of=("self",)).select_related("call__rules")
        locked = rows.get(pk=scenario.pk)
        require(actor, permission, locked)
        meeting = record_of(locked)
        if locked.status != ScenarioStatus.PROPOSED:
            raise TransitionRefused(_("Only a list that is before the meeting has minutes written."))
        if meeting and meeting.closed_at:
            raise TransitionRefused(_("The minutes of this meeting are closed."))
        yield locked, meeting


def record_attendance(*, scenario: Scenario, attendance: Attendance, actor: User, at: datetime) -> DecisionMeeting:
    """Write down who was invited and who came; the votes of who did not come after all go."""
    with _recording(scenario, "funding.record_meeting", actor) as (locked, written):
        _require_possible(attendance, actor, at)
        meeting = written or DecisionMeeting(scenario=locked, created_at=at)
        meeting.held_at, meeting.place = attendance.held_at, attendance.place.strip()
        meeting.chair, meeting.recorded_by = attendance.chair, actor
        meeting.save()
        came = {one.pk for one in attendance.present}
        meeting.seats.all().delete()
        MeetingSeat.objects.bulk_create(
            MeetingSeat(meeting=meeting, person=one, present=one.pk in came, created_at=at)
            for one in attendance.invited
        )
        meeting.votes.exclude(person__in=came).delete()
        facts = {"held_at": meeting.held_at, "invited": len(attendance.invited), "present": len(came)}
        audit.record(actor=actor, action=Action.RECORD_MEETING, subject=locked, at=at, facts=facts)
    return meeting


def _require_possible(attendance: Attendance, actor: User, at: datetime) -> None:
    invited, came = set(attendance.invited), set(attendance.present)
    if attendance.held_at > at:
        raise ValidationError({"held_at": _("Attendance is written down once the meeting has begun.")})
    if not came <= invited:
        raise ValidationError({"present": _("Only who was invited came.")})
    if attendance.chair not in came:
        raise ValidationError({"chair": _("The chair was not there.")})
    if attendance.chair == actor:
        raise ValidationError({"chair": _("Chair and keeper of the minutes are two people.")})


def record_ballot(
    *, scenario: Scenario, application: Application | None, choices: Mapping[User, str], actor: User, at: datetime
) -> DecisionMeeting:
    """Write down the votes on a case, or on the list as a whole; those written before on the same matter go."""
    with _recording(scenario, "funding.record_meeting", actor) as (locked, meeting):
        if meeting is None:
            raise TransitionRefused(_("Please write down first who came."))
        if application and not locked.places.filter(application=application).exists():
            raise TransitionRefused(_("This case is not on the list."))
        _require_entitled(locked, meeting, application, choices)
        meeting.votes.filter(application=application).delete()
        MeetingVote.objects.bulk_create(
            MeetingVote(meeting=meeting, application=application, person=person, choice=choice, created_at=at)
            for person, choice in choices.items()
        )
        facts: dict[str, Any] = {"case": application.number if application else ""}
        facts |= {str(one): list(choices.values()).count(one) for one in MeetingChoice}
        audit.record(actor=actor, action=Action.RECORD_VOTES, subject=locked, at=at, facts=facts)
        if not unvoted(meeting):
            _tell_chair(meeting, at)
    return meeting


def _tell_chair(meeting: DecisionMeeting, at: datetime) -> None:
    params, url = {"name": meeting.scenario.name}, meeting.get_absolute_url()
    notify(recipients=[meeting.chair], kind="funding.meeting_to_close", params=params, url=url, at=at)


def _require_entitled(
    scenario: Scenario, meeting: DecisionMeeting, application: Application | None, choices: Mapping[User, str]
) -> None:
    """Only who was there votes, and nobody whom a recusal or another duty keeps from it."""
    if not choices:
        raise TransitionRefused(_("Nobody has voted."))
    here = {one.pk for one in present_at(meeting)}
    reasons = [gettext("%(name)s was not there.") % {"name": one.name} for one in choices if one.pk not in here]
    said = gettext("%(name)s does not vote: %(why)s.")
    why = barred(scenario, application, choices)
    reasons += [said % {"name": one.name, "why": why[one.pk]} for one in choices if one.pk in why]
    if reasons:
        raise TransitionRefused(*reasons)


def close_meeting(*, scenario: Scenario, seen: str, actor: User, at: datetime) -> DecisionMeeting:
    """Close the minutes as the chair has read them; they are frozen with their hash, which the list's goes into."""
    with _recording(scenario, "funding.close_meeting", actor) as (locked, meeting):
        if meeting is None or meeting.chair_id != actor.pk:
            raise TransitionRefused(_("Only the chair closes the minutes."))
        _require_complete(meeting)
        frozen = meeting_snapshot(meeting)
        digest = audit.sha256(frozen)
        if seen != digest:
            raise TransitionRefused(_("These are not the minutes that you have read; please open them again."))
        _require_votes_stand(locked, meeting)
        meeting.frozen, meeting.sha256, meeting.closed_at = frozen, digest, at
        meeting.save()
        facts = {"sha256": digest, "list": locked.sha256}
        audit.record(actor=actor, action=Action.CLOSE_MEETING, subject=locked, at=at, facts=facts)
    return meeting


def _require_complete(meeting: DecisionMeeting) -> None:
    quorum, open_ = quorum_of(meeting), enumerated(unvoted(meeting))
    if not quorum.reached:
        text = gettext("%(present)s of %(invited)s came; at least %(needed)s are needed to decide.")
        facts = {"present": quorum.present, "invited": quorum.invited, "needed": quorum.needed}
        raise TransitionRefused(text % facts)
    if open_:
        raise TransitionRefused(_("Not voted on yet: %(numbers)s.") % {"numbers": open_})


def _require_votes_stand(scenario: Scenario, meeting: DecisionMeeting) -> None:
    """Nobody was recused after voting."""
    votes: dict[Any, dict[User, str]] = {}
    for vote in meeting.votes.select_related("person", "application"):
        votes.setdefault(vote.application, {})[vote.person] = vote.choice
    for application, choices in votes.items():
        _require_entitled(scenario, meeting, application, choices)
