"""The heads of the audit trail, kept outside the database: a file that is only ever appended to.

Each line is JSON: what it is (`head`, or `purge` when old entries were archived and removed), when, the number of the
entry and its hash, and the SHA-256 of the line before. Whoever can write the database but not this file can take
nothing from the trail's end unnoticed. Mount it from another machine, or make it append-only (docs/operations.md).
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.conf import settings

FIRST = "0" * 64


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
        return list(_read(file.read().splitlines(keepends=True)))


def _read(lines: list[bytes]) -> Iterator[Anchor]:
    before = FIRST
    for number, line in enumerate(lines, 1):
        try:
            anchor = Anchor(**json.loads(line))
        except (ValueError, TypeError):
            raise AnchorDamaged(f"line {number} cannot be read") from None
        if anchor.before != before:
            raise AnchorDamaged(f"line {number} does not follow from the one before")
        before = _digest(line)
        yield anchor


def _digest(line: bytes) -> str:
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


def append(kind: Literal["head", "purge"], *, entry: int, entry_hash: str, at: datetime) -> bool:
    """Write one line and wait until it is on the disk; False when the last line says the same already."""
    path = Path(settings.AUDIT_ANCHOR)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.read().splitlines(keepends=True)
        known = list(_read(lines))
        if known and (known[-1].kind, known[-1].entry, known[-1].hash) == (kind, entry, entry_hash):
            return False
        before = _digest(lines[-1]) if lines else FIRST
        line = {"kind": kind, "at": at.isoformat(), "entry": entry, "hash": entry_hash, "before": before}
        file.write(json.dumps(line).encode() + b"\n")
        os.fsync(file.fileno())
    return True
