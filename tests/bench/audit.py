"""The audit trail: how fast it is verified, whether tampering is found, what it costs a transition."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from consortia.enums import Action, ConsortiumStatus, MilestoneStatus
from consortia.models import Milestone
from consortia.workflow import MILESTONE
from portal.kernel import audit, workflow
from portal.kernel.audit_anchor import append
from portal.kernel.audit_chain import verify
from portal.kernel.models.audit import AuditEntry
from tests.factories.consortia import make_consortium, make_task
from tests.personas import Personas

SAMPLE = 300  # entries of the trail that is tampered with
BATCH = 5_000
RESET = "UPDATE consortia_milestone SET status = 'PLANNED', actual = NULL, reached_on = NULL WHERE id = %s"


def run(tamperings: int = 1_000, moves: int = 400, entries: int = 60_000) -> Iterator[tuple[str, float, str]]:
    """The figures; smaller numbers for a test."""
    people, chance = Personas(), random.Random(20_260_118)
    with tempfile.TemporaryDirectory() as folder:
        settings.AUDIT_ANCHOR = Path(folder) / "audit.jsonl"
        grow(SAMPLE, people.officer)
        found = sum(is_found(chance, tampering) for tampering in kinds(tamperings))
    yield "tamperings", tamperings, "tamperings"
    yield "tamperings_found", found, "tamperings"
    yield "overhead_ratio", overhead(people, moves), "ratio"
    grow(entries, people.officer)
    yield "verify_rows_per_s", rate(), "rows/s"


# --- a trail ---------------------------------------------------------------------------------
def grow(count: int, actor: Any) -> None:
    """So many entries more, made as `record` makes them, but many at once; now and then one is anchored."""
    last = AuditEntry.objects.order_by("-id").first()
    number, previous = (last.id, last.hash) if last else (0, audit.GENESIS)
    for start in range(0, count, BATCH):
        rows = []
        for n in range(start, min(start + BATCH, count)):
            rows.append(entry(number + n + 1, previous, actor))
            previous = rows[-1].hash
        AuditEntry.objects.bulk_create(rows)
        for row in rows[:: SAMPLE // 3] + rows[-1:]:
            append("head", entry=row.id, entry_hash=row.hash, at=row.at)


def entry(number: int, previous: str, actor: Any, note: str = "符合规定，同意拨付。") -> AuditEntry:
    """One entry, about as long as those of the portal."""
    made = AuditEntry(
        id=number, previous=previous, at=timezone.now(), actor=actor, actor_name=str(actor), roles="OFFICER",
        action="verify", subject_type="funding.tranche", subject_id=f"0f8fad5b-d9cb-469f-a165-{number:012d}",
        subject_label=f"样例创新联合体{number}第1期", note=note, address="192.0.2.7", request_id=f"{number:032x}",
        method="POST", path=f"/funding/tranches/0f8fad5b-d9cb-469f-a165-{number:012d}/verify/",
        facts={"from": "REQUESTED", "to": "VERIFIED", "amount": "1500000.00", "sha256": f"{number:064x}"},
    )  # fmt: skip
    made.hash = audit.digest(made)
    return made


# --- tampering -------------------------------------------------------------------------------
Tampering = Callable[[random.Random, list[AuditEntry]], list[AuditEntry]]


def is_found(chance: random.Random, tampering: Tampering) -> bool:
    """Tamper with the table as its owner can, verify, undo."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # past the triggers
        cursor.execute("ALTER TABLE kernel_auditentry DROP CONSTRAINT audit_chain_has_no_fork")
        rows = list(AuditEntry.objects.order_by("id"))
        kept = tampering(chance, rows)
        cursor.execute("DELETE FROM kernel_auditentry")
        AuditEntry.objects.bulk_create(kept)
        found = bool(verify().breaks)
        transaction.set_rollback(True)
    return found


def kinds(count: int) -> Iterator[Tampering]:
    """All kinds in turn."""
    for n in range(count):
        yield TAMPERINGS[n % len(TAMPERINGS)]


def edit(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """One field of one entry."""
    row, field = chance.choice(rows), chance.choice(["note", "actor_name", "roles", "action", "subject_id", "address"])
    setattr(row, field, getattr(row, field)[:-1] + chance.choice("假的增删"))
    return rows


def edit_time(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """The time, by a microsecond."""
    chance.choice(rows).at += timedelta(microseconds=1)
    return rows


def edit_fact(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """An amount of money, with the hash of the entry made to fit."""
    row = chance.choice(rows)
    row.facts["amount"] = "1600000.00"
    row.hash = audit.digest(row)
    return rows


def delete(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """A few entries in the middle."""
    start = chance.randrange(len(rows) - 5)
    return rows[:start] + rows[start + chance.randint(1, 4) :]


def insert(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """An entry that never was; those after it are moved on."""
    at = chance.randrange(len(rows))
    forged = entry(at + 1, rows[at - 1].hash if at else audit.GENESIS, rows[at].actor, note="假")
    for row in rows[at:]:
        row.id += 1
    return [*rows[:at], forged, *rows[at:]]


def swap(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """Two entries change places."""
    first, second = chance.sample(rows, 2)
    first.id, second.id = second.id, first.id
    return rows


def cut(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """The end is missing: what is left is a perfect chain, only the anchor tells."""
    return rows[: -chance.randint(1, len(rows) // 3)]


def rewrite(chance: random.Random, rows: list[AuditEntry]) -> list[AuditEntry]:
    """An edit with every hash from there to the end made to fit: a perfect chain, only the anchor tells."""
    start = chance.randrange(len(rows))
    rows[start].note = "假"
    for n in range(start, len(rows)):
        rows[n].previous = rows[n - 1].hash if n else audit.GENESIS
        rows[n].hash = audit.digest(rows[n])
    return rows


TAMPERINGS: tuple[Tampering, ...] = (edit, edit_time, edit_fact, delete, insert, swap, cut, rewrite)


# --- cost ------------------------------------------------------------------------------------
def overhead(people: Personas, moves: int) -> float:
    """The median time of a transition divided by that of the same one which writes no entry."""
    task = make_task(make_consortium(people, status=ConsortiumStatus.OPERATING), milestones=2)
    milestone = task.milestones.get(status=MilestoneStatus.PLANNED)
    recording, times = workflow.audit.record, {True: [], False: []}  # type: ignore[var-annotated]
    try:
        for n in range(moves):
            workflow.audit.record = recording if n % 2 else lambda **_facts: None  # type: ignore[assignment]
            times[bool(n % 2)].append(seconds(milestone, people.lead))
    finally:
        workflow.audit.record = recording
    return round(statistics.median(times[True]) / statistics.median(times[False]), 2)


def seconds(milestone: Milestone, actor: Any) -> float:
    """Of one transition in a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute(RESET, [milestone.pk])
    begin = time.perf_counter()
    with MILESTONE.moving(milestone, Action.REACH, actor=actor, at=timezone.now()) as locked:
        locked.actual, locked.reached_on = Decimal(2), timezone.localdate()
    return time.perf_counter() - begin


def rate() -> float:
    """Entries verified a second, all of the trail from the database."""
    begin = time.perf_counter()
    found = verify(known=[])
    if found.breaks:
        raise RuntimeError(f"the trail of the benchmark is broken: {found.breaks[0]}")
    return round(found.entries / (time.perf_counter() - begin))
