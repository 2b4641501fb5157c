"""How much room an organisation may take for its files."""

from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.attachment import Attachment
from portal.kernel.refusals import FileRefused

MB = 1024 * 1024


def used(owner: UUID) -> tuple[int, int]:
    """Files and bytes of an organisation."""
    found = Attachment.objects.filter(owner=owner).aggregate(files=Count("pk"), size=Sum("size"))
    return found["files"], found["size"] or 0


def make_room(attachment: Attachment) -> None:
    """Refuse what would go beyond the quota of the owner, whose other uploads wait until this transaction ends.

    Raises FileRefused.
    """
    if attachment.owner is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"quota:{attachment.owner}"])
    files, size = used(attachment.owner)
    if files >= settings.QUOTA_FILES:
        raise FileRefused(
            _("Your organisation keeps %(limit)s files already, which is all it may; please ask the bureau."),
            params={"limit": settings.QUOTA_FILES},
        )
    if size + attachment.size > settings.QUOTA_BYTES:
        raise FileRefused(
            _("Your organisation has used up its %(limit)s MB for files; please ask the bureau."),
            params={"limit": f"{settings.QUOTA_BYTES / MB:g}"},
        )
