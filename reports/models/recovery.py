"""The notice of a claim, as it is served."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse

from funding.models import Recovery
from reports.models.document import MadeDocument, once, pages_with_file


class RecoveryDocumentQuerySet(models.QuerySet["RecoveryDocument"]):
    """Notices of claims."""

    def visible_to(self, user: Any) -> Self:
        """Whoever sees the claim: the bureau, and who has to pay back."""
        return self.filter(recovery__in=Recovery.objects.visible_to(user))

    def lacking_of(self, recoveries: models.QuerySet[Recovery]) -> models.QuerySet[Recovery]:
        """Those of the claims that have no document yet."""
        return recoveries.exclude(pk__in=self.values("recovery"))


class RecoveryDocument(MadeDocument):
    """A PDF of the notice, made as it is served."""

    of = "recovery"

    recovery = models.ForeignKey(Recovery, models.CASCADE, related_name="documents")

    objects = RecoveryDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [once("recovery", name="same_claim_same_notice"), pages_with_file("recovery_document_has_pages")]

    def get_absolute_url(self) -> str:
        return reverse("reports:recovery-document", args=[self.recovery_id])
