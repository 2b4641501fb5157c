"""The meeting of one batch: two scenarios, one put forward, approved by two leaders, decided together, with minutes."""

from datetime import date, timedelta

from funding.enums import MeetingChoice
from funding.models import Call, Scenario
from funding.selectors.boards import Setting, as_graded, panels
from funding.selectors.meetings import minutes_hash
from funding.services.meetings import Attendance, close_meeting, record_attendance, record_ballot
from funding.services.scenarios import Drafted, approve_scenario, freeze_scenario, put_forward_scenario
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.services.minutes import order_minutes

COMMON = "样例：按会前研究意见，兼顾领域布局与预算安排。"


def meet(cast: Cast, call: Call, day: date) -> Scenario:
    """Freeze the rules alone and the gradings, put the latter forward, approve and decide it on the day."""
    officer, head = cast.bureau[Role.OFFICER], cast.bureau[Role.HEAD]
    _freeze(cast, call, "仅按规则（样例）", day - timedelta(days=3), graded=False)
    scenario = _freeze(cast, call, "评定意见方案（样例）", day - timedelta(days=3), graded=True)
    meeting = f"局长办公会纪要（样例）〔{day.year}〕{call.batch}号"
    put_forward_scenario(scenario=scenario, meeting=meeting, actor=head, at=moment(day - timedelta(days=2)))
    _write_minutes(cast, scenario, day)
    for hour, leader in enumerate((cast.bureau[Role.LEADER], cast.second_leader), 9):
        approve_scenario(scenario=scenario, seen=scenario.sha256, actor=leader, at=moment(day, hour))
    order_minutes(scenario=scenario, language="zh-hans", actor=officer, at=moment(day, 15))
    return scenario


def _write_minutes(cast: Cast, scenario: Scenario, day: date) -> None:
    """Who came, and a vote on the whole list; the leader in the chair closes the minutes before the approvals."""
    leaders, keeper = (cast.bureau[Role.LEADER], cast.second_leader), cast.bureau[Role.SECRETARY]
    here = [*leaders, cast.bureau[Role.HEAD], cast.bureau[Role.OFFICER]]
    attendance = Attendance(moment(day, 8), "样例第一会议室", leaders[0], [*here, cast.bureau[Role.FINANCE]], here)
    meeting = record_attendance(scenario=scenario, attendance=attendance, actor=keeper, at=moment(day, 8))
    choices = dict.fromkeys(leaders, MeetingChoice.FOR)
    record_ballot(scenario=scenario, application=None, choices=choices, actor=keeper, at=moment(day, 8))
    meeting.refresh_from_db()  # read again, as the chair does
    seen = minutes_hash(meeting)
    close_meeting(scenario=scenario, seen=seen, actor=leaders[0], at=moment(day, 8))


def _freeze(cast: Cast, call: Call, name: str, day: date, *, graded: bool) -> Scenario:
    officer = cast.bureau[Role.OFFICER]
    found = panels(call, officer)
    choices = as_graded(found) if graded else {}
    drafted = Drafted(Setting(found.terms.lines, found.terms.weights, choices), name, {}, COMMON)
    return freeze_scenario(call=call, drafted=drafted, actor=officer, at=moment(day))


def prepare(cast: Cast, call: Call, day: date) -> Scenario:
    """A board of today that nobody has put forward yet."""
    return _freeze(cast, call, "预排方案一（样例）", day, graded=True)
