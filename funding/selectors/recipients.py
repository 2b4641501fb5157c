"""Who is to be told."""

from typing import Any

from django.db.models import QuerySet

from members.enums import Role
from members.models import User


def holders(*roles: Role, **bound_to: Any) -> QuerySet[User]:
    """Active people who hold one of the roles now, if wanted at an `organisation` or in a `district`."""
    grants = {f"role_grants__{name}": value for name, value in bound_to.items()}
    return User.objects.filter(
        is_active=True, role_grants__role__in=roles, role_grants__revoked_at=None, **grants
    ).distinct()
