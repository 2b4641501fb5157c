"""What is shown of attached files without opening them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from funding.models import Application, ApplicationFile, FilePreview
from portal.kernel.files import PDF, withheld

# What can be drawn, and how the inspector calls it.
DRAWN = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpeg"}


@dataclass(frozen=True)
class Shown:
    """A file with the pages of it that can be shown; `kind` in letters, for what cannot be drawn."""

    file: ApplicationFile
    pages: list[int]

    @property
    def kind(self) -> str:
        """PDF, XLSX, …"""
        return self.file.attachment.name.rpartition(".")[2].upper()

    @property
    def is_drawable(self) -> bool:
        """Whether files of its kind have previews at all."""
        return self.file.attachment.mime in DRAWN


def previews(application: Application, reader: Any) -> list[Shown]:
    """Every attached file, with the pages of it that this reader can be shown; two queries."""
    rows = application.files.select_related("attachment").prefetch_related("previews")
    return [
        Shown(row, [] if withheld(row.attachment, reader) else [one.page for one in row.previews.all()]) for row in rows
    ]


def preview_of(application: Application, file: UUID, page: int) -> QuerySet[FilePreview]:
    """One page of one file of the application."""
    rows = FilePreview.objects.filter(file__application=application, file=file, page=page)
    return rows.select_related("picture", "file__attachment")
