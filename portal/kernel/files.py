"""Files: taken in with suspicion, kept under their hash, handed out as downloads.

An upload is measured, sniffed, opened by a process that can do no harm, scanned where there is a scanner, and
only then written. Nothing here asks who may read: the view that owns the parent object does, through `visible_to`.
"""

import hashlib
import logging
import os
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import magic
from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.dispatch import Signal
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel import antivirus, quotas
from portal.kernel.inspection import inspect
from portal.kernel.models.attachment import Attachment, Scan
from portal.kernel.refusals import FileRefused, a_full_disk_refuses

logger = logging.getLogger(__name__)

MB = 1024 * 1024
SNIFF = 8192
NAME_LENGTH = 200
TEMPORARY = ".incoming"

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
TYPES = {
    ".pdf": PDF, ".docx": DOCX, ".xlsx": XLSX, ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
    ".csv": CSV,
}  # fmt: skip
DOCUMENTS = tuple(extension for extension in TYPES if extension != ".csv")  # what is taken unless a kind says more
KINDS = {".jpg": "jpeg"}  # what the inspector calls an extension; by default as it is
SNIFFED_OFFICE = {DOCX, XLSX, "application/zip", "application/octet-stream"}
SNIFFED = {DOCX: SNIFFED_OFFICE, XLSX: SNIFFED_OFFICE, CSV: {CSV, "text/plain", "application/csv"}}
SHOWN = {PDF, "image/png", "image/jpeg"}
SCAN_SECONDS = 5.0  # in a request; what takes longer is scanned afterwards
VERIFIED_WHEN_OPENED = 32 * MB  # larger files, which the portal makes itself, are verified once a day

file_alarm = Signal()  # sent with `kind` (infected, damaged), `name` of the file and `at`


@dataclass(frozen=True)
class Limit:
    """What is taken for one kind of file."""

    size: int  # bytes
    extensions: tuple[str, ...] = DOCUMENTS

    @property
    def megabytes(self) -> str:
        """For sentences: `20`, or `0.5` for a small one."""
        return f"{self.size / MB:g}"


@dataclass(frozen=True)
class Checked:
    """An upload that was found good as `kind`; `content` replaces the bytes of a picture, drawn anew."""

    kind: str
    mime: str
    scan: str
    sha256: str  # of the bytes that were looked at
    content: bytes


LIMITS: dict[str, Limit] = {}


def limit(kind: str) -> Limit:
    """The limit of `kind`: its own, or the general one."""
    return LIMITS.get(kind) or Limit(settings.UPLOAD_MAX_BYTES)


def clean_name(name: str | None) -> str:
    """A file name fit to be shown and sent: no path, no control or direction marks, at most 200 signs."""
    base = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(sign for sign in base if not unicodedata.category(sign).startswith("C"))
    text = " ".join(text.split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}{dot}{extension}"[:NAME_LENGTH]


# --- taking in ---------------------------------------------------------------------------------
def check(upload: File[bytes], kind: str) -> Checked:
    """What is known of an acceptable upload, found out once. Raises FileRefused; leaves the file at its beginning."""
    known = vars(upload).get("checked")
    if known is None or known.kind != kind:
        extension = _acceptable(upload, limit(kind))
        known = vars(upload)["checked"] = _opened(upload, kind, extension)
    return known


def _acceptable(upload: File[bytes], allowed: Limit) -> str:
    """The extension of an upload that is no larger than it may be and begins as its extension promises."""
    size = upload.size or 0
    if size > allowed.size:
        raise FileRefused(
            _("The file is %(size)s MB; at most %(limit)s MB are allowed."),
            params={"size": f"{size / MB:.1f}", "limit": allowed.megabytes},
        )
    if not size:
        raise FileRefused(_("The file is empty."))
    extension = Path(clean_name(upload.name)).suffix.lower()
    if extension not in allowed.extensions:
        raise FileRefused(
            _("Files of this type are not taken. Allowed: %(types)s."), params={"types": listed(allowed.extensions)}
        )
    upload.seek(0)
    expected = SNIFFED.get(TYPES[extension], {TYPES[extension]})
    if magic.from_buffer(upload.read(SNIFF), mime=True) not in expected:
        raise FileRefused(_("The content of the file does not match its extension."))
    return extension


def _opened(upload: File[bytes], kind: str, extension: str) -> Checked:
    """Have the upload opened in its own process, and scanned."""
    name = extension[1:]
    with a_full_disk_refuses():
        finding = inspect(upload.chunks(), KINDS.get(extension, name), limit=2 * limit(kind).size)
    if finding.reason:
        raise FileRefused(finding.sentence)
    scan = _scanned(upload)
    upload.seek(0)
    return Checked(kind, TYPES[extension], scan, finding.sha256, finding.redrawn)


def _scanned(upload: File[bytes]) -> Scan:
    """The word of the scanner; one that is away is asked again later, before anybody else gets the file."""
    if not antivirus.is_on():
        return Scan.OFF
    try:
        found = antivirus.scan(upload.chunks(), timeout=SCAN_SECONDS)
    except antivirus.ScannerAway as reason:
        logger.warning("an upload waits for the virus scanner: %s", reason)
        return Scan.WAITING
    if found:
        alarm("infected", name=clean_name(upload.name), at=timezone.now(), detail=found)
        raise FileRefused(_("The virus scanner found malicious code in the file; it is not taken."))
    return Scan.CLEAN


def alarm(kind: str, *, name: str, at: datetime, detail: str) -> None:
    """Tell the log, and whoever listens, that a file is not what it should be."""
    logger.error("file alarm: %s: %r: %s", kind, name, detail)
    file_alarm.send_robust(Attachment, kind=kind, name=name, at=at)


def listed(extensions: Iterable[str]) -> str:
    """PDF, DOCX, …"""
    return ", ".join(extension[1:].upper() for extension in extensions)


def store(upload: File[bytes], *, actor: Any, kind: str, at: datetime, owner: UUID | None = None) -> Attachment:
    """Keep an upload, at the expense of the quota of the organisation `owner`. Raises FileRefused."""
    good = check(upload, kind)
    chunks = [good.content] if good.content else upload.chunks()
    wanted = None if good.content else good.sha256
    allowed = Limit(max(limit(kind).size, len(good.content)))
    facts = {"mime": good.mime, "scan": good.scan, "owner": owner}
    return _keep(chunks, allowed, wanted, name=clean_name(upload.name), kind=kind, actor=actor, at=at, **facts)


def store_bytes(content: bytes, *, name: str, mime: str, kind: str, at: datetime, actor: Any = None) -> Attachment:
    """Keep a file that the portal made."""
    return _keep([content], None, None, name=clean_name(name), mime=mime, kind=kind, actor=actor, at=at)


def store_path(path: Path, *, name: str, mime: str, kind: str, at: datetime, actor: Any = None) -> Attachment:
    """Keep a copy of a file that the portal made."""
    with path.open("rb") as source:
        return store_open(source, name=name, mime=mime, kind=kind, at=at, actor=actor)


def store_open(source: IO[bytes], *, name: str, mime: str, kind: str, at: datetime, actor: Any = None) -> Attachment:
    """Keep a copy of an open file that the portal made."""
    source.seek(0)
    return _keep(_blocks(source), None, None, name=clean_name(name), mime=mime, kind=kind, actor=actor, at=at)


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(256 * 1024):
        yield block


def _keep(
    chunks: Iterable[bytes], allowed: Limit | None, wanted: str | None, *, actor: Any, at: datetime, **facts: Any
) -> Attachment:
    """Write, sync, hash, rename, and only then the row; `wanted` is the hash of what was looked at."""
    key = uuid4()
    with _incoming() as temporary:
        size, digest = _write(temporary, chunks, allowed)
        if wanted and digest != wanted:
            raise FileRefused(_("The file changed while it was being sent; please try again."))
        path = f"{digest[:2]}/{digest[2:4]}/{digest}-{key.hex}"
        _publish(temporary, Path(settings.MEDIA_ROOT) / path)
    return _row(key, path, size=size, sha256=digest, uploaded_by=actor, created_at=at, **facts)


def _row(key: UUID, path: str, **facts: Any) -> Attachment:
    """The row of a file on disk; the file goes away again if the row cannot be written."""
    attachment = Attachment(id=key, path=path, **facts)
    try:
        with transaction.atomic():
            quotas.make_room(attachment)
            attachment.save(force_insert=True)
    except Exception:
        attachment.file.unlink(missing_ok=True)
        raise
    return attachment


@contextmanager
def _incoming() -> Iterator[Path]:
    """A name beside the stored files for the time of writing."""
    temporary = Path(settings.MEDIA_ROOT) / TEMPORARY / secrets.token_hex(16)
    try:
        with a_full_disk_refuses():
            temporary.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, chunks: Iterable[bytes], allowed: Limit | None) -> tuple[int, str]:
    """Write to disk for good; the size in bytes and the SHA-256."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, settings.FILE_UPLOAD_PERMISSIONS or 0o640)
    with os.fdopen(descriptor, "wb") as target:
        for chunk in chunks:
            size += len(chunk)
            if allowed and size > allowed.size:
                raise FileRefused(_("The file is longer than it said."))
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return size, digest.hexdigest()


def _publish(temporary: Path, final: Path) -> None:
    """Rename into place, and make the rename itself survive a power cut."""
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(final)
    for folder in (final.parent, final.parent.parent, final.parent.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# --- handing out -------------------------------------------------------------------------------
def serve(attachment: Attachment, *, request: HttpRequest, download: bool = True) -> FileResponse | HttpResponse:
    """The content as a download, or shown in the browser where that is harmless (PDF, PNG, JPEG).

    A file that was not scanned yet, was found infected or is damaged is withheld with a sentence (409).
    Only for a view that has made sure its reader may see the object the file belongs to.
    """
    if reason := withheld(attachment, request.user):
        return _refuse(request, attachment, reason)
    content = verified(attachment)
    if content is None:
        return _refuse(request, attachment, DAMAGED)
    shown = not download and attachment.mime in SHOWN
    response = FileResponse(content, as_attachment=not shown, filename=attachment.name, content_type=attachment.mime)
    guard(response)
    return response


WAITING = _("The virus scanner has not seen this file yet. Please come back in a few minutes.")
INFECTED = _("The virus scanner found malicious code in this file. Nobody can open it; please ask for a new one.")
DAMAGED = _("This file is not what was stored. The administrators have been told and will bring it back.")


def withheld(attachment: Attachment, reader: Any) -> Promise | None:
    """Why this reader does not get the file, or None."""
    if attachment.scan == Scan.INFECTED:
        return INFECTED
    if attachment.scan == Scan.WAITING and attachment.uploaded_by_id != reader.pk:
        return WAITING
    return DAMAGED if attachment.damaged_at else None


def _refuse(request: HttpRequest, attachment: Attachment, reason: Promise) -> HttpResponse:
    return render(request, "file_withheld.html", {"attachment": attachment, "reason": reason}, status=409)


def verified(attachment: Attachment) -> IO[bytes] | None:
    """The open file, at its beginning, if it is still what was stored; else None, and the alarm is raised."""
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        content = None
    if content and (attachment.size > VERIFIED_WHEN_OPENED or sha256_of(content) == attachment.sha256):
        return content
    if content:
        content.close()
    report_damage(attachment, at=timezone.now())
    return None


def sha256_of(content: IO[bytes]) -> str:
    """Of an open file from its beginning, to which it is put back."""
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    content.seek(0)
    return digest


def report_damage(attachment: Attachment, *, at: datetime) -> None:
    """Mark the file, and raise the alarm the first time."""
    if Attachment.objects.filter(pk=attachment.pk, damaged_at=None).update(damaged_at=at):
        alarm("damaged", name=attachment.name, at=at, detail=str(attachment.pk))


def guard(response: HttpResponseBase) -> None:
    """Headers under which a foreign file can do nothing in the reader's browser nor stay in a cache."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"


def is_intact(attachment: Attachment) -> bool:
    """Whether the file on disk still has the hash of its row."""
    try:
        with attachment.file.open("rb") as content:
            return sha256_of(content) == attachment.sha256
    except FileNotFoundError:
        return False
