"""The minutes of a defence or site visit as a document."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse

from funding.enums import SeatRole
from funding.models import ReviewSession, SessionSlot
from funding.models.recusal import kept_from
from members.enums import Role
from reports.models.document import OrderedDocument, once, pages_with_file

CONDUCTING = (SeatRole.CHAIR, SeatRole.SECRETARY)


class SessionDocumentQuerySet(models.QuerySet["SessionDocument"]):
    """Minutes, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The desk, the supervisor and who has a seat, unless they keep away from one of the cases."""
        if not user.is_authenticated:
            return self.none()
        kept = SessionSlot.everything.filter(kept_from(user, "application"), session=OuterRef("session"))
        free = self.filter(~Exists(kept))
        if user.holds_any({Role.ACCEPTANCE, Role.SUPERVISOR}):
            return free
        return free.filter(session__seats__person=user, session__seats__role__in=CONDUCTING)


class SessionDocument(OrderedDocument):
    """A PDF of the minutes."""

    of = "session"

    session = models.ForeignKey(ReviewSession, models.CASCADE, related_name="documents")

    objects = SessionDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            once("session", name="same_session_same_document"),
            pages_with_file("session_document_has_pages"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("reports:session-document-download", args=[self.pk])
