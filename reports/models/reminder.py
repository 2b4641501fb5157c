"""Who was reminded of which term of an evaluation, so that nobody is reminded twice."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import Record
from reports.enums import Term
from reports.models.evaluation import Evaluation


class EvaluationReminder(Record):
    """One reminder: before a term ends, and once more when it has ended."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="reminders")
    term = models.CharField(_("term"), max_length=6, choices=Term)
    due = models.DateField(_("due"))
    is_late = models.BooleanField(_("after the term"), default=False)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "term", "due", "is_late"], name="reminded_once"),
            models.CheckConstraint(condition=models.Q(term__in=Term.values), name="term_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.term} {self.due}"
