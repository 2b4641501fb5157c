"""What the bureau writes to several consortia at once."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import Audience
from consortia.models.consortium import Consortium
from members.enums import BUREAU
from portal.kernel.models.base import Record


class CircularQuerySet(models.QuerySet["Circular"]):
    """Circulars, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """The bureau sees all, everybody else those that were sent to them."""
        if not user.is_authenticated:
            return self.none()
        return self if user.holds_any(BUREAU) else self.filter(recipients=user)


class Circular(Record):
    """A text with those whom it went to; once sent it stands."""

    subject = models.CharField(_("subject"), max_length=80)
    text = models.TextField(_("text"), max_length=4000)
    audience = ArrayField(models.CharField(max_length=8, choices=Audience), verbose_name=_("to whom"), editable=False)
    consortia = models.ManyToManyField(Consortium, related_name="circulars", verbose_name=_("consortia"))
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = CircularQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("consortia:circular-detail", args=[self.pk])

    @property
    def audience_labels(self) -> list[str]:
        """Whom it is for, in words."""
        return [str(one.label) for one in Audience if one.value in self.audience]
