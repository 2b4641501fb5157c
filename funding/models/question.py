"""What people ask about a call."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import CallStatus, QuestionStatus
from funding.models.call import Call
from funding.models.live import LiveManager
from members.enums import BUREAU
from members.models import Organisation
from portal.kernel.models.base import Record


class CallQuestionQuerySet(models.QuerySet["CallQuestion"]):
    """Questions, cut to what a person may see."""

    def live(self) -> Self:
        """Without those of rehearsals."""
        return self.filter(call__rehearsal=False)

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, an organisation its own; the published ones stand on the page of the call."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds_any(BUREAU) else self.filter(organisation__in=user.organisation_ids)

    def published(self) -> Self:
        """What everybody may read: the wording of the bureau, never that of the asker."""
        return self.filter(status=QuestionStatus.PUBLISHED).exclude(call__status=CallStatus.DRAFT)


class CallQuestion(Record):
    """A question of an organisation; answered to it alone, or in the bureau's wording to everybody."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="questions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("question"), max_length=2000)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    public_text = models.TextField(_("question as published"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    status = models.CharField(
        _("status"), max_length=10, choices=QuestionStatus, default=QuestionStatus.ASKED, editable=False
    )

    everything = CallQuestionQuerySet.as_manager()
    objects = LiveManager.from_queryset(CallQuestionQuerySet)()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["call", "status"], name="question_of_call")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=QuestionStatus.ASKED, answered_at=None, answered_by=None)
                | (
                    ~Q(status=QuestionStatus.ASKED)
                    & ~Q(answer="")
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
                name="answered_question_has_an_answer",
            ),
            models.CheckConstraint(
                condition=~Q(status=QuestionStatus.PUBLISHED) | ~Q(public_text=""),
                name="published_question_has_a_wording",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("funding:question-detail", args=[self.pk])

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is only practised."""
        return self.call.rehearsal
