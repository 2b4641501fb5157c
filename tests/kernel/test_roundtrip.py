"""Tables that go out and come back: what was typed comes back as it was typed, and nothing else is believed."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from portal.kernel.roundtrip import Entry, Field, Filled, Table, normal, plain, read_tables, write_tables
from portal.kernel.tables import Odd, Unreadable

FIELDS = (
    Field("who", "单位", locked=True), Field("amount", "金额", "wan"), Field("count", "数量", "whole"),
    Field("due", "期限", "day"), Field("kind", "类别", "choice", offered=("甲", "乙")), Field("note", "备注"),
)  # fmt: skip
ENTRIES = (
    Entry("a", {"who": "样例甲", "amount": "12.5", "count": "3", "due": "2027-06-30", "kind": "甲", "note": "说明"}),
    Entry("b", {"who": "样例乙"}),
)


def out() -> BytesIO:
    file = BytesIO()
    table = Table("things", "事项", FIELDS, ENTRIES, spare=2)
    write_tables(file, [table], title="样例", notes=[("填写", "样例")], about={"application": "7"})
    return file


def back(tmp_path: Path, book: Any) -> Filled:
    path = tmp_path / "filled.xlsx"
    book.save(path)
    return read_tables(path)


def test_what_goes_out_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(out().getvalue())

    found = read_tables(path)

    assert found.about == {"application": "7"}
    assert [(row.number, row.key) for row in found.tables["things"]] == [(3, "a"), (4, "b")]
    assert dict(found.tables["things"][0].cells) == ENTRIES[0].values == found.base["things", "a"]


def test_the_sheet_is_guarded() -> None:
    book = load_workbook(out())
    sheet, memory = book["事项"], book["_memory"]

    assert (sheet.protection.sheet, memory.sheet_state) == (True, "veryHidden")
    assert (sheet["B3"].protection.locked, sheet["C3"].protection.locked) == (True, False)
    assert (sheet.column_dimensions["A"].hidden, sheet.row_dimensions[1].hidden) == (True, True)
    kinds = {rule.type for rule in sheet.data_validations.dataValidation}
    assert kinds == {"decimal", "whole", "date", "list"}
    assert (sheet["C3"].value, sheet["C3"].data_type, sheet["E3"].is_date) == (12.5, "n", True)


def test_new_rows_changes_and_formulas_are_told_apart(tmp_path: Path) -> None:
    book = load_workbook(out())
    sheet = book["事项"]
    sheet["C3"], sheet["G3"], sheet["C5"] = 0.1 + 0.2, "=1+1", 7

    first, second, third = back(tmp_path, book).tables["things"]

    assert (first.cells["amount"], isinstance(first.cells["note"], Odd)) == ("0.3", True)
    assert (second.key, third.key, third.cells["amount"]) == ("b", "", "7")


@pytest.mark.parametrize("spoil", ["memory", "mark", "all"])
def test_another_workbook_is_refused(tmp_path: Path, spoil: str) -> None:
    book = Workbook() if spoil == "all" else load_workbook(out())
    if spoil == "memory":
        del book["_memory"]
    if spoil == "mark":
        book["事项"]["A1"] = "x"
    with pytest.raises(Unreadable):
        back(tmp_path, book)


@given(st.decimals(min_value=0, max_value=10**9, places=6))
def test_a_number_survives_the_spreadsheet(amount: Decimal) -> None:
    assert Decimal(normal(float(amount))) == amount


@given(st.text())
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    assert isinstance(plain(text), str)
