"""Back from a backup: into an empty database and an empty storage, and nothing is sent a second time."""

from datetime import datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from portal.kernel import audit, audit_anchor, audit_chain, backups, mail
from portal.kernel.actions import Action
from portal.kernel.backups import BackupFault, Manifest
from portal.kernel.models.job import Job, JobState
from portal.kernel.models.notification import Mail, Notification

NOT_AGAIN = gettext_noop("Not sent: the portal was restored from a backup, and it may have been sent before.")


def restore(folder: Path, at: datetime) -> Manifest:
    """Everything of the backup, checked before and after. Raises BackupFault; then the new home is to be emptied."""
    manifest = backups.verify(folder)
    refuse_unless_empty()
    backups.run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", str(folder / backups.DUMP)
    )
    bring_files(folder, manifest)
    check(manifest)
    settle(manifest, at)
    return manifest


def refuse_unless_empty() -> None:
    """Raises BackupFault when there is anything to lose."""
    if connection.introspection.table_names():
        raise BackupFault("the database is not empty")
    storage = Path(settings.MEDIA_ROOT)
    if storage.exists() and any(path.is_file() for path in storage.rglob("*")):
        raise BackupFault("the storage is not empty")


def bring_files(folder: Path, manifest: Manifest) -> None:
    """Copy them and wait for the disk."""
    storage = Path(settings.MEDIA_ROOT)
    storage.mkdir(parents=True, exist_ok=True)
    for entry in manifest["files"]:
        backups.copy(folder / backups.FILES / entry["path"], storage / entry["path"])
    backups.sync(storage)


def check(manifest: Manifest) -> None:
    """Rows, files and the audit trail are those of the backup. Raises BackupFault."""
    with psycopg.connect(backups.address()) as there, there.cursor() as cursor:
        now = backups.found(cursor)
    faults = [
        f"{table}: {now['rows'].get(table)} rows instead of {rows}"
        for table, rows in manifest["rows"].items()
        if now["rows"].get(table) != rows
    ]
    if now["audit"] != manifest["audit"]:
        faults.append("the audit trail does not end where it ended")
    faults += audit_chain.verify(known=known_anchors(manifest)).breaks
    faults += backups.file_faults(Path(settings.MEDIA_ROOT), manifest)
    if faults:
        raise BackupFault(*faults)


def known_anchors(manifest: Manifest) -> list[audit_anchor.Anchor]:
    """Those kept outside that are not younger than the backup."""
    return [anchor for anchor in audit_anchor.anchors() if anchor.entry <= manifest["audit"]["entries"]]


def lay_anchors_aside(manifest: Manifest, at: datetime) -> None:
    """Anchors of entries that are lost would be an alarm for ever: they stay beside the file as evidence."""
    if len(known_anchors(manifest)) < len(audit_anchor.anchors()):
        kept = Path(settings.AUDIT_ANCHOR)
        kept.rename(kept.with_name(f"{kept.name}.before-restore-{at:%Y%m%dT%H%M%SZ}"))


def settle(manifest: Manifest, at: datetime) -> None:
    """Nobody is signed in; what leaves the house is not sent again; what stays inside is done anew."""
    lay_anchors_aside(manifest, at)
    with transaction.atomic():
        Session.objects.all().delete()
        waiting = Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING))
        waiting.filter(kind__startswith=mail.KIND).update(
            state=JobState.CANCELLED, lease_until=None, finished_at=at, error=NOT_AGAIN
        )
        Notification.objects.filter(mail__in=(Mail.DIGEST, Mail.ONCE)).update(mail=Mail.DONE)
        Job.objects.filter(state=JobState.RUNNING).update(
            state=JobState.QUEUED, lease_until=None, run_after=at, max_attempts=F("attempts") + 3, progress=0, step=""
        )
        audit.record(actor=None, action=Action.RESTORE, subject=None, at=at, facts={"as_of": manifest["at"]})
    audit_chain.anchor_head(at=at, anew=True)  # the anchors of this place need not be those of the backup
