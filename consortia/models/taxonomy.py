"""Sub-fields, and the versions of the taxonomy that they stand in."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consortia.enums import TaxonomyStatus
from members.enums import OFFICIALS
from portal.kernel.models.attachment import Attachment
from portal.kernel.models.base import Record

DOCUMENTS = ("roadmap", "timetable", "task_book")


class SubFieldQuerySet(models.QuerySet["SubField"]):
    """Sub-fields by what may be chosen."""

    def visible_to(self, user: Any) -> Self:
        """Their plans are read by officials."""
        return self if user.is_authenticated and user.holds_any(OFFICIALS) else self.none()

    def published(self) -> Self:
        """Those of a published version, whichever."""
        return self.filter(taxonomies__status=TaxonomyStatus.PUBLISHED).distinct()

    def offered(self, today: date) -> Self:
        """Those of the version in force."""
        return self.filter(taxonomies__in=Taxonomy.objects.in_force(today)[:1])


class SubField(models.Model):
    """A sub-field; renamed in a later version it becomes a new row, so that nobody's name changes behind its back."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    cluster_zh = models.CharField(_("cluster in Chinese"), max_length=30)
    cluster_en = models.CharField(_("cluster in English"), max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80)

    objects = SubFieldQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    def get_absolute_url(self) -> str:
        return reverse("consortia:subfield-detail", args=[self.pk])

    @property
    def cluster(self) -> str:
        """The cluster in the reader's language."""
        return self.cluster_zh if (get_language() or "zh").startswith("zh") else self.cluster_en


class TaxonomyQuerySet(models.QuerySet["Taxonomy"]):
    """Versions of the taxonomy."""

    def visible_to(self, user: Any) -> Self:
        """Officials see all, drafts too."""
        return self if user.is_authenticated and user.holds_any(OFFICIALS) else self.none()

    def in_force(self, today: date) -> Self:
        """Published and valid, the newest first: the first one is the one that counts."""
        return self.filter(status=TaxonomyStatus.PUBLISHED, valid_from__lte=today).order_by("-valid_from", "-version")


class Taxonomy(Record):
    """One version of the list of sub-fields; once published it stands."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    label = models.CharField(_("what it is called"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    status = models.CharField(
        _("status"), max_length=10, choices=TaxonomyStatus, default=TaxonomyStatus.DRAFT, editable=False
    )
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sub_fields = models.ManyToManyField(SubField, through="TaxonomyEntry", related_name="taxonomies")

    objects = TaxonomyQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=models.F("drafted_by")),
                name="taxonomy_published_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("consortia:taxonomy-detail", args=[self.pk])


class TaxonomyEntry(Record):
    """A sub-field in one version, with the documents that belong to it there."""

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="entries")
    sub_field = models.ForeignKey(SubField, models.PROTECT, related_name="entries")
    roadmap = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("roadmap"))
    timetable = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("timetable"))
    task_book = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("task book"))

    class Meta:
        ordering = ["sub_field"]
        constraints = [models.UniqueConstraint(fields=["taxonomy", "sub_field"], name="sub_field_once_a_version")]

    def __str__(self) -> str:
        return f"{self.sub_field} · {self.taxonomy}"

    def get_absolute_url(self) -> str:
        return self.taxonomy.get_absolute_url()

    @property
    def documents(self) -> list[tuple[str, str, Attachment]]:
        """Kind, label and file of those that are attached."""
        named = [(kind, str(self._meta.get_field(kind).verbose_name), getattr(self, kind)) for kind in DOCUMENTS]  # type: ignore[union-attr]
        return [(kind, label, file) for kind, label, file in named if file]


class FieldMilestone(Record):
    """A step of the timetable of a sub-field."""

    sub_field = models.ForeignKey(SubField, models.CASCADE, related_name="milestones", editable=False)
    name = models.CharField(_("milestone"), max_length=160)
    due = models.DateField(_("due"))
    responsible = models.CharField(_("responsible"), max_length=120, blank=True)
    reached_on = models.DateField(_("reached on"), null=True, editable=False)

    class Meta:
        ordering = ["due", "id"]
        constraints = [models.UniqueConstraint(
            fields=["sub_field", "name"], name="field_milestone_once",
            violation_error_code="name", violation_error_message=_("This milestone stands in the timetable already."),
        )]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.sub_field.get_absolute_url()
