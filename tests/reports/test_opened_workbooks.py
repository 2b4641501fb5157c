"""The workbooks of the reports as LibreOffice opens, computes and saves them, read by a library of its own."""

import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from reports.exporters import BY_SLUG
from tests.factories.richyear import rich_year
from tests.personas import Personas
from tests.reports.test_exports import take
from tests.reports.test_independent_sums import AGAIN

ALWAYS_COMPUTED = """<?xml version="1.0"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def opened_and_saved(folder: Path) -> Path:
    """The workbooks of a folder as LibreOffice understands them, every formula computed anew."""
    profile, saved = folder / "profile", folder / "saved"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_COMPUTED)
    files = sorted(map(str, folder.glob("*.xlsx")))
    where = [f"-env:UserInstallation={profile.as_uri()}", "--outdir", str(saved)]
    command = ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", *where, *files]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    return saved


def as_read(kind: str, value: Any) -> Any:
    """What a spreadsheet gives back of a cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    return value if isinstance(value, date) else str(value) if kind == "text" else float(value)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (libreoffice-calc) is not installed")
def test_every_workbook_is_what_libreoffice_reads(people: Personas, tmp_path: Path) -> None:
    rich_year(people)
    for slug in AGAIN:
        asked = {"format": "xlsx", "purpose": "样例：核对"}
        (tmp_path / f"{slug}.xlsx").write_bytes(take(people.finance, slug, language="zh-hans", **asked))

    saved = opened_and_saved(tmp_path)

    with translation.override("zh-hans"):
        wrong = {slug: found for slug in AGAIN if (found := differing(slug, people.finance, saved / f"{slug}.xlsx"))}
    assert wrong == {}


def differing(slug: str, user: Any, path: Path) -> dict[str, Any]:
    """What of a saved workbook is not what the report says: found, expected."""
    report, book = BY_SLUG[slug], CalamineWorkbook.from_path(str(path))
    narrowed = report.base(user)
    rows = list(report.made(narrowed))
    data, notes = (book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names)
    about = {str(row[0]): row[1] for row in notes}
    money = any(column.kind == "money" for column in report.columns)
    totals = [as_read("money", total) for total in report.totals(report.made(narrowed))]
    counted = report.export(narrowed, []).numbered
    cells = [[n, *(as_read(one.kind, one.cell(row)) for one in report.columns)] for n, row in enumerate(rows, 1)]
    if not counted:
        cells, totals = [row[1:] for row in cells], totals[1:]
    last = data[2 + len(rows)] if len(data) > 2 + len(rows) else []
    pairs = {
        "sheets": (book.sheet_names, ["数据", "说明"]),
        "unit": (data[0][0], "金额单位：元" if money else ""),
        "heads": (data[1], [*(["序号"] if counted else []), *(column.heading for column in report.columns)]),
        "cells": (data[2 : 2 + len(rows)], cells),
        "totals": ([round(one, 2) if one != "" else "" for one in last[1:]], totals if any(totals) or last else []),
        "notes": ([about.get(name) for name in ("导出", "生成人", "行数")], [report.name, "样例财务甲", len(rows)]),
        "books": ([about[name] for name in about if "核对" in name],
                  [check.words for check in report.checks(narrowed)]),
        "frozen": (load_workbook(path.parent.parent / path.name).worksheets[0].freeze_panes, "A3"),
    }  # fmt: skip
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
