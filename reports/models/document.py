"""What documents that a job makes from frozen facts have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import Attachment, Job, Record
from portal.kernel.models.job import JobState


class MadeDocument(Record):
    """A PDF in one language; the same facts give the same file."""

    language = models.CharField(_("language"), max_length=8)
    template_version = models.CharField(max_length=10)
    snapshot = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)

    class Meta:
        abstract = True

    @property
    def has_given_up(self) -> bool:
        """Whether its job failed for good."""
        return bool(self.job and self.job.state == JobState.FAILED)
