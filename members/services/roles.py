"""Giving and taking roles."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, ADMITTED, ORGANISATION_ROLES, Action, Role
from members.models import District, Expert, Organisation, RoleGrant, User
from members.rules.roles import obstacle
from members.services.handover import hand_over
from members.services.voiding import void_proposals
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

TWO_PEOPLE = _("One security administrator proposes an administrator, another one confirms.")
NOT_ADMITTED = _("Only somebody whom the expert pool has admitted gets this role.")
GRANTED, REVOKED = "members.granted.{}", "members.revoked.{}"
for each in Role:
    register(GRANTED.format(each), format_lazy(_("You now hold the role “{role}”. %(place)s"), role=each.label))
    register(REVOKED.format(each), format_lazy(_("You no longer hold the role “{role}”. %(place)s"), role=each.label))


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    actor: User | None,
    at: datetime,
    organisation: Organisation | None = None,
    district: District | None = None,
    note: str = "",
) -> RoleGrant:
    """Give a role, where it needs one at an organisation or district. `actor` is None for the installation itself."""
    if actor is not None:
        require(actor, "members.grant_role", user)
        if role in ADMINISTRATORS:
            raise TransitionRefused(TWO_PEOPLE)
    if role == Role.EXPERT and not Expert.objects.filter(user=user, status__in=sorted(ADMITTED)).exists():
        raise TransitionRefused(NOT_ADMITTED)
    grant = give(user=user, role=role, actor=actor, at=at, organisation=organisation, district=district, note=note)
    tell(grant=grant, kind=GRANTED, at=at)
    return grant


@transaction.atomic
def give_colleague_role(*, organisation: Organisation, user: User, role: Role, actor: User, at: datetime) -> RoleGrant:
    """Give one more role in an organisation to somebody who acts for it already."""
    require(actor, "members.invite_colleague", organisation)
    if organisation.pk not in user.organisation_ids or role not in ORGANISATION_ROLES:
        raise TransitionRefused(_("Only a colleague can get a role here."))
    grant = give(user=user, role=role, actor=actor, at=at, organisation=organisation)
    tell(grant=grant, kind=GRANTED, at=at)
    return grant


def give(
    *,
    user: User,
    role: Role,
    actor: User | None,
    at: datetime,
    organisation: Organisation | None = None,
    district: District | None = None,
    note: str = "",
) -> RoleGrant:
    """The grant behind every door; asks whether the roles go together, not whether `actor` may."""
    User.objects.select_for_update().get(pk=user.pk)
    user.__dict__.pop("grants", None)
    if reason := obstacle(role, user.roles):
        raise TransitionRefused(reason)
    place = {"organisation": organisation, "district": district}
    if RoleGrant.objects.in_force().filter(user=user, role=role, **place).exists():
        raise TransitionRefused(_("This person holds the role already."))
    grant = RoleGrant.objects.create(user=user, role=role, granted_by=actor, granted_at=at, **place)
    user.__dict__.pop("grants", None)
    _record(grant, Action.GRANT_ROLE, actor=actor, at=at, note=note)
    return grant


@transaction.atomic
def revoke_role(
    *, grant: RoleGrant, actor: User, at: datetime, note: str = "", successors: Mapping[str, User] | None = None
) -> RoleGrant:
    """Take a role away; every organisation keeps an administrator, and so does the portal of each kind.

    Open work of the role goes to one of the `successors` (see `hand_over`).
    """
    require(actor, "members.revoke_role", grant)
    _lock_holders(grant)
    locked = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if locked.revoked_at:
        raise TransitionRefused(_("This role is revoked already."))
    if _is_last(locked):
        raise TransitionRefused(_("Nobody else holds this role here; please give it to somebody else first."))
    if locked.role in ADMINISTRATORS:
        void_proposals(user=locked.user, actor=actor, at=at)
    hand_over(grants=[locked], successors=successors or {}, actor=actor, at=at)
    take(grant=locked, actor=actor, at=at, note=note)
    return locked


def take(*, grant: RoleGrant, actor: User | None, at: datetime, note: str = "") -> None:
    """The end of a grant that the caller has locked; asks nobody."""
    grant.revoked_at = at
    grant.save(update_fields=["revoked_at"])
    _record(grant, Action.REVOKE_ROLE, actor=actor, at=at, note=note)
    tell(grant=grant, kind=REVOKED, at=at)


def _lock_holders(grant: RoleGrant) -> None:
    """Two people who revoke the last two at once wait for each other here."""
    same = RoleGrant.objects.filter(role=grant.role, organisation=grant.organisation, revoked_at=None)
    list(same.select_for_update(of=("self",)).order_by("pk"))


def _is_last(grant: RoleGrant) -> bool:
    if grant.role not in {Role.ORG_ADMIN, *ADMINISTRATORS}:
        return False
    others = RoleGrant.objects.in_force().filter(
        role=grant.role, organisation=grant.organisation, user__is_active=True
    ).exclude(pk=grant.pk)  # fmt: skip
    return not others.exists()


def _record(grant: RoleGrant, action: Action, *, actor: User | None, at: datetime, note: str) -> None:
    facts = {"role": grant.role, "organisation": grant.organisation_id, "district": grant.district_id}
    audit.record(actor=actor, action=action, subject=grant.user, at=at, note=note, facts=facts)


def tell(*, grant: RoleGrant, kind: str, at: datetime) -> None:
    """Tell the person what was given (GRANTED) or taken (REVOKED)."""
    url = reverse("members:organisation-own") if grant.organisation_id else ""
    notify(
        recipients=[grant.user],
        kind=kind.format(grant.role),
        params={"place": lazystr(grant.organisation or grant.district or "")},
        url=url,
        at=at,
    )
