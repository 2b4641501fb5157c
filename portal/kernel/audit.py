"""The audit trail: appended in the transaction of the action, counted without a gap, chained by hashes.

If the entry cannot be written the action fails, because both stand in one transaction. Only one transaction at a
time can append: whoever locks rows does so before the first entry, or two such transactions wait for each other.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from portal.kernel import origin
from portal.kernel.models.audit import AuditEntry, Result

GENESIS = "0" * 64
CHAIN_LOCK = 7_320_500
# Sent at once, because everybody else waits; the second statement sees what was committed before the lock was given.
CHAIN_END = "SELECT pg_advisory_xact_lock(%s); SELECT id, hash FROM kernel_auditentry ORDER BY id DESC LIMIT 1"
CHUNK = 500
FIELDS = (
    "id", "previous", "at", "actor_id", "actor_name", "roles", "action", "result", "subject_type", "subject_id",
    "subject_label", "note", "facts", "address", "request_id", "method", "path",
)  # fmt: skip
_encoder = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> str:
    """JSON with one spelling: keys sorted, no blanks, Chinese as it is."""
    return _encoder.encode(value)


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
    subject: models.Model | None,
    at: datetime,
    note: str = "",
    facts: dict[str, Any] | None = None,
    result: Result = Result.DONE,
) -> AuditEntry:
    """Append one entry; must run inside the transaction of the action it records.

    Without a subject it is about the request or the job itself. Where it comes from is told by `origin`.
    """
    here = origin.current()
    entry = _entry(actor, action, subject, at, note, facts or {}, result, here)
    entry.id, entry.previous = _next_place()
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    here.entries.append(entry.hash)
    return entry


def record_all(
    *, actor: Any, action: str, told: Iterable[tuple[models.Model, dict[str, Any]]], at: datetime, note: str = ""
) -> int:
    """Append an entry for each subject with its facts, as `record` does, in few statements; how many they were.

    `told` may be a generator; it is read after the chain is locked, so it must take no row lock.
    """
    here, (place, previous) = origin.current(), _next_place()
    first, rest = place, iter(told)
    while chunk := list(islice(rest, CHUNK)):
        entries = []
        for subject, facts in chunk:
            entry = _entry(actor, action, subject, at, note, facts, Result.DONE, here)
            entry.id, entry.previous = place, previous
            entry.hash = previous = digest(entry)
            entries.append(entry)
            place += 1
        AuditEntry.objects.bulk_create(entries)
        here.entries.append(previous)  # one is enough to show that the request has left its trace
    return place - first


def _entry(
    actor: Any,
    action: str,
    subject: models.Model | None,
    at: datetime,
    note: str,
    facts: dict[str, Any],
    result: Result,
    here: origin.Origin,
) -> AuditEntry:
    """An entry that has no place in the chain yet."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry is written in the transaction of its action")
    return AuditEntry(
        at=at,
        actor=actor,
        actor_name=origin.printable(str(actor), 100) if actor else "",
        roles=",".join(sorted(getattr(actor, "roles", ())))[:200],
        action=action,
        result=result,
        note=note,
        facts=_steady(facts),
        address=here.address,
        request_id=here.request_id,
        method=here.method,
        path=here.path,
        **_about(subject, here),
    )


def _next_place() -> tuple[int, str]:
    """The number of the next entry and the hash before it; nobody else gets them until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(CHAIN_END, [CHAIN_LOCK])
        cursor.nextset()
        last = cursor.fetchone()
        if last is None:
            cursor.execute("SELECT last_id, hash FROM kernel_auditcheckpoint ORDER BY last_id DESC LIMIT 1")
            last = cursor.fetchone() or (0, GENESIS)
    return last[0] + 1, last[1]


def _about(subject: models.Model | None, here: origin.Origin) -> dict[str, str]:
    if subject is None:
        label = here.path or here.request_id
        return {"subject_type": "kernel.request", "subject_id": here.request_id, "subject_label": label[:250]}
    return {
        "subject_type": subject._meta.label_lower,  # noqa: SLF001
        "subject_id": str(subject.pk),
        "subject_label": origin.printable(str(subject), 250),
    }


def _steady(facts: dict[str, Any]) -> Any:
    """`facts` as PostgreSQL gives them back: a number that it would spell otherwise becomes text."""
    return json.loads(canonical(facts), parse_float=lambda text: text if "e" in text else float(text) + 0.0)


def digest(entry: AuditEntry) -> str:
    """The hash that `entry` must carry."""
    return digest_of([getattr(entry, field) for field in FIELDS])


def digest_of(values: list[Any]) -> str:
    """The hash of an entry given by the values of FIELDS."""
    at, actor = values[2].astimezone(UTC).isoformat(timespec="microseconds"), values[3]
    return sha256([*values[:2], at, str(actor or ""), *values[4:]])


def trail(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """The entries of one object, newest first."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower,  # noqa: SLF001
        subject_id=str(subject.pk),
    ).order_by("-at", "-id")
