"""Assignments of many applications at once: asked for, worked out by a job, changed by hand, agreed to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus, AssignmentStatus, ExpertMode
from funding.models import Application, Assignment, AssignmentCase, AssignmentChange, AssignmentPair, Call, Draw
from funding.rules import assigning, drawing
from funding.rules.assigning import Answer
from funding.rules.terms import terms_of
from funding.selectors.assignments import (
    JOB_KIND,
    Build,
    answer_facts,
    cost_of,
    exchangeable,
    frozen,
    grounds,
    may_be_proposed,
)
from funding.selectors.draws import pool, pools
from funding.services.experts import seat_experts
from funding.workflow import APPLICATION, ASSIGNMENT
from members.enums import Role
from members.models import Expert, User
from members.selectors import holders
from portal.kernel import audit, jobs
from portal.kernel.authz import may, require
from portal.kernel.enumerating import enumerated
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.assignment_proposed", _("The assignment %(name)s is worked out."))
register("funding.assignment_handed_over", _("The assignment %(name)s waits for your agreement."))
register("funding.assignment_agreed", _("The supervisor has agreed to the assignment %(name)s."))
register("funding.assignment_dropped", _("The assignment %(name)s is dropped."))

NO_REASON = _("Please give a reason.")


def prepare_assignment(
    *, call: Call, applications: Iterable[Application], seats: int, actor: User, at: datetime
) -> Assignment:
    """Have it worked out who reviews these applications, or who may be drawn for them; a job does it."""
    wanted = sorted(one.pk for one in applications)
    try:
        with transaction.atomic():
            require(actor, "funding.prepare_assignment", call)
            rows = Application.everything.select_for_update(of=("self",)).filter(pk__in=wanted, call=call)
            locked = list(rows.order_by("pk"))
            _require_waiting(locked, wanted, actor)
            _require_seats(call, seats)
            assignment = _new(call, locked, seats, actor, at)
    except IntegrityError as error:
        raise TransitionRefused(_("One of the applications stands in another assignment already.")) from error
    return assignment


def _require_waiting(locked: Sequence[Application], wanted: Sequence[Any], actor: User) -> None:
    if not wanted or len(locked) < len(wanted):
        raise TransitionRefused(_("Please choose applications of this call."))
    drawn = set(Draw.everything.standing().filter(application__in=wanted).values_list("application", flat=True))
    gone = [one.number for one in locked if one.status != ApplicationStatus.CHECKED or one.pk in drawn]
    if gone:
        raise TransitionRefused(
            _("These applications wait for experts no more: %(names)s.") % {"names": enumerated(gone)}
        )
    theirs = [one.number for one in locked if not may(actor, "funding.prepare_draw", one)]
    if theirs:
        raise TransitionRefused(
            gettext("You have checked these applications or keep away from them: %(names)s.")
            % {"names": enumerated(theirs)}
        )


def _require_seats(call: Call, seats: int) -> None:
    needed = call.rules.data["panel"]["required"]
    if seats < needed:
        raise TransitionRefused(gettext("The panel lacks %(needed)s experts.") % {"needed": needed})


def _new(call: Call, applications: Sequence[Application], seats: int, actor: User, at: datetime) -> Assignment:
    assignment = Assignment(call=call, mode=call.expert_mode, seats=seats, prepared_by=actor, prepared_at=at,
                            created_at=at)  # fmt: skip
    assignment.number = f"AS{timezone.localdate(at):%Y%m%d}-{assignment.pk.hex[:6].upper()}"
    assignment.job = f"{JOB_KIND}:{assignment.pk}"
    assignment.save(force_insert=True)
    AssignmentCase.objects.bulk_create(
        AssignmentCase(assignment=assignment, application=one, created_at=at) for one in applications
    )
    jobs.enqueue(
        kind=JOB_KIND, key=assignment.job, params={"assignment": str(assignment.pk)}, requested_by=actor, at=at
    )
    facts = {"assignment": assignment.number, "seats": seats, "applications": [one.number for one in applications]}
    audit.record(actor=actor, action=Action.PREPARE_ASSIGNMENT, subject=assignment, at=at, facts=facts)
    return assignment


# --- done by the job ---------------------------------------------------------------------------
def propose_assignment(*, assignment: Assignment, build: Build, answer: Answer, at: datetime) -> Assignment:
    """Keep what the solver found; nothing of it is shown that breaks a rule."""
    if faults := assigning.broken(build.problem, answer):
        raise TransitionRefused(*faults)
    loads = assigning.loads(build.problem, answer)
    facts = {"problem": build.problem.digest, "empty": sum(answer.empty.values())}
    with ASSIGNMENT.moving(assignment, Action.PROPOSE_ASSIGNMENT, actor=None, at=at, facts=facts) as locked:
        locked.solved_at, locked.problem_hash = at, build.problem.digest
        cases = {str(one.application_id): one for one in locked.cases.all()}
        for key, case in cases.items():
            case.empty, case.facts = answer.empty.get(key, 0), answer_facts(build, answer, key)
        AssignmentCase.objects.bulk_update(cases.values(), ["empty", "facts"])
        said = assigning.terms(locked.call.rules.data)
        AssignmentPair.objects.bulk_create(
            AssignmentPair(
                case=cases[key], expert=one.expert, created_at=at,
                grounds=grounds(one, loads[person] - one.running, cost_of(one, said)),
            )
            for key, chosen in answer.seats.items()
            for person in chosen
            for one in (build.candidates[key][person],)
        )  # fmt: skip
        _tell(locked, [locked.prepared_by], "funding.assignment_proposed", at)
    return assignment


# --- by hand -----------------------------------------------------------------------------------
@transaction.atomic
def change_pair(*, pair: AssignmentPair, expert: Expert, reason: str, actor: User, at: datetime) -> AssignmentPair:
    """Put another expert in the place of one, for a reason; only where experts are invited."""
    assignment = Assignment.everything.select_for_update(of=("self",)).get(pk=pair.case.assignment_id)
    require(actor, "funding.change_assignment", assignment)
    _require_changeable(assignment, pair)
    if not reason.strip():
        raise TransitionRefused(NO_REASON)
    application = pair.case.application
    found = {one.expert.pk: one for one in exchangeable(
        pair, pool(application, at), terms_of(application.call.rules.data)
    )}  # fmt: skip
    if expert.pk not in found:
        raise TransitionRefused(gettext("Not eligible: %(names)s.") % {"names": expert})
    one, removed = found[expert.pk], pair.expert
    price = cost_of(one, assigning.terms(application.call.rules.data))
    pair.expert, pair.by_hand, pair.grounds = one.expert, True, grounds(one, 1, price)
    pair.save(update_fields=["expert", "by_hand", "grounds"])
    AssignmentChange.objects.create(
        case=pair.case, removed=removed, added=expert, reason=reason.strip(), changed_by=actor, changed_at=at,
        created_at=at,
    )  # fmt: skip
    facts = {"application": application.number, "removed": removed.pk, "added": expert.pk}
    audit.record(actor=actor, action=Action.CHANGE_ASSIGNMENT, subject=assignment, at=at, note=reason, facts=facts)
    return pair


def _require_changeable(assignment: Assignment, pair: AssignmentPair) -> None:
    if assignment.is_pool:
        raise TransitionRefused(_("In this call experts are drawn: nobody changes the pools by hand."))
    if assignment.status != AssignmentStatus.PROPOSED:
        raise TransitionRefused(_("This assignment is not open for changes."))
    pair.refresh_from_db()


# --- agreed ------------------------------------------------------------------------------------
def hand_over_assignment(*, assignment: Assignment, actor: User, at: datetime) -> Assignment:
    """Freeze the proposal with its hash; a supervisor is asked to agree."""
    with ASSIGNMENT.moving(assignment, Action.HAND_OVER_ASSIGNMENT, actor=actor, at=at) as locked:
        locked.frozen, locked.handed_over_at = frozen(locked), at
        locked.frozen_hash = drawing.digest(locked.frozen)
        _tell(locked, holders(Role.SUPERVISOR), "funding.assignment_handed_over", at)
    return assignment


def agree_assignment(*, assignment: Assignment, actor: User, at: datetime, note: str = "") -> Assignment:
    """The supervisor agrees: invited experts are asked, or the pools bind the draws of these applications."""
    facts: dict[str, Any] = {}
    with ASSIGNMENT.moving(assignment, Action.AGREE_ASSIGNMENT, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.decided_by, locked.decided_at, locked.reason = actor, at, note
        if locked.mode == ExpertMode.INVITED:
            facts["left"] = _seat(locked, actor, at)
            locked.cases.update(current=False)
        _tell(locked, [locked.prepared_by], "funding.assignment_agreed", at)
    return assignment


def _seat(assignment: Assignment, actor: User, at: datetime) -> list[str]:
    """Every application whose panel is whole; gives the numbers of the others, which wait on."""
    cases = list(assignment.cases.select_related("application__call__rules", "application__consortium__lead"))
    left, needed = [], assignment.call.rules.data["panel"]["required"]
    for case, found in zip(cases, pools([one.application for one in cases], at), strict=True):
        open_to = {one.expert.pk for one in found if may_be_proposed(one, assignment)}
        experts = [one.expert for one in case.pairs.select_related("expert__user") if one.expert_id in open_to]
        if len(experts) < needed:
            left.append(case.application.number)
            continue
        facts: dict[str, Any] = {"method": "assignment", "assignment": assignment.number,
                                 "hash": assignment.frozen_hash, "experts": [one.pk for one in experts]}  # fmt: skip
        with APPLICATION.moving(case.application, Action.AGREE_EXPERTS, actor=actor, at=at, facts=facts) as application:
            seat_experts(application=application, experts=experts, assigned_by=assignment.prepared_by, at=at)
    return left


def drop_assignment(*, assignment: Assignment, actor: User, at: datetime, note: str) -> Assignment:
    """Give it up for a reason; its applications wait for experts as before."""
    with ASSIGNMENT.moving(assignment, Action.DROP_ASSIGNMENT, actor=actor, at=at, note=note) as locked:
        if not note.strip():
            raise TransitionRefused(NO_REASON)
        locked.decided_by, locked.decided_at, locked.reason = actor, at, note.strip()
        locked.cases.update(current=False)
        _tell(locked, {locked.prepared_by, *holders(Role.SUPERVISOR)} - {actor}, "funding.assignment_dropped", at)
    return assignment


def _tell(assignment: Assignment, recipients: Iterable[User], kind: str, at: datetime) -> None:
    notify(
        recipients=recipients, kind=kind, params={"name": assignment.number}, url=assignment.get_absolute_url(), at=at
    )
