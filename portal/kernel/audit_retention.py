"""How long the audit trail is kept, and how its oldest part leaves the database without breaking the chain.

Nothing is ever removed by itself. What is older than the limits may be archived by the owner of the database: always
from the beginning of the chain up to the first entry that has to stay, so that what remains is still one chain. Its
new beginning is a checkpoint in the database, a line in the anchor file and an entry of the trail itself.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, Q

from portal.kernel.actions import Action, money_rooms
from portal.kernel.audit import CHAIN_LOCK, FIELDS, canonical, record
from portal.kernel.audit_chain import CHUNK, Verified, anchor, follow, verify
from portal.kernel.models.audit import AuditCheckpoint, AuditEntry

KEPT = timedelta(days=180)
MONEY_KEPT = timedelta(days=3 * 366)
TRIGGERS = "ALTER TABLE kernel_auditentry {} TRIGGER audit_append_only"


class NothingToPurge(Exception):
    """No entry is old enough."""


class TrailBroken(Exception):
    """What is not sound is evidence and is not removed."""


@dataclass(frozen=True)
class Purged:
    """How many entries were archived, the number of the last one, and the file with its SHA-256."""

    entries: int
    last_id: int
    archive: Path
    sha256: str


def last_to_go(at: datetime) -> int:
    """The number of the last entry that may leave at this time; 0 when all have to stay."""
    money = Q()
    for room in money_rooms():
        money |= Q(subject_type__startswith=f"{room}.")
    stays = Q(at__gte=at - KEPT) | (Q(at__gte=at - MONEY_KEPT) & money if money else Q(at__gte=at - KEPT))
    first_to_stay: int | None = AuditEntry.objects.filter(stays).aggregate(first=Min("id"))["first"]
    if first_to_stay is not None:
        return first_to_stay - 1 if AuditEntry.objects.filter(id__lt=first_to_stay).exists() else 0
    return AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0


def purge(*, folder: Path, at: datetime) -> Purged:
    """Archive what may leave and remove it. Raises NothingToPurge, TrailBroken; needs the rights of the owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        last = last_to_go(at)
        if not last:
            raise NothingToPurge
        found = verify()
        if found.breaks:
            raise TrailBroken(found.breaks[0])
        going = AuditEntry.objects.filter(id__lte=last).order_by("id")
        head = going.values_list("hash", flat=True).get(id=last)
        archive, count, digest = _archive(folder, going)
        _remove(cursor, last)
        AuditCheckpoint.objects.create(last_id=last, hash=head, at=at, archive=archive.name, sha256=digest)
        facts = {"last_id": last, "hash": head, "entries": count, "archive": archive.name, "sha256": digest}
        record(actor=None, action=Action.PURGE, subject=None, at=at, facts=facts)
        anchor("purge", entry=last, entry_hash=head, at=at, reach=found.reach)
    return Purged(count, last, archive, digest)


def _archive(folder: Path, going: Any) -> tuple[Path, int, str]:
    """Write the entries as JSON lines, compressed, and wait until they are on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    first, last = going.aggregate(first=Min("id"), last=Max("id")).values()
    path, count = folder / f"audit-{first:09d}-{last:09d}.jsonl.gz", 0
    with path.open("xb") as file:
        with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
            for row in going.values_list(*FIELDS, "hash").iterator(chunk_size=CHUNK):
                packed.write(_line(row))
                count += 1
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        return path, count, hashlib.file_digest(file, "sha256").hexdigest()


def _line(row: tuple[Any, ...]) -> bytes:
    values = dict(zip((*FIELDS, "hash"), row, strict=True))
    values["at"] = values["at"].isoformat()  # to the microsecond, as the hash has it
    return canonical(values).encode() + b"\n"


def _remove(cursor: Any, last: int) -> None:
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(TRIGGERS.format("DISABLE"))
    cursor.execute("DELETE FROM kernel_auditentry WHERE id <= %s", [last])
    cursor.execute(TRIGGERS.format("ENABLE"))


def archived(path: Path) -> Iterator[tuple[Any, ...]]:
    """The rows of an archive, as `verify` takes them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            values["at"] = datetime.fromisoformat(values["at"])
            yield tuple(values[name] for name in (*FIELDS, "hash"))


def verify_archive(path: Path) -> Verified:
    """Whether an archive is one unbroken piece of the chain; where the database knows its end, that one's too."""
    first = next(archived(path))
    found = follow(archived(path), Verified(head=(first[0] - 1, first[1])), {})
    known = AuditCheckpoint.objects.filter(last_id=found.head[0]).first()
    if known and known.hash != found.head[1]:
        found.breaks.append(f"entry {known.last_id} is not the one at which the database goes on")
    return found
