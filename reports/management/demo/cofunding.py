"""Money that districts add: most of it confirmed, one payment waits, one is refused, one was reversed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from funding.models import Award, Cofunding
from funding.selectors.cofunding import cofunding_standing
from funding.services.cofundings import confirm_cofunding, refuse_cofunding, report_cofunding, reverse_cofunding
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

AFTER, ANSWERED = timedelta(days=40), timedelta(days=5)
MOST = 12  # awards
WAITS, REFUSED, REVERSED = 1, 2, 3  # the awards that differ, by their place
PARTS = (Decimal(1), Decimal("0.6"), Decimal("0.5"))  # of what is due, in turn
NOT_PAID = "样例：该笔资金为区县其他专项，不属于本项目配套。"
TWICE = "样例：与前一笔为同一资金，重复确认。"


def add(cast: Cast, today: date) -> None:
    """What came from the districts for the newest contracts."""
    awards = Award.objects.filter(contract__countersigned_at__isnull=False, approved_on__lt=today - AFTER - ANSWERED)
    rows = awards.select_related("consortium__lead", "consortium__district").order_by(
        "-approved_on", "consortium__code"
    )
    due = [(award, cofunding_standing(award).due) for award in rows]
    for place, (award, whole) in enumerate([pair for pair in due if pair[1]][:MOST]):
        amount = (whole * PARTS[place % len(PARTS)]).quantize(Decimal("0.01"))
        _answer(cast, _record(cast, award, amount, place), place)


def _record(cast: Cast, award: Award, amount: Decimal, place: int) -> Cofunding:
    day, lead = award.approved_on + AFTER, award.consortium.lead
    slip = f"QX{day:%Y%m%d}{place:03}"
    between = (f"付款人：{award.consortium.district.name_zh}（样例）", f"收款人：{lead.name}")
    content = paper("银行电子回单（样例）", (f"回单号：{slip}", *between, f"金额：{amount} 元"))
    return report_cofunding(
        award=award, amount=amount, arrived_on=day, slip=slip, actor=cast.of(lead), at=moment(day, 15),
        upload=SimpleUploadedFile(f"区县配套回单{slip}.pdf", content, "application/pdf"),
    )  # fmt: skip


def _answer(cast: Cast, payment: Cofunding, place: int) -> None:
    day = payment.arrived_on + ANSWERED
    officer = cast.district_officers.get(payment.award.consortium.district_id) or cast.bureau[Role.FINANCE]
    if place == REFUSED:
        refuse_cofunding(cofunding=payment, reason=NOT_PAID, actor=officer, at=moment(day, 10))
    elif place != WAITS:
        confirm_cofunding(cofunding=payment, actor=officer, at=moment(day, 10))
    if place == REVERSED and officer != cast.bureau[Role.FINANCE]:
        reverse_cofunding(cofunding=payment, reason=TWICE, actor=cast.bureau[Role.FINANCE], at=moment(day, 16))
