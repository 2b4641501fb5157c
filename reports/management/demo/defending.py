"""A day of defences: invited to, signed in to, concluded, locked by two; and one that is still to come."""

from collections.abc import Sequence
from datetime import date, timedelta

from funding.enums import ReviewStatus, SessionKind
from funding.models import Application, ReviewSession
from funding.services.reviews import declare_again
from funding.services.sessions import (
    Plan,
    Table,
    arrange_session,
    conclude_slot,
    invite_to_session,
    lock_session,
    sign_in_to_session,
    sign_in_to_slot,
)
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

DAY = timedelta(days=1)
PLACE = "样例政务服务中心三楼第二会议室"
SAID = (
    "样例：答辩思路清晰，专家提问均已回应；建议支持，任务书中补充中试风险预案。",
    "样例：指标与产业需求吻合，成员分工明确；建议核实配套资金到位时间。",
    "样例：技术路线可行，成果转化路径有待细化；建议按专家意见修改后支持。",
)


def arrange(cast: Cast, cases: Sequence[Application], day: date, at: date) -> ReviewSession:
    """The desk puts cases into a session and invites."""
    desk = cast.bureau[Role.ACCEPTANCE]
    session = arrange_session(
        call=cases[0].call, kind=SessionKind.DEFENCE, applications=cases, actor=desk, at=moment(at),
        plan=Plan(moment(day, 9), 20, PLACE), table=Table(cast.bureau[Role.HEAD], cast.bureau[Role.SECRETARY]),
    )  # fmt: skip
    return invite_to_session(session=session, actor=desk, at=moment(at, 14))


def defend(cast: Cast, cases: Sequence[Application], day: date) -> ReviewSession:
    """A whole session, from the agenda to the two locks."""
    session = arrange(cast, cases, day, day - 5 * DAY)
    chair, secretary = cast.bureau[Role.HEAD], cast.bureau[Role.SECRETARY]
    for seat in session.seats.select_related("person"):
        sign_in_to_session(session=session, actor=seat.person, at=moment(day, 9))
    for number, slot in enumerate(session.slots.select_related("application__consortium__lead", "session__call")):
        sign_in_to_slot(slot=slot, actor=cast.of(slot.consortium.lead), at=slot.starts_at)
        text = SAID[number % len(SAID)]
        conclude_slot(slot=slot, conclusion=text, checklist={}, actor=secretary, at=moment(day, 15))
    lock_session(session=session, actor=secretary, at=moment(day, 16))
    return lock_session(session=session, actor=chair, at=moment(day, 17))


def declare_all(application: Application, day: date) -> None:
    """Every expert says that no interest came up."""
    for review in application.reviews.filter(status=ReviewStatus.SUBMITTED).select_related("expert__user"):
        declare_again(review=review, actor=review.expert.user, at=moment(day, 18))
