"""Decision meetings as their readers see them: who may vote on what, what came of it, what the minutes hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.enums import MeetingChoice
from funding.models import Application, DecisionMeeting, MeetingVote, Recusal, Scenario
from funding.rules.meetings import Terms, terms_of
from funding.rules.separation import Duty, apart_from
from funding.selectors.separation import duties_in
from funding.selectors.sessions import officials_to_seat
from members.models import User
from portal.kernel.audit import plain, sha256

FORMAT = "meeting-1"
KEPT_APART = apart_from(Duty.DECIDER) | {Duty.DRAWER}  # whoever approves a list had none of these
AWAY, HAD_PART = _("keeps away from it"), _("had a part in it that excludes deciding")
BROUGHT_IT = _("prepared the list or put it forward")
Why = str | Promise


def record_of(scenario: Scenario) -> DecisionMeeting | None:
    """The meeting of a list, once something of it is recorded."""
    rows = DecisionMeeting.objects.filter(scenario=scenario)
    return rows.select_related("chair", "recorded_by", "scenario__call__rules").first()


def to_invite() -> QuerySet[User]:
    """The people of the bureau."""
    return officials_to_seat()


def present_at(meeting: DecisionMeeting) -> list[User]:
    """Who came, by name."""
    rows = meeting.seats.filter(present=True).select_related("person")
    return sorted((seat.person for seat in rows), key=lambda one: (one.name, str(one.pk)))


# --- who may vote ------------------------------------------------------------------------------
def barred(scenario: Scenario, application: Application | None, people: Iterable[User]) -> dict[UUID, Why]:
    """Who of these does not vote on the case, or on the list as a whole, and why: recusals and separation of duties."""
    listed = scenario.places.values_list("application", flat=True)
    cases = [application.pk] if application else list(listed)
    away = set(Recusal.objects.filter(application__in=cases).values_list("person", flat=True))
    brought = {scenario.prepared_by_id, scenario.proposed_by_id}
    found: dict[UUID, Why] = {}
    for person in people:
        if person.pk in away:
            found[person.pk] = AWAY
        elif person.pk in brought:
            found[person.pk] = BROUGHT_IT
        elif duties_in(person, cases) & KEPT_APART:
            found[person.pk] = HAD_PART
    return found


def left_the_room(meeting: DecisionMeeting) -> dict[UUID, list[str]]:
    """For which cases each of those who came left the room: those that the person keeps away from."""
    cases = meeting.scenario.places.values_list("application", flat=True)
    came = meeting.seats.filter(present=True).values("person")
    rows = Recusal.objects.filter(application__in=cases, person__in=came).order_by("application__number")
    found: dict[UUID, list[str]] = {}
    for person, number in rows.values_list("person", "application__number"):
        found.setdefault(person, []).append(number)
    return found


# --- what came of it ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Ballot:
    """The vote on a case, or on the list as a whole (no number)."""

    number: str
    consortium: str
    votes: tuple[tuple[str, str], ...]  # name, choice
    adopted: bool

    def count(self, choice: str) -> int:
        return sum(one == choice for _name, one in self.votes)

    @property
    def in_favour(self) -> int:
        """How many voted for it."""
        return self.count(MeetingChoice.FOR)

    @property
    def against(self) -> int:
        """How many voted against it."""
        return self.count(MeetingChoice.AGAINST)

    @property
    def abstained(self) -> int:
        """How many abstained."""
        return self.count(MeetingChoice.ABSTAINED)


def ballots(meeting: DecisionMeeting) -> list[Ballot]:
    """The votes: on the whole list first, then by case."""
    terms = terms_of(meeting.scenario.call.rules.data)
    by_case: dict[UUID | None, list[MeetingVote]] = {}
    for vote in meeting.votes.select_related("person", "application__consortium"):
        by_case.setdefault(vote.application_id, []).append(vote)
    found = [_ballot(rows, terms) for rows in by_case.values()]
    return sorted(found, key=lambda one: one.number)


def _ballot(rows: list[MeetingVote], terms: Terms) -> Ballot:
    case = rows[0].application
    votes = sorted((one.person.name, str(one.choice)) for one in rows)
    in_favour = sum(choice == MeetingChoice.FOR for _name, choice in votes)
    names = (case.number, case.consortium.name) if case else ("", "")
    return Ballot(*names, tuple(votes), terms.adopts(in_favour, len(votes)))


@dataclass(frozen=True)
class Quorum:
    """Whether enough of the invited came."""

    invited: int
    present: int
    needed: int

    @property
    def reached(self) -> bool:
        """Whether the meeting may decide."""
        return self.present >= self.needed


def quorum_of(meeting: DecisionMeeting) -> Quorum:
    """By the rules of the call."""
    came = list(meeting.seats.values_list("present", flat=True))
    return Quorum(len(came), sum(came), terms_of(meeting.scenario.call.rules.data).quorum(len(came)))


def unvoted(meeting: DecisionMeeting) -> list[str]:
    """The numbers of the cases that neither a vote of their own nor one on the whole list covers."""
    given = list(meeting.votes.values_list("application", flat=True))
    if None in given:
        return []
    places = meeting.scenario.places.exclude(application__in=given)
    return list(places.values_list("application__number", flat=True))


def rejected(meeting: DecisionMeeting) -> list[str]:
    """What the meeting voted on and did not adopt; an empty number stands for the whole list."""
    return [one.number for one in ballots(meeting) if not one.adopted]


# --- the minutes -------------------------------------------------------------------------------
def meeting_snapshot(meeting: DecisionMeeting) -> dict[str, Any]:
    """What the minutes say now, bound to the hash of the list."""
    scenario, left, quorum = meeting.scenario, left_the_room(meeting), quorum_of(meeting)
    seats = sorted(meeting.seats.select_related("person"), key=lambda one: (one.person.name, str(one.person_id)))
    made: dict[str, Any] = plain({
        "format": FORMAT, "list": scenario.sha256, "number": scenario.number, "meeting": scenario.meeting,
        "held_at": meeting.held_at, "place": meeting.place, "chair": meeting.chair.name,
        "keeper": meeting.recorded_by.name,
        "people": [[one.person.name, one.present, left.get(one.person_id, [])] for one in seats],
        "quorum": {"invited": quorum.invited, "present": quorum.present, "needed": quorum.needed},
        "majority_percent": terms_of(scenario.call.rules.data).majority_percent,
        "ballots": [
            {"number": one.number, "consortium": one.consortium, "votes": [list(vote) for vote in one.votes],
             "for": one.in_favour, "against": one.against, "abstained": one.abstained, "adopted": one.adopted}
            for one in ballots(meeting)
        ],
    })  # fmt: skip
    return made


def minutes_hash(meeting: DecisionMeeting) -> str:
    """The hash of what the minutes say now: whoever closes them closes what it has read."""
    return sha256(meeting_snapshot(meeting))
