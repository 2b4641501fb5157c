"""What goes out of the house about a public notice: the notice itself, and replies to objectors."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.urls import reverse

from funding.models import Objection, PublicNotice
from members.enums import Role
from reports.models.document import MadeDocument, OrderedDocument, once, pages_with_file


class NoticeDocumentQuerySet(models.QuerySet["NoticeDocument"]):
    """Notices as documents."""

    def lacking_of(self, notices: models.QuerySet[PublicNotice]) -> models.QuerySet[PublicNotice]:
        """Those of the notices that have no document yet."""
        return notices.exclude(pk__in=self.values("notice"))


class NoticeDocument(MadeDocument):
    """A PDF of a public notice, for everybody from its first day on."""

    of = "notice"

    notice = models.ForeignKey(PublicNotice, models.CASCADE, related_name="documents")

    objects = NoticeDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-language"]
        constraints = [once("notice", name="same_notice_same_document"), pages_with_file("notice_document_has_pages")]

    def get_absolute_url(self) -> str:
        return reverse("reports:notice-document", args=[self.notice_id, self.language])


class ReplyDocumentQuerySet(models.QuerySet["ReplyDocument"]):
    """Letters, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Supervision alone: the objector stands in them by name."""
        if user.is_authenticated and user.holds(Role.SUPERVISOR):
            return self.filter(objection__in=Objection.everything.visible_to(user))
        return self.none()


class ReplyDocument(OrderedDocument):
    """The reply to an objector as a letter; the name stands in the file alone, not in what it was frozen from."""

    of = "objection"

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="documents")

    objects = ReplyDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [once("objection", name="same_reply_same_letter"), pages_with_file("reply_document_has_pages")]

    def get_absolute_url(self) -> str:
        return reverse("reports:reply-document-download", args=[self.pk])
