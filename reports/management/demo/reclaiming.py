"""Money claimed back: one settled, one paid back in part, one overdue, one that waits for a leader."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from funding.enums import ClaimOutcome, RecoveryGround
from funding.models import Award, Recovery
from funding.selectors.recoveries import holders_of
from funding.services.claims import judge_claim, object_to_claim
from funding.services.recoveries import approve_recovery, open_recovery, receive_recovery, watch_recoveries
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

G = RecoveryGround
STORY = (  # ground, why, amount, days ago, instalments
    (G.VIOLATION, "样例：部分差旅费超出资助支出范围，须退回。", 36_000, 80, (16_000, 20_000)),
    (G.DOUBLE, "样例：同一台设备的购置费已由其他项目列支，须退回重复部分。", 80_000, 40, (30_000,)),
    (G.TERMINATED, "样例：项目任务终止，未使用的资金须退回。", 120_000, 75, ()),
    (G.SURPLUS, "样例：任务完成后的结余资金，按规定收回。", 25_000, 2, None),
)


OBJECTIONS = (  # why it is claimed, what is said against it, to what it is reduced
    ("样例：会议费无明细清单，须退回。", "样例：现补交会议通知、签到表和明细清单，请核减。", 3_000),
    ("样例：设备租赁费超出合同期限，须退回。", "样例：租赁期限已随任务书变更延长，批复文件见合同附件。", 0),
)
PROVED = "样例：补交材料可证明其中 5000 元为合理支出，予以核减。"


def reclaim(cast: Cast, today: date) -> None:
    """Each from another award whose lead holds enough, the oldest first."""
    awards = Award.objects.select_related("consortium__lead", "line").filter(amount__gt=0).order_by("approved_on", "pk")
    usable = (award for award in awards if any(free > STORY[2][2] for _one, free in holders_of(award)))
    for (ground, why, amount, ago, instalments), award in zip(STORY, usable, strict=False):
        day = today - timedelta(days=ago)
        claim = open_recovery(
            award=award, organisation=award.consortium.lead, ground=ground, reason=why, amount=Decimal(amount),
            actor=cast.bureau[Role.OFFICER], at=moment(day, 10),
        )  # fmt: skip
        if instalments is not None:
            _collect(cast, claim, day + timedelta(days=3), instalments)
    watch_recoveries(at=moment(today, 6))


def _collect(cast: Cast, claim: Recovery, day: date, instalments: tuple[int, ...]) -> None:
    number = f"样科追〔{day.year}〕{claim.number[-3:]}号"
    approve_recovery(
        recovery=claim, document_number=number, noticed_on=day, actor=cast.bureau[Role.LEADER], at=moment(day, 15)
    )
    for turn, amount in enumerate(instalments, 1):
        arrived = day + timedelta(days=7 * turn)
        slip = f"{claim.number}-{turn}"
        lines = (f"缴款单位：{claim.organisation.name}", f"缴款书号：{slip}", f"金额：{amount} 元")
        upload = SimpleUploadedFile("缴款书.pdf", paper("一般缴款书（样例）", lines), "application/pdf")
        receive_recovery(
            recovery=claim, amount=Decimal(amount), arrived_on=arrived, slip=slip, upload=upload,
            actor=cast.bureau[Role.FINANCE], at=moment(arrived, 11),
        )  # fmt: skip


def object_to_claims(cast: Cast, today: date) -> None:
    """One objection is decided, one waits."""
    day = today - timedelta(days=6)
    award = Award.objects.filter(recoveries__isnull=True, contract__countersigned_at__isnull=False)
    usable = (one for one in award.select_related("consortium__lead").order_by("approved_on", "pk") if holders_of(one))
    for (why, statement, reduced), one in zip(OBJECTIONS, usable, strict=False):
        lead = one.consortium.lead
        claim = open_recovery(
            award=one, organisation=lead, ground=G.VIOLATION, reason=why, amount=Decimal(8_000),
            actor=cast.bureau[Role.OFFICER], at=moment(day, 9),
        )  # fmt: skip
        _collect(cast, claim, day, ())
        object_to_claim(recovery=claim, statement=statement, evidence=[], actor=cast.of(lead), at=moment(day, 17))
        if reduced:
            judge_claim(
                recovery=claim, outcome=ClaimOutcome.REDUCED, amount=Decimal(reduced), reason=PROVED,
                actor=cast.bureau[Role.HEAD], at=moment(day + timedelta(days=2), 10),
            )  # fmt: skip
