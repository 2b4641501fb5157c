"""Risk compensation: one paid, one granted, one to decide, one to check, one refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from funding.models import Award, Compensation
from funding.selectors.compensations import technologies_of
from funding.services.compensations import (
    Loss,
    check_compensation,
    file_compensation,
    grant_compensation,
    pay_compensation,
    refuse_compensation,
)
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

STORY = (  # stage, loss, accepted, granted, what becomes of it
    ("pilot", 860_000, 800_000, 240_000, "paid"),
    ("scale-up", 2_300_000, 2_300_000, 500_000, "granted"),
    ("first-use", 420_000, 400_000, 0, "checked"),
    ("launch", 150_000, 0, 0, "refused"),
    ("pilot", 560_000, 0, 0, "filed"),
)
CAUSE = "样例：批次试制合格率未达合同约定，整批产品报废，损失经第三方审计。"
DEMAND = "样例：已与三家下游单位签订意向采购书，年需求约 2000 台套。"
LOWER = "样例：可回收物料按残值扣减。"
NO_PROOF = "样例：损失与技术转化环节无直接关联，不予补偿。"
AGO = timedelta(days=30)


def compensate(cast: Cast, today: date) -> None:
    """Each from another consortium under a contract, the newest first."""
    signed = Award.objects.filter(contract__countersigned_at__isnull=False, approved_on__lt=today - 2 * AGO)
    awards = signed.select_related("consortium__lead", "contract").order_by("-approved_on", "consortium__code")
    for row, award in zip(STORY, awards, strict=False):
        _one(cast, award, row, today - AGO)


def _one(cast: Cast, award: Award, row: tuple[str, int, int, int, str], day: date) -> None:
    stage, loss, accepted, granted, outcome = row
    lead = award.consortium.lead
    lines = (f"单位：{lead.name}", f"经审计损失：{loss} 元", "结论：样例数据，仅供演示。")
    upload = SimpleUploadedFile("损失专项审计报告.pdf", paper("专项审计报告（样例）", lines), "application/pdf")
    technology = next(iter(technologies_of(award)), "样例核心技术")
    request = file_compensation(
        award=award, loss=Loss(lead, technology, stage, day, Decimal(loss), CAUSE, DEMAND), evidence=[upload],
        actor=cast.of(lead), at=moment(day, 10),
    )  # fmt: skip
    if accepted:
        _judge(cast, request, Decimal(accepted), Decimal(granted), day + timedelta(days=5))
    if outcome == "refused":
        refuse_compensation(
            compensation=request, reason=NO_PROOF, actor=cast.bureau[Role.HEAD], at=moment(day + timedelta(days=6), 15)
        )
    if outcome == "paid":
        paid = day + timedelta(days=15)
        pay_compensation(
            compensation=request, amount=Decimal(granted), paid_on=paid, reference=f"样例流水{request.number}",
            actor=cast.bureau[Role.FINANCE], at=moment(paid, 16),
        )  # fmt: skip


def _judge(cast: Cast, request: Compensation, accepted: Decimal, granted: Decimal, day: date) -> None:
    check_compensation(
        compensation=request,
        accepted=accepted,
        reason=LOWER if accepted < request.loss else "",
        actor=cast.bureau[Role.OFFICER],
        at=moment(day, 11),
    )
    if granted:
        grant_compensation(
            compensation=request, granted=granted, actor=cast.bureau[Role.HEAD], at=moment(day + timedelta(days=4), 9)
        )
