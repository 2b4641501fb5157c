"""Exports handed over while they are made: only what the database can make by itself, as CSV.

A file that is written first is on record before its first byte leaves. Here the trail holds who takes what before the
first byte, and the end of it after the last: whole with its fingerprint in the log of exports, or broken off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from portal.kernel import audit, files
from portal.kernel.actions import Action
from portal.kernel.copying import Copy
from portal.kernel.exporting import FORMULA, MIME, Export, Params, defuse, one_moment, require_purpose
from portal.kernel.models.notification import ExportFormat, ExportLog


def streams(export: Export, file_format: str) -> bool:
    """Whether this file can be handed over while it is made."""
    return export.values is not None and file_format == ExportFormat.CSV


def stream_export(*, export: Export, user: Any, params: Params, purpose: str, at: datetime) -> StreamingHttpResponse:
    """The file as a download. Raises PermissionDenied or ValidationError before anything leaves."""
    require_purpose(export, user, purpose)
    taking = Taking(export, user, audit.plain(params), purpose.strip()[:200], str(translation.get_language()))
    taking.tell(Action.BEGIN_EXPORT, at=at)
    response = StreamingHttpResponse(taking.blocks(), content_type=MIME[ExportFormat.CSV])
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{export.title} {timezone.localdate(at)}.csv"
    )
    files.guard(response)
    return response


@dataclass
class Taking:
    """One file on its way, and the row of the log that it will have."""

    export: Export
    user: Any
    params: dict[str, Any]
    purpose: str
    language: str

    def __post_init__(self) -> None:
        self.log = ExportLog(
            user=self.user, slug=self.export.slug, format=ExportFormat.CSV, params=self.params, purpose=self.purpose
        )

    def tell(self, action: Action, *, at: datetime, **facts: Any) -> None:
        """Into the trail, about the row of the log, which there is once the file is whole."""
        told = {"slug": self.log.slug, "format": ExportFormat.CSV.value, "params": self.params, **facts}
        with transaction.atomic():
            audit.record(actor=self.user, action=action, subject=self.log, at=at, note=self.purpose, facts=told)

    def blocks(self) -> Iterator[bytes]:
        """The file, in the language of its taker; then how it ended."""
        digest, size = hashlib.sha256(), 0
        with translation.override(self.language):
            copy = self._copy()
            try:
                with one_moment():
                    for block in copy.blocks():
                        digest.update(block)
                        size += len(block)
                        yield block
            except BaseException:
                self.tell(Action.ABORT_EXPORT, at=timezone.now(), rows=copy.rows)
                raise
        with transaction.atomic():
            self.log.row_count, self.log.size, self.log.sha256 = copy.rows, size, digest.hexdigest()
            self.log.created_at = timezone.now()
            self.log.save(force_insert=True)
            self.tell(Action.EXPORT, at=self.log.created_at, rows=copy.rows, sha256=self.log.sha256)

    def _copy(self) -> Copy:
        columns = self.export.columns
        kinds = ["moment" if column.timed else column.kind for column in columns]
        return Copy(self.export.values, [defuse(column.heading) for column in columns], kinds, FORMULA)
