"""The audit trail: appended in the transaction of the action, chained by hashes.

If the entry cannot be written the action fails, because both stand in one transaction.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from portal.kernel.models.audit import AuditEntry

GENESIS = "0" * 64
CHAIN_LOCK = 7_320_500


def canonical(value: Any) -> str:
    """JSON with one spelling: keys sorted, no blanks, Chinese as it is."""
    return json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """`value` as JSON holds it: dates and amounts become text."""
    return json.loads(canonical(value))


def sha256(value: Any) -> str:
    """The SHA-256 (hex) of the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def record(
    *,
    actor: Any,
    action: str,
    subject: models.Model,
    at: datetime,
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry; must run inside the transaction of the action it records."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry is written in the transaction of its action")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    previous = AuditEntry.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS
    entry = AuditEntry(
        at=at,
        actor=actor,
        actor_name=str(actor) if actor else "",
        action=action,
        subject_type=subject._meta.label_lower,  # noqa: SLF001
        subject_id=str(subject.pk),
        subject_label=str(subject)[:250],
        note=note,
        facts=plain(facts or {}),
        previous=previous,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: AuditEntry) -> str:
    """The hash that `entry` must carry."""
    return sha256(
        [
            entry.previous,
            entry.at.astimezone(UTC).isoformat(),
            str(entry.actor_id or ""),
            entry.actor_name,
            entry.action,
            entry.subject_type,
            entry.subject_id,
            entry.subject_label,
            entry.note,
            entry.facts,
        ]
    )


def broken_links() -> Iterator[int]:
    """The ids of entries that do not follow from the one before them; none in an untouched trail."""
    previous = GENESIS
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=2000):
        if entry.previous != previous or entry.hash != digest(entry):
            yield entry.id
        previous = entry.hash


def trail(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """The entries of one object, newest first."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower,  # noqa: SLF001
        subject_id=str(subject.pk),
    )
