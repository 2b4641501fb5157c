"""The heads of the audit trail, kept outside the database: a file that is only ever appended to.

Each line is JSON: what it is (`head`, or `purge` when old entries were archived and removed), when, the number of the
entry and its hash, and the SHA-256 of the line before. Whoever can write the database but not this file can take
nothing from the trail's end unnoticed. Mount it from another machine, or make it append-only (docs/operations.md).
"""

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Literal

from django.conf import settings

FIRST = "0" * 64
TAIL = 4096  # bytes; a line has some 250


@dataclass(frozen=True)
class Anchor:
    """One line: that entry number `entry` had this hash."""

    kind: Literal["head", "purge"]
    at: str
    entry: int
    hash: str
    before: str  # SHA-256 of the line before


class AnchorDamaged(Exception):
    """The file was changed: its text names the line."""


def anchors() -> list[Anchor]:
    """Every line of the file, oldest first; none when it does not exist. Raises AnchorDamaged."""
    path = Path(settings.AUDIT_ANCHOR)
    if not path.exists():
        return []
    with path.open("rb") as file:
        return list(_read(file))


def latest() -> Anchor | None:
    """The last line, without a look at the others; None when there is none. Raises AnchorDamaged."""
    path = Path(settings.AUDIT_ANCHOR)
    if not path.exists():
        return None
    with path.open("rb", buffering=0) as file:
        line = _last_line(file)
    return _parsed(line, "the last line") if line else None


def _read(lines: Iterable[bytes]) -> Iterator[Anchor]:
    before = FIRST
    for number, line in enumerate(lines, 1):
        anchor = _parsed(line, f"line {number}")
        if anchor.before != before:
            raise AnchorDamaged(f"line {number} does not follow from the one before")
        before = _digest(line)
        yield anchor


def _parsed(line: bytes, name: str) -> Anchor:
    try:
        return Anchor(**json.loads(line))
    except (ValueError, TypeError):
        raise AnchorDamaged(f"{name} cannot be read") from None


def _last_line(file: FileIO) -> bytes:
    """Empty in an empty file."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
    return file.readall().rstrip(b"\n").rpartition(b"\n")[2]


def _digest(line: bytes) -> str:
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


def append(kind: Literal["head", "purge"], *, entry: int, entry_hash: str, at: datetime) -> bool:
    """Write one line and wait until it is on the disk; False when the last line says the same already.

    Only the last line is read: whether the file is whole, `anchors` tells. Raises AnchorDamaged.
    """
    path = Path(settings.AUDIT_ANCHOR)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last_line(file)
        known = _parsed(last, "the last line") if last else None
        if known and (known.kind, known.entry, known.hash) == (kind, entry, entry_hash):
            return False
        before = _digest(last) if last else FIRST
        line = {"kind": kind, "at": at.isoformat(), "entry": entry, "hash": entry_hash, "before": before}
        _write_whole(file, json.dumps(line).encode() + b"\n")
    return True


def _write_whole(file: FileIO, line: bytes) -> None:
    """All of the line or nothing: half of one, on a full disk, would look like damage from then on."""
    end = os.fstat(file.fileno()).st_size
    try:
        _write_through(file, line)
    except OSError:
        file.truncate(end)
        raise


def _write_through(file: FileIO, line: bytes) -> None:
    if file.write(line) != len(line):
        raise OSError(errno.ENOSPC, "no room for the anchor")
    os.fsync(file.fileno())
