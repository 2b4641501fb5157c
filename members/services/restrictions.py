"""Restriction: after retention the data of a person are stored and nothing else (regulation on network data, 24)."""

import json
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.models import EmailChange, Invitation, PastPassword, RoleGrant, User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.fields import person as masked_name
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import Reason, TransitionRefused

ALREADY = _("This person is restricted already.")
ACTIVE = _("This person is active; please deactivate the account first.")
NO_GROUND = _("Please name the legal ground.")
NOT_RESTRICTED = _("This person is not restricted.")
NOWHERE = "restricted.invalid"


@transaction.atomic
def restrict_person(*, person: User, ground: str, actor: User | None, at: datetime) -> User:
    """Seal name, address and position away; the rows of others keep pointing at somebody with a masked name.

    Roles are revoked, factors and old passwords deleted. `actor` is None for the installation itself.
    """
    if actor is not None:
        require(actor, "members.restrict_person", person)
    locked = User.objects.select_for_update().get(pk=person.pk)
    if reason := _obstacle(locked, ground):
        raise TransitionRefused(reason)
    _forget_ways_in(locked, at)
    identity = {name: getattr(locked, name) for name in ("name", "email", "title")} | {"phone": locked.phone.reveal()}
    locked.sealed_identity = json.dumps(identity, ensure_ascii=False)
    locked.name, locked.title, locked.phone = masked_name(locked.name), "", ""
    locked.email = f"{locked.pk}@{NOWHERE}"
    locked.restricted_at, locked.restriction_ground = at, ground.strip()
    locked.set_unusable_password()
    locked.save()
    _mask_invitations(identity["email"], locked, at)
    audit.record(actor=actor, action=Action.RESTRICT, subject=locked, at=at, note=ground.strip())
    return locked


@transaction.atomic
def lift_restriction(*, person: User, ground: str, actor: User | None, at: datetime) -> User:
    """Put the identity back where it was; the account stays deactivated and without roles."""
    if actor is not None:
        require(actor, "members.restrict_person", person)
    locked = User.objects.select_for_update().get(pk=person.pk)
    if not locked.restricted_at:
        raise TransitionRefused(NOT_RESTRICTED)
    for name, value in json.loads(locked.sealed_identity.reveal()).items():
        setattr(locked, name, value)
    locked.sealed_identity, locked.restricted_at, locked.restriction_ground = "", None, ""
    locked.save()
    audit.record(actor=actor, action=Action.LIFT_RESTRICTION, subject=locked, at=at, note=ground.strip())
    return locked


def past_retention(*, before: datetime) -> models.QuerySet[User]:
    """People who were deactivated and not seen since `before`."""
    switched_off = (
        AuditEntry.objects.filter(
            action=Action.DEACTIVATE, subject_type="members.user", subject_id=Cast(OuterRef("pk"), models.CharField())
        )
        .order_by()
        .values("subject_id")
        .annotate(last=Max("at"))
        .values("last")
    )
    last = Greatest(Coalesce("last_login", F("date_joined")), Coalesce(Subquery(switched_off), F("date_joined")))
    return User.objects.annotate(last_seen=last).filter(is_active=False, restricted_at=None, last_seen__lt=before)


def _obstacle(person: User, ground: str) -> Reason | None:
    if person.restricted_at:
        return ALREADY
    if person.is_active:
        return ACTIVE
    return None if ground.strip() else NO_GROUND


def _forget_ways_in(person: User, at: datetime) -> None:
    RoleGrant.objects.in_force().filter(user=person).update(revoked_at=at)
    for model in (Authenticator, EmailAddress, PastPassword, EmailChange, UserSession):
        model._base_manager.filter(user=person).delete()  # noqa: SLF001


def _mask_invitations(email: str, person: User, at: datetime) -> None:
    invitations = Invitation.objects.filter(email=email)
    invitations.pending().update(withdrawn_at=at)
    invitations.filter(~Q(accepted_at=None) | ~Q(withdrawn_at=None)).update(email=person.email, name=person.name)
