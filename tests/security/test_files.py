"""Files, by the numbers of the acceptance cases F-01 to F-10, and R-07 for the virus scanner."""

import io
import os
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pypdf import PdfWriter

from funding.services.applications import attach_file
from portal.kernel import files, inspection, inspector, quotas, upkeep
from portal.kernel.models import Attachment, Notification
from portal.kernel.models.attachment import Scan
from tests.clock import DAY, NOON
from tests.factories.funding import make_application
from tests.hostile_files import BOMBS, mutants
from tests.personas import Personas
from tests.samples import PDF, package, pdf, picture

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
DOWN = "127.0.0.1:1"


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path / "media", VAR=tmp_path), translation.override("en"):
        yield tmp_path / "media"


def upload(name: str = "协议.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def verdict(name: str, content: bytes) -> str:
    """The sentence of the refusal, empty for a file that is taken."""
    try:
        files.check(upload(name, content), "tests.any")
    except files.FileRefused as refused:
        return " ".join(refused.messages)
    return ""


def sentence(code: str) -> str:
    return str(inspection.SENTENCES[code])


def on_disk(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def asked_by(user: Any, attachment: Attachment) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return files.serve(attachment, request=request)


# --- F-01, F-02: bombs -------------------------------------------------------------------------
@pytest.mark.parametrize("label", BOMBS)
def test_f01_f02_a_bomb_is_refused_in_time(label: str) -> None:
    name, make = BOMBS[label]
    content = make()
    begin = time.monotonic()

    said = verdict(name, content)

    assert said in {sentence(code) for code in inspection.SENTENCES} - {sentence("busy")}
    assert time.monotonic() - begin < inspection.SECONDS + 2


def test_f01_no_mutant_is_more_than_taken_or_refused() -> None:
    known = {"", *map(sentence, inspection.SENTENCES), "The content of the file does not match its extension."}

    assert {verdict(name, content) for name, content in mutants(40, seed=11)} <= known


def test_f01_the_process_is_shut_in() -> None:
    """What the inspector could still do if a file took it over, tried from inside."""
    code = f"""
import sys; sys.path.insert(0, {str(Path(inspector.__file__).parent)!r})
import inspector, os, socket, resource
inspector.shut_in()
said = []
for name, deed in (("open", lambda: open("/etc/hostname")), ("socket", socket.socket), ("fork", os.fork),
                   ("memory", lambda: bytes(600 << 20)), ("pipe", os.pipe)):
    try:
        deed()
    except (OSError, MemoryError) as error:
        said.append(name)
print(",".join(said))
"""
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, env={})

    refused = set(ran.stdout.strip().split(","))
    assert refused >= {"open", "socket", "memory", "pipe"}
    assert "fork" in refused or os.geteuid() == 0  # the limit of processes does not hold the superuser


def test_f01_what_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    idle = tmp_path / "idle.py"
    idle.write_text("import subprocess, sys, time\nsubprocess.Popen(['sleep', '600'])\ntime.sleep(600)\n")
    monkeypatch.setattr(inspection, "INSPECTOR", idle)
    monkeypatch.setattr(inspection, "SECONDS", 1.0)
    begin = time.monotonic()

    found = inspection.inspect([PDF], "pdf", limit=100)

    assert (found.reason, time.monotonic() - begin < 5) == ("unfinished", True)
    assert subprocess.run(["pgrep", "-fx", "sleep 600"], capture_output=True, check=False).stdout == b""


@pytest.mark.parametrize(
    "program", ["raise SystemExit(3)", "print('nonsense')", "print('x' * 10_000_000)", "import os; os.abort()"]
)
def test_f01_what_answers_wrongly_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    (tmp_path / "wrong.py").write_text(program)
    monkeypatch.setattr(inspection, "INSPECTOR", tmp_path / "wrong.py")

    assert inspection.inspect([PDF], "pdf", limit=100).reason == "unfinished"


def test_f01_only_a_few_are_opened_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(inspection, "PATIENCE", 0.2)

    with override_settings(VAR=tmp_path, INSPECTORS=1), inspection.turn() as first:
        found = inspection.inspect([PDF], "pdf", limit=100)

    assert (first, found.reason) == (True, "busy")


# --- F-03, F-05: not what it says --------------------------------------------------------------
def rels(kind: str, target: str) -> tuple[str, bytes]:
    facts = f'Type="http://schemas/{kind}" Target="{target}" TargetMode="External"'
    return "word/_rels/document.xml.rels", f"<Relationships><Relationship {facts}/></Relationships>".encode()


def linked() -> bytes:
    """A package with a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def encrypted() -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(width=10, height=10)
    writer.encrypt("sample", algorithm="AES-256-R5")
    writer.write(out)
    return out.getvalue()


MACRO_TYPE = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
REFUSED = {
    "svg": ("a.svg", b"<svg/>", None),
    "html": ("a.html", b"<script>alert(1)</script>", None),
    "docm": ("a.docm", package(), None),
    "program": ("a.exe", b"MZ\x90\x00", None),
    "program as pdf": ("a.pdf", b"MZ\x90\x00" + bytes(100), None),
    "html as pdf": ("a.pdf", b"<html><script>alert(1)</script></html>", None),
    "sheet as letter": ("a.docx", package(folder="xl/"), "not_office"),
    "macros": ("a.docx", package(("word/vbaProject.bin", b"x")), "macros"),
    "sheet macros": ("a.xlsx", package(("xl/macrosheets/a.xml", b"<x/>"), folder="xl/"), "macros"),
    "slip": ("a.docx", package(("../../evil.xml", b"<x/>")), "not_office"),
    "absolute": ("a.docx", package(("/etc/evil.xml", b"<x/>")), "not_office"),
    "backslash": ("a.docx", package(("..\\evil.xml", b"<x/>")), "not_office"),
    "symlink": ("a.docx", linked(), "not_office"),
    "broken xml": ("a.docx", package(("word/b.xml", b"<a>")), "not_office"),
    "program inside": ("a.docx", package(("word/media/a.png", b"MZ\x90\x00")), "files_inside"),
    "archive inside": ("a.docx", package(("word/media/a.bin", b"PK\x03\x04rest")), "files_inside"),
    "package inside": ("a.docx", package(("word/o.bin", "Ole10Native".encode("utf-16-le"))), "files_inside"),
    "remote template": ("a.docx", package(rels("attachedTemplate", "https://evil.test/a.dotm")), "external_content"),
    "template of a share": ("a.docx", package(rels("attachedTemplate", "file://evil.test/a.dotm")), "external_content"),
    "remote picture": ("a.docx", package(rels("image", "https://evil.test/a.png")), "external_content"),
    "remote object": ("a.docx", package(rels("oleObject", "https://evil.test/a")), "external_content"),
    "pdf script": ("a.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "active_content"),
    "pdf script in disguise": ("a.pdf", pdf(b"/OpenAction<</S/J#61vaScript/J#53(a)>>"), "active_content"),
    "pdf script unused": ("a.pdf", pdf(b"", b"<</S/JavaScript/JS(a)>>"), "active_content"),
    "pdf launch": ("a.pdf", pdf(b"/OpenAction<</S/Launch/F(calc.exe)>>"), "active_content"),
    "pdf carries files": ("a.pdf", pdf(b"/Names<</EmbeddedFiles<</Names[(a)<</EF<<>>>>]>>>>"), "files_inside"),
    "pdf form of scripts": ("a.pdf", pdf(b"/AcroForm<</XFA[]>>"), "active_content"),
    "pdf with password": ("a.pdf", encrypted(), "encrypted"),
    "pdf without pages": ("a.pdf", PDF.replace(b"[3 0 R]/Count 1", b"[]/Count 0"), "not_pdf"),
    "pdf and zip": ("a.pdf", PDF + package(), "polyglot"),
    "png and html": ("a.png", picture("PNG") + b"<script>alert(1)</script>", "polyglot"),
    "jpeg and zip": ("a.jpg", picture("JPEG") + package(), "polyglot"),
    "jpeg and html": ("a.jpg", picture("JPEG") + b"<script>alert(1)</script>", "polyglot"),
    "half a png": ("a.png", picture("PNG")[:-20], "not_picture"),
}
TAKEN = {
    "hyperlink": ("a.docx", package(rels("hyperlink", "https://sample.test/"))),
    "template of the writer": ("a.docx", package(rels("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm"))),
    "sheet behind a chart": ("a.docx", package(("word/embeddings/a.xlsx", package(folder="xl/")))),
    "words about scripts": ("a.pdf", pdf(b"/X(see /JS and /Launch in the manual)")),
    "second picture of a telephone": ("a.jpg", picture("JPEG") + picture("JPEG")),
}


@pytest.mark.parametrize("label", REFUSED)
def test_f03_f05_what_is_not_what_it_says_is_refused(label: str) -> None:
    name, content, code = REFUSED[label]
    listed = "Files of this type are not taken. Allowed: PDF, DOCX, XLSX, PNG, JPG, JPEG."
    lying = "The content of the file does not match its extension."

    said = verdict(name, content)

    assert said == sentence(code) if code else said in {listed, lying}


def test_f03_a_macro_is_known_by_its_type_too() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", MACRO_TYPE)
        archive.writestr("word/document.xml", "<x/>")

    assert verdict("a.docx", out.getvalue()) == sentence("macros")


@pytest.mark.parametrize("label", TAKEN)
def test_f03_what_offices_write_every_day_is_taken(label: str) -> None:
    assert verdict(*TAKEN[label]) == ""


def test_f03_what_was_looked_at_is_what_is_kept(people: Personas, media: Path) -> None:
    given = upload()
    files.check(given, "k")
    given.seek(0)
    given.write(b"%PDX")

    with pytest.raises(files.FileRefused, match="changed"):
        files.store(given, actor=people.lead, kind="k", at=NOON)

    assert on_disk(media) == []


def test_a_picture_loses_its_metadata_and_stands_upright(people: Personas) -> None:
    facts = Image.Exif()
    facts[0x0112], facts[0x010F] = 6, "camera of somebody"
    content = picture("JPEG", exif=facts.tobytes(), comment=b"secret words", icc_profile=b"profile" * 40)

    row = files.store(upload("a.jpg", content), actor=people.lead, kind="k", at=NOON)

    with Image.open(row.file) as kept:
        assert (kept.size, dict(kept.getexif()), kept.info.keys() & {"exif", "comment", "icc_profile"}) == (
            (30, 40),
            {},
            set(),
        )
    assert [words in row.file.read_bytes() for words in (b"camera", b"secret", b"profile")] == [False] * 3


# --- F-04, F-07: names and downloads -----------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../x.pdf", "x.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("长" * 500 + ".pdf", "长" * 196 + ".pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("💡 idea.pdf", "💡 idea.pdf"),
        ('a"; filename=evil.html.pdf', 'a"; filename=evil.html.pdf'),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
    ],
)
def test_f04_a_name_is_shown_and_never_used(people: Personas, given: str, kept: str) -> None:
    taken = upload()
    taken._name = given  # as a client may send it, without Django's own cleaning
    row = files.store(taken, actor=people.lead, kind="k", at=NOON)

    answer = asked_by(people.lead, row)

    assert row.name == kept
    assert row.path == f"{row.sha256[:2]}/{row.sha256[2:4]}/{row.sha256}-{row.pk.hex}"
    head, _, name = answer["Content-Disposition"].partition("; ")
    assert (head, "\r" in name, "\n" in name) == ("attachment", False, False)
    assert name.startswith("filename*=utf-8''") or name == f'filename="{kept.replace(chr(34), chr(92) + chr(34))}"'
    answer.close()


def test_f07_a_download_runs_nothing(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    row = attach_file(application=application, actor=people.lead, at=NOON, upload=upload(), label="甲")

    answer = sign_in(people.lead).get(reverse("funding:application-file", args=[application.pk, row.pk]))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


# --- F-06, R-07: the virus scanner -------------------------------------------------------------
class Clamd(socketserver.StreamRequestHandler):
    """Speaks clamd's INSTREAM and knows one virus, also inside zip archives."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        found = EICAR in content or any(EICAR in part for part in parts(content))
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


def parts(content: bytes) -> list[bytes]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


@pytest.fixture
def clamd() -> Iterator[str]:
    """The address of a scanner that is up."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with override_settings(CLAMD_ADDRESS=f"127.0.0.1:{server.server_address[1]}"):
            yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


INFECTED = {
    "plain": ("a.pdf", PDF + b"%" + EICAR),
    "zip": ("a.docx", package(("word/media/a.bin", EICAR))),
}  # fmt: skip


@pytest.mark.parametrize("label", INFECTED)
def test_f06_a_virus_is_refused_and_the_administrators_know(
    people: Personas, clamd: str, media: Path, label: str
) -> None:
    told = {people.system_admin, people.security_admin}

    said = verdict(*INFECTED[label])

    assert said == "The virus scanner found malicious code in the file; it is not taken."
    notices = Notification.objects.filter(kind="members.file_infected")
    assert {notice.recipient for notice in notices} == told
    assert on_disk(media) == []


def test_f06_a_clean_file_says_so(people: Personas, clamd: str) -> None:
    assert files.store(upload(), actor=people.lead, kind="k", at=NOON).scan == Scan.CLEAN


def test_f06_a_socket_in_the_file_system_serves_as_well(people: Personas, tmp_path: Path) -> None:
    path = str(tmp_path / "clamd.sock")
    with socketserver.ThreadingUnixStreamServer(path, Clamd) as server, override_settings(CLAMD_ADDRESS=path):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert files.store(upload(), actor=people.lead, kind="k", at=NOON).scan == Scan.CLEAN
        server.shutdown()


def test_f06_the_health_page_knows_whether_there_is_a_scanner(clamd: str) -> None:
    awake = Client().get("/readyz").json()["scanner"]
    with override_settings(CLAMD_ADDRESS=DOWN):
        away = Client().get("/readyz").json()["scanner"]
    with override_settings(CLAMD_ADDRESS=""):
        absent = Client().get("/readyz").json()["scanner"]

    assert (awake, away, absent) == (True, False, False)


def test_f06_without_a_scanner_files_say_so(people: Personas) -> None:
    row = files.store(upload(), actor=people.lead, kind="k", at=NOON)

    assert (row.scan, row.get_scan_display()) == (Scan.OFF, "Not scanned: there is no scanner")


@override_settings(CLAMD_ADDRESS=DOWN)
def test_r07_while_the_scanner_is_away_a_file_is_kept_for_its_giver_alone(people: Personas) -> None:
    row = files.store(upload(), actor=people.lead, kind="k", at=NOON)

    own, other = asked_by(people.lead, row), asked_by(people.officer, row)

    assert (row.scan, own.status_code, other.status_code) == (Scan.WAITING, 200, 409)
    assert b"The virus scanner has not seen this file yet." in other.content
    assert upkeep.scan_waiting(at=NOON) == 0
    own.close()


def test_r07_a_scanner_that_hangs_blocks_nobody(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SCAN_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"127.0.0.1:{deaf.getsockname()[1]}"
        with override_settings(CLAMD_ADDRESS=address):
            row = files.store(upload(), actor=people.lead, kind="k", at=NOON)
        assert row.scan == Scan.WAITING


def waiting(people: Personas, content: bytes = PDF) -> Attachment:
    with override_settings(CLAMD_ADDRESS=DOWN):
        return files.store(upload(content=content), actor=people.lead, kind="k", at=NOON)


def test_r07_once_scanned_a_file_is_there_for_all(people: Personas, clamd: str) -> None:
    row = waiting(people)

    assert upkeep.scan_waiting(at=NOON) == 1

    row.refresh_from_db()
    answer = asked_by(people.officer, row)
    assert (row.scan, answer.status_code) == (Scan.CLEAN, 200)
    answer.close()


def test_f06_what_is_found_later_nobody_opens(people: Personas, clamd: str) -> None:
    told = {people.system_admin, people.security_admin}
    row = waiting(people, INFECTED["plain"][1])

    upkeep.scan_waiting(at=NOON)
    upkeep.scan_waiting(at=NOON)

    row.refresh_from_db()
    assert (row.scan, [asked_by(user, row).status_code for user in (people.lead, people.officer)]) == (
        Scan.INFECTED,
        [409, 409],
    )
    assert {n.recipient for n in Notification.objects.filter(kind="members.file_infected")} == told
    assert Notification.objects.filter(kind="members.file_infected").count() == 2


# --- F-08: quota -------------------------------------------------------------------------------
@override_settings(QUOTA_FILES=3)
def test_f08_so_many_files_and_no_more(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    client, address = sign_in(people.lead), reverse("funding:application-files", args=[application.pk])

    each = [pdf(b"/Number %d" % n) for n in range(4)]
    answers = [client.post(address, {"label": "附件", "upload": upload(content=content)}) for content in each]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    with translation.override("zh-hans"):
        said = " ".join(str(error) for errors in answers[3].context["form"].errors.values() for error in errors)
    assert "3" in said
    assert quotas.used(people.lead_org.pk) == (3, sum(map(len, each[:3])))


@override_settings(QUOTA_BYTES=2 * len(PDF))
def test_f08_so_many_bytes_and_no_more(people: Personas, media: Path) -> None:
    owner = people.lead_org.pk
    for _ in range(2):
        files.store(upload(), actor=people.lead, kind="k", at=NOON, owner=owner)

    with pytest.raises(files.FileRefused, match="used up"):
        files.store(upload(), actor=people.lead, kind="k", at=NOON, owner=owner)

    files.store(upload(), actor=people.rival, kind="k", at=NOON, owner=people.rival_org.pk)
    assert len(on_disk(media)) == 3


def test_f08_twenty_thousand_small_files_are_counted_quickly(people: Personas) -> None:
    owner = people.lead_org.pk
    Attachment.objects.bulk_create(
        Attachment(name="a.pdf", kind="k", size=9, mime=files.PDF, sha256="0" * 64, path=str(n), owner=owner)
        for n in range(20_000)
    )
    begin = time.monotonic()

    with pytest.raises(files.FileRefused, match="keeps 5000 files already"):
        files.store(upload(), actor=people.lead, kind="k", at=NOON, owner=owner)

    assert time.monotonic() - begin < 5


# --- F-09: cut off -----------------------------------------------------------------------------
@pytest.mark.parametrize("step", ["_write", "_publish", "_row"])
def test_f09_whatever_breaks_no_row_points_to_nothing(
    people: Personas, media: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def broken(*_args: object, **_facts: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(files, step, broken)

    with pytest.raises(OSError, match="the power went"):
        files.store(upload(), actor=people.lead, kind="k", at=NOON)

    assert Attachment.objects.count() == 0
    left = on_disk(media)
    assert len(left) == (1 if step == "_row" else 0)  # as if killed between the file and its row
    for path in left:
        os.utime(media / path, times=((NOON - timedelta(hours=25)).timestamp(),) * 2)
    assert upkeep.remove_orphans(NOON - timedelta(hours=24)) == len(left)
    assert on_disk(media) == []


def test_f09_a_body_beyond_all_limits_is_refused_unread(sign_in: Any, people: Personas) -> None:
    class Unread(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise AssertionError("the body was read")

    address = reverse("funding:application-files", args=[make_application(people).pk])
    client = sign_in(people.lead)

    answer = client.generic("POST", address, content_type="multipart/form-data; boundary=x", **{
        "CONTENT_LENGTH": str(30 * 1024 * 1024), "wsgi.input": Unread()})  # fmt: skip

    assert answer.status_code == 413
    assert b"20 MB" in answer.content


def test_f09_a_connection_cut_at_99_percent_leaves_nothing(people: Personas, sign_in: Any, media: Path) -> None:
    application = make_application(people)
    address = reverse("funding:application-files", args=[application.pk])
    head = b'--x\r\nContent-Disposition: form-data; name="upload"; filename="a.pdf"\r\n\r\n' + PDF
    client: Client = sign_in(people.lead)

    answer = client.generic("POST", address, head, content_type="multipart/form-data; boundary=x")

    assert answer.status_code in {400, 428}  # unreadable, or without the key at the end of the form
    assert (application.files.count(), on_disk(media)) == (0, [])


# --- F-10: changed on disk ---------------------------------------------------------------------
def kept(people: Personas) -> Attachment:
    return files.store(upload(), actor=people.lead, kind="k", at=NOON)


@pytest.mark.parametrize("harm", ["changed", "gone", "cut"])
def test_f10_harm_on_disk_is_found_by_the_next_reader(people: Personas, harm: str) -> None:
    told = {people.system_admin, people.security_admin}
    row = kept(people)
    if harm == "gone":
        row.file.unlink()
    else:
        row.file.write_bytes(PDF[:-1] + b"x" if harm == "changed" else PDF[:-1])

    first, second = asked_by(people.lead, row), asked_by(AnonymousUser(), Attachment.objects.get(pk=row.pk))

    assert (first.status_code, second.status_code) == (409, 409)
    assert b"is not what was stored" in first.content
    notices = Notification.objects.filter(kind="members.file_damaged")
    assert ({notice.recipient for notice in notices}, notices.count()) == (told, 2)


def test_f10_the_daily_check_finds_it_and_forgives_a_restored_file(people: Personas) -> None:
    people.system_admin  # noqa: B018
    harmed, _whole = kept(people), kept(people)
    harmed.file.write_bytes(b"x")

    assert upkeep.verify_all(at=NOON) == (2, 1)
    assert upkeep.verify_all(at=NOON + DAY) == (2, 1)
    assert Notification.objects.filter(kind="members.file_damaged").count() == 1
    harmed.file.write_bytes(PDF)
    assert upkeep.verify_all(at=NOON + 2 * DAY) == (2, 0)
    answer = asked_by(people.lead, Attachment.objects.get(pk=harmed.pk))
    assert b"".join(answer) == PDF
    answer.close()
