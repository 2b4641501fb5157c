"""Who keeps away from which case, and everything that would tell of it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from funding.models import (
    Application,
    ApplicationFile,
    Award,
    Contract,
    FactDispute,
    LiftedRecusal,
    Objection,
    Recusal,
    Reopening,
    Review,
    Scenario,
    SessionSlot,
    SimilarityFinding,
    Tranche,
)
from members.enums import OFFICIALS
from members.models import RoleGrant, User

# What has a page or an entry in the trail, with the way to its application.
HANGS_ON: tuple[tuple[type[Any], str], ...] = (
    (Application, "pk"),
    (ApplicationFile, "application"),
    (Review, "application"),
    (FactDispute, "review__application"),
    (Reopening, "review__application"),
    (Objection, "application"),
    (SessionSlot, "application"),
    (SimilarityFinding, "comparison__application"),
    (Scenario, "places__application"),
    (Award, "application"),
    (Contract, "award__application"),
    (Tranche, "award__application"),
)


def recusals(application: Application) -> QuerySet[Recusal]:
    """Who keeps away from it, in the order in which it was said."""
    return application.recusals.select_related("person", "declared_by")


def lifted(application: Application) -> QuerySet[LiftedRecusal]:
    """What supervision lifted, oldest first."""
    return application.lifted_recusals.select_related("person", "lifted_by")


def officials(application: Application, *, without: User) -> QuerySet[User]:
    """Those who could still be recused by somebody else."""
    grants = RoleGrant.objects.in_force().filter(role__in=sorted(OFFICIALS))
    away = application.recusals.values("person")
    people = User.objects.filter(pk__in=grants.values("user"), is_active=True)
    return people.exclude(pk__in=away).exclude(pk=without.pk).order_by("name", "pk")


def rows_of(applications: Any) -> set[str]:
    """The ids of everything that belongs to some applications."""
    managers = ((getattr(model, "everything", model._default_manager), way) for model, way in HANGS_ON)  # noqa: SLF001
    return {
        str(pk) for rows, way in managers
        for pk in rows.filter(**{f"{way}__in": applications}).values_list("pk", flat=True)
    }  # fmt: skip


def subjects_kept_from(user: User) -> set[str]:
    """The ids of everything of the cases that the user keeps away from; one query for whoever keeps away from none."""
    away = list(Recusal.objects.filter(person=user).values_list("application", flat=True))
    return rows_of(away) if away else set()


def told_nothing(url: str) -> set[UUID]:
    """The people who are not to be told of what this address of the portal shows."""
    try:
        found = resolve(url.partition("?")[0])
    except Resolver404:
        return set()
    pk, shown = found.kwargs.get("pk"), getattr(getattr(found.func, "view_class", None), "model", None)
    if pk is None or not Recusal.objects.exists():
        return set()
    for model, way in [one for one in HANGS_ON if shown in {None, one[0]}]:
        rows = getattr(model, "everything", model._default_manager)  # noqa: SLF001
        if cases := list(rows.filter(pk=pk).values_list(way, flat=True)):
            return set(Recusal.objects.filter(application__in=cases).values_list("person", flat=True))
    return set()
