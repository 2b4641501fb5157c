"""Reports to be signed: laid out by a job of the export centre, with the sums in Chinese capitals."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from portal.kernel.capitals import capitals
from portal.kernel.models import ExportLog
from portal.kernel.models.notification import ExportFormat
from reports.exporters import BY_SLUG, REPORTS, paper
from reports.models import ExportJob
from tests.factories.funding import make_contract
from tests.factories.richyear import rich_year
from tests.personas import Personas
from tests.reports.test_export_jobs import made, order
from tests.reports.test_exports import enter

SIGNED = ("awards", "payment-orders", "execution", "recoveries", "settlement")


def printed(one: ExportJob) -> PdfReader:
    assert one.file
    return PdfReader(BytesIO(one.file.file.read_bytes()))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


def test_every_signed_report_is_a_paper_with_its_sums_in_capitals(people: Personas, fonts: Any) -> None:
    rich_year(people)

    for slug in SIGNED:
        report = BY_SLUG[slug]
        one = made(order(people.finance, slug, format="pdf", language="zh-hans", words=[("年度", "2026")]))
        reader = printed(one)
        text = text_of(reader)

        totals = report.totals(report.made(report.base(people.finance)))
        money = [total for column, total in zip(report.columns, totals, strict=True)
                 if total is not None and column.kind == "money" and column.name not in report.off_paper]  # fmt: skip
        assert money, slug
        assert [total for total in money if capitals(total) not in text] == [], slug
        assert all(word in text for word in ("年度：2026", "样例财务甲", "批准：", one.pk.hex[:8].upper())), slug
        assert f"{report.number}-" in text, slug
        assert float(reader.pages[0].mediabox.width) > float(reader.pages[0].mediabox.height), slug
        assert one.log, slug
        assert (one.log.format, one.log.row_count) == ("pdf", len(report.made(report.base(people.finance)))), slug


def test_the_page_of_a_signed_report_leads_to_a_job_and_the_others_offer_no_paper(people: Personas) -> None:
    make_contract(people)
    client = enter(people.finance)

    sent = client.post(reverse("reports:export-take", args=["awards"]), {"format": "pdf"})
    other = client.post(reverse("reports:export-take", args=["tranches"]), {"format": "pdf"})

    one = ExportJob.objects.get()
    assert (sent["Location"], one.format, ExportLog.objects.count()) == (one.get_absolute_url(), "pdf", 0)
    assert list(other.context["form"].errors) == ["format"]
    assert {report.slug for report in REPORTS if ExportFormat.PDF in report.formats} >= set(SIGNED)


def test_more_rows_than_a_paper_holds_are_refused_with_a_sentence(
    people: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_contract(people)
    monkeypatch.setattr(paper, "MOST_ROWS", 0)

    one = made(order(people.finance, format="pdf"))

    assert (one.file, "narrow the filter" in one.job.error_text) == (None, True)


def test_a_report_without_rows_is_a_page_that_says_so(people: Personas, fonts: Any) -> None:
    one = made(order(people.finance, "recoveries", format="pdf"))

    assert len(printed(one).pages) == 1
    assert one.log
    assert one.log.row_count == 0
