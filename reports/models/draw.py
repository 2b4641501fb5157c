"""The record of a draw of experts as a document."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from funding.models import Draw
from funding.models.recusal import kept_from
from members.enums import Role
from reports.models.document import MadeDocument


class DrawDocumentQuerySet(models.QuerySet["DrawDocument"]):
    """Records, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The desk that draws and the supervisor, unless they keep away: the experts stand in it by name."""
        if not (user.is_authenticated and user.holds_any({Role.ACCEPTANCE, Role.SUPERVISOR})):
            return self.none()
        return self.exclude(kept_from(user, "draw__application"))


class DrawDocument(MadeDocument):
    """A PDF of the record of a draw."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="documents")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DrawDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "language", "template_version", "snapshot_hash"], name="same_draw_same_document"
            ),
            models.CheckConstraint(
                condition=Q(file=None, pages=None) | Q(file__isnull=False, pages__isnull=False),
                name="draw_document_has_pages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw} · {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("reports:draw-document-download", args=[self.pk])
