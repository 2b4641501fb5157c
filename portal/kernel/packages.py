"""A look into DOCX and XLSX containers without unpacking them."""

from __future__ import annotations

import struct
import zipfile
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

MAX_ENTRIES = 5_000
MAX_DIRECTORY = 1024 * 1024  # bytes; bounds what zipfile reads into memory
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 200  # of one entry; ordinary sheets stay below 50
SMALL = 1024 * 1024  # an entry this small may be packed as tightly as it likes
END = b"PK\x05\x06"
END_FORMAT = struct.Struct("<4s4H2LH")
END_SEARCH = END_FORMAT.size + 65_535

NOT_OFFICE = _("The file is not a readable Word or Excel document.")
MACROS = _("The document contains macros; please save it without them.")
TOO_BIG_INSIDE = _("The document is unreasonably large once unpacked.")


def office_fault(upload: File[bytes] | IO[bytes], folder: str) -> Any:
    """Why this is not a plain office document with its parts under `folder`, as a sentence; None if it is."""
    if not _directory_is_modest(upload):
        return TOO_BIG_INSIDE
    try:
        with zipfile.ZipFile(upload) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError):
        return NOT_OFFICE
    return _shape_fault(entries, folder) or _size_fault(entries)


def _directory_is_modest(upload: File[bytes] | IO[bytes]) -> bool:
    """Read the record at the end of the archive, before anything trusts what it says."""
    upload.seek(0, 2)
    upload.seek(max(0, upload.tell() - END_SEARCH))
    tail = upload.read(END_SEARCH)
    upload.seek(0)
    found = tail.rfind(END)
    if found < 0 or len(tail) - found < END_FORMAT.size:
        return True  # not an archive at all: zipfile will say so
    entries, length = END_FORMAT.unpack_from(tail, found)[4:6]
    return bool(entries <= MAX_ENTRIES and length <= MAX_DIRECTORY)


def _shape_fault(entries: list[zipfile.ZipInfo], folder: str) -> Any:
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        return NOT_OFFICE
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        return NOT_OFFICE
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return MACROS
    return None


def _size_fault(entries: list[zipfile.ZipInfo]) -> Any:
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return TOO_BIG_INSIDE
    swollen = (e for e in entries if e.file_size > SMALL and e.file_size > MAX_RATIO * max(e.compress_size, 1))
    return TOO_BIG_INSIDE if any(swollen) else None
