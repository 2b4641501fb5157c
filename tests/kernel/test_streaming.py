"""Files that the database makes by itself: the same as written here, handed over as they are made, on record."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from funding.models import LedgerEntry, Posting
from portal.kernel.exporting import Export, make_export
from portal.kernel.models import AuditEntry, ExportLog
from portal.kernel.sheets import escaped
from portal.kernel.streaming import stream_export
from reports.exporters import BY_SLUG
from tests.bench import _exporting
from tests.bench import export as bench
from tests.clock import NOON
from tests.factories.funding import make_contract, make_tranche
from tests.funding.steps import queries_of
from tests.personas import Personas


def ledger(user: Any) -> Export:
    report = BY_SLUG["ledger"]
    return report.export(report.base(user), [])


@pytest.fixture
def booked(people: Personas) -> Personas:
    """A ledger with all kinds of entries, one with a note that a spreadsheet would compute."""
    make_tranche(people, make_contract(people).award, "PAID")
    entry = LedgerEntry.objects.order_by("-id")[0]
    copy = LedgerEntry.objects.create(
        key="other", kind=entry.kind, legs=2, happened_on=entry.happened_on, entered_at=NOON, note='=1+1,"\n"'
    )
    for leg in list(entry.postings.all()):
        Posting.objects.create(entry=copy, account=leg.account, amount=leg.amount / 100)
    return people


def streamed(people: Personas) -> bytes:
    response = stream_export(export=ledger(people.finance), user=people.finance, params={}, purpose="", at=NOON)
    return b"".join(response.streaming_content)  # type: ignore[arg-type]


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_database_writes_the_same_file_as_we_do(booked: Personas, language: str) -> None:
    slow = replace(ledger(booked.finance), values=None)
    with translation.override(language):
        made = make_export(export=slow, user=booked.finance, params={}, file_format="csv", purpose="", at=NOON)
        with made.file as file:
            ours = table(file.read())
        theirs = table(streamed(booked))

    assert theirs == ours
    assert (len(ours), theirs[-1][10]) == (Posting.objects.count() + 1, '\'=1+1,"\n"')


def test_the_workbook_of_plain_values_is_the_same(booked: Personas) -> None:
    found = []
    for export in (ledger(booked.finance), replace(ledger(booked.finance), values=None)):
        made = make_export(export=export, user=booked.finance, params={}, file_format="xlsx", purpose="", at=NOON)
        with made.file as file:
            sheet = load_workbook(io.BytesIO(file.read())).worksheets[0]
        found.append([[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()])

    assert found[0] == found[1]
    assert isinstance(found[0][2][12][0], datetime)


def test_what_is_handed_over_is_on_record_before_and_after(booked: Personas) -> None:
    content = streamed(booked)

    begun, taken = AuditEntry.objects.filter(action__in=["begin_export", "export"]).order_by("id")
    log = ExportLog.objects.get()
    assert (begun.actor, begun.subject_id, begun.facts["slug"]) == (booked.finance, str(log.pk), "ledger")
    assert (taken.subject_id, taken.facts["sha256"]) == (str(log.pk), hashlib.sha256(content).hexdigest())
    assert (log.row_count, log.size, log.sha256) == (Posting.objects.count(), len(content), taken.facts["sha256"])


def test_a_file_that_breaks_off_is_told_and_never_logged_as_whole(booked: Personas) -> None:
    response = stream_export(export=ledger(booked.finance), user=booked.finance, params={}, purpose="", at=NOON)
    blocks: Iterator[bytes] = iter(response.streaming_content)  # type: ignore[arg-type]

    next(blocks)
    for close in response._resource_closers:  # type: ignore[attr-defined] # what a server does when the reader is gone
        close()

    actions = list(AuditEntry.objects.filter(action__contains="export").order_by("id").values_list("action", flat=True))
    assert (actions, ExportLog.objects.count()) == (["begin_export", "abort_export"], 0)


def test_nothing_leaves_without_the_right(booked: Personas) -> None:
    with pytest.raises(PermissionDenied):
        stream_export(export=ledger(booked.lead), user=booked.lead, params={}, purpose="", at=NOON)

    assert not AuditEntry.objects.filter(action="begin_export").exists()


def test_the_page_streams_what_the_filter_leaves(booked: Personas) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(booked.finance)
    address = reverse("reports:export-take", args=["ledger"])

    response: Any = client.post(f"{address}?entry_kind=PAYMENT", {"format": "csv"})

    rows = table(b"".join(response.streaming_content))[1:]
    assert {row[2] for row in rows} == {"Payment"}
    assert sum(Decimal(row[8] or 0) - Decimal(row[9] or 0) for row in rows) == 0
    assert ExportLog.objects.get().params == {"entry_kind": "PAYMENT"}
    assert response.headers["content-disposition"].startswith("attachment")


def test_four_times_the_rows_take_no_more_queries(booked: Personas) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(booked.finance)
    url = reverse("reports:funding-report", args=["ledger"])
    client.get(url)
    few = len(queries_of(client, url))
    make_tranche(booked, make_contract(booked).award, "PAID")

    assert len(queries_of(client, url)) == few


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("联合体", "联合体"), ("a<b>&", "a&lt;b&gt;&amp;"), ("\x01", "_x0001_"), ("_x0001_", "_x005F_x0001_"),
        ("a\nb", "a\nb"), ("\r", "&#13;"), ("x" * 40_000, "x" * 32_767),
    ],
)  # fmt: skip
def test_any_text_may_stand_in_a_cell(text: str, written: str) -> None:
    assert escaped(text) == written


def test_the_benchmark_in_small(people: Personas) -> None:
    user = bench.fill(10_000)

    bench.copy(user)
    _exporting.take_csv(user)
    _exporting.workbook(user)

    assert [log.row_count for log in ExportLog.objects.order_by("created_at")] == [10_000, 10_000]
