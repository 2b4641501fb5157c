"""The data inside the document: the snapshot as it was hashed, and every printed table as CSV."""

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.kernel.audit import canonical
from portal.kernel.exporting import defuse
from reports.exporters.annual import AnnualReport
from reports.exporters.annual.blocks import Table
from reports.pdf import Enclosed

NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?%?")


def enclosed(report: AnnualReport) -> Iterator[Enclosed]:
    """The files in the order of the document; the SHA-256 of the first is the hash of the snapshot."""
    snapshot = canonical(report.material.snapshot).encode()
    yield Enclosed("snapshot.json", snapshot, _("Snapshot that the report was made from"))
    for number, table in enumerate(tables(report), 1):
        yield Enclosed(f"table-{number:02}.csv", rows(table), table.caption)


def tables(report: AnnualReport) -> Iterator[Table]:
    """Every table that has rows: they are numbered in this order in print, too."""
    for one in report.parts:
        yield from (block for block in one.blocks if isinstance(block, Table) and block.rows)


def rows(table: Table) -> bytes:
    """UTF-8 with BOM, the heads first, the sums last; text that a spreadsheet takes for a formula is defused."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(defuse(column.title) for column in table.columns)
    writer.writerows(
        [cell if NUMBER.fullmatch(cell) else defuse(cell) for cell in row] for row in (*table.rows, *table.sums)
    )
    return text.getvalue().encode("utf-8-sig")
