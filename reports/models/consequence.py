"""What a final grade proposes; nothing happens before a person has decided."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.models import Tranche
from members.enums import BUREAU
from portal.kernel.models import Record
from reports.enums import ABOUT_A_TRANCHE, ConsequenceKind, ConsequenceStatus
from reports.models.evaluation import Evaluation

S, K = ConsequenceStatus, ConsequenceKind


class ConsequenceQuerySet(models.QuerySet["Consequence"]):
    """Consequences, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, lead and district those that were accepted."""
        if user.is_authenticated and user.holds_any(BUREAU):
            return self
        if not user.is_authenticated:
            return self.none()
        own = Q(evaluation__consortium__lead__in=user.organisation_ids)
        return self.filter(own | Q(evaluation__consortium__district__in=user.district_ids), status=S.ACCEPTED)

    def undecided(self) -> Self:
        """Those that wait for a person."""
        return self.filter(status=S.PROPOSED)


class Consequence(Record):
    """One proposal; `basis` holds the figures that it follows from by the rules of the year."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="consequences")
    ordinal = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=K)
    tranche = models.ForeignKey(Tranche, models.PROTECT, null=True, related_name="consequences")
    percent = models.DecimalField(_("part that is paid (%)"), max_digits=5, decimal_places=2, null=True)
    basis = models.JSONField()
    status = models.CharField(_("status"), max_length=10, choices=S, default=S.PROPOSED, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        ordering = ["evaluation", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "kind", "tranche"], name="consequence_once", nulls_distinct=False,
                violation_error_message=_("This consequence stands already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ABOUT_A_TRANCHE, tranche__isnull=False)
                | ~Q(kind__in=ABOUT_A_TRANCHE) & Q(tranche=None),
                name="consequence_names_its_tranche",
                violation_error_message=_("A consequence about money names its tranche."),
            ),
            models.CheckConstraint(
                condition=Q(kind=K.REDUCE, percent__gt=0, percent__lt=100) | ~Q(kind=K.REDUCE) & Q(percent=None),
                name="reduction_says_to_what",
                violation_error_message=_("A reduction says what is still paid."),
            ),
            models.CheckConstraint(
                condition=Q(status=S.PROPOSED, decided_by=None, decided_at=None)
                | ~Q(status=S.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="consequence_decided_by_whom",
                violation_error_message=_("A decision says who took it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=S.DECLINED) | ~Q(reason=""),
                name="declined_consequence_has_a_reason",
                violation_error_message=_("Say why it is declined."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.evaluation} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("reports:evaluation-detail", args=[self.evaluation_id])
