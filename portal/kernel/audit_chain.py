"""Whether the audit trail is what was written: every entry, their order, their number, and the heads kept outside."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.dispatch import Signal

from portal.kernel.audit import FIELDS, GENESIS, digest_of
from portal.kernel.audit_anchor import Anchor, AnchorDamaged, anchors, append
from portal.kernel.models.audit import AuditCheckpoint, AuditEntry
from portal.kernel.models.counter import Counter

logger = logging.getLogger(__name__)

CHUNK = 5000  # entries held at once
LINES, ENTRY = "audit-anchors", "audit-anchored-entry"  # how far the anchor file reaches, as the database notes it

Reach = tuple[int, int]  # lines of the anchor file, and the highest entry in it

trail_broken = Signal()  # sent with `breaks`, a list of sentences, and `at`


@dataclass
class Verified:
    """What a verification found. `head` is the last entry as it stands, (0, GENESIS) in an empty trail."""

    entries: int = 0
    head: tuple[int, str] = (0, GENESIS)
    reach: Reach = (0, 0)
    breaks: list[str] = field(default_factory=list)


def verify(*, known: list[Anchor] | None = None) -> Verified:
    """Follow the chain from its beginning to its head and compare it with the anchors; memory stays bounded."""
    found = Verified()
    if known is None:
        known, found.breaks = _outside()  # before the rows: an anchor is never younger than its entry
    found.reach = _reach(known)
    start = AuditCheckpoint.objects.order_by("-last_id").first()
    found.head = (start.last_id, start.hash) if start else (0, GENESIS)
    found.breaks += _unanchored(start, known)
    return follow(stored(), found, {anchor.entry: anchor for anchor in known if anchor.entry > found.head[0]})


def _outside() -> tuple[list[Anchor], list[str]]:
    """The anchors, and what is wrong with their file."""
    noted = dict(Counter.objects.filter(series__in=(LINES, ENTRY)).values_list("series", "value"))  # first: never ahead
    try:
        known = anchors()
    except AnchorDamaged as damage:
        return [], [f"the anchor file was changed: {damage}"]
    return known, list(_lost(known, noted.get(LINES, 0), noted.get(ENTRY, 0)))


def _lost(known: list[Anchor], lines: int, entry: int) -> Iterator[str]:
    """The file must reach at least as far as the database notes."""
    if lines and not known:
        yield f"the anchor file is missing: {lines} lines were written, up to entry {entry}"
    elif len(known) < lines:
        yield f"the end of the anchor file is missing: {len(known)} of {lines} lines are left"
    elif _reach(known)[1] < entry:
        yield f"the anchor file was replaced: it ends with entry {_reach(known)[1]}, but entry {entry} was anchored"


def _reach(known: list[Anchor]) -> Reach:
    return len(known), max((anchor.entry for anchor in known), default=0)


def follow(rows: Iterable[tuple[Any, ...]], found: Verified, wanted: dict[int, Anchor]) -> Verified:
    """Go on from `found.head` through the rows (values of FIELDS and the hash) and complete `found`."""
    for row in rows:
        found.breaks += _compare(row, found.head, wanted)
        found.entries += 1
        found.head = (row[0], row[-1])
    if wanted:
        last = max(wanted)
        found.breaks.append(f"the end is missing: entry {last} was anchored on {wanted[last].at}")
    return found


def stored() -> Iterator[tuple[Any, ...]]:
    """The values of FIELDS and the hash of every entry in order, through a server-side cursor."""
    return AuditEntry.objects.order_by("id").values_list(*FIELDS, "hash").iterator(chunk_size=CHUNK)


def _compare(row: tuple[Any, ...], before: tuple[int, str], wanted: dict[int, Anchor]) -> Iterator[str]:
    number, previous, written = row[0], row[1], row[-1]
    if number != before[0] + 1:
        yield f"entries {before[0] + 1} to {number - 1} are missing"
    elif previous != before[1]:
        yield f"entry {number} does not follow from the one before"
    if written != digest_of(list(row[:-1])):
        yield f"entry {number} is not what was written"
    anchor = wanted.pop(number, None)
    if anchor and anchor.hash != written:
        yield f"entry {number} is not the one anchored on {anchor.at}"


def _unanchored(start: AuditCheckpoint | None, known: list[Anchor]) -> Iterator[str]:
    """A beginning that was removed must be one that the anchors know of."""
    removed = [anchor for anchor in known if anchor.kind == "purge"]
    if start and known and not any((a.entry, a.hash) == (start.last_id, start.hash) for a in removed):
        yield f"entries up to {start.last_id} were removed and no anchor says so"
    if removed and (start is None or start.last_id < removed[-1].entry):
        yield f"the checkpoint at entry {removed[-1].entry} is missing"


def anchor(kind: Literal["head", "purge"], *, entry: int, entry_hash: str, at: datetime, reach: Reach) -> Reach:
    """Write a line to the anchor file, which reached as far as `reach`; note in the database how far it does now."""
    written = append(kind, entry=entry, entry_hash=entry_hash, at=at)
    now = (reach[0] + written, max(reach[1], entry))
    for series, value in zip((LINES, ENTRY), now, strict=True):
        Counter.objects.update_or_create(series=series, defaults={"value": value})
    return now


def anchor_head(*, at: datetime, anew: bool = False) -> tuple[int, str] | None:
    """Write the present head to the anchor file; None when the trail is empty.

    Raises AnchorDamaged when the file is not what it was; `anew` goes on from what is left.
    """
    known, wrong = _outside()
    if wrong and not anew:
        raise AnchorDamaged(wrong[0])
    reach = _reach(anchors() if wrong else known)
    start = AuditCheckpoint.objects.order_by("-last_id").first()
    if start and not known:
        reach = anchor("purge", entry=start.last_id, entry_hash=start.hash, at=at, reach=reach)
    head = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    if head:
        anchor("head", entry=head[0], entry_hash=head[1], at=at, reach=reach)
    return head


def watch(*, at: datetime) -> Verified:
    """Verify everything; a sound head is anchored, anything else is an alarm."""
    found = verify()
    if found.breaks:
        logger.critical("the audit trail is broken in %d places: %s", len(found.breaks), "; ".join(found.breaks[:5]))
        trail_broken.send_robust(AuditEntry, breaks=found.breaks, at=at)
    elif found.entries:
        anchor("head", entry=found.head[0], entry_hash=found.head[1], at=at, reach=found.reach)
    return found
