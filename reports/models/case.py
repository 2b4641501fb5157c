"""Typical cases: what others can learn from an excellent year."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.enums import BUREAU
from portal.kernel.models import Record
from reports.enums import CaseStatus
from reports.models.evaluation import Evaluation

SHOWN = Q(status=CaseStatus.PUBLISHED)
ENDED = Q(status=CaseStatus.WITHDRAWN)


class TypicalCaseQuerySet(models.QuerySet["TypicalCase"]):
    """Cases, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees those being written, too; of one that was withdrawn the public learns just that."""
        if user.is_authenticated and user.holds_any(BUREAU):
            return self
        return self.filter(SHOWN | ENDED)

    def shown(self) -> Self:
        """Those that everybody reads."""
        return self.filter(SHOWN)


class TypicalCase(Record):
    """A case of one evaluation, in Chinese and, where somebody has translated it, in English."""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="cases", verbose_name=_("excellent evaluation")
    )
    title_zh = models.CharField(_("title"), max_length=120)
    text_zh = models.TextField(_("what the consortium did"), max_length=8000)
    practice_zh = models.TextField(_("what others can learn"), max_length=2000)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    text_en = models.TextField(_("what the consortium did, in English"), max_length=12000, blank=True)
    practice_en = models.TextField(_("what others can learn, in English"), max_length=3000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=CaseStatus, default=CaseStatus.DRAFT, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    reason = models.TextField(_("reason"), max_length=1000, blank=True, editable=False)

    objects = TypicalCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~(SHOWN | ENDED) | Q(decided_by__isnull=False, published_at__isnull=False),
                name="case_published_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("written_by")), name="case_published_by_another"
            ),
            models.CheckConstraint(
                condition=~(ENDED | Q(status=CaseStatus.RETURNED)) | ~Q(reason=""), name="case_taken_back_says_why"
            ),
            models.CheckConstraint(
                condition=Q(title_en="", text_en="", practice_en="")
                | ~(Q(title_en="") | Q(text_en="") | Q(practice_en="")),
                name="case_in_english_is_whole",
                violation_error_message=_("Translate title, text and practice, or none of them."),
                violation_error_code="title_en",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:published-case", args=[self.pk])

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody is to read it any more."""
        return self.status == CaseStatus.WITHDRAWN

    @property
    def language(self) -> str:
        """Which version the reader gets: English where there is one."""
        return "en" if self.title_en and not (get_language() or "zh").startswith("zh") else "zh"

    @property
    def title(self) -> str:
        """In the reader's language, like the next two."""
        return str(getattr(self, f"title_{self.language}"))

    @property
    def text(self) -> str:
        """What was done."""
        return str(getattr(self, f"text_{self.language}"))

    @property
    def practice(self) -> str:
        """What others can learn."""
        return str(getattr(self, f"practice_{self.language}"))
