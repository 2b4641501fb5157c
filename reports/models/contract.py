"""A project contract as a document."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse

from funding.models import Contract
from reports.models.document import OrderedDocument, once, pages_with_file


class ContractDocumentQuerySet(models.QuerySet["ContractDocument"]):
    """Documents, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the contracts that the person may see."""
        return self.filter(contract__in=Contract.objects.visible_to(user))


class ContractDocument(OrderedDocument):
    """A PDF of one version of the terms, with the signatures given until it was ordered."""

    of = "contract"

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="documents")

    objects = ContractDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            once("contract", name="same_contract_same_document"),
            pages_with_file("contract_document_has_pages"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("reports:contract-document-download", args=[self.pk])
