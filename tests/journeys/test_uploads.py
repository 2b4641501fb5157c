"""Files: what must not come in is refused at the field and leaves no trace; what comes in goes out as a download."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from funding.models import Application, ApplicationFile
from portal.kernel.models import Attachment
from tests.browsing import LANGUAGES
from tests.clock import DAY
from tests.factories.funding import make_application, make_call
from tests.journeys.applying import audit_report
from tests.journeys.person import Person
from tests.personas import Personas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
Enter = Callable[..., Person]
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200)
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
TYPES = {"types": "PDF, DOCX, XLSX, PNG, JPG, JPEG"}
NOT_TAKEN = "Files of this type are not taken. Allowed: %(types)s."
LYING = "The content of the file does not match its extension."
TOO_LARGE = "The file is %(size)s MB; at most %(limit)s MB are allowed."
REFUSED: tuple[tuple[str, bytes, str, dict[str, str]], ...] = (
    ("program.exe", PROGRAM, NOT_TAKEN, TYPES),
    ("page.html", HTML, NOT_TAKEN, TYPES),
    ("program.pdf", PROGRAM, LYING, {}),
    ("page.pdf", HTML, LYING, {}),
    ("empty.pdf", b"", "The submitted file is empty.", {}),
)


@pytest.fixture
def draft(people: Personas) -> Application:
    """A draft in a call that is open today."""
    now = timezone.now()
    return make_application(people, call=make_call(people, opens_at=now - DAY, closes_at=now + DAY))


def stored() -> list[Path]:
    """Every file that the portal keeps, those half written among them."""
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def attach(lead: Person, path: Path) -> None:
    """Choose the file and send it."""
    lead.field("File").set_input_files(path)
    lead.press("Attach file")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_must_not_come_in(
    enter: Enter, people: Personas, draft: Application, tmp_path: Path, language: str
) -> None:
    before = stored()
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-1.4\n" + bytes(settings.UPLOAD_MAX_BYTES))
    lead = enter("lead", language)
    lead.comes_in_as(people.lead)
    lead.visit("funding:application-files", draft.pk)
    lead.fill({"What it is": "上年度审计报告"})

    for name, content, sentence, facts in REFUSED:
        (tmp_path / name).write_bytes(content)
        attach(lead, tmp_path / name)
        lead.is_corrected("File", sentence, **facts)
        lead.still_reads({"What it is": "上年度审计报告"})
    attach(lead, large)
    lead.is_corrected("File", TOO_LARGE, size="20.0", limit="20")
    lead.still_reads({"What it is": "上年度审计报告"})

    assert not ApplicationFile.objects.exists()
    assert not Attachment.objects.exists()
    assert stored() == before


def test_what_comes_in_goes_out_as_a_download(
    enter: Enter, people: Personas, draft: Application, tmp_path: Path
) -> None:
    report = audit_report(tmp_path)
    lead = enter("lead")
    lead.comes_in_as(people.lead)
    lead.visit("funding:application-files", draft.pk)
    lead.fill({"What it is": "上年度审计报告"})

    attach(lead, report)
    lead.is_told("The file is attached.")
    link = lead.page.get_by_role("link", name="上年度审计报告", exact=True)
    handed = lead.download(link)
    answer = lead.page.context.request.get(lead.url + str(link.get_attribute("href")))

    assert (handed.suggested_filename, Path(handed.path()).read_bytes()) == (report.name, report.read_bytes())
    sent = {name: answer.headers[name] for name in ("content-type", "content-disposition", "x-content-type-options")}
    assert sent == {
        "content-type": "application/pdf",
        "content-disposition": 'attachment; filename="audit-report.pdf"',
        "x-content-type-options": "nosniff",
    }
    assert ApplicationFile.objects.values_list("label", "attachment__name").get() == ("上年度审计报告", report.name)
