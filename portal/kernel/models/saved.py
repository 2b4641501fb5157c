"""Filters of a list that a person keeps under a name."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.base import Record


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Saved filters, cut to one's own."""

    def visible_to(self, user: Any) -> Self:
        """Those that `user` saved."""
        return self.filter(owner=user) if user.is_authenticated else self.none()


class SavedFilter(Record):
    """The query of a list; `page` is the name of the list's address."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=80)
    name = models.CharField(_("name of the filter"), max_length=40)
    query = models.CharField(max_length=1000)
    alerts = models.BooleanField(_("tell me once a day when rows are added"), default=False, db_default=False)
    known = ArrayField(
        models.UUIDField(), default=list, db_default=[], editable=False
    )  # the rows it had when looked at
    checked_on = models.DateField(null=True, editable=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="filter_saved_once_under_a_name")]

    def __str__(self) -> str:
        return self.name


class ListColumns(Record):
    """The columns of a list that a person wants to see, in their order; `page` is the name of the list's address."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="list_columns")
    page = models.CharField(max_length=80)
    codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "page"], name="list_columns_once_for_a_list")]

    def __str__(self) -> str:
        return self.page
