"""Files: taken in with suspicion, handed out harmlessly."""

import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.utils import translation
from PIL import Image

from portal.kernel import files, inspector, upkeep
from portal.kernel.forms import UploadField
from portal.kernel.models import Attachment
from tests.clock import DAY, NOON
from tests.personas import Personas
from tests.samples import PDF, package, picture, xlsx

pytestmark = pytest.mark.django_db

MB = 1024 * 1024
GOOD = {
    "a.pdf": PDF,
    "a.PDF": PDF,
    "a.xlsx": xlsx(),
    "a.docx": package(),
}
PICTURES = {"a.png": "PNG", "a.jpg": "JPEG", "a.jpeg": "JPEG"}


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path), translation.override("en"):
        yield tmp_path


def upload(name: str = "协议.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal(name: str, content: bytes, kind: str = "tests.any") -> str:
    with pytest.raises(files.FileRefused) as refused:
        files.check(upload(name, content), kind)
    return " ".join(refused.value.messages)


def on_disk(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


# --- taking in ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_kept(people: Personas, media: Path, name: str) -> None:
    attachment = files.store(upload(name, GOOD[name]), actor=people.lead, kind="tests.any", at=NOON)

    digest = hashlib.sha256(GOOD[name]).hexdigest()
    row = Attachment.objects.get()
    assert (row.name, row.kind, row.size, row.sha256) == (name, "tests.any", len(GOOD[name]), digest)
    assert (row.mime, row.uploaded_by, row.created_at) == (files.TYPES[Path(name).suffix.lower()], people.lead, NOON)
    assert row.path == f"{digest[:2]}/{digest[2:4]}/{digest}-{attachment.pk.hex}"
    assert on_disk(media) == [row.path]
    assert row.file.read_bytes() == GOOD[name]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_anew(people: Personas, name: str) -> None:
    content = picture(PICTURES[name])

    row = files.store(upload(name, content), actor=people.lead, kind="tests.any", at=NOON)

    with Image.open(row.file) as kept:
        assert (kept.format, kept.size) == (PICTURES[name], (40, 30))
    assert row.sha256 == hashlib.sha256(row.file.read_bytes()).hexdigest()


def test_the_same_content_twice_is_two_files(people: Personas, media: Path) -> None:
    first, second = (files.store(upload(), actor=people.lead, kind="k", at=NOON) for _ in range(2))

    assert first.sha256 == second.sha256
    assert on_disk(media) == sorted([first.path, second.path])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "The file is empty."),
        ("a.exe", PDF, "Files of this type are not taken. Allowed: PDF, DOCX, XLSX, PNG, JPG, JPEG."),
        ("a.pdf.exe", PDF, "Files of this type are not taken. Allowed: PDF, DOCX, XLSX, PNG, JPG, JPEG."),
        ("a", PDF, "Files of this type are not taken. Allowed: PDF, DOCX, XLSX, PNG, JPG, JPEG."),
        ("a.svg", b"<svg/>", "Files of this type are not taken. Allowed: PDF, DOCX, XLSX, PNG, JPG, JPEG."),
        ("a.pdf", picture("PNG"), "The content of the file does not match its extension."),
        ("a.png", PDF, "The content of the file does not match its extension."),
        ("a.pdf", b"<html><script>alert(1)</script></html>", "The content of the file does not match its extension."),
        ("a.docx", PDF, "The content of the file does not match its extension."),
        ("a.docx", xlsx(), "The file is not a readable Word or Excel document."),
        ("a.xlsx", package(), "The file is not a readable Word or Excel document."),
        ("a.docx", package(("../../evil", b"x")), "The file is not a readable Word or Excel document."),
        ("a.docx", package(("/etc/evil", b"x")), "The file is not a readable Word or Excel document."),
        ("a.docx", package()[:-30], "The file is not a readable Word or Excel document."),
        (
            "a.docx",
            package(("word/vbaProject.bin", b"x")),
            "The document contains macros; please save it without them.",
        ),
        ("a.docx", package(("word/b.xml", b"0" * 40 * MB)), "The document is unreasonably large once unpacked."),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(name: str, content: bytes, sentence: str) -> None:
    assert refusal(name, content) == sentence


def test_a_package_of_very_many_entries_is_refused() -> None:
    many = package(*((f"word/{n}.xml", b"x") for n in range(inspector.MAX_ENTRIES)))

    assert refusal("a.docx", many) == "The document is unreasonably large once unpacked."


def test_a_package_that_lies_about_its_directory_is_refused() -> None:
    lying = bytearray(package())
    end = lying.rfind(inspector.END_OF_ZIP)
    lying[end + 12 : end + 16] = struct.pack("<L", inspector.MAX_DIRECTORY + 1)

    assert refusal("a.docx", bytes(lying)) == "The document is unreasonably large once unpacked."


def test_a_file_too_large_is_refused_by_its_size_in_mb() -> None:
    content = PDF + b"\0" * 21 * MB

    assert refusal("a.pdf", content) == "The file is 21.0 MB; at most 20 MB are allowed."


def test_a_kind_may_have_limits_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files.LIMITS, "tests.small", files.Limit(MB // 2, (".pdf",)))

    assert refusal("a.pdf", PDF + b"\0" * MB, "tests.small") == "The file is 1.0 MB; at most 0.5 MB are allowed."
    assert refusal("a.png", picture("PNG"), "tests.small") == "Files of this type are not taken. Allowed: PDF."


def test_a_file_longer_than_it_said_leaves_nothing_behind(
    people: Personas, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files.LIMITS, "tests.small", files.Limit(len(PDF)))
    liar = upload(content=PDF + b"more")
    liar.size = len(PDF)

    with pytest.raises(files.FileRefused, match="longer than it said"):
        files.store(liar, actor=people.lead, kind="tests.small", at=NOON)

    assert on_disk(media) == []
    assert Attachment.objects.count() == 0


def test_a_refused_file_leaves_nothing_behind(people: Personas, media: Path) -> None:
    with pytest.raises(files.FileRefused):
        files.store(upload("a.pdf", picture("PNG")), actor=people.lead, kind="k", at=NOON)

    assert on_disk(media) == []


def test_a_row_that_cannot_be_written_takes_its_file_along(people: Personas, media: Path) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        files.store_bytes(b"", name="a.pdf", mime=files.PDF, kind="k", at=NOON)

    assert on_disk(media) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_refusal(people: Personas, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = os.open
    monkeypatch.setattr(
        os, "open", lambda path, flags, *mode: plain("/dev/full", os.O_WRONLY) if mode else plain(path, flags)
    )

    with pytest.raises(files.FileRefused, match="no room for files"):
        files.store(upload(), actor=people.lead, kind="k", at=NOON)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\样例\\协议.pdf", "协议.pdf"),
        ("a\x00b\u202efdp.exe.pdf", "abfdp.exe.pdf"),
        ("  two   words .pdf", "two words .pdf"),
        ("...", ""),
        (None, ""),
        ("样" * 500 + ".pdf", "样" * 196 + ".pdf"),
        ("💡.pdf", "💡.pdf"),
    ],
)
def test_a_name_is_cleaned(given: str | None, kept: str) -> None:
    assert files.clean_name(given) == kept


# --- made by the portal ------------------------------------------------------------------------
def test_a_generated_file_is_kept_from_bytes_or_a_path(media: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = tmp_path_factory.mktemp("made") / "x"
    source.write_bytes(PDF)

    attachments = [
        files.store_bytes(PDF, name="报告.pdf", mime=files.PDF, kind="report", at=NOON),
        files.store_path(source, name="报告.pdf", mime=files.PDF, kind="report", at=NOON),
    ]

    assert [a.file.read_bytes() for a in attachments] == [PDF, PDF]
    assert [a.uploaded_by for a in attachments] == [None, None]
    assert source.exists()


# --- handing out -------------------------------------------------------------------------------
def stored(name: str = "年度报告 2025.pdf", content: bytes = PDF) -> Attachment:
    return files.store_bytes(content, name=name, mime=files.TYPES[Path(name).suffix], kind="k", at=NOON)


def asking() -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


def test_a_download_does_nothing_in_the_browser() -> None:
    response = files.serve(stored(), request=asking())

    assert b"".join(response) == PDF
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('年度报告 2025.pdf')}"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(PDF))
    response.close()


def test_a_pdf_may_be_shown_and_a_document_only_downloaded() -> None:
    shown, kept = (
        files.serve(stored(), request=asking(), download=False),
        files.serve(stored("a.docx", package()), request=asking(), download=False),
    )

    assert [r["Content-Disposition"].split(";")[0] for r in (shown, kept)] == ["inline", "attachment"]
    assert [r["Content-Security-Policy"] for r in (shown, kept)] == ["sandbox; default-src 'none'"] * 2
    shown.close()
    kept.close()


def test_a_file_that_is_gone_says_so() -> None:
    attachment = stored()
    attachment.file.unlink()

    response = files.serve(attachment, request=asking())

    assert response.status_code == 409
    assert Attachment.objects.get().damaged_at is not None


def test_a_changed_file_is_noticed() -> None:
    intact, changed, gone = stored(), stored(), stored()
    changed.file.write_bytes(PDF + b" ")
    gone.file.unlink()

    assert [files.is_intact(a) for a in (intact, changed, gone)] == [True, False, False]


def test_only_old_files_that_no_row_knows_are_removed(media: Path) -> None:
    known = stored()
    strays = [media / "ab/cd/old", media / "ab/cd/new", media / ".incoming/old", media / "other/old"]
    for stray in strays:
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_bytes(b"x")
    for path in (known.file, strays[0], strays[2], strays[3]):
        os.utime(path, times=((NOON - DAY).timestamp(),) * 2)
    os.utime(strays[1], times=(NOON.timestamp(),) * 2)

    removed = upkeep.remove_orphans(NOON)

    assert removed == 2
    assert on_disk(media) == sorted([known.path, "ab/cd/new", "other/old"])


# --- the field ---------------------------------------------------------------------------------
class UploadForm(forms.Form):
    file = UploadField(kind="tests.any")
    more = UploadField(kind="tests.any", required=False)


def posted(name: str, content: bytes) -> UploadForm:
    return UploadForm({}, {"file": upload(name, content)})


def test_the_field_takes_a_good_file() -> None:
    form = posted("a.pdf", PDF)

    assert form.is_valid()
    assert form.cleaned_data["file"].read() == PDF
    assert form.cleaned_data["more"] is None


def test_the_field_refuses_next_to_itself() -> None:
    assert posted("a.pdf", picture("PNG")).errors == {"file": ["The content of the file does not match its extension."]}
    assert posted("a.pdf", b"").errors == {"file": ["The submitted file is empty."]}
    assert UploadForm({}, {}).errors == {"file": ["This field is required."]}


def test_the_field_says_what_it_takes() -> None:
    field: Any = UploadForm()["file"]

    assert str(field.help_text) == "PDF, DOCX, XLSX, PNG, JPG, at most 20 MB."
    assert 'accept=".pdf,.docx,.xlsx,.png,.jpg,.jpeg"' in str(field)


# --- what must always be true ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"size": 0}, "attachment_is_not_empty"),
        ({"sha256": "X" * 64}, "attachment_sha256_is_hex"),
        ({"name": ""}, "attachment_has_a_name"),
    ],
)
def test_the_database_refuses(change: dict[str, Any], constraint: str) -> None:
    attachment = stored()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(**change)


def test_the_database_refuses_a_path_twice() -> None:
    first, second = stored(), stored()

    with pytest.raises(IntegrityError, match="path"), transaction.atomic():
        Attachment.objects.filter(pk=second.pk).update(path=first.path)
