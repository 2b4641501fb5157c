"""What binds experts to organisations and people, as they declared it or the bureau found it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.enums import RELATION_READERS
from members.models.expert import Expert
from members.models.organisation import Organisation
from members.rules.relations import BETWEEN_PEOPLE, WITH_PERCENT, RelationKind, RelationSource
from portal.kernel.models.base import Record

PAIRS = [kind.value for kind in sorted(BETWEEN_PEOPLE)]
SHARES = [kind.value for kind in sorted(WITH_PERCENT)]


class RelationQuerySet(models.QuerySet["Relation"]):
    """Relations, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """One's own, and all of them to those who exclude conflicts; no enterprise sees any."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(expert__user=user)
        return self if user.holds_any(RELATION_READERS) else own

    def standing(self) -> Self:
        """Without those that were struck off."""
        return self.filter(struck_at=None)


class Relation(Record):
    """One relation of an expert; to an organisation, to a person, or to a person who belongs to an organisation."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="relations")
    kind = models.CharField(_("relation"), max_length=12, choices=RelationKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("organisation outside the portal"), max_length=120, blank=True)
    person = models.CharField(_("the other person"), max_length=60, blank=True)
    percent = models.DecimalField(
        _("shareholding (%)"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=6, choices=RelationSource, editable=False)
    document_number = models.CharField(_("document or register entry"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    struck_at = models.DateTimeField(_("struck off at"), null=True, editable=False)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    struck_reason = models.CharField(_("why it was struck off"), max_length=300, blank=True, editable=False)

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(name=""), name="relation_names_one_organisation",
                violation_error_message=_("Give the organisation of the portal or the name of another one, not both."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(name="") | (Q(kind__in=PAIRS) & ~Q(person="")),
                name="relation_leads_somewhere",
                violation_error_message=_("Say to which organisation or, between people, to whom."),
            ),
            models.CheckConstraint(
                condition=Q(person="") | Q(kind__in=PAIRS), name="relation_between_people_names_one",
                violation_error_code="person",
                violation_error_message=_("Only a relation between people names another person."),
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(kind__in=SHARES, percent__gt=0, percent__lte=100),
                name="relation_share_in_range",
                violation_error_code="percent",
                violation_error_message=_(
                    "A share is more than 0 and at most 100 per cent, and only of who holds shares."
                ),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="relation_in_order",
                violation_error_code="until",
                violation_error_message=_("The end is before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, struck_reason="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_reason=""),
                name="relation_struck_by_whom_and_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.with_whom}"

    @property
    def with_whom(self) -> str:
        """The other side, in words."""
        place = str(self.organisation or self.name)
        return " · ".join(filter(None, (self.person, place)))

    def get_absolute_url(self) -> str:
        return self.expert.get_absolute_url()
