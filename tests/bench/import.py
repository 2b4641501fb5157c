"""10,000 organisations from one XLSX, read, checked and written in one transaction: time, and the peak of memory.

`peak_mb` is the largest resident set of the whole process, with Django and the reading of the file in it.
"""

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import override_settings
from django.utils import timezone

from members.enums import FigureSource, ImportKind
from members.forms.imports import rows_of
from members.models import ImportBatch, Organisation
from members.services.imports import apply_import, check_import, upload_import
from tests.bench.lists import World

ROWS = 10_000
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
HEADINGS = ["uscc", "name", "type", "ownership", "size_class", "registered_capital", "established_on", "address"]


def run() -> Iterator[tuple[str, float, str]]:
    """The figures."""
    officer = World().officer
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        before = peak_mb()
        begin = time.perf_counter()
        facts = {"kind": ImportKind.ORGANISATIONS, "source": FigureSource.IMPORT, "actor": officer}
        batch = upload_import(upload=workbook(Path(folder)), at=timezone.now(), **facts)  # type: ignore[arg-type]
        yield "upload_s", round(time.perf_counter() - begin, 1), "s"
        begin = time.perf_counter()
        check_import(batch=batch, rows=rows_of(batch, timezone.now()), actor=officer, at=timezone.now())
        yield "check_s", round(time.perf_counter() - begin, 1), "s"
        begin = time.perf_counter()
        apply_import(batch=ImportBatch.objects.get(), actor=officer, at=timezone.now())
        yield "apply_s", round(time.perf_counter() - begin, 1), "s"
    yield "rows", Organisation.objects.filter(uscc__startswith="91320583MA").count(), "rows"
    yield "growth_mb", round(peak_mb() - before, 1), "MB more than before"
    yield "peak_mb", peak_mb(), "MB of the process"


def peak_mb() -> float:
    """The largest resident set so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def workbook(folder: Path) -> TemporaryUploadedFile:
    """A filled table, on disk as a large upload is."""
    path = folder / "sample.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for n in range(1, ROWS + 1):
            facts = [code(n), f"样例导入{n}有限公司", "企业", "PRIVATE", "SMALL", "500.5", "2015-06-01", f"样例路{n}号"]
            sheet.write_row(n, 0, facts)
    upload = TemporaryUploadedFile("sample.xlsx", "", path.stat().st_size, None)
    with path.open("rb") as source:
        while block := source.read(64 * 1024):
            upload.write(block)
    upload.seek(0)
    return upload


def code(n: int) -> str:
    """A sound credit code."""
    body = f"91320583MA{n:07d}"
    return body + SIGNS[-sum(SIGNS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True)) % 31]
