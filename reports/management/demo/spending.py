"""A year of vouchers in three consortia: most accepted, some waiting, one refused and corrected, one explained."""

from datetime import date, timedelta
from decimal import Decimal

from consortia.enums import JOINED
from funding.enums import BudgetCategory, BudgetSource, ContractStatus, InvoiceKind
from funding.models import Contract
from funding.selectors.endings import shares_of
from funding.services.spending import (
    Spending,
    accept_expenditure,
    correct_expenditure,
    record_expenditure,
    refuse_expenditure,
)
from members.enums import Role
from members.models import Organisation
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

SHOWN, SPENDERS, SETTLED = 3, 3, 30  # consortia, organisations in each, days until a voucher is checked
PAPER = 4  # every so many invoices one still has code and number
ITEMS = (
    (BudgetCategory.EQUIPMENT, "样例：高频示波器一台", 126_000),
    (BudgetCategory.BUSINESS, "样例：中试材料与元器件", 84_500),
    (BudgetCategory.LABOUR, "样例：研发人员第一季度人工费用", 132_000),
    (BudgetCategory.BUSINESS, "样例：第三方检测服务", 46_800),
    (BudgetCategory.EQUIPMENT, "样例：环境试验箱", 88_000),
    (BudgetCategory.INDIRECT, "样例：科研用房水电分摊", 23_600),
)
HIT = ("样例：样机量产工装的试制费用", "样例：为验证量产工艺的试制工装，仅一套，不用于生产。")
MISNAMED = "样例：发票抬头与单位名称不一致，请更正后重新登记。"
TAX = Decimal("1.13")
LAST_SPENT = (Decimal("0.96"), Decimal(1), Decimal("0.9"))  # of what it got
CENT = Decimal("0.01")


def spend(cast: Cast, today: date) -> None:
    """The contracts that have run longest spend; the last voucher of each still waits."""
    rows = Contract.objects.filter(status=ContractStatus.EFFECTIVE, starts_on__lt=today - timedelta(days=240))
    running = rows.filter(ends_on__gt=today).select_related("award__consortium__lead").order_by("-starts_on", "number")
    for number, contract in enumerate(running[:SHOWN]):
        consortium = contract.award.consortium
        joined = consortium.participations.filter(status__in=JOINED).exclude(organisation=consortium.lead)
        members = [one.organisation for one in joined.select_related("organisation").order_by("created_at", "pk")]
        for place, organisation in enumerate([consortium.lead, *members][:SPENDERS]):
            _year(cast, contract, organisation, number * SPENDERS + place, today)


def _year(cast: Cast, contract: Contract, organisation: Organisation, place: int, today: date) -> None:
    officer = cast.bureau[Role.OFFICER]
    for month, (category, words, amount) in enumerate(ITEMS):
        day = today - timedelta(days=215 - 37 * month)
        spending = _voucher(day, category, words, Decimal(amount + 1_370 * place), place * len(ITEMS) + month)
        row = record_expenditure(
            award=contract.award, organisation=organisation, spending=spending, actor=cast.of(organisation),
            at=moment(day, 15), confirmed=True,
        )  # fmt: skip
        checked = day + timedelta(days=SETTLED)
        if checked > today:
            continue
        if place == 1 and month == 1:
            refuse_expenditure(
                expenditure=row,
                actor=officer,
                reason=MISNAMED,
                at=moment(checked),
            )
            correct_expenditure(
                expenditure=row, spending=spending, actor=cast.of(organisation), at=moment(checked, 16), confirmed=True
            )
        else:
            accept_expenditure(expenditure=row, actor=officer, at=moment(checked))
    if place == 0:
        _explained(cast, contract, organisation, today)


def spend_grant(cast: Cast, contract: Contract) -> None:
    """Before the end of a contract each organisation spends most of what it got of the grant; all is accepted."""
    for place, share in enumerate(one for one in shares_of(contract.award) if one.free > 0):
        day = contract.ends_on - timedelta(days=20 + place)
        spending = Spending(
            day=day, category=BudgetCategory.BUSINESS, source=BudgetSource.GRANT,
            voucher=f"样例记-{contract.number[-4:]}-9{place + 1:02d}",
            amount=(share.free * LAST_SPENT[place % len(LAST_SPENT)]).quantize(CENT),
            description="样例：研发材料、测试与加工费用",
        )  # fmt: skip
        row = record_expenditure(
            award=contract.award, organisation=share.organisation, spending=spending, confirmed=True,
            actor=cast.of(share.organisation), at=moment(day, 15),
        )  # fmt: skip
        accept_expenditure(
            expenditure=row, actor=cast.bureau[Role.OFFICER], at=moment(contract.ends_on - timedelta(days=2))
        )


def _explained(cast: Cast, contract: Contract, organisation: Organisation, today: date) -> None:
    """One whose words point to the negative list, and why it is not on it."""
    words, why = HIT
    spending = Spending(
        day=today - timedelta(days=6), category=BudgetCategory.EQUIPMENT, source=BudgetSource.OWN,
        amount=Decimal(58_000), description=words, voucher="样例记-088", explanation=why,
    )  # fmt: skip
    record_expenditure(
        award=contract.award, organisation=organisation, spending=spending, actor=cast.of(organisation),
        at=moment(today - timedelta(days=5)), confirmed=True,
    )  # fmt: skip


def _voucher(day: date, category: str, words: str, amount: Decimal, number: int) -> Spending:
    source = BudgetSource.OWN if number % 3 else BudgetSource.GRANT
    said = Spending(
        day=day, category=category, source=source, amount=amount, description=words, voucher=f"样例记-{number + 1:03d}"
    )
    if category in {BudgetCategory.LABOUR, BudgetCategory.INDIRECT}:
        return said
    facts = vars(said) | {"net": (amount / TAX).quantize(CENT), "seller_name": "样例仪器销售有限公司"}
    if number % PAPER == 0:
        return Spending(**facts | {
            "invoice_kind": InvoiceKind.PAPER, "invoice_code": "032002500111", "invoice_number": f"{number:08d}",
        })  # fmt: skip
    return Spending(**facts | {"invoice_kind": InvoiceKind.DIGITAL, "invoice_number": f"26322000{number:012d}"})
