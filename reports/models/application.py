"""An application as a document, made from its snapshot or from a draft as it stands."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.models import Application
from reports.models.document import OrderedDocument, once, pages_with_file


class ApplicationDocumentQuerySet(models.QuerySet["ApplicationDocument"]):
    """Documents, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of applications that the user may see; drafts belong to the members alone."""
        if not user.is_authenticated:
            return self.none()
        submitted = Q(is_draft=False, application__in=Application.everything.visible_to(user))
        return self.filter(submitted | Q(application__in=Application.everything.own(user)))


class ApplicationDocument(OrderedDocument):
    """A PDF of a submission, or of a draft as it stood."""

    of = "application"

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    is_draft = models.BooleanField(_("draft"))

    objects = ApplicationDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            once("application", "is_draft", name="same_application_same_document"),
            pages_with_file("application_document_has_pages"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("reports:application-document", args=[self.pk])
