"""The budget lines of the years: what finance recorded and a leader confirmed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from funding.enums import AppropriationKind
from funding.models import BudgetLine, Programme
from funding.services.appropriations import (
    confirm_appropriation,
    create_programme,
    open_line,
    record_appropriation,
)
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

WAN = Decimal(10_000)
PROGRAMME = {"code": "YL-LHT", "name": "样例创新联合体专项资金", "document_number": "样财规〔2020〕1号"}
SUBJECT = "2060499"
BEGINNING, ADDED, TAKEN = 6_000 * WAN, 900 * WAN, -300 * WAN


def appropriate_year(cast: Cast, year: int, today: date) -> None:
    """The line of a year with its budget; within it money was added once, and what was taken waits this year."""
    if BudgetLine.objects.filter(year=year).exists():
        return
    finance, first = cast.bureau[Role.FINANCE], date(year, 1, 8)
    programme = Programme.objects.first() or create_programme(actor=finance, at=moment(first), facts=PROGRAMME)
    facts = {"programme": programme, "year": year, "subject": SUBJECT, "name": PROGRAMME["name"]}
    line = open_line(actor=finance, at=moment(first), facts=facts)
    _give(cast, line, AppropriationKind.INITIAL, BEGINNING, date(year, 1, 15), f"样财〔{year}〕1号")
    if (added := date(year, 6, 20)) < today:
        _give(cast, line, AppropriationKind.ADJUSTMENT, ADDED, added, f"样财〔{year}〕36号", "年中追加重点攻关经费")


def cut(cast: Cast, today: date) -> None:
    """The newest document waits for its confirmation."""
    line = BudgetLine.objects.latest("year")
    facts = {
        "kind": AppropriationKind.ADJUSTMENT, "amount": TAKEN, "document_number": f"样财〔{line.year}〕52号",
        "decided_on": today, "reason": "压减一般性支出",
    }  # fmt: skip
    record_appropriation(line=line, actor=cast.bureau[Role.FINANCE], at=moment(today), facts=facts)


def _give(
    cast: Cast, line: BudgetLine, kind: AppropriationKind, amount: Decimal, day: date, document: str, reason: str = ""
) -> None:
    facts = {"kind": kind, "amount": amount, "document_number": document, "decided_on": day, "reason": reason}
    given = record_appropriation(line=line, actor=cast.bureau[Role.FINANCE], at=moment(day, 10), facts=facts)
    confirm_appropriation(appropriation=given, actor=cast.bureau[Role.LEADER], at=moment(day, 16))
