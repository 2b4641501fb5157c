"""The ways to take the ledger, each measured in a process that has loaded nothing else."""

import json
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import User
from portal.kernel.exporting import make_export
from portal.kernel.idempotency import FIELD, new_key
from portal.kernel.workbooks import OPTIONS
from reports.exporters import BY_SLUG


def export_of(user: User) -> Any:
    report = BY_SLUG["ledger"]
    return report.export(report.base(user), [])


def take_csv(user: User) -> tuple[float, float]:
    """Through the view: files a second, and seconds to the first byte."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    begin = time.perf_counter()
    response: Any = client.post(reverse("reports:export-take", args=["ledger"]), {"format": "csv", FIELD: new_key()})
    blocks = iter(response.streaming_content)
    next(blocks)
    first = time.perf_counter() - begin
    for _block in blocks:
        pass
    whole = time.perf_counter() - begin
    return 1 / whole, first


def measured(what: str, key: str) -> None:
    """Print seconds, peak and growth of one of the ways, as JSON."""
    user = User.objects.get(pk=key)
    before = peak()
    begin = time.perf_counter()
    WAYS[what](user)
    seconds = time.perf_counter() - begin
    after = peak()
    print(json.dumps({"seconds": seconds, "peak": round(after, 1), "growth": round(after - before, 1)}))  # noqa: T201


def peak() -> float:
    """The most memory this process had, in MB; not that of the one that started it, as getrusage would say."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def workbook(user: User) -> None:
    """Ours, as it is made for everybody."""
    made = make_export(export=export_of(user), user=user, params={}, file_format="xlsx", purpose="", at=timezone.now())
    made.file.close()


def library(user: User) -> None:
    """XlsxWriter in constant memory: the same cells out of the same cursor, each by its typed method."""
    with tempfile.TemporaryFile() as file, transaction.atomic(), xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet, money, day = book.add_worksheet(), book.add_format({"num_format": "#,##0.00"}), book.add_format(
            {"num_format": "yyyy-mm-dd hh:mm"})  # fmt: skip
        write = {
            str: lambda *cell: sheet.write_string(*cell), int: lambda *cell: sheet.write_number(*cell),
            Decimal: lambda *cell: sheet.write_number(*cell, money),
            date: lambda *cell: sheet.write_datetime(*cell, day),
            datetime: lambda row, n, value: sheet.write_datetime(
                row, n, timezone.localtime(value).replace(tzinfo=None), day
            ),
        }  # fmt: skip
        for row, cells in enumerate(export_of(user).values.iterator(chunk_size=2000)):
            for n, value in enumerate(cells):
                if value is not None:
                    write[type(value)](row, n, value)


WAYS: dict[str, Callable[[User], Any]] = {"csv": take_csv, "xlsx": workbook, "library": library}
