"""What is open in the hands of somebody who leaves a role, and who could take it over.

Work belongs to roles: each room declares which rows wait for the holders of a role. Where rows name a person, the room
also says how they pass to another one.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import Role
from members.models import Handover, Organisation, RoleGrant, User
from members.selectors import holders
from members.selectors.experts import unconfirmed
from members.selectors.organisations import PANELS, Panel
from portal.kernel.querysets import Count, count_up_to

MOST = 999
LATEST = 5
ALONE = frozenset({Role.EXPERT})  # nobody takes over what an expert was asked: the officials ask another one

Rows = Callable[[Any, datetime], QuerySet[Any]]
Pass = Callable[..., None]  # (leaver, successor, actor, at): rows that name the leaver name the successor


@dataclass(frozen=True)
class Work:
    """A kind of work: whose it is, how it is called, which rows wait for a person."""

    role: Role
    label: str | Promise
    rows: Rows
    passes: Pass | None = None


WORK: list[Work] = []


def register(role: Role, label: str | Promise, rows: Rows, passes: Pass | None = None) -> None:
    """Declare work of a role; `rows` asks the person's grants what it may do."""
    WORK.append(Work(role, label, rows, passes))


@dataclass(frozen=True)
class Burden:
    """What one role of somebody carries at one place, and who else holds the role there."""

    grant: RoleGrant
    work: tuple[tuple[Work, Count], ...]
    others: tuple[User, ...]

    @property
    def key(self) -> str:
        """The field of the form that asks for the successor."""
        return f"successor_{self.grant.pk.hex}"

    def counted(self) -> dict[str, int]:
        """Kind of work in English and how much of it, for the record."""
        with translation.override("en"):
            return {str(kind.label): count.value for kind, count in self.work}


def burdens(grants: Iterable[RoleGrant], at: datetime) -> list[Burden]:
    """Each grant with something open."""
    found = (Burden(grant, _work(grant, at), _others(grant)) for grant in grants)
    return [burden for burden in found if burden.work]


def _work(grant: RoleGrant, at: datetime) -> tuple[tuple[Work, Count], ...]:
    person = copy(grant.user)
    person.__dict__["grants"] = [(grant.role, grant.organisation_id, grant.district_id)]  # this role and no other
    counted = ((kind, count_up_to(kind.rows(person, at), MOST)) for kind in WORK if kind.role == grant.role)
    return tuple((kind, count) for kind, count in counted if count.value)


def _others(grant: RoleGrant) -> tuple[User, ...]:
    if grant.role in ALONE:
        return ()
    place: dict[str, Any] = {"organisation": grant.organisation_id} if grant.organisation_id else {}
    place |= {"district": grant.district_id} if grant.district_id else {}
    return tuple(holders(Role(grant.role), **place).exclude(pk=grant.user_id).order_by("name", "pk"))


def held_grants(user: User) -> QuerySet[RoleGrant]:
    """All that somebody leaves when the account is closed."""
    return RoleGrant.objects.in_force().filter(user=user).select_related("user", "organisation", "district")


# --- the page of an organisation -----------------------------------------------------------------
def handovers_of(organisation: Organisation, reader: Any) -> QuerySet[Handover] | None:
    """The latest hand-overs, for its administrators."""
    rows = Handover.objects.visible_to(reader).filter(organisation=organisation).select_related("leaver", "successor")
    return rows[:LATEST] if reader.holds(Role.ORG_ADMIN, organisation=organisation.pk) and rows.exists() else None


PANELS.append(Panel("members/_handovers.html", handovers_of))

register(Role.ORG_ADMIN, _("Experts to confirm as the employer"), unconfirmed)
