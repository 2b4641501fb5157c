"""What is done for stored files behind the scenes: scanning, verifying, sweeping."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from portal.kernel import antivirus, files
from portal.kernel.models.attachment import Attachment, Scan

SHARD = re.compile(rf"[0-9a-f]{{2}}|{re.escape(files.TEMPORARY)}")
SCAN_SECONDS = 60.0
BATCH = 200
BLOCK = 256 * 1024


def scan_waiting(*, at: datetime) -> int:
    """Have the scanner see what it has not seen; stops when it is away. The number of files it has spoken about."""
    seen = 0
    if not antivirus.is_on():
        return seen
    for attachment in Attachment.objects.filter(scan=Scan.WAITING).order_by("created_at")[:BATCH]:
        try:
            found = antivirus.scan(blocks(attachment.file), timeout=SCAN_SECONDS)
        except antivirus.ScannerAway:
            break
        except FileNotFoundError:
            files.report_damage(attachment, at=at)
            continue
        settle(attachment, found, at=at)
        seen += 1
    return seen


def settle(attachment: Attachment, found: str, *, at: datetime) -> None:
    """Write down the word of the scanner once; malicious code raises the alarm."""
    word = Scan.INFECTED if found else Scan.CLEAN
    told = Attachment.objects.filter(pk=attachment.pk, scan=Scan.WAITING).update(scan=word)
    if told and found:
        files.alarm("infected", name=attachment.name, at=at, detail=found)


def blocks(path: Path) -> Iterator[bytes]:
    """The content of a file, block by block."""
    with path.open("rb") as content:
        while block := content.read(BLOCK):
            yield block


def verify_all(*, at: datetime) -> tuple[int, int]:
    """Compare every file with its hash: how many there are and how many are damaged; one put right is free again."""
    count = damaged = 0
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=BATCH):
        count += 1
        if not files.is_intact(attachment):
            damaged += 1
            files.report_damage(attachment, at=at)
        elif attachment.damaged_at:
            Attachment.objects.filter(pk=attachment.pk).update(damaged_at=None)
    return count, damaged


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
