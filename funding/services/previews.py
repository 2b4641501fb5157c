"""Previews of attached files: ordered when a file comes, drawn by a job, kept as pictures, gone with the file."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from funding.models import ApplicationFile, FilePreview
from funding.selectors.previews import DRAWN
from members.models import User
from portal.kernel import files, jobs
from portal.kernel.models import Attachment

JOB_KIND = "funding.draw_preview"
FILE_KIND = "preview"


def order_preview(*, file: ApplicationFile, actor: User | None, at: datetime) -> None:
    """Have the file drawn, if it is of a kind that can be."""
    if file.attachment.mime in DRAWN:
        jobs.enqueue(
            kind=JOB_KIND, key=f"{JOB_KIND}:{file.pk}", params={"file": str(file.pk)}, requested_by=actor, at=at
        )


@transaction.atomic
def store_previews(*, file: ApplicationFile, pictures: Sequence[bytes], at: datetime) -> int:
    """Keep the pictures once; none for a file that was taken off meanwhile."""
    locked = ApplicationFile.objects.select_for_update(of=("self",)).filter(pk=file.pk, drawn_at=None).first()
    if locked is None:
        return 0
    for page, content in enumerate(pictures, 1):
        name = f"{file.attachment.name[:180]} {page}.png"
        kept = files.store_bytes(content, name=name, mime="image/png", kind=FILE_KIND, at=at)
        FilePreview.objects.create(file=locked, page=page, picture=kept, created_at=at)
    locked.drawn_at = at
    locked.save(update_fields=["drawn_at"])
    return len(pictures)


def forget_previews(*, file: ApplicationFile) -> None:
    """Delete the pictures of a file that is being taken off."""
    held = list(file.previews.values_list("picture", flat=True))
    file.previews.all().delete()
    Attachment.objects.filter(pk__in=held).delete()
