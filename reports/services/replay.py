"""The bundle of a decision: every exhibit, the documents, and the scripts that check them, in one file."""

import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from funding.models import Application
from funding.rules import drawing, verifying
from members.enums import Role
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.models import Attachment
from portal.kernel.models.notification import ExportFormat, ExportLog
from reports.models import DrawDocument, MinutesDocument, NoticeDocument, SessionDocument
from reports.selectors.replay import exhibits, notices_of

SLUG = "replay"


def bundle_texts(*, application: Application, reader: Any, named: bool) -> dict[str, bytes]:
    """Name → content of what is written for the bundle; the same state of the case gives the same bytes."""
    found = {f"exhibits/{number:02d}-{one.code}.json": one.file
             for number, one in enumerate(exhibits(application, reader=reader, named=named), 1)}  # fmt: skip
    for draw in application.draws.exclude(record=None):
        found[f"draws/{draw.number}.json"] = draw.content
    found["verify.py"] = verifying.SOURCE.read_bytes()
    found["replay.py"] = Path(drawing.__file__).read_bytes()
    return found


def bundle_papers(*, application: Application, reader: Any) -> Iterator[tuple[str, Attachment]]:
    """(name, file) of the documents about the case that the reader may open: draws, sessions, lists, notices.

    The audit administrator, who opens none of the pages that they lie on, is given all that the record rests on.
    """
    rows: list[Any] = [
        *_papers(_open_to(reader, DrawDocument).filter(draw__application=application)),
        *_papers(_open_to(reader, SessionDocument).filter(session__slots__application=application)),
        *_papers(_open_to(reader, MinutesDocument).filter(scenario__places__application=application)),
        *_papers(NoticeDocument.objects.filter(notice__in=notices_of(application))),
    ]
    for row in rows:
        number = getattr(row.subject, "number", "") or row.snapshot_hash[8:16]
        yield f"documents/{row.of}-{number}-{row.language}-{row.snapshot_hash[:8]}.pdf", row.file


def _opened(file: Attachment) -> IO[bytes]:
    return file.file.open("rb")


def _open_to(reader: Any, model: Any) -> Any:
    return model.objects.all() if reader.holds(Role.AUDIT_ADMIN) else model.objects.visible_to(reader)


def _papers(rows: Any) -> Any:
    named = rows.filter(file__isnull=False).select_related("file", rows.model.of).defer("snapshot")
    return named.order_by("created_at", "pk").distinct()


def write_bundle(*, application: Application, reader: Any, named: bool, target: IO[bytes]) -> None:
    """Pack it into a file; the documents pass through piece by piece."""
    texts = bundle_texts(application=application, reader=reader, named=named)
    hashes = {name: verifying.sha256(content) for name, content in texts.items()}
    papers = {}
    for name, file in bundle_papers(application=application, reader=reader):
        content = files.verified(file)
        if content:
            with content:
                hashes[name] = files.sha256_of(content)
            papers[name] = partial(_opened, file)
    texts |= verifying.seals(hashes)
    verifying.write(target, {**{name: partial(io.BytesIO, content) for name, content in texts.items()}, **papers})


@transaction.atomic
def export_replay(*, application: Application, actor: Any, named: bool, at: datetime) -> IO[bytes]:
    """The bundle as an open file at its beginning, once it is on record who took it; the caller closes it."""
    require(actor, "reports.replay_decision", application)
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        write_bundle(application=application, reader=actor, named=named, target=target)
        size, digest = target.tell(), files.sha256_of(target)
    except BaseException:
        target.close()
        raise
    log = ExportLog.objects.create(
        user=actor, slug=SLUG, format=ExportFormat.JSON, params={"application": str(application.pk)}, row_count=1,
        size=size, purpose="", sha256=digest, created_at=at,
    )  # fmt: skip
    facts = {"slug": SLUG, "application": application.number, "sha256": log.sha256}
    audit.record(actor=actor, action="export", subject=log, at=at, facts=facts)
    return target
