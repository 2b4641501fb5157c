"""Typical cases of the demo: two published, one that waits for the head."""

from __future__ import annotations

from datetime import date, timedelta

from members.enums import Role
from reports.enums import Grade
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.models import GradeList, TypicalCase
from reports.services.cases import propose_case, publish_case, write_case

CASES = (
    (
        "样例：任务清单与股权一起签，四家单位不再各做各的",
        ("样例：该联合体在立项前用三周时间，把关键技术逐项拆成任务，每项任务由一家单位牵头、写明交付物和验收人，"
        "再把知识产权份额与任务一一对应，写进协议附件。\n一年内里程碑全部按期完成，成员之间没有出现权属争议。"),
        "先定任务和验收人，再谈份额；份额跟着任务走，变更任务时同时变更份额。",
        "Sample: tasks and shares signed together, so that four partners pull one way",
        (
            "Sample: before it applied, the consortium spent three weeks breaking each key technology down into tasks, "
            "each with one partner in charge, a deliverable and somebody who accepts it. The shares of intellectual "
            "property follow the tasks, in an annex of the agreement.\n"
            "Within a year every milestone was reached in time, without a dispute."
        ),
        "Settle tasks and who accepts them first, shares afterwards; whoever changes a task changes its share as well.",
    ),
    (
        "样例：中试线白天对外开放，晚上留给自己",
        ("样例：该联合体的中试平台实行分时预约，工作日白天向产业链中小企业开放，收费标准和排期在网上公布，"
        "夜间和周末用于联合体自己的攻关任务。\n全年共享机时超过一千小时，三家中小企业由此进入供应链。"),
        "开放时段写进平台章程并公布排期，比临时协商更能让中小企业用起来。",
        "", "", "",
    ),
    (
        "样例：高校教师带着课题到企业驻点一年",
        "样例：两名高校教师到牵头企业驻点一年，课题来自企业清单，成果按协议共有。",
        "驻点课题由企业出题、学校考核认可，双方都算工作量。",
        "", "", "",
    ),
)  # fmt: skip


def tell_cases(cast: Cast, published: GradeList, day: date) -> None:
    """An officer writes, the head publishes all but the last."""
    officer, head = cast.bureau[Role.OFFICER], cast.bureau[Role.HEAD]
    best = published.evaluations.filter(grade=Grade.EXCELLENT).select_related("consortium", "cycle")
    for number, (evaluation, words) in enumerate(zip(best.order_by("consortium__code"), CASES, strict=False), 1):
        names = ("title_zh", "text_zh", "practice_zh", "title_en", "text_en", "practice_en")
        case = TypicalCase(evaluation=evaluation, **dict(zip(names, words, strict=True)))
        write_case(case=case, actor=officer, at=moment(day))
        propose_case(case=case, actor=officer, at=moment(day + timedelta(days=number)))
        if number < len(CASES):
            publish_case(case=case, actor=head, at=moment(day + timedelta(days=number + 1)))
