"""Who acts for an organisation."""

from collections.abc import Collection, Iterable
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from members.enums import Role
from members.models import RoleGrant, User


def people_of(organisations: Iterable[UUID], roles: Collection[Role]) -> QuerySet[User]:
    """The active people who hold one of the roles in one of the organisations, each once."""
    return User.objects.filter(
        is_active=True,
        role_grants__revoked_at=None,
        role_grants__role__in=list(roles),
        role_grants__organisation__in=list(organisations),
    ).distinct()


def people_by_organisation(organisations: Iterable[UUID], role: Role) -> dict[UUID, list[User]]:
    """The active people who hold the role, by organisation; one query."""
    grants = (
        RoleGrant.objects.filter(revoked_at=None, user__is_active=True, role=role, organisation__in=list(organisations))
        .select_related("user")
        .order_by("organisation_id")
    )
    by_organisation = groupby(grants, key=lambda grant: grant.organisation_id)
    return {place: [grant.user for grant in some] for place, some in by_organisation if place}
