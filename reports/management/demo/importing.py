"""Two files for import: yearly figures that were taken over, and organisations of which some rows are wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from members.enums import FigureSource, ImportKind, Role
from members.enums import OrganisationType as T
from members.forms.import_columns import columns_of
from members.models import Organisation, YearFigures
from members.services.imports import apply_import
from members.tasks import take_in
from reports.management.demo.calendar import moment, story_year
from reports.management.demo.cast import Cast, code_of

WAN = Decimal(10_000)
FIRST_NEW, NEW = 900, 8
Table = list[dict[str, str]]


def bring(cast: Cast, today: date) -> None:
    """The officer's two files."""
    officer, at = cast.bureau[Role.OFFICER], moment(today - timedelta(days=26))
    figures = _file("样例年度统计数据.csv", ImportKind.YEARS, _figures(cast.pool[T.ENTERPRISE][:9], today), at)
    applied = take_in(kind=ImportKind.YEARS, source=FigureSource.STATISTICS, upload=figures, actor=officer, at=at)
    apply_import(batch=applied, actor=officer, at=at + timedelta(hours=1))
    at = moment(today - timedelta(days=1))
    listed = _file("样例新增单位名录.csv", ImportKind.ORGANISATIONS, _organisations(cast), at)
    take_in(kind=ImportKind.ORGANISATIONS, source=FigureSource.IMPORT, upload=listed, actor=officer, at=at)


def _file(name: str, kind: ImportKind, rows: Table, at: datetime) -> ContentFile[bytes]:
    """A table as the template asks for it."""
    columns, target = columns_of(kind, at), io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([column.heading for column in columns])
    writer.writerows([row.get(column.name, "") for column in columns] for row in rows)
    return ContentFile(target.getvalue().encode("utf-8-sig"), name=name)


def _figures(organisations: Sequence[Organisation], today: date) -> Table:
    """Last year's, of which every other one turned out a little higher."""
    rows = YearFigures.objects.filter(organisation__in=organisations, year=story_year(today) - 1)
    found = rows.select_related("organisation").order_by("organisation__uscc")
    return [
        {
            "uscc": one.organisation.uscc or "",
            "year": str(one.year),
            "revenue": f"{one.revenue / WAN + (120 if number % 2 else 0):.2f}",
            "rd_expense": f"{one.rd_expense / WAN:.2f}",
            "staff": str(one.staff),
            "rd_staff": str(one.rd_staff),
        }
        for number, one in enumerate(found)
    ]


def _organisations(cast: Cast) -> Table:
    """New ones, one that has moved, and three rows with a mistake each."""
    kind = str(T.ENTERPRISE.label)
    rows = [
        {"uscc": code_of(FIRST_NEW + n), "name": f"样例新增{n + 1}号科技有限公司", "type": kind, "district": district}
        for n, district in zip(range(NEW), cast.districts, strict=False)
    ]
    moved, wrong = cast.pool[T.ENTERPRISE][0], code_of(FIRST_NEW + NEW)
    rows.append({"uscc": moved.uscc or "", "name": moved.name, "type": kind, "address": "样例大道18号"})
    rows.append({"uscc": _misspelt(wrong), "name": "样例笔误科技有限公司", "type": kind})
    rows.append({"uscc": wrong, "name": "样例区外科技有限公司", "type": kind, "district": "样例新区"})
    rows.append({**rows[0], "name": "样例重复科技有限公司"})
    return rows


def _misspelt(code: str) -> str:
    """With a check digit that does not fit."""
    return code[:-1] + ("A" if code[-1] != "A" else "C")
