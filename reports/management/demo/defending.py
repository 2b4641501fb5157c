"""A day of defences and one of visits: signed in to, concluded, locked by two; one moved that is still to come."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from funding.enums import ReviewStatus, SessionKind
from funding.models import Application, ReviewSession
from funding.services.reviews import declare_again
from funding.services.sessions import (
    Plan,
    Table,
    arrange_session,
    attach_to_slot,
    conclude_slot,
    invite_to_session,
    lock_session,
    move_session,
    sign_in_to_session,
    sign_in_to_slot,
)
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

DAY = timedelta(days=1)
PLACE = "样例政务服务中心三楼第二会议室"
OTHER_PLACE = "样例政务服务中心五楼第一会议室"
SITES = "各申报单位研发场地（样例），依议程顺序前往"
SAW = (
    "样例：研发与中试场地与申报一致，主要设备在位；建议在任务书中明确中试线建成时间。",
    "样例：现场情况属实，核心团队在岗；研发投入台账齐全。",
    "样例：设备基本到位，一台测试仪器尚在安装，应在签约前补充验收记录。",
)
NOTES = ("考察组查看了研发场地、中试线和样机。", "所有单位、人员和数据均为虚构。")
SEEN: dict[str, dict[str, Any]] = {
    "premises": {"holds": True, "note": ""},
    "equipment": {"holds": False, "note": "样例：一台测试仪器尚在安装。"},
    "team": {"holds": True, "note": ""},
    "cooperation": {"holds": True, "note": "样例：抽查三份合作合同，往来记录齐全。"},
    "accounts": {"holds": True, "note": ""},
}
SAID = (
    "样例：答辩思路清晰，专家提问均已回应；建议支持，任务书中补充中试风险预案。",
    "样例：指标与产业需求吻合，成员分工明确；建议核实配套资金到位时间。",
    "样例：技术路线可行，成果转化路径有待细化；建议按专家意见修改后支持。",
)


def arrange(
    cast: Cast, cases: Sequence[Application], day: date, at: date, kind: SessionKind = SessionKind.DEFENCE
) -> ReviewSession:
    """The desk puts cases into a session and invites."""
    desk = cast.bureau[Role.ACCEPTANCE]
    plan = Plan(moment(day, 9), 20, PLACE) if kind == SessionKind.DEFENCE else Plan(moment(day, 9), 90, SITES)
    session = arrange_session(
        call=cases[0].call, kind=kind, applications=cases, actor=desk, at=moment(at), plan=plan,
        table=Table(cast.bureau[Role.HEAD], cast.bureau[Role.SECRETARY]),
    )  # fmt: skip
    return invite_to_session(session=session, actor=desk, at=moment(at, 14))


def defend(cast: Cast, cases: Sequence[Application], day: date) -> ReviewSession:
    """A whole session, from the agenda to the two locks."""
    session = arrange(cast, cases, day, day - 5 * DAY)
    return _hold(cast, session, day, {})


def visit(cast: Cast, cases: Sequence[Application], day: date) -> ReviewSession:
    """What the rules want to be seen at the place, with the list of what was looked at and a note of it."""
    session = arrange(cast, cases, day, day - 4 * DAY, SessionKind.SITE_VISIT)
    return _hold(cast, session, day, SEEN)


def _hold(cast: Cast, session: ReviewSession, day: date, seen: dict[str, dict[str, Any]]) -> ReviewSession:
    chair, secretary = cast.bureau[Role.HEAD], cast.bureau[Role.SECRETARY]
    for seat in session.seats.select_related("person"):
        sign_in_to_session(session=session, actor=seat.person, at=moment(day, 9))
    for number, slot in enumerate(session.slots.select_related("application__consortium__lead", "session__call")):
        sign_in_to_slot(slot=slot, actor=cast.of(slot.consortium.lead), at=slot.starts_at)
        text = (SAW if seen else SAID)[number % len(SAID)]
        if seen:
            file = ContentFile(paper("现场考察记录（样例）", NOTES), name="现场考察记录.pdf")
            attach_to_slot(slot=slot, upload=file, title="现场考察记录", actor=secretary, at=moment(day, 15))
        conclude_slot(slot=slot, conclusion=text, checklist=seen, actor=secretary, at=moment(day, 15))
    lock_session(session=session, actor=secretary, at=moment(day, 18))
    return lock_session(session=session, actor=chair, at=moment(day, 19))


def move(cast: Cast, session: ReviewSession, day: date, at: date) -> ReviewSession:
    """To another day, because the room was taken."""
    return move_session(
        session=session, starts_at=moment(day, 14), place=OTHER_PLACE, address="", actor=cast.bureau[Role.ACCEPTANCE],
        note="样例：原会议室临时征用，改期并调整地点。", at=moment(at, 16),
    )  # fmt: skip


def declare_all(application: Application, day: date) -> None:
    """Every expert says that no interest came up."""
    for review in application.reviews.filter(status=ReviewStatus.SUBMITTED).select_related("expert__user"):
        declare_again(review=review, actor=review.expert.user, at=moment(day, 20))
