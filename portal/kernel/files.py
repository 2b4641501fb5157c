"""Files: taken in with suspicion, kept under their hash, handed out as downloads.

Nothing here asks who may read: the view that owns the parent object does, through `visible_to`.
"""

import errno
import hashlib
import logging
import os
import re
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
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.attachment import Attachment
from portal.kernel.packages import office_fault

logger = logging.getLogger(__name__)

MB = 1024 * 1024
SNIFF = 8192
NAME_LENGTH = 200
TEMPORARY = ".incoming"
SHARD = re.compile(rf"[0-9a-f]{{2}}|{re.escape(TEMPORARY)}")
FULL = {errno.ENOSPC, errno.EDQUOT}

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {".pdf": PDF, ".docx": DOCX, ".xlsx": XLSX, ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
OFFICE = {".docx": "word/", ".xlsx": "xl/"}
SNIFFED_OFFICE = {DOCX, XLSX, "application/zip", "application/octet-stream"}
SHOWN = {PDF, "image/png", "image/jpeg"}


class FileRefused(ValidationError):
    """The file is not taken; the message says why in the reader's language."""


@dataclass(frozen=True)
class Limit:
    """What is taken for one kind of file."""

    size: int  # bytes
    extensions: tuple[str, ...] = tuple(TYPES)

    @property
    def megabytes(self) -> str:
        """For sentences: `20`, or `0.5` for a small one."""
        return f"{self.size / MB:g}"


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
def check(upload: File[bytes], kind: str) -> str:
    """The MIME type of an acceptable upload. Raises FileRefused; leaves the file at its beginning."""
    allowed = limit(kind)
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
    if fault := content_fault(upload, extension):
        raise FileRefused(fault)
    return TYPES[extension]


def listed(extensions: Iterable[str]) -> str:
    """PDF, DOCX, …"""
    return ", ".join(extension[1:].upper() for extension in extensions)


def content_fault(upload: File[bytes], extension: str) -> Any:
    """Why the content is not what the extension says, as a sentence; None when it is."""
    upload.seek(0)
    sniffed = magic.from_buffer(upload.read(SNIFF), mime=True)
    upload.seek(0)
    expected = SNIFFED_OFFICE if extension in OFFICE else {TYPES[extension]}
    if sniffed not in expected:
        return _("The content of the file does not match its extension.")
    if extension not in OFFICE:
        return None
    fault = office_fault(upload, OFFICE[extension])
    upload.seek(0)
    return fault


def store(upload: File[bytes], *, actor: Any, kind: str, at: datetime) -> Attachment:
    """Keep an upload. Raises FileRefused."""
    mime = check(upload, kind)
    return _keep(upload.chunks(), limit(kind), name=clean_name(upload.name), mime=mime, kind=kind, actor=actor, at=at)


def store_bytes(content: bytes, *, name: str, mime: str, kind: str, at: datetime, actor: Any = None) -> Attachment:
    """Keep a file that the portal made."""
    return _keep([content], None, name=clean_name(name), mime=mime, kind=kind, actor=actor, at=at)


def store_path(path: Path, *, name: str, mime: str, kind: str, at: datetime, actor: Any = None) -> Attachment:
    """Keep a copy of a file that the portal made."""
    with path.open("rb") as source:
        return _keep(_blocks(source), None, name=clean_name(name), mime=mime, kind=kind, actor=actor, at=at)


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(256 * 1024):
        yield block


def _keep(
    chunks: Iterable[bytes], allowed: Limit | None, *, name: str, mime: str, kind: str, actor: Any, at: datetime
) -> Attachment:
    key = uuid4()
    with _incoming() as temporary:
        size, digest = _write(temporary, chunks, allowed)
        path = f"{digest[:2]}/{digest[2:4]}/{digest}-{key.hex}"
        _publish(temporary, Path(settings.MEDIA_ROOT) / path)
    return _row(key, path, name=name, mime=mime, kind=kind, size=size, sha256=digest, uploaded_by=actor, created_at=at)


def _row(key: UUID, path: str, **facts: Any) -> Attachment:
    """The row of a file on disk; the file goes away again if the row cannot be written."""
    attachment = Attachment(id=key, path=path, **facts)
    try:
        with transaction.atomic():
            attachment.save(force_insert=True)
    except Exception:
        attachment.file.unlink(missing_ok=True)
        raise
    return attachment


@contextmanager
def _incoming() -> Iterator[Path]:
    """A name beside the stored files for the time of writing; a full disk is a refusal, not a fault."""
    temporary = Path(settings.MEDIA_ROOT) / TEMPORARY / secrets.token_hex(16)
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
    except OSError as error:
        if error.errno not in FULL:
            raise
        logger.exception("no room for uploads")
        raise FileRefused(_("The portal has no room for files at the moment; please try again later.")) from error
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
def serve(attachment: Attachment, *, download: bool = True) -> FileResponse:
    """The content as a download, or shown in the browser where that is harmless (PDF, PNG, JPEG).

    Only for a view that has made sure its reader may see the object the file belongs to.
    """
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        logger.exception("the file of attachment %s is gone", attachment.pk)
        raise Http404 from error
    shown = not download and attachment.mime in SHOWN
    response = FileResponse(content, as_attachment=not shown, filename=attachment.name, content_type=attachment.mime)
    guard(response)
    return response


def guard(response: FileResponse) -> None:
    """Headers under which a foreign file can do nothing in the reader's browser nor stay in a cache."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"


def is_intact(attachment: Attachment) -> bool:
    """Whether the file on disk still has the hash of its row."""
    try:
        with attachment.file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == attachment.sha256
    except FileNotFoundError:
        return False


def remove_orphans(before: datetime) -> int:
    """Delete files older than `before` that no row knows: left by uploads cut off or rolled back."""
    root = Path(settings.MEDIA_ROOT)
    removed = 0
    for shard in sorted(folder for folder in root.glob("*") if SHARD.fullmatch(folder.name)):
        old = [file for file in shard.rglob("*") if file.is_file() and file.stat().st_mtime < before.timestamp()]
        known = set(Attachment.objects.filter(path__startswith=f"{shard.name}/").values_list("path", flat=True))
        for file in old:
            if str(file.relative_to(root)) not in known:
                file.unlink(missing_ok=True)
                removed += 1
    return removed
