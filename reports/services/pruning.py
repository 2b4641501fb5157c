"""What is thrown away after a while: documents of drafts that a newer one has replaced."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.kernel.models import Attachment, Job
from reports.models import ApplicationDocument

BATCH = 500


@transaction.atomic
def prune_draft_documents(*, at: datetime) -> int:
    """Delete documents of drafts some days after they were made, if a newer draft in their language is there; how many.

    The newest stays, and so does whatever was made of a submission. The sweep of files takes the bytes away.
    """
    if not settings.DRAFT_DOCUMENTS_KEPT_DAYS:
        return 0
    newer = ApplicationDocument.objects.filter(
        application=OuterRef("application"), language=OuterRef("language"), is_draft=True, file__isnull=False,
        created_at__gt=OuterRef("created_at"),
    )  # fmt: skip
    before = at - timedelta(days=settings.DRAFT_DOCUMENTS_KEPT_DAYS)
    made = ApplicationDocument.objects.filter(is_draft=True, file__isnull=False, created_at__lt=before)
    rows = list(made.filter(Exists(newer)).order_by("created_at").values_list("pk", "file", "job")[:BATCH])
    ApplicationDocument.objects.filter(pk__in=[pk for pk, _file, _job in rows]).delete()
    Attachment.objects.filter(pk__in=[file for _pk, file, _job in rows]).delete()
    Job.objects.filter(pk__in=[job for _pk, _file, job in rows if job]).delete()
    return len(rows)
