"""What everybody may read of an annual report: the public edition, and its documents."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import Record
from reports.enums import Grade, PublicationStatus
from reports.models.document import OrderedDocument, once, pages_with_file
from reports.models.evaluation import Evaluation
from reports.models.report import Report

PUBLISHABLE = (Grade.EXCELLENT, Grade.GOOD, Grade.QUALIFIED)
STANDING = Q(status=PublicationStatus.PUBLISHED)


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Public editions; everybody may know which there are and which were withdrawn."""

    def visible_to(self, _user: Any) -> Self:
        """All of them; of one that was withdrawn no page shows what stood in it."""
        return self

    def standing(self) -> Self:
        """Those that can be read."""
        return self.filter(STANDING)


class Publication(Record):
    """The public edition of the report of one evaluation; `snapshot` holds all that it says, and nothing else."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="publications")
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=24, unique=True)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)
    snapshot = models.JSONField()
    snapshot_hash = models.CharField(max_length=64)
    status = models.CharField(
        _("status"), max_length=10, choices=PublicationStatus, default=PublicationStatus.PUBLISHED, editable=False
    )
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawal = models.TextField(_("reason of the withdrawal"), max_length=1000, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="publication_newest")]
        constraints = [
            models.UniqueConstraint(fields=["evaluation"], condition=STANDING, name="one_public_edition_stands"),
            models.CheckConstraint(condition=Q(grade__in=PUBLISHABLE), name="unqualified_is_not_published"),
            models.CheckConstraint(
                condition=(STANDING & Q(withdrawn_by=None, withdrawn_at=None, withdrawal=""))
                | (~STANDING & Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawal="")),
                name="withdrawn_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reports:published-report", args=[self.number])

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody is to read it any more."""
        return self.status == PublicationStatus.WITHDRAWN


class PublicationDocument(OrderedDocument):
    """The public edition as a PDF, in one language; its number is the edition's, marked where it is a translation."""

    of = "publication"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="documents")
    number = models.CharField(_("number"), max_length=24, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            once("publication", name="same_edition_same_document"),
            pages_with_file("publication_document_has_pages"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("reports:published-file", args=[self.publication.number, self.language])

    @property
    def is_final(self) -> bool:
        """Nothing is published before it is."""
        return True
