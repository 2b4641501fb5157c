"""The designed form of the open call: sections, questions and a test case by an officer, answers by the leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from funding.models import Application, FormVersion
from funding.services.answers import Change, save_answers
from funding.services.designs import create_form, publish_form, save_case, save_question, save_section
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast


def both(zh: str, en: str) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": zh, "en": en}


YES_NO = [
    {"code": "yes", "label": both("已建成", "Built")}, {"code": "plan", "label": both("计划建设", "Planned")},
    {"code": "no", "label": both("无", "None")},
]  # fmt: skip
SALES = [
    {"code": "year", "kind": "text", "label": both("年度", "Year"), "required": True},
    {"code": "units", "kind": "number", "label": both("销量", "Units"), "unit": both("台套", "sets")},
    {"code": "revenue", "kind": "money", "label": both("预计收入", "Expected revenue"), "required": True},
]
SECTIONS: dict[str, dict[str, Any]] = {
    "pilot": {
        "title": both("中试与验证条件", "Pilot line and testing"),
        "hint": both("说明中试线、验证环境和首批应用单位。", "The pilot line, where it is tested, the first users."),
    },
    "market": {
        "title": both("市场与效益预测", "Market and returns"),
        "hint": both("三年内的销售预测，金额以万元填写。", "What will be sold within three years."),
    },
}
PLACES = [
    {"code": "city", "label": both("本市", "In the city")},
    {"code": "province", "label": both("本省其他市", "Elsewhere in the province")},
    {"code": "other", "label": both("其他地区", "Elsewhere")},
]


def ask(code: str, kind: str, zh: str, en: str, **facts: Any) -> dict[str, Any]:
    """A question."""
    return {"code": code, "kind": kind, "label": both(zh, en), **facts}


QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "pilot": [
        ask("line", "choice", "是否有中试线", "Is there a pilot line", choices=YES_NO, required=True),
        ask(
            "line_about", "text", "中试线情况", "About the pilot line", limit=600, required=True,
            show_when="one_of(line, 'yes', 'plan')",
            help=both("地点、能力、投入和由谁管理。", "Where it is, what it can do, what it costs and who runs it."),
        ),
        ask("ready_on", "date", "投用日期", "In use from", require_when="line == 'plan'", show_when="line != 'no'"),
        ask(
            "hours", "number", "计划验证时长", "Planned hours of testing", unit=both("小时", "h"), minimum="0",
            maximum="100000",
        ),
        ask("tech_shown", "reference", "对应的关键技术", "The key technologies concerned", source="technologies"),
        ask("report", "file", "第三方检测报告（如有）", "Test report of a third party, if any"),
    ],
    "market": [
        ask("sales", "table", "销售预测", "Expected sales", columns=SALES, most_rows=6, required=True),
        ask(
            "sum_sales", "computed", "预计收入合计", "Expected revenue in all", unit=both("万元", "×10k yuan"),
            formula="round(sum(sales, 'revenue') / 10000, 2)",
        ),
        ask(
            "leverage", "computed", "收入与申请经费之比", "Revenue to the amount asked for", unit=both("倍", "times"),
            formula="round(sum(sales, 'revenue') / requested_amount, 1)", show_when="requested_amount > 0",
            check="leverage >= 1",
            message=both("预计收入低于申请经费，请核对。", "The expected revenue is below the amount asked for."),
        ),
        ask("local", "choices", "首批应用地区", "Where it is used first", choices=PLACES),
    ],
}  # fmt: skip
CASE = {
    "code": "", "name": "计划建设中试线且收入充足",
    "answers": {"line": "plan", "sales": [{"year": "第一年", "revenue": "3000000.00"}]},
    "facts": {"requested_amount": "1500000"},
    "expected": {
        "line_about.show_when": "yes", "ready_on.require_when": "yes", "ready_on.show_when": "yes",
        "sum_sales.formula": "300", "leverage.formula": "2", "leverage.show_when": "yes", "leverage.check": "yes",
    },
}  # fmt: skip
ANSWERS: dict[str, Mapping[str, Any]] = {
    "pilot": {
        "line": "yes", "hours": "2000",
        "line_about": "中试线位于牵头单位二期厂房，年产能500台套，由牵头单位与高校共建实验室共同管理，已投入1200万元。",
    },
    "market": {
        "sales": [
            {"year": "第一年", "units": "20", "revenue": "6000000.00"},
            {"year": "第二年", "units": "80", "revenue": "22000000.00"},
            {"year": "第三年", "units": "200", "revenue": "50000000.00"},
        ],
        "local": ["city", "province"],
    },
}  # fmt: skip


def design(cast: Cast, day: date) -> FormVersion:
    """An officer designs a form, tests its rules and publishes it."""
    officer, at = cast.bureau[Role.OFFICER], moment(day)
    form = create_form(
        actor=officer,
        at=at,
        code="pilot_market",
        name_zh="中试与市场附加表（样例）",
        name_en="Pilot line and market (sample)",
    )
    for code, facts in SECTIONS.items():
        save_section(form=form, actor=officer, at=at, code=code, facts=facts, new=True)
    asked = [(section, question) for section, questions in QUESTIONS.items() for question in questions]
    for section, question in asked:
        save_question(form=form, actor=officer, at=at, section=section, question=question, new=True)
    save_case(form=form, actor=officer, at=at, case=CASE)
    return publish_form(form=form, actor=officer, at=at)


def answer(cast: Cast, application: Application, day: date) -> Application:
    """The lead answers what the form of the call asks."""
    for section in application.designed:
        changes = {code: Change(value, 0) for code, value in ANSWERS[section.code].items()}
        application = save_answers(
            application=application, actor=cast.of(application.consortium.lead), at=moment(day), section=section.code,
            changes=changes,
        )  # fmt: skip
    return application
