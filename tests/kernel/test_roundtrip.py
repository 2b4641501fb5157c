"""Tables that go out and come back: what was typed comes back as it was typed, and nothing else is believed."""

import zipfile
from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
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


# --- hostile -----------------------------------------------------------------------------------
PIECES = (
    b"<row/>", b'<row r="0">',
    b'<row r="99999999">', b'<c r="ZZZ9" t="s"><v>9999</v></c>', b'<c t="d"><v>1e999</v></c>',
    b'<c s="999"><v>45000.5</v></c>', b"<v>nan</v>", b"<v>-1e400</v>", b"<f>1+1</f>", b"</sheetData>", b"<![CDATA[x]]>",
    b"&b;", b'<!DOCTYPE a [<!ENTITY b "c">]>', b"&#0;", b'r="A0"', b't="inlineStr"', b"",
)  # fmt: skip


def rewritten(changes: dict[str, list[tuple[float, int, bytes]]]) -> bytes:
    """The workbook, of whose parts pieces are cut out and others put in: (where, how much, what) by part."""
    file = BytesIO()
    with zipfile.ZipFile(out()) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = bytearray(source.read(name))
            for where, much, piece in changes.get(name, []):
                start = int(where * len(content))
                content[start : start + much] = piece
            target.writestr(name, bytes(content))
    return file.getvalue()


def put_back(content: bytes) -> Filled:
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        return read_tables(Path(file.name))


PARTS = tuple(name for name in zipfile.ZipFile(out()).namelist() if name.endswith((".xml", ".rels")))
CHANGE = st.tuples(st.floats(0, 0.999), st.integers(0, 60), st.sampled_from(PIECES))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(PARTS), st.lists(CHANGE, min_size=1, max_size=3), min_size=1, max_size=2))
def test_whatever_a_workbook_holds_it_is_read_or_refused(changes: dict[str, Any]) -> None:
    with suppress(Unreadable):
        assert isinstance(put_back(rewritten(changes)), Filled)


@pytest.mark.parametrize("last", [1_048_576, 99_999_999])
def test_one_row_far_below_costs_nothing(last: int) -> None:
    """LibreOffice writes one at the end of every sheet; openpyxl hands out all those between."""
    sheet = "xl/worksheets/sheet2.xml"
    content = zipfile.ZipFile(out()).read(sheet)
    far = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>z</t></is></c></row>' % (last, last)
    begun = process_time()

    found = put_back(rewritten({sheet: [(content.index(b"</sheetData>") / len(content) + 1e-9, 0, far)]}))

    assert process_time() - begun < 10
    assert [row.key for row in found.tables["things"]] == ["a", "b"]


def test_lines_of_a_browser_come_back_as_lines(tmp_path: Path) -> None:
    table = Table("t", "Text", [Field("text", "Text")], [Entry("a", {"text": "one\r\ntwo"})])
    path = tmp_path / "lines.xlsx"
    with path.open("wb") as file:
        write_tables(file, [table], title="t", notes=[], about={"a": "b"})

    filled = read_tables(path)

    assert (filled.tables["t"][0].cells["text"], filled.base["t", "a"]["text"]) == ("one\ntwo", "one\ntwo")


def test_a_cell_of_a_row_can_be_locked_and_long_texts_be_let_in(tmp_path: Path) -> None:
    rows = [Entry("a", {"text": "x" * 3000}, {"text"}), Entry("b", {"text": "y"})]
    path = tmp_path / "locked.xlsx"
    with path.open("wb") as file:
        write_tables(file, [Table("t", "Text", [Field("text", "Text")], rows)], title="t", notes=[], about={"a": "b"})

    sheet = load_workbook(path)["Text"]

    assert (sheet["B3"].protection.locked, sheet["B4"].protection.locked) == (True, False)
    assert isinstance(read_tables(path).tables["t"][0].cells["text"], Odd)
    assert read_tables(path, signs=4000).tables["t"][0].cells["text"] == "x" * 3000
