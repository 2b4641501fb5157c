"""The bundle of a decision: every exhibit, the documents, and the scripts that check them, in one file."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from funding.models import Application
from funding.rules import drawing, verifying
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.models.notification import ExportFormat, ExportLog
from reports.models import DrawDocument
from reports.selectors.replay import exhibits

SLUG = "replay"


def bundle_files(*, application: Application, reader: Any, named: bool) -> dict[str, bytes]:
    """Name → content; the same state of the case gives the same bytes."""
    found = {f"exhibits/{number:02d}-{one.code}.json": one.file
             for number, one in enumerate(exhibits(application, named=named), 1)}  # fmt: skip
    for draw in application.draws.exclude(record=None):
        found[f"draws/{draw.number}.json"] = draw.content
    rows = DrawDocument.objects.visible_to(reader).filter(draw__application=application, file__isnull=False)
    for row in rows.select_related("draw", "file").order_by("created_at"):
        content = files.verified(row.file) if row.file else None
        if content:
            with content:
                found[f"documents/{row.draw.number}-{row.language}-{row.snapshot_hash[:8]}.pdf"] = content.read()
    found["verify.py"] = verifying.SOURCE.read_bytes()
    found["replay.py"] = Path(drawing.__file__).read_bytes()
    return verifying.with_manifest(found)


@transaction.atomic
def export_replay(*, application: Application, actor: Any, named: bool, at: datetime) -> bytes:
    """The bundle, once it is on record who took it."""
    require(actor, "reports.replay_decision", application)
    content = verifying.pack(bundle_files(application=application, reader=actor, named=named))
    log = ExportLog.objects.create(
        user=actor, slug=SLUG, format=ExportFormat.JSON, params={"application": str(application.pk)}, row_count=1,
        size=len(content), purpose="", sha256=verifying.sha256(content), created_at=at,
    )  # fmt: skip
    facts = {"slug": SLUG, "application": application.number, "sha256": log.sha256}
    audit.record(actor=actor, action="export", subject=log, at=at, facts=facts)
    return content
