"""Designed forms: versions that officials design and publish, and the answers that applications give to them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funding.enums import FormStatus
from funding.rules.designs import CODE, Design, DesignFault, read_design
from members.enums import BUREAU
from portal.kernel.models.base import Record

PUBLISHED_ONLY = {"status": FormStatus.PUBLISHED}


def whole_design(data: Any) -> None:
    """The JSON of a form describes one. Raises ValidationError."""
    try:
        read_design(data)
    except DesignFault as fault:
        raise ValidationError(fault.sentences) from fault


def nothing_designed() -> dict[str, Any]:
    """The data of a form that has no section yet."""
    return {"sections": [], "cases": []}


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    """Versions, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau; everybody else meets a form through a call."""
        return self if user.is_authenticated and user.holds_any(BUREAU) else self.none()


class FormVersion(Record):
    """One version of a designed form. Once it is published a trigger keeps its data as they are."""

    code = models.CharField(
        _("code"), max_length=20,
        validators=[RegexValidator(rf"^{CODE.pattern}\Z", _("Small Latin letters, digits and _, a letter first."))],
    )  # fmt: skip
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    data = models.JSONField(_("design"), default=nothing_designed, validators=[whole_design])
    sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=FormStatus, default=FormStatus.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True)

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="form_version_once",
                violation_error_message=_("There is a form with this code already."), violation_error_code="code",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status=FormStatus.DRAFT), name="one_draft_a_form",
                violation_error_message=_("A new version of this form is being designed already."),
            ),
            models.CheckConstraint(
                condition=Q(status=FormStatus.DRAFT, published_by=None, published_at=None, sha256="")
                | (
                    ~Q(status=FormStatus.DRAFT)
                    & Q(published_by__isnull=False, published_at__isnull=False)
                    & ~Q(sha256="")
                ),
                name="published_form_is_sealed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("funding:form-detail", args=[self.pk])

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    @cached_property
    def design(self) -> Design:
        """What it asks."""
        return read_design(self.data)
