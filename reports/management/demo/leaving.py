"""How consortia of the story end, rectify and change: graduation, exit cases, the taxonomy and its timetables."""

from datetime import date, timedelta

from consortia.enums import ConsortiumStatus, ExitMeasure, ExitTrigger
from consortia.models import Consortium, ExitCase, FieldMilestone, SubField
from consortia.services import exits
from consortia.services.consortia import graduate_consortium, report_rectification
from consortia.services.exits import Settlement
from consortia.services.life import Paper
from consortia.services.taxonomies import draft_taxonomy
from consortia.services.timetables import add_field_milestone, reach_field_milestone
from members.enums import Role
from members.models import CreditCheck, Organisation, User
from members.services.credit import check_credit
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

MEETING = "样例局务会"


def graduate(cast: Cast, consortium: Consortium, day: date) -> None:
    """The build period ends well."""
    paper = Paper(f"样科〔{day.year}〕15号", MEETING, day - timedelta(days=5))
    graduate_consortium(
        consortium=consortium,
        actor=cast.bureau[Role.LEADER],
        at=moment(day),
        note="建设期目标完成，自主运行。",
        paper=paper,
    )


def leave(cast: Cast, consortium: Consortium, day: date) -> None:
    """High input, low output, and nobody at fault: heard, settled, decided, publicised, closed on `day`."""
    officer, leader, lead = cast.bureau[Role.OFFICER], cast.bureau[Role.LEADER], cast.of(consortium.lead)
    case = hear(
        cast, consortium, ExitTrigger.LOW_OUTPUT, "连续投入产出比偏低，年度评价不合格。", day - timedelta(days=60)
    )
    exits.file_statement(
        case=case, statement="技术路线被替代，同意按程序退出。", evidence=None, actor=lead,
        at=moment(day - timedelta(days=55)),
    )  # fmt: skip
    settlement = Settlement("结余资金收回。", "归原权利人，联合成果共有。", "设备移交牵头单位。", no_fault=True)
    exits.assess_exit(case=case, settlement=settlement, actor=officer, at=moment(day - timedelta(days=30)))
    exits.decide_exit(
        case=case, measure=ExitMeasure.EXIT, actor=leader, at=moment(day - timedelta(days=20)),
        paper=Paper(f"样科〔{day.year}〕12号", MEETING, day - timedelta(days=21)), note="尽职免责，按程序退出。",
    )  # fmt: skip
    exits.publicise_exit(case=case, actor=officer, at=moment(day - timedelta(days=15)))
    exits.close_exit(case=case, actor=leader, at=moment(day))
    consortium.refresh_from_db()


def hear(cast: Cast, consortium: Consortium, trigger: ExitTrigger, grounds: str, day: date) -> ExitCase:
    """Open a case on `day`; the notice is out at once and has arrived two days later."""
    officer = cast.bureau[Role.OFFICER]
    case = exits.open_exit(consortium=consortium, trigger=trigger, grounds=grounds, actor=officer, at=moment(day))
    exits.serve_notice(
        case=case,
        notice_number=f"样科告〔{day.year}〕3号",
        actor=officer,
        at=moment(day),
        note="拟启动退出程序，请陈述申辩。",
    )
    return exits.record_delivery(case=case, actor=officer, at=moment(day + timedelta(days=2)), note="邮寄签收。")


def unsettled(cast: Cast, consortia: list[Consortium], today: date) -> None:
    """What runs today: a report on a rectification, a case in its statement period, a draft of the taxonomy."""
    rectifying = [one for one in consortia if one.status == ConsortiumStatus.RECTIFYING]
    for one in rectifying[:1]:
        report_rectification(
            consortium=one, report="滞后节点已补齐两项，第三项计划下月完成。", evidence=None, actor=cast.of(one.lead),
            at=moment(today - timedelta(days=3)),
        )  # fmt: skip
    for one in [one for one in consortia if one.status == ConsortiumStatus.CULTIVATION][-1:]:
        hear(cast, one, ExitTrigger.LOST_CONTACT, "多次联系未果，季度进展未报。", today - timedelta(days=6))
    draft_taxonomy(
        label="细分领域修订稿（样例）", valid_from=date(today.year + 1, 1, 1), actor=cast.bureau[Role.OFFICER],
        at=moment(today - timedelta(days=4)),
    )  # fmt: skip
    plan(cast.bureau[Role.OFFICER], today)
    for one in consortia[:4]:
        look_up(cast.bureau[Role.OFFICER], one.lead, today)


def plan(officer: User, today: date) -> None:
    """Three steps of each sub-field: one reached, one late or near, one to come."""
    steps = (("样例路线图发布", -200), ("样例中试平台投用", -20), ("样例首台套应用示范", 240))
    for field in SubField.objects.offered(today):
        made = [
            add_field_milestone(
                sub_field=field, actor=officer, at=moment(today - timedelta(days=230)),
                milestone=FieldMilestone(name=name, due=today + timedelta(days=days), responsible="样例牵头部门"),
            )
            for name, days in steps
        ]  # fmt: skip
        day = today - timedelta(days=190)
        reach_field_milestone(milestone=made[0], reached_on=day, actor=officer, at=moment(day))


def look_up(officer: User, organisation: Organisation, today: date) -> None:
    """What a credit report said."""
    check = CreditCheck(
        source="样例征信平台", result="GOOD", as_of=today - timedelta(days=12), reference="样例征2026-001"
    )
    check_credit(organisation=organisation, check=check, actor=officer, at=moment(today - timedelta(days=10)))
