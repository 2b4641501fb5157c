"""What documents that a job makes from frozen facts have in common."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import Attachment, Job, Record
from portal.kernel.models.job import JobState


class MadeDocument(Record):
    """A PDF in one language; the same facts give the same file."""

    of: ClassVar[str]  # the field that says what it is about

    language = models.CharField(_("language"), max_length=8)
    template_version = models.CharField(max_length=10)
    snapshot = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.subject} · {self.language}"

    @property
    def subject(self) -> Any:
        """What it is about."""
        return getattr(self, self.of)

    @property
    def has_given_up(self) -> bool:
        """Whether its job failed for good."""
        return bool(self.job and self.job.state == JobState.FAILED)


class OrderedDocument(MadeDocument):
    """One that a person had made."""

    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def once(of: str, *further: str, name: str) -> models.UniqueConstraint:
    """The same facts are made into one document in each language."""
    return models.UniqueConstraint(fields=[of, "language", "template_version", *further, "snapshot_hash"], name=name)


def pages_with_file(name: str) -> models.CheckConstraint:
    """The number of pages is known as soon as there is a file, and no sooner."""
    return models.CheckConstraint(
        condition=Q(file=None, pages=None) | Q(file__isnull=False, pages__isnull=False), name=name
    )
