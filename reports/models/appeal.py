"""What contests a grade: the appeal of the lead, the objection of anybody to the published list."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.enums import ObjectorKind
from members.enums import BUREAU
from portal.kernel.fields import EncryptedField
from portal.kernel.models import Attachment, Record
from reports.enums import AppealKind, AppealStatus, Grade, Remedy
from reports.models.evaluation import Evaluation

K, S = AppealKind, AppealStatus


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Appeals and objections, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, the lead its own appeals; of an objection it learns nothing."""
        if not user.is_authenticated:
            return self.none()
        if user.holds_any(BUREAU):
            return self
        return self.filter(kind=K.APPEAL, evaluation__consortium__lead__in=user.organisation_ids)

    def open(self) -> Self:
        """Those without a decision."""
        return self.filter(status=S.OPEN)


class Appeal(Record):
    """One appeal or objection; `total` and `grade` are what it contests. Who objects is for supervision alone."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="appeals")
    kind = models.CharField(_("kind"), max_length=9, choices=K)
    total = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    indicators = models.JSONField(_("indicators"), default=list)
    grounds = models.TextField(_("grounds"), max_length=3000)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    objector = models.CharField(_("objector"), max_length=12, choices=ObjectorKind, blank=True)
    name = EncryptedField(_("real name or name of the organisation"), mask="person", max_length=120, blank=True)
    contact = EncryptedField(_("telephone or e-mail"), mask="contact", max_length=120, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, db_default="", default="", editable=False)
    answer_due = models.DateField(_("answer due"))
    status = models.CharField(_("status"), max_length=9, choices=S, default=S.OPEN, editable=False)
    remedy = models.CharField(_("what is done again"), max_length=5, choices=Remedy, blank=True)
    finding = models.TextField(_("finding"), max_length=3000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(kind=K.APPEAL, status=S.OPEN),
                name="one_open_appeal_a_grade",
                violation_error_message=_("An appeal is being examined already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=K.APPEAL, filed_by__isnull=False, objector="")
                | (Q(kind=K.OBJECTION, filed_by=None) & ~Q(objector="")),
                name="appeal_says_whose",
            ),
            models.CheckConstraint(
                condition=Q(status=S.OPEN, decided_by=None, decided_at=None)
                | (~Q(status=S.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(finding="")),
                name="appeal_decided_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=(Q(status=S.UPHELD) & ~Q(remedy="")) | (~Q(status=S.UPHELD) & Q(remedy="")),
                name="upheld_appeal_has_a_remedy",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("graded_by")),
                name="grader_decides_no_appeal",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reports:appeal-detail", args=[self.pk])


class AppealFileQuerySet(models.QuerySet["AppealFile"]):
    """Files of appeals, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """As far as the appeal is; whether that of an objection may be opened is a permission."""
        return self.filter(appeal__in=Appeal.objects.visible_to(user))


class AppealFile(Record):
    """Evidence that came with an appeal or an objection."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()

    objects = AppealFileQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["appeal", "ordinal"], name="appeal_evidence_once")]

    def __str__(self) -> str:
        return self.attachment.name
