"""Named reads of the members room."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from members.enums import ADMINISTRATORS, BUREAU, DESCRIPTIONS, Role
from members.models import Invitation, Organisation, RoleGrant, User, YearFigures
from members.rules.wording import ROOMS, name_of
from portal.kernel.authz import PERMISSIONS


@dataclass
class Colleague:
    """Somebody who acts for an organisation, with the grants there, and whether a second factor is set up."""

    user: User
    has_factor: bool
    grants: list[RoleGrant] = field(default_factory=list)


@dataclass(frozen=True)
class RoleCard:
    """A role in words: what it is for and what it may do, by room."""

    role: Role
    description: str
    permissions: list[tuple[str, list[str]]]
    holders: int


def holders(*roles: Role, **bound_to: Any) -> QuerySet[User]:
    """The active people who hold one of the roles now, each once; if wanted at an `organisation` or in a `district`.

    `organisation__in` and `district__in` take several places.
    """
    places = {f"role_grants__{name}": value for name, value in bound_to.items()}
    return User.objects.filter(
        is_active=True, role_grants__revoked_at=None, role_grants__role__in=roles, **places
    ).distinct()


def holders_by_organisation(role: Role, organisations: Iterable[UUID]) -> dict[UUID, list[User]]:
    """The active people who hold the role now, by organisation; one query."""
    grants = RoleGrant.objects.in_force().filter(user__is_active=True, role=role, organisation__in=list(organisations))
    found: dict[UUID, list[User]] = defaultdict(list)
    for grant in grants.select_related("user"):
        if grant.organisation_id:
            found[grant.organisation_id].append(grant.user)
    return dict(found)


def colleagues(organisation: Organisation) -> list[Colleague]:
    """Who acts for an organisation, by name."""
    grants = RoleGrant.objects.in_force().filter(organisation=organisation).select_related("user")
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)
    people: dict[object, Colleague] = {}
    for grant in grants.annotate(has_factor=Exists(factors)).order_by("user__name", "user_id", "role"):
        guarded = grant.has_factor  # type: ignore[attr-defined]
        people.setdefault(grant.user_id, Colleague(grant.user, guarded)).grants.append(grant)
    return list(people.values())


def years(organisation: Organisation) -> QuerySet[YearFigures]:
    """The figures of an organisation, newest first."""
    return organisation.years.select_related("stated_by")


def pending_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that nobody has taken up, newest first."""
    return organisation.invitations.pending().select_related("invited_by")


def with_grants(users: QuerySet[User]) -> QuerySet[User]:
    """Users with `grants_in_force` and their places, in two queries."""
    grants = RoleGrant.objects.in_force().select_related("organisation", "district")
    return users.prefetch_related(Prefetch("role_grants", grants, to_attr="grants_in_force"))


def role_cards() -> list[RoleCard]:
    """Every role with what it carries and how many hold it."""
    people: dict[str, set[object]] = defaultdict(set)
    for role, user in RoleGrant.objects.in_force().filter(user__is_active=True).values_list("role", "user_id"):
        people[role].add(user)
    carried = _carried()
    return [RoleCard(role, str(DESCRIPTIONS[role]), _by_room(carried[role]), len(people[role])) for role in Role]


def _carried() -> dict[Role, list[str]]:
    carried: dict[Role, list[str]] = {role: [] for role in Role}
    for code, rule in PERMISSIONS.items():
        for role in rule.roles if len(rule.roles) < len(Role) else ():
            carried[Role(role)].append(code)
    return carried


def _by_room(codes: Iterable[str]) -> list[tuple[str, list[str]]]:
    rooms: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        rooms[code.partition(".")[0]].append(name_of(code))
    return [(str(ROOMS[room]), sorted(rooms[room])) for room in ROOMS if room in rooms]


# --- second factors ----------------------------------------------------------------------------
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def may_go_without(authenticator: Authenticator) -> bool:
    """Whether this factor may be removed: another one is there, or the roles demand none."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
    return others.exists() or not authenticator.user.needs_second_factor


# --- the demo ----------------------------------------------------------------------------------
SIDES = (
    ("enterprise", {Role.APPLICANT, Role.SIGNATORY}),
    ("member", {Role.CONFIRMER, Role.ORG_ADMIN}),
    ("district", {Role.DISTRICT_OFFICER}),
    ("bureau", BUREAU),
    ("expert", {Role.EXPERT}),
    ("administrator", ADMINISTRATORS),
)


def demo_people() -> QuerySet[User]:
    """The people whom the demo page signs in; nobody outside the demo."""
    return User.objects.filter(is_demo=True, is_active=True) if settings.DEMO else User.objects.none()


def demo_sides() -> list[tuple[str, list[User]]]:
    """The demo's people by the side they stand on."""
    sides: dict[str, list[User]] = {side: [] for side, _roles in SIDES}
    for user in with_grants(demo_people()).order_by("date_joined", "email"):
        held = {grant.role for grant in user.grants_in_force}  # type: ignore[attr-defined]
        side = next((side for side, roles in SIDES if held & roles), None)
        if side:
            sides[side].append(user)
    return [(side, people) for side, people in sides.items() if people]
