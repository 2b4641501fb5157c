"""Money from other programmes: what leads and the bureau register, and one that stood beside an application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from consortia.models import Consortium
from funding.enums import OverlapVerdict
from funding.models import Application
from funding.selectors.subsidies import overlaps
from funding.services.subsidies import Entry, Subsidy, import_subsidies, judge_overlap, record_subsidy, withdraw_subsidy
from members.enums import Role
from members.models import Organisation
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

SOURCES = (
    ("样例：省科学技术厅", "样例：省重点研发计划", "关键零部件可靠性试验方法研究", Decimal(1_200_000)),
    ("样例：市工业和信息化局", "样例：技术改造专项", "生产线数字化改造", Decimal(860_000)),
    ("样例：市发展和改革委员会", "样例：服务业引导资金", "检验检测公共服务能力建设", Decimal(450_000)),
    ("样例：省人才办", "样例：高层次人才引进计划", "领军人才团队引进", Decimal(600_000)),
)
LEADS, LISTED = 5, 8
LOOKED_AT = "样例：两个项目的研究对象相近，任务与经费科目不同；预算中的设备费已核减，不重复列支。"
MISTAKEN = "样例：登记有误，该项目由同名企业承担。"


def register(cast: Cast, consortia: Sequence[Consortium], today: date) -> None:
    """Some leads declare theirs with the notice, the bureau brings a list of others; one of them was a mistake."""
    holders = [one.lead for one in consortia if one.lead.uscc]
    for number, holder in enumerate(holders[:LEADS]):
        day = today - timedelta(days=90 - 9 * number)
        said = _subsidy(holder, number, day.year)
        notice = paper(
            "立项通知（样例）", (f"承担单位：{said.holder}", f"项目：{said.project}", f"金额：{said.amount} 元")
        )
        upload = SimpleUploadedFile("立项通知.pdf", notice, "application/pdf")
        record_subsidy(subsidy=said, upload=upload, actor=cast.of(holder), at=moment(day, 10))
    others = holders[LEADS : LEADS + LISTED]
    entries = [Entry(n + 2, _subsidy(one, n + 1, today.year - 1)) for n, one in enumerate(others)]
    brought = import_subsidies(entries=entries, actor=cast.bureau[Role.OFFICER], at=moment(today - timedelta(days=20)))
    if brought.rows:
        supervisor, day = cast.bureau[Role.SUPERVISOR], today - timedelta(days=12)
        withdraw_subsidy(subsidy=brought.rows[-1], reason=MISTAKEN, actor=supervisor, at=moment(day))


def declare_close(cast: Cast, application: Application, day: date) -> None:
    """The lead declares money for nearly the same, before supervision looks."""
    consortium = application.consortium
    said = _subsidy(consortium.lead, 0, day.year, project=f"{consortium.name}关键技术攻关项目")
    record_subsidy(subsidy=said, actor=cast.of(consortium.lead), at=moment(day, 9))


def conclude(cast: Cast, application: Application, day: date) -> None:
    """Supervision looks at what came close."""
    for line in overlaps(application):
        if line.is_open:
            judge_overlap(
                application=application, subsidy=line.subsidy, verdict=OverlapVerdict.PARTIAL, reason=LOOKED_AT,
                actor=cast.bureau[Role.SUPERVISOR], at=moment(day, 11),
            )  # fmt: skip


def _subsidy(holder: Organisation, number: int, year: int, *, project: str = "") -> Subsidy:
    department, programme, name, amount = SOURCES[number % len(SOURCES)]
    return Subsidy(
        credit_code=holder.uscc or "", holder=holder.name, department=department, programme=programme,
        project=project or f"样例：{name}", year=year, amount=amount + 10_000 * number,
        content="样例：支持上述项目的研发、试验与验证费用。",
    )  # fmt: skip
