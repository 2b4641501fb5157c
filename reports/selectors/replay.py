"""A decision as a list of exhibits: what it rests on, with the hashes on record, the people and the times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus, ObjectionStatus, ReviewStatus, SessionStatus
from funding.models import Application, DecisionMeeting, PublicNotice, Recusal, Review, ReviewSession, Scenario
from funding.rules import verifying
from funding.selectors.meetings import record_of
from funding.selectors.reviews import automatic_of
from funding.selectors.sessions import minutes_of
from members.enums import Role
from portal.kernel import audit
from portal.kernel.models import AuditEntry

S = ApplicationStatus
FOUND: dict[str, Action] = {
    ObjectionStatus.DISMISSED: Action.DISMISS, ObjectionStatus.UPHELD: Action.UPHOLD,
    ObjectionStatus.INADMISSIBLE: Action.REFUSE_OBJECTION,
}  # fmt: skip
LEAVING = (
    Action.DECLINE_REVIEW, Action.LAPSE_INVITATION, Action.RECUSE, Action.RELEASE_EXPERT, Action.RECUSE_AGAIN,
)  # fmt: skip
CHANCES = (Action.EXTEND_ANSWER, Action.INVITE_AGAIN)  # of those who have not answered
CHANGES = (Action.AMEND_DECISION, Action.OVERTURN)  # of what was decided
REPLAYED = [S.GRADED, S.DECIDED, S.PUBLICISED, S.OBJECTED, S.APPROVED, S.NOT_APPROVED]


@dataclass(frozen=True)
class Look:
    """Who looks: whether it knows the experts by name, and the cases that it keeps away from."""

    named: bool
    away: frozenset[Any]

    @classmethod
    def of(cls, reader: Any, *, named: bool) -> Look:
        """The look of a reader. Costs a query."""
        return cls(named, frozenset(Recusal.objects.filter(person=reader).values_list("application", flat=True)))

    def sees(self, cases: Iterable[Any]) -> bool:
        """Whether the reader keeps away from none of these cases."""
        return self.away.isdisjoint(cases)


@dataclass(frozen=True)
class Proof:
    """A part of an exhibit with the hash on record and the one that it has now."""

    of: str
    recorded: str
    computed: str

    @property
    def matches(self) -> bool:
        """Whether nothing changed since."""
        return self.recorded == self.computed


@dataclass(frozen=True)
class Act:
    """Who did what, when; `note` says why, where that is to be read."""

    what: str
    who: str
    at: datetime | None
    note: str = ""

    @property
    def label(self) -> str | Promise:
        """The act in words."""
        return Action(self.what).label


@dataclass(frozen=True)
class Exhibit:
    """One thing that the decision rests on; `content` is JSON, `number` tells those of one title apart."""

    code: str
    title: str | Promise
    content: dict[str, Any]
    proofs: tuple[Proof, ...] = ()
    acts: tuple[Act, ...] = ()
    number: str = ""

    @property
    def matches(self) -> bool:
        """Whether every hash on record is the one that it has now."""
        return all(proof.matches for proof in self.proofs)

    @property
    def sha256(self) -> str:
        """Of the file in the bundle."""
        return verifying.sha256(self.file)

    @property
    def file(self) -> bytes:
        """As it lies in the bundle."""
        return verifying.canonical({
            "code": self.code,
            "content": self.content,
            "proofs": [{"of": proof.of, "sha256": proof.recorded} for proof in self.proofs],
            "people": [[act.what, act.who, _moment(act.at)] for act in self.acts if act.who],
        })  # fmt: skip


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def _proved(content: dict[str, Any], **recorded: str) -> tuple[dict[str, Any], tuple[Proof, ...]]:
    """The content as JSON holds it, and the proofs of its parts."""
    kept = audit.plain(content)
    return kept, tuple(Proof(name, value, audit.sha256(kept[name])) for name, value in recorded.items() if value)


def _people(*acts: tuple[str, Any, datetime | None]) -> tuple[Act, ...]:
    return tuple(Act(what, str(who), at) for what, who, at in acts if who)


# --- which decisions ---------------------------------------------------------------------------
def replayed(user: Any) -> QuerySet[Application]:
    """Cases that were graded: all for the audit administrator, for others those that they may see."""
    rows = Application.objects.all() if user.holds(Role.AUDIT_ADMIN) else Application.objects.visible_to(user)
    return rows.filter(status__in=REPLAYED, graded_by__isnull=False)


# --- the exhibits ------------------------------------------------------------------------------
def exhibits(application: Application, *, reader: Any, named: bool) -> list[Exhibit]:
    """Everything the decision rests on, in the order in which it came; `named` with the experts' names.

    Of what holds several cases a reader who keeps away from one of them is given the part about this case alone.
    """
    look = Look.of(reader, named=named)
    return [one for make in EXHIBITS for one in make(application, look)]


def _rules(application: Application, _look: Look) -> Iterator[Exhibit]:
    call = application.call
    facts = {"number": call.document_number, "title": call.title, "budget": call.budget, "round": call.batch}
    content, proofs = _proved({"call": facts, "rules": call.rules.data}, rules=call.rules.sha256)
    yield Exhibit("rules", _("Rules"), content, proofs)


def _snapshot(application: Application, _look: Look) -> Iterator[Exhibit]:
    content, proofs = _proved({"snapshot": application.snapshot}, snapshot=application.snapshot_hash)
    acts = _people(
        (Action.SUBMIT, application.submitted_by, application.submitted_at),
        (Action.RECOMMEND, application.recommended_by, application.recommended_at),
        (Action.CHECK, application.checked_by, application.checked_at),
        (Action.CLEAR, application.credit_by, application.credit_at),
    )
    yield Exhibit("snapshot", _("Application as submitted"), content, proofs, acts)


def _draws(application: Application, _look: Look) -> Iterator[Exhibit]:
    rows = application.draws.select_related("prepared_by", "witnessed_by", "drawn_by").order_by("ordinal")
    for draw in rows:
        facts = {"number": draw.number, "status": draw.status, "pool": draw.frozen, "record": draw.record}
        content, proofs = _proved({**facts, "calls": draw.calls}, pool=draw.pool_hash, record=draw.record_hash)
        acts = _people(
            (Action.PREPARE_DRAW, draw.prepared_by, draw.prepared_at),
            (Action.WITNESS_DRAW, draw.witnessed_by, draw.witnessed_at),
            (Action.DRAW_EXPERTS, draw.drawn_by, draw.drawn_at),
        )  # fmt: skip
        yield Exhibit(f"draw-{draw.ordinal}", _("Pool and draw of experts"), content, proofs, acts, draw.number)


def _reviews(application: Application) -> list[Review]:
    rows = application.reviews.select_related("expert__user").prefetch_related("scores", "changes")
    return list(rows.order_by("ordinal"))


def _who(review: Review, named: bool) -> str:
    return review.expert.user.name if named else f"E{review.ordinal}"


def _declarations(application: Application, look: Look) -> Iterator[Exhibit]:
    """What an expert who left wrote is for those alone who know the experts by name."""
    rows = _reviews(application)
    facts = [
        {"expert": f"E{one.ordinal}", "status": one.status, "conflict": one.conflict, "left_for": one.left_for,
         "left_note": one.left_note if look.named else ""}
        for one in rows
    ]  # fmt: skip
    acts = _people(*((Action.ACCEPT, _who(one, look.named), one.declared_at) for one in rows if one.declared_at))
    acts += tuple(_departures(rows, look))
    away = [[str(one.person), one.ground] for one in application.recusals.select_related("person")]
    content, _none = _proved({"experts": facts, "officials_who_keep_away": away})
    yield Exhibit("declarations", _("Declarations and recusals"), content, (), acts)


def _departures(rows: Iterable[Review], look: Look) -> Iterator[Act]:
    """How experts left, when and why, and who was given more time or asked once more, by the trail."""
    found = {str(one.pk): one for one in rows}
    left = AuditEntry.objects.filter(subject_type="funding.review", subject_id__in=found, action__in=LEAVING + CHANCES)
    for entry in left.order_by("id"):
        review = found[entry.subject_id]
        if entry.action in CHANCES:
            said, who = [_who(review, look.named), entry.note], entry.actor_name
        else:
            note = review.left_note if look.named else ""
            said, who = [str(review.get_left_for_display()), note], _who(review, look.named)
        yield Act(entry.action, who, entry.at, " · ".join(filter(None, said)))


def _scores(application: Application, look: Look) -> Iterator[Exhibit]:
    rows = [one for one in _reviews(application) if one.status == ReviewStatus.SUBMITTED]
    sheets = [
        {
            "expert": f"E{one.ordinal}", "total": one.total, "tier": one.suggested_tier, "opinion": one.opinion,
            "scores": {row.indicator: [row.score, row.comment] for row in one.scores.all()},
            "changes": [[row.indicator, row.old, row.new, row.at, row.why] for row in one.changes.all()],
        }
        for one in rows
    ]  # fmt: skip
    content, _none = _proved({"sheets": sheets, "computed": automatic_of(application)})
    acts = _people(*((Action.HAND_IN, _who(one, look.named), one.submitted_at) for one in rows))
    yield Exhibit("scores", _("Scores"), content, (), acts)


def _aggregation(application: Application, _look: Look) -> Iterator[Exhibit]:
    """Each number of the official rule with its operands."""
    computed = automatic_of(application)
    sheets = []
    for one in _reviews(application):
        if one.status == ReviewStatus.SUBMITTED:
            given = {row.indicator: row.score for row in one.scores.all() if row.score is not None}
            scores = {code: str(score) for code, score in {**computed, **given}.items()}
            sheets.append({"expert": f"E{one.ordinal}", "scores": scores, "total": str(one.total)})
    if not sheets or application.score is None:
        return
    panel = verifying.aggregate(sheets, application.call.rules.data["panel"]["trim_from"])
    content = audit.plain({"sheets": sheets, "panel": panel, "score": str(application.score)})
    yield Exhibit("aggregation", _("Aggregation, step by step"), content)


def _sessions(application: Application, look: Look) -> Iterator[Exhibit]:
    """The minutes of its defence and visit as both locked them, by the names of then."""
    rows = ReviewSession.objects.filter(status=SessionStatus.LOCKED, slots__application=application)
    for number, one in enumerate(rows.select_related("call").order_by("starts_at", "pk"), 1):
        minutes = minutes_of(one)
        if look.sees(one.slots.values_list("application", flat=True)):
            content, proofs = _proved({"number": one.number, "minutes": minutes}, minutes=one.minutes_hash)
        else:
            own = [slot for slot in minutes["slots"] if slot["application"] == application.number]
            content, proofs = _proved({"number": one.number, "slots": own, "sha256": one.minutes_hash})
        yield Exhibit(f"session-{number}", _("Minutes of a session"), content, proofs, (), one.number)


def _boards(application: Application, look: Look) -> Iterator[Exhibit]:
    """The lists that went to the meeting with it, each with its approvals; void ones, too."""
    rows = Scenario.objects.filter(places__application=application, proposed_at__isnull=False)
    rows = rows.select_related("prepared_by", "proposed_by").prefetch_related("approvals__approver", "places")
    for one in rows.order_by("ordinal"):
        approvals = list(one.approvals.all())
        facts = {
            "number": one.number, "status": one.status, "meeting": one.meeting, "decided_at": one.decided_at,
            "void": [one.voided_at, one.void_reason], "needed": one.needed, "sha256": one.sha256,
            "approvals": [[row.sha256, row.approved_at, row.voided_at, row.void_reason] for row in approvals],
        }  # fmt: skip
        meeting = record_of(one)
        closed = meeting if meeting and meeting.closed_at else None
        if look.sees(place.application_id for place in one.places.all()):
            kept = {"meeting_record": closed.frozen} if closed else {}
            recorded = {"meeting_record": closed.sha256} if closed else {}
            content, proofs = _proved({**facts, "list": one.frozen, **kept}, list=one.sha256, **recorded)
        else:
            own = [place for place in one.frozen["places"] if place["application"] == str(application.pk)]
            content, proofs = _proved({**facts, "places": own, **_own_votes(closed, application)})
        acts = _people(
            (Action.FREEZE_SCENARIO, one.prepared_by, one.prepared_at),
            (Action.PUT_FORWARD, one.proposed_by, one.proposed_at),
            *([(Action.CLOSE_MEETING, closed.chair, closed.closed_at)] if closed else []),
            *((Action.APPROVE_LIST, row.approver, row.approved_at) for row in approvals),
        )
        if one.voided_at:
            acts += (Act(Action.VOID_LIST, "", one.voided_at, one.why_void),)
        title = _("List before the meeting and its approvals")
        yield Exhibit(f"board-{one.ordinal}", title, content, proofs, acts, one.number)


def _own_votes(meeting: DecisionMeeting | None, application: Application) -> dict[str, Any]:
    """What the minutes of a meeting say of this case alone."""
    if meeting is None:
        return {}
    votes = [one for one in meeting.frozen["ballots"] if one["number"] in {"", application.number}]
    return {"votes": votes, "meeting_sha256": meeting.sha256}


def _decision(application: Application, _look: Look) -> Iterator[Exhibit]:
    content, _none = _proved({
        "graded": [application.proposed_tier, application.proposed_amount, application.rationale],
        "decided": [application.decided_tier, application.decided_amount, application.meeting,
                    application.decision_note],
        "status": application.status,
    })  # fmt: skip
    later = audit.trail(application).filter(action__in=CHANGES).order_by("id")
    acts = _people(
        (Action.GRADE, application.graded_by, application.graded_at),
        (Action.DECIDE, application.decided_by, application.decided_at),
        *((one.action, one.actor_name, one.at) for one in later),
        (Action.APPROVE, application.approved_by, application.approved_at),
    )
    yield Exhibit("decision", _("Grading, decision and approval"), content, (), acts)


def notices_of(application: Application) -> list[PublicNotice]:
    """The notices that it was published in, each amended by the next."""
    notice: PublicNotice | None = application.notice
    found: list[PublicNotice] = []
    while notice:
        found.insert(0, notice)
        notice = notice.amends
    return found


def _publication(application: Application, _look: Look) -> Iterator[Exhibit]:
    for number, one in enumerate(notices_of(application), 1):
        content, proofs = _proved({"notice": one.canonical()}, notice=one.sha256)
        acts = _people((Action.PUBLICISE, one.published_by, one.published_at))
        yield Exhibit(f"publication-{number}", _("Public notice"), content, proofs, acts, one.document_number)


def _objections(application: Application, _look: Look) -> Iterator[Exhibit]:
    """Without whoever objected, and without the grounds, which may tell who it was."""
    rows = application.objections.select_related("handled_by").prefetch_related("evidence__attachment")
    found = list(rows.order_by("received_at"))
    facts = [
        {
            "number": one.number, "received_at": one.received_at, "status": one.status, "effect": one.effect,
            "amended": [one.amended_tier, one.amended_amount], "finding": one.finding, "letter": one.letter,
            "evidence": [file.attachment.sha256 for file in one.evidence.all()],
        }
        for one in found
    ]  # fmt: skip
    if found:
        content, _none = _proved({"objections": facts})
        acts = _people(*((FOUND[one.status], one.handled_by, one.handled_at) for one in found if one.handled_by))
        yield Exhibit("objections", _("Objections"), content, (), acts)


def _trail(application: Application, look: Look) -> Iterator[Exhibit]:
    """The entries of the audit trail about the case; without those of reviews where experts are not named."""
    subjects = Q(subject_type="funding.application", subject_id=str(application.pk))
    related = {"draw": application.draws, "objection": application.objections}
    if look.named:
        related["review"] = application.reviews
    for model, rows in related.items():
        keys = [str(key) for key in rows.values_list("pk", flat=True)]
        subjects |= Q(subject_type=f"funding.{model}", subject_id__in=keys)
    entries = list(AuditEntry.objects.filter(subjects).order_by("id"))
    content = {f"{one.pk}": audit.plain(values_of(one)) for one in entries}
    proofs = tuple(Proof(f"{one.pk}", one.hash, audit.sha256(content[f"{one.pk}"])) for one in entries)
    yield Exhibit("trail", _("Audit trail of the case"), content, proofs)


def values_of(entry: AuditEntry) -> list[Any]:
    """What the hash of an entry is taken over."""
    values = [getattr(entry, field) for field in audit.FIELDS]
    return [*values[:2], _moment(values[2]), str(values[3] or ""), *values[4:]]


EXHIBITS: tuple[Callable[[Application, Look], Iterator[Exhibit]], ...] = (
    _rules, _snapshot, _draws, _declarations, _scores, _aggregation, _sessions, _boards,
    _decision, _publication, _objections, _trail,
)  # fmt: skip
