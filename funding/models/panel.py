"""A panel that talks: the lead reviewer's summary, and what was said about each criterion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from funding.models.application import Application
from funding.models.review import Review
from portal.kernel.models.base import Record


class Consolidation(Record):
    """Who sums up and what this lead reviewer makes of all opinions; a draft until `consolidated_at`."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="consolidation")
    review = models.ForeignKey(Review, models.PROTECT, related_name="+")  # that of the lead reviewer
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True, db_default="")
    basis = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))  # where the rules chose: by what
    opinion = models.TextField(_("consolidated opinion"), max_length=3000, blank=True)
    explanation = models.TextField(_("explanation of the spread"), max_length=2000, blank=True)
    consolidated_at = models.DateTimeField(_("consolidated"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(consolidated_at=None) | ~Q(opinion=""), name="consolidated_has_an_opinion"
            ),
            models.CheckConstraint(
                condition=Q(named_by=None) | ~Q(reason=""), name="lead_named_for_a_reason",
                violation_error_message=_("Whoever leads instead of the one proposed was named for a reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.application)


class PanelMessage(Record):
    """What an expert says to the others about a criterion; never altered."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="messages")
    indicator = models.CharField(_("indicator"), max_length=10)
    text = models.TextField(_("contribution"), max_length=1000)
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="panel_message_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
