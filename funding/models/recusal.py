"""Who keeps away from a case: officials by their own word or another's, and what hangs on the case with it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from members.enums import Role
from portal.kernel.models.base import Record


class RecusalQuerySet(models.QuerySet["Recusal"]):
    """Recusals, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those who direct and supervise see them, except in cases from which they keep away themselves."""
        if not (user.is_authenticated and user.holds_any({Role.HEAD, Role.SUPERVISOR})):
            return self.none()
        return self.exclude(application__in=Recusal.objects.filter(person=user).values("application"))


class Recusal(Record):
    """One official who has nothing to do with one application, from now on."""

    application = models.ForeignKey("funding.Application", models.CASCADE, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("official"))
    ground = models.CharField(_("why"), max_length=500)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recused_at = models.DateTimeField(_("recused at"))

    objects = RecusalQuerySet.as_manager()

    class Meta:
        ordering = ["recused_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person"], name="official_recused_once",
                violation_error_message=_("This official keeps away from the case already."),
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="official_recused_for_a_reason"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["person", "application"], name="recusal_of_a_person")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def by_itself(self) -> bool:
        """Whether the official said so."""
        return self.declared_by_id == self.person_id


class LiftedRecusal(Record):
    """A recusal as it stood until supervision lifted it; never altered."""

    application = models.ForeignKey("funding.Application", models.CASCADE, related_name="lifted_recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("official"))
    ground = models.CharField(_("why"), max_length=500)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recused_at = models.DateTimeField(_("recused at"))
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("lifted at"))
    reason = models.CharField(_("why it was lifted"), max_length=500)

    class Meta:
        ordering = ["lifted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(lifted_by=F("person")) & ~Q(lifted_by=F("declared_by")),
                name="recusal_lifted_by_another",
                violation_error_message=_("Who is recused, or recused somebody, does not lift the recusal."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_lifted_for_a_reason"),
            models.CheckConstraint(condition=Q(lifted_at__gte=F("recused_at")), name="recusal_lifted_afterwards"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


def kept_from(user: Any, application: str = "pk") -> Exists:
    """Whether the user keeps away from the application that a row is or belongs to; `application` is the way there."""
    return Exists(Recusal.objects.filter(application=OuterRef(application), person=user))


def kept_applications(user: Any) -> models.QuerySet[Recusal, Any]:
    """The keys of the applications that the user keeps away from: few, so that a whole table need not be joined."""
    return Recusal.objects.filter(person=user).order_by().values("application")
