"""Experts asked for a whole batch at once, and those who do not come, with whoever is asked instead."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

import funding.tasks  # noqa: F401  (its job is run here)
from funding.enums import ExpertMode, Leaving, ReviewStatus
from funding.models import Application, Assignment, AssignmentPair, Review
from funding.rules.terms import terms_of
from funding.selectors.assignments import exchangeable
from funding.selectors.draws import pool
from funding.selectors.proposals import next_best
from funding.services.assignments import (
    agree_assignment,
    change_pair,
    drop_assignment,
    hand_over_assignment,
    prepare_assignment,
)
from funding.services.draws import call_substitute
from funding.services.experts import add_experts
from funding.services.invitations import fill_seats, lapse_invitations
from funding.services.reviews import decline_review
from members.enums import Role
from portal.kernel import jobs
from portal.kernel.models import Job
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

DAY = timedelta(days=1)
SEATS = 3
INSTEAD = "样例：递补缺席专家，按系统建议的首位邀请。"


# --- many cases at once ------------------------------------------------------------------------
def assign_together(cast: Cast, cases: Sequence[Application], day: date) -> None:
    """A first proposal is dropped; of the second one pair is exchanged by hand, and the supervisor agrees."""
    desk, supervisor = cast.bureau[Role.ACCEPTANCE], cast.bureau[Role.SUPERVISOR]
    first = work_out(cast, cases[:-1], day - 4 * DAY)
    drop_assignment(assignment=first, actor=desk, note="样例：漏选一项申报，重新编排。", at=moment(day - 4 * DAY, 15))
    found = work_out(cast, cases, day - 3 * DAY)
    _exchange(cast, found, moment(day - 3 * DAY, 14))
    hand_over_assignment(assignment=found, actor=desk, at=moment(day - 2 * DAY))
    agree_assignment(assignment=found, actor=supervisor, note="样例：已核对回避与工作量，同意。", at=moment(day))
    for case in cases:
        case.refresh_from_db()


def work_out(cast: Cast, cases: Sequence[Application], day: date) -> Assignment:
    """What the solver proposes, as the worker would have it done."""
    found = prepare_assignment(
        call=cases[0].call, applications=cases, seats=SEATS, actor=cast.bureau[Role.ACCEPTANCE], at=moment(day)
    )
    jobs.run(Job.objects.get(key=found.job).pk, moment(day))
    found.refresh_from_db()
    return found


def _exchange(cast: Cast, assignment: Assignment, at: datetime) -> None:
    rows = AssignmentPair.objects.filter(case__assignment=assignment).select_related(
        "case__application__call__rules", "case__assignment__call__rules", "expert"
    )
    pair = rows.order_by("case__application__number", "expert__user__name")[0]
    application = pair.case.application
    other = exchangeable(pair, pool(application, at), terms_of(application.call.rules.data))[0]
    reason = "样例：原建议专家本月在外地出差，经电话确认无法参加。"
    change_pair(pair=pair, expert=other.expert, reason=reason, actor=cast.bureau[Role.ACCEPTANCE], at=at)


def wait(cast: Cast, cases: Sequence[Application], today: date) -> None:
    """A proposal that the supervisor has still to agree to."""
    found = work_out(cast, cases, today - 2 * DAY)
    hand_over_assignment(assignment=found, actor=cast.bureau[Role.ACCEPTANCE], at=moment(today - DAY))


# --- who does not come -------------------------------------------------------------------------
def decline(cast: Cast, application: Application, day: date, ground: str, remark: str = "") -> None:
    """The first expert declines; somebody else is asked an hour later."""
    review = application.reviews.select_related("expert__user").order_by("ordinal")[0]
    decline_review(review=review, ground=ground, remark=remark, actor=review.expert.user, at=moment(day))
    _ask_instead(cast, review, moment(day, 11))


def lapse(cast: Cast, application: Application) -> date:
    """Who has not answered by the last day is not waited for; the day on which somebody else is asked."""
    review = application.reviews.filter(status=ReviewStatus.ASSIGNED).select_related("expert__user").latest("ordinal")
    after = (review.answer_by or review.assigned_at) + timedelta(hours=1)
    lapse_invitations(at=after)
    review.refresh_from_db()
    if application.call.expert_mode == ExpertMode.DRAWN:
        fill_seats(at=after)
    else:
        _ask_instead(cast, review, after + timedelta(hours=9))
    return timezone.localdate(after)


def _ask_instead(cast: Cast, review: Review, at: datetime) -> None:
    """The next in the line of the draw or, where experts are invited, the first that the portal proposes."""
    application, desk = review.application, cast.bureau[Role.ACCEPTANCE]
    if application.call.expert_mode == ExpertMode.DRAWN:
        call_substitute(review=review, actor=desk, at=at)
        return
    best = next_best(application, list(application.reviews.select_related("expert")), at)[0]
    add_experts(application=application, experts=[best.candidate.expert], actor=desk, note=INSTEAD, at=at)


GROUNDS: dict[int, tuple[str, str]] = {  # by number of the script
    4: (Leaving.NO_TIME, ""),
    14: (Leaving.OTHER, "样例：评审期间在外访学，无法按时提交。"),
    30: (Leaving.CONFLICT, "近期与成员单位洽谈合作（样例）。"),
}
LAPSED = {41, 42}  # the last of their batches: whatever else is unanswered by then would lapse, too
