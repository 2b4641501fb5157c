"""The rows of a worksheet as XML, written straight into the archive.

XlsxWriter makes everything but the rows: head, formats, totals, notes. Rows are plain enough to be written here, much
faster and in constant memory; how cells refer to their formats is read from what the library has written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter.utility import xl_col_to_name

SHEET, TYPES = "xl/worksheets/sheet1.xml", "[Content_Types].xml"
LEVEL = 1  # of the compression: the next ones take much longer for little
BLOCK = 1 << 18
MOST_SIGNS = 32_767  # that a cell may hold
EPOCH, EPOCH_MOMENT = date(1899, 12, 30), datetime(1899, 12, 30)  # noqa: DTZ001 (a sheet knows no zones)
DAY = 86_400
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
DIMENSION = re.compile(rb"<dimension [^>]*/>")
CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')

Cells = Callable[[int, Sequence[Any]], str]


def escaped(text: str) -> str:
    """Text as it may stand in XML; signs that cannot are written as spreadsheets write them."""
    if not text.isprintable() or "_x" in text:
        text = FORBIDDEN.sub(_spelled, text)
    text = text[:MOST_SIGNS]
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;") if "\r" in text else text


def _spelled(found: re.Match[str]) -> str:
    sign = found.group()
    return f"_x005F{sign}" if sign.startswith("_x") else f"_x{ord(sign):04X}_"


def styles_of(row: str) -> dict[str, str]:
    """The formats of the cells of a row by their columns."""
    return {name: style or "0" for name, style in CELL.findall(row)}


def row_writer(styles: Sequence[str], day: str, moment: str) -> Cells:
    """What makes a row of XML out of its number and its values; `styles` are those of numbers by column."""
    names = [xl_col_to_name(n) for n in range(len(styles))]

    def written(number: int, values: Sequence[Any]) -> str:
        parts = [f'<row r="{number}">']
        for name, style, value in zip(names, styles, values, strict=True):
            if value is None:
                continue
            kind = type(value)
            if kind is str:
                space = ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else ""
                parts.append(f'<c r="{name}{number}" t="inlineStr"><is><t{space}>{escaped(value)}</t></is></c>')
            elif kind is Decimal or kind is int:
                parts.append(f'<c r="{name}{number}" s="{style}"><v>{value:f}</v></c>')
            elif kind is datetime:
                since = value.replace(tzinfo=None) - EPOCH_MOMENT
                parts.append(f'<c r="{name}{number}" s="{moment}"><v>{since.total_seconds() / DAY:.9f}</v></c>')
            else:
                parts.append(f'<c r="{name}{number}" s="{day}"><v>{(value - EPOCH).days}</v></c>')
        parts.append("</row>")
        return "".join(parts)

    return written


def splice(
    file: IO[bytes], before: bytes, rows: Iterable[str], after: Callable[[], tuple[bytes, dict[str, bytes]]],
    types: bytes,
) -> None:  # fmt: skip
    """The archive: `before`, the rows, and what `after` gives once they are counted: the sheet's end, other parts."""
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        archive.writestr(TYPES, types)
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(DIMENSION.sub(b"", before, count=1))
            waiting, size = [], 0
            for row in rows:
                waiting.append(row)
                size += len(row)
                if size > BLOCK:
                    sheet.write("".join(waiting).encode())
                    waiting, size = [], 0
            sheet.write("".join(waiting).encode())
            end, parts = after()
            sheet.write(end)
        for name, content in parts.items():
            archive.writestr(name, content)
