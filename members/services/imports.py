"""Imports: a file is taken in, every row of it judged and shown, and then all of it applied or nothing.

Of what an import does, the trail keeps one entry of the batch (file, counts, hash of the rows) and one of each
organisation or year that it makes or changes, so that the history of an organisation is whole wherever it is read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import Action, ImportKind, Role, Verdict
from members.models import ImportBatch, ImportRow, User
from members.rules.intake import Row, chunks, said
from members.selectors import holders
from members.services.intake import Intake, Organisations, Years
from members.workflow import IMPORT
from portal.kernel import audit, files, jobs
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.tables import Unreadable
from portal.kernel.workflow import TransitionRefused

FILES = "members.import"
JOB_KIND = "members.check_import"
MB = 1024 * 1024
AT_ONCE = 64 * 1024  # bytes; a larger file is read by a worker
NAMED = 10  # rows named in a refusal
KINDS: dict[str, type[Intake]] = {ImportKind.ORGANISATIONS: Organisations, ImportKind.YEARS: Years}
MEANWHILE = _("Meanwhile somebody else has registered one of these organisations. Check the file again.")
CHANGED = _("Row %(row)s (%(label)s) is not what it was when the file was checked. Check the file again.")
REPEATED = _("Row %(row)s is about the same already.")
MORE_CHANGED = _("And %(n)s further rows.")

files.LIMITS[FILES] = files.Limit(10 * MB, (".xlsx", ".csv"))
register("members.import_applied", _("An import has brought %(n)s entries of your district; please verify them."))


@transaction.atomic
def upload_import(*, kind: str, source: str, upload: Any, actor: User, at: datetime) -> ImportBatch:
    """Keep a file; a large one is left to a worker to read, a small one (without `job`) to the caller."""
    require(actor, "members.upload_import")
    file = files.store(upload, actor=actor, kind=FILES, at=at)
    batch = ImportBatch.objects.create(kind=kind, source=source, file=file, uploaded_by=actor, uploaded_at=at)
    if file.size > AT_ONCE:
        queue_check(batch=batch, actor=actor, at=at)
    facts = {"file": file.sha256, "kind": kind, "source": source}
    audit.record(actor=actor, action=Action.UPLOAD_IMPORT, subject=batch, at=at, facts=facts)
    return batch


@transaction.atomic
def queue_check(*, batch: ImportBatch, actor: User, at: datetime) -> ImportBatch:
    """Have a worker check the file, once more if need be."""
    require(actor, "members.check_import", batch)
    if reasons := IMPORT.obstacles(batch, Action.CHECK_IMPORT, at):
        raise TransitionRefused(*reasons)
    params = {"batch": str(batch.pk)}
    key = f"import:{batch.pk}:{at.isoformat()}"
    batch.job = jobs.enqueue(kind=JOB_KIND, key=key, params=params, requested_by=actor, at=at)
    batch.save(update_fields=["job"])
    return batch


def check_import(*, batch: ImportBatch, rows: Iterable[Row], actor: User, at: datetime) -> ImportBatch:
    """Judge every row against what stands now; what an earlier check found is forgotten. `rows` is read once."""
    with IMPORT.moving(batch, Action.CHECK_IMPORT, actor=actor, at=at) as locked:
        locked.rows.all().delete()
        locked.trouble, locked.trouble_said = "", {}
        try:
            with transaction.atomic():
                found = _judge(KINDS[locked.kind](batch=locked, actor=actor, at=at), rows)
        except Unreadable as reason:
            found, locked.trouble = Counter(), " ".join(reason.messages)[:300]
            locked.trouble_said = said(reason)
        _count(locked, found)
    return locked


def _judge(intake: Intake, rows: Iterable[Row]) -> Counter[tuple[str, str]]:
    """Store what each row would do; how many there are of a group and a verdict."""
    places: dict[str, int] = {}
    found: Counter[tuple[str, str]] = Counter()
    for chunk in chunks(rows):
        _mark_repeated(chunk, places)
        judged = ImportRow.objects.bulk_create(intake.judge(chunk))
        found.update((row.values.get(intake.group, ""), row.verdict) for row in judged)
    return found


def _mark_repeated(rows: list[Row], places: dict[str, int]) -> None:
    """Of two rows about the same the second is wrong, for nobody knows which one is meant."""
    for row in rows:
        first = places.setdefault(row.key, row.number) if row.key else row.number
        if first != row.number:
            column = "uscc" if "uscc" in row.values else "registration_number"
            row.errors.append((column, ValidationError(REPEATED, params={"row": first})))


def _count(batch: ImportBatch, found: Counter[tuple[str, str]]) -> None:
    totals: Counter[str] = Counter()
    batch.digest = {}
    for (group, verdict), n in sorted(found.items()):
        batch.digest.setdefault(group, {})[verdict] = n
        totals[verdict] += n
    batch.new, batch.changed = totals[Verdict.NEW], totals[Verdict.CHANGED]
    batch.unchanged, batch.wrong = totals[Verdict.UNCHANGED], totals[Verdict.WRONG]


def apply_import(*, batch: ImportBatch, actor: User, at: datetime) -> ImportBatch:
    """Take over every row in one transaction, or none.

    Raises TransitionRefused: the second time, while a row is wrong, when nothing would change, and, naming the rows,
    when what they would change is not what the check saw.
    """
    facts: dict[str, Any] = {}
    try:
        with IMPORT.moving(batch, Action.APPLY_IMPORT, actor=actor, at=at, facts=facts) as locked:
            intake = KINDS[locked.kind](batch=locked, actor=actor, at=at)
            intake.lock()
            _require_as_seen(intake.stale())
            intake.write()
            intake.tell()
            facts |= {"file": locked.file.sha256, "applied": intake.digest()}
            locked.rows.all().delete()
            locked.applied_by, locked.applied_at = actor, at
            _announce(intake.districts, at)
    except IntegrityError:
        raise TransitionRefused(MEANWHILE) from None
    return locked


def _require_as_seen(stale: Iterator[ImportRow]) -> None:
    """Raise TransitionRefused naming the first of the rows, and how many more there are."""
    named = [CHANGED % {"row": row.number, "label": row.label} for row in islice(stale, NAMED)]
    more = sum(1 for _row in stale)
    if named:
        raise TransitionRefused(*named, *([MORE_CHANGED % {"n": more}] if more else []))


def _announce(districts: Counter[str], at: datetime) -> None:
    """Each district has to verify its own."""
    for district, n in sorted(districts.items()):
        if district:
            notify(
                recipients=holders(Role.DISTRICT_OFFICER, district=district), kind="members.import_applied", at=at,
                url=reverse("members:organisation-list"), params={"n": n},
            )  # fmt: skip


def discard_import(*, batch: ImportBatch, actor: User, at: datetime) -> ImportBatch:
    """Let it be: the file stays on record, its rows are forgotten."""
    with IMPORT.moving(batch, Action.DISCARD_IMPORT, actor=actor, at=at) as locked:
        locked.rows.all().delete()
        if locked.job:
            jobs.cancel(job=locked.job, at=at)
    return locked
