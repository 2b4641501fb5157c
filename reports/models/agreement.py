"""The agreement of a consortium as a document, made from its frozen content."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from consortia.models import Agreement
from reports.models.document import MadeDocument, once, pages_with_file


class AgreementDocumentQuerySet(models.QuerySet["AgreementDocument"]):
    """Documents, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the versions that the user may see."""
        return self.filter(agreement__in=Agreement.objects.visible_to(user))


class AgreementDocument(MadeDocument):
    """A PDF of one version, in one language, with the signatures of its time."""

    of = "agreement"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="documents")

    objects = AgreementDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-language"]
        constraints = [
            once("agreement", name="same_agreement_same_document"),
            pages_with_file("agreement_document_has_pages"),
        ]

    def get_absolute_url(self) -> str:
        return self.agreement.get_absolute_url()
