"""The record of a draw of experts as a document."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse

from funding.models import Draw
from funding.models.recusal import kept_from
from members.enums import Role
from reports.models.document import OrderedDocument, once, pages_with_file


class DrawDocumentQuerySet(models.QuerySet["DrawDocument"]):
    """Records, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The desk that draws and the supervisor, unless they keep away: the experts stand in it by name."""
        if not (user.is_authenticated and user.holds_any({Role.ACCEPTANCE, Role.SUPERVISOR})):
            return self.none()
        return self.exclude(kept_from(user, "draw__application"))


class DrawDocument(OrderedDocument):
    """A PDF of the record of a draw."""

    of = "draw"

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="documents")

    objects = DrawDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [once("draw", name="same_draw_same_document"), pages_with_file("draw_document_has_pages")]

    def get_absolute_url(self) -> str:
        return reverse("reports:draw-document-download", args=[self.pk])
