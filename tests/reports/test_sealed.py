"""The report as something that proves itself: archival format, its data inside, a signature, and the public check."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Page
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal.kernel import files
from portal.kernel.audit import canonical
from reports import pdf, signing
from reports.enums import ReportStatus
from reports.exporters.annual import annual_report
from reports.exporters.annual.blocks import Column, Table
from reports.exporters.annual.data import rows, tables
from reports.seals import address_to_verify, seal
from reports.services.documents import FILE_KIND
from reports.tasks import annual_html, finish_annual
from tests.browsing import Visit, assert_accessible, assert_no_overflow, in_both_languages
from tests.clock import NOON
from tests.factories.reports import make_evaluation, make_report, rich_evaluation
from tests.personas import Personas
from tests.reports.test_pdf import material_of


def document(people: Personas, folder: Path) -> tuple[Any, bytes]:
    """The material and the finished file of the rich consortium."""
    material = material_of(rich_evaluation(people))
    path = folder / "report.pdf"
    finish_annual(pdf.lay_out(annual_html(material, "zh-hans")), path, material=material, language="zh-hans", at=NOON)
    return material, path.read_bytes()


@pytest.fixture
def short(people: Personas, fonts: None, tmp_path: Path) -> Path:
    """A signed page."""
    path = tmp_path / "short.pdf"
    html = '<html lang="en"><head><title>One page</title></head><body><p>One page</p></body></html>'
    pdf.lay_out(html).write(path, [pdf.Enclosed("data.json", b"{}", "Data")], on=NOON.date())
    assert signing.sign(path, at=NOON, reason="A test")
    return path


# --- the file ----------------------------------------------------------------------------------
def test_it_is_an_archival_and_accessible_document_with_its_data_inside(
    people: Personas, fonts: None, tmp_path: Path
) -> None:
    material, content = document(people, tmp_path)

    with pikepdf.open(io.BytesIO(content)) as file:
        meta = file.open_metadata()
        inside = {name: bytes(one.get_file().read_bytes()) for name, one in file.attachments.items()}
        purposes = {str(file.attachments[name].obj.AFRelationship) for name in inside}
        intents = [str(one.S) for one in file.Root.OutputIntents]
        marked = bool(file.Root.MarkInfo.Marked)

    report = annual_report(material)
    printed = list(tables(report))
    assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
    assert (intents, marked, purposes) == (["/GTS_PDFA1"], True, {"/Data"})
    assert json.loads(inside["snapshot.json"]) == json.loads(canonical(material.snapshot))
    assert hashlib.sha256(inside["snapshot.json"]).hexdigest() == material.snapshot_hash
    assert sorted(inside) == ["snapshot.json", *(f"table-{n:02}.csv" for n in range(1, len(printed) + 1))]
    assert len(printed) > 12
    read = list(csv.reader(io.StringIO(inside["table-01.csv"].decode("utf-8-sig"))))
    assert len(read) == 1 + len(printed[0].rows) + len(printed[0].sums)


def test_the_same_report_is_the_same_file_byte_by_byte(people: Personas, fonts: None, tmp_path: Path) -> None:
    _material, first = document(people, tmp_path)
    path = tmp_path / "again.pdf"

    finish_annual(pdf.lay_out(annual_html(_material, "zh-hans")), path, material=_material, language="zh-hans", at=NOON)

    assert path.read_bytes() == first


def test_a_table_is_safe_to_open_as_a_sheet() -> None:
    columns = (Column("=Name", 50), Column("Sum", 50, "num"))

    text = rows(Table("T", columns, (("=1+1", "-3.20"), ("@x", "1,000.00")))).decode("utf-8-sig")

    assert text.splitlines() == ["'=Name,Sum", "'=1+1,-3.20", '\'@x,"1,000.00"']


# --- the signature -----------------------------------------------------------------------------
def checked(content: bytes) -> Any:
    reader = PdfFileReader(io.BytesIO(content))
    return validate_pdf_signature(reader.embedded_signatures[0], ValidationContext(trust_roots=[]))


@contextmanager
def with_key(**wanted: Any) -> Iterator[None]:
    """Other settings of the signature for a while."""
    with override_settings(**wanted):
        signing.key.cache_clear()
        yield
    signing.key.cache_clear()


def test_the_signature_covers_the_whole_file(short: Path) -> None:
    status = checked(short.read_bytes())

    assert (status.intact, status.valid, status.coverage.name) == (True, True, "ENTIRE_FILE")
    assert status.signer_reported_dt == NOON.astimezone(UTC)
    assert status.signing_cert.subject.native["common_name"] == "Trial key, vouched for by nobody"


def test_a_changed_byte_breaks_it(short: Path) -> None:
    content = bytearray(short.read_bytes())
    content[content.index(b"stream") + 20] ^= 1

    assert not checked(bytes(content)).intact


def test_another_moment_is_another_file_and_the_same_one_the_same(short: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    made = []
    for moment in (NOON, NOON, NOON + timedelta(seconds=1)):
        pdf.lay_out("<html><head><title>x</title></head></html>").write(plain)
        signing.sign(plain, at=moment, reason="A test")
        made.append(plain.read_bytes())

    assert (made[0] == made[1], made[0] == made[2]) == (True, False)


def test_the_operators_key_signs_and_a_wrong_password_is_said(short: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.p12"
    key.write_bytes(signing.self_made(name="Sample bureau", password=b"secret"))
    with with_key(REPORT_SIGNING_KEY=str(key), REPORT_SIGNING_PASSWORD="secret"):
        assert signing.key().signing_cert.subject.native["common_name"] == "Sample bureau"
    with (
        with_key(REPORT_SIGNING_KEY=str(key), REPORT_SIGNING_PASSWORD="wrong"),
        pytest.raises(ImproperlyConfigured, match="REPORT_SIGNING_KEY"),
    ):
        signing.key()


def test_without_a_key_nothing_is_signed(fonts: None, tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(b"%PDF-1.7 as it was")
    with with_key(DEMO=False, REPORT_SIGNING_KEY=""):
        assert signing.sign(path, at=NOON, reason="A test") is False

    assert path.read_bytes() == b"%PDF-1.7 as it was"


def test_two_processes_that_need_a_trial_key_end_up_with_one(tmp_path: Path) -> None:
    path = tmp_path / "signing" / "trial.p12"

    first = signing.trial_key(path).read_bytes()

    assert signing.trial_key(path).read_bytes() == first
    assert [one.name for one in path.parent.iterdir()] == ["trial.p12"]


def test_the_code_in_the_footer_leads_to_the_check() -> None:
    with override_settings(PUBLIC_URL="https://portal.example"):
        address = address_to_verify("PJ-2026-0001")

    assert address == "https://portal.example/reports/verify/PJ-2026-0001/"
    assert seal(address).count("<path") == 1
    assert seal(address) != seal(address + "x")


# --- the page ----------------------------------------------------------------------------------
def stored(people: Personas, content: bytes = b"%PDF-1.7 the report", **facts: Any) -> Any:
    evaluation = facts.pop("evaluation", None) or make_evaluation(people, "FINAL")
    file = files.store_bytes(content, name="样例.pdf", mime=files.PDF, kind=FILE_KIND, at=NOON)
    return make_report(people, evaluation, status=ReportStatus.STORED, file=file, pages=1, **facts)


def page_of(number: str) -> str:
    return reverse("reports:report-verify", args=[number])


FIND = "/reports/verify/"


@pytest.mark.django_db
def test_everybody_sees_the_fingerprint_and_nothing_of_the_content(people: Personas) -> None:
    report = stored(people)

    answer = Client().get(page_of(report.number))

    text = answer.content.decode()
    assert (answer.status_code, report.file.sha256 in text, report.snapshot_hash in text) == (200, True, True)
    assert report.evaluation.consortium.name not in text
    assert report.evaluation.consortium.lead.name not in text


@pytest.mark.django_db
def test_a_newer_report_is_named(people: Personas) -> None:
    first = stored(people)
    second = stored(people, b"%PDF-1.7 corrected", evaluation=first.evaluation, snapshot={"corrected": True})

    assert second.number in Client().get(page_of(first.number)).content.decode()
    assert first.number not in Client().get(page_of(second.number)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["PJ-2026-9999", "x", "%00", "<b>"])
def test_an_unknown_report_is_not_found(people: Personas, number: str) -> None:
    assert Client().get(f"{FIND}{number}/").status_code in {400, 404}


@pytest.mark.django_db
def test_one_on_its_way_is_not_there_yet(people: Personas) -> None:
    report = make_report(people)

    assert Client().get(page_of(report.number)).status_code == 404


@pytest.mark.django_db
def test_a_report_is_found_by_number_and_by_fingerprint(people: Personas) -> None:
    report = stored(people)
    client = Client()

    for query in ({"number": report.number.lower()}, {"sha256": report.file.sha256.upper()}):
        assert client.get(FIND, query).headers["Location"] == page_of(report.number)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"number": "PJ-1999-0001"}, "The portal has made no such report."),
        ({"sha256": "a" * 64}, "The portal has made no such report."),
        ({"number": ""}, "Please enter the number of a report."),
        ({"number": "x" * 25}, "25"),
        ({"sha256": "nothing"}, "Please enter the number of a report."),
    ],
)
def test_what_cannot_be_found_is_said_and_stays_typed(people: Personas, query: dict[str, str], sentence: str) -> None:
    answer = Client(headers={"accept-language": "en"}).get(FIND, query)

    text = answer.content.decode()
    assert (answer.status_code, sentence in text) == (200, True)
    assert query.get("number", "") in text


@pytest.mark.django_db(transaction=True)
def test_a_file_is_compared_in_the_browser(people: Personas, visit: Visit, page: Page, tmp_path: Path) -> None:
    report = stored(people)
    same, other = tmp_path / "same.pdf", tmp_path / "other.pdf"
    same.write_bytes(b"%PDF-1.7 the report")
    other.write_bytes(b"%PDF-1.7 the report ")

    def looks_right(shown: Page) -> None:
        assert_accessible(shown)
        assert_no_overflow(shown)

    in_both_languages(visit, page_of(report.number), looks_right)
    in_both_languages(visit, FIND, looks_right)
    visit(page_of(report.number), language="en", width=390)
    page.set_input_files("input[type=file]", other)
    page.get_by_text("This file is not the one").first.wait_for()
    page.set_input_files("input[type=file]", same)
    page.locator("[data-result=same]").wait_for()
    assert page.locator("[data-result=other]").is_hidden()
    visit(FIND, language="en")
    page.set_input_files("input[type=file]", same)
    page.wait_for_url(f"**{page_of(report.number)}")
