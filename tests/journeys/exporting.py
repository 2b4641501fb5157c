"""Chapter five, first half: the registers leave the portal as files, true to the yuan."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import override

from portal.kernel.models.notification import ExportFormat
from reports.exporters.awards import AWARD_REGISTER
from reports.exporters.tranches import TRANCHE_LEDGER
from tests.journeys.deciding import AWARD
from tests.journeys.forming import CONSORTIUM, LEAD
from tests.journeys.paying import FIRST, VOUCHER
from tests.journeys.person import Person

AWARD_ROWS = [{"consortium": CONSORTIUM, "lead_organisation": LEAD, "tier": "A", "awarded_amount": Decimal(AWARD)}]
TRANCHE_ROWS = [
    {"tranche": 1, "amount_due": Decimal(FIRST), "amount_paid": Decimal(FIRST), "voucher_number": VOUCHER},
    {"tranche": 2, "amount_due": Decimal(AWARD - FIRST), "amount_paid": Decimal(0), "voucher_number": ""},
]


def take(finance: Person, export: Any, file_format: ExportFormat) -> Path:
    """From the export centre, with its purpose on record."""
    finance.follow("Funding reports")
    finance.follow("Take export", inside=finance.spoken(export.title))
    finance.choose("Format", file_format)
    finance.fill({"Purpose": "年度绩效自查"})
    handed = finance.download(finance.button("Take export"))
    return Path(handed.path())


def check_registers(finance: Person) -> None:
    """Both registers, as a workbook and as CSV."""
    for export, expected in ((AWARD_REGISTER, AWARD_ROWS), (TRANCHE_LEDGER, TRANCHE_ROWS)):
        with override(finance.language):
            headings = {column.name: column.heading for column in export.columns}
        for file_format, read in ((ExportFormat.XLSX, read_workbook), (ExportFormat.CSV, read_csv)):
            rows = read(take(finance, export, file_format))
            assert [cut(row, wanted, headings) for row, wanted in zip(rows, expected, strict=True)] == expected
    finance.follow("Funding reports")
    finance.sees("年度绩效自查")


def cut(row: dict[str, Any], wanted: dict[str, Any], headings: dict[str, str]) -> dict[str, Any]:
    """The columns asked for, in the types asked for; an empty cell counts as nothing."""
    return {name: type(value)(row[headings[name]] or type(value)()) for name, value in wanted.items()}


def read_workbook(path: Path) -> list[dict[str, Any]]:
    """The rows between the header, which is the second line, and the totals."""
    with path.open("rb") as file:
        lines = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:-1]]


def read_csv(path: Path) -> list[dict[str, Any]]:
    """The rows as a spreadsheet reads them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
