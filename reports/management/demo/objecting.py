"""Objections to what was published: without ground, not admitted, upheld in part, upheld; each with its letter."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from funding.enums import ObjectionEffect, ObjectorKind
from funding.models import Application, Objection
from funding.services.notices import (
    amend_application,
    continue_application,
    dismiss_objection,
    object_to_application,
    overturn_application,
    record_objection,
    refuse_objection,
    uphold_objection,
)
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

DAY = timedelta(days=1)
EVIDENCE = ("样例检索平台，检索日期见页脚。", "所列指标与公开文献（虚构）中的数值相同。")
GROUNDS = "认为其中一项技术指标在申报前已由他方公开实现，请予核查。"
SHRUNK = "样例：公示项目的一家应用单位已缩减产线，示范规模达不到申报书所述，建议调整支持额度。"
TWICE = "样例：该联合体同一研究内容已获其他渠道财政资金支持，属重复申报，附立项通知复印件。"
NAMELESS = "样例：听说该项目有问题，请严查。"


def object_to(application: Application, day: date, grounds: str = GROUNDS, **objector: Any) -> Objection:
    """An objection under a real name that nobody bears."""
    file = SimpleUploadedFile("evidence.pdf", paper("公开检索报告（样例）", EVIDENCE), "application/pdf")
    facts = {"kind": ObjectorKind.ORGANISATION, "name": "样例异议单位", "contact": "objector@demo.example",
             "evidence": [file], **objector}  # fmt: skip
    return record_objection(application=application, grounds=grounds, at=moment(day, 11), **facts)


def dismiss(cast: Cast, application: Application, day: date) -> None:
    """It was found to have no ground; the decision stands."""
    objection, supervisor = _taken_up(cast, application, day, GROUNDS), cast.bureau[Role.SUPERVISOR]
    finding = "经核对合同与验收材料，所述情况不属实。"
    dismiss_objection(objection=objection, actor=supervisor, finding=finding, at=moment(day + 3 * DAY))
    continue_application(application=application, actor=supervisor, at=moment(day + 3 * DAY, 16))


def refuse(cast: Cast, application: Application, day: date) -> None:
    """Without a real name and without a fact."""
    objection = object_to(
        application, day, NAMELESS, kind=ObjectorKind.PERSON, name="匿名", contact="0512-00000000", evidence=()
    )
    finding = "样例：未署真实姓名，也未载明可核查的事实，不符合异议受理条件。"
    supervisor = cast.bureau[Role.SUPERVISOR]
    refuse_objection(objection=objection, actor=supervisor, finding=finding, at=moment(day, 16))


def lower(cast: Cast, application: Application, day: date, amount: Decimal) -> None:
    """Upheld in part: the amount is lowered, and has to be published anew."""
    objection, supervisor = _taken_up(cast, application, day, SHRUNK), cast.bureau[Role.SUPERVISOR]
    finding = "样例：经实地核实，一家应用单位确已缩减产线，其余内容属实，相应调低支持额度。"
    uphold_objection(
        objection=objection, actor=supervisor, finding=finding, effect=ObjectionEffect.AMEND,
        tier=application.decided_tier, amount=amount, at=moment(day + 2 * DAY),
    )  # fmt: skip
    amend_application(application=application, actor=supervisor, note=finding, at=moment(day + 2 * DAY, 16))


def overturn(cast: Cast, application: Application, day: date) -> None:
    """Upheld: nothing is granted."""
    objection, supervisor = _taken_up(cast, application, day, TWICE), cast.bureau[Role.SUPERVISOR]
    finding = "样例：经与资助部门核对，主要研究内容与已立项任务重复，异议成立。"
    uphold_objection(objection=objection, actor=supervisor, finding=finding, at=moment(day + 2 * DAY))
    overturn_application(application=application, actor=supervisor, note=finding, at=moment(day + 2 * DAY, 16))


def _taken_up(cast: Cast, application: Application, day: date, grounds: str) -> Objection:
    objection = object_to(application, day, grounds)
    supervisor = cast.bureau[Role.SUPERVISOR]
    object_to_application(application=application, actor=supervisor, at=moment(day + DAY))
    application.refresh_from_db()
    return objection
