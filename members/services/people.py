"""Who there is: users, officials, experts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.enums import ADMINISTRATORS, Action, ExpertKind, ExpertStatus, Role
from members.models import District, Expert, Organisation, RoleGrant, User
from members.selectors.handover import held_grants
from members.services.handover import hand_over
from members.services.roles import give
from members.services.sessions import end_sessions
from members.services.voiding import void_proposals
from portal.kernel import account_mails, audit
from portal.kernel.authz import require
from portal.kernel.mail import send_mail_later
from portal.kernel.workflow import TransitionRefused

LAST_AT_HOME = _("This is the last administrator of an organisation; please give the role to somebody else first.")
LAST_ADMINISTRATOR = _("This is the last administrator of its kind; please give the role to somebody else first.")
WELCOME = gettext_noop("Your account on the innovation consortia portal")
account_mails.register("welcome", label=_("A new account"), subject=WELCOME, variables=("name",))


def check_password(*, password: str, email: str, name: str, organisation: str = "") -> None:
    """Raise ValidationError for the field `password` unless the policy allows it to this new person."""
    person = User(email=email, name=name)
    person.context_words = (organisation,)  # type: ignore[attr-defined]
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password": error}) from None


@transaction.atomic
def create_user(
    *, email: str, name: str, actor: User | None, at: datetime, title: str = "", language: str = "zh-hans"
) -> User:
    """An account without a password; a mail says how to set one. `actor` is None for the installation itself."""
    if actor is not None:
        require(actor, "members.create_user")
    user = _new_user(email=email, name=name, actor=actor, at=at, title=title, language=language)
    send_mail_later(
        to=user.email, subject=WELCOME, template="welcome", context={"name": user.name}, language=user.language,
        key=f"welcome:{user.pk}", at=at,
    )  # fmt: skip
    return user


@transaction.atomic
def create_official(
    *,
    email: str,
    name: str,
    roles: Sequence[Role],
    actor: User | None,
    at: datetime,
    district: District | None = None,
    **facts: Any,
) -> User:
    """A person of the administration with roles, made by the installation itself (`actor` None) or tests.

    `facts` are fields of the user (title, language, is_demo); a district officer needs `district`.
    """
    user = _new_user(email=email, name=name, actor=actor, at=at, **facts)
    for role in roles:
        place = district if role == Role.DISTRICT_OFFICER else None
        give(user=user, role=role, actor=actor, at=at, district=place)
    return user


@transaction.atomic
def create_expert(
    *,
    email: str,
    name: str,
    kind: ExpertKind,
    fields: Iterable[str],
    actor: User | None,
    at: datetime,
    employer: Organisation | None = None,
    **facts: Any,
) -> Expert:
    """A person admitted to the pool by the installation itself. `fields` are sub-fields; `facts` fields of the user."""
    user = _new_user(email=email, name=name, actor=actor, at=at, **facts)
    give(user=user, role=Role.EXPERT, actor=actor, at=at)
    expert = Expert.objects.create(
        user=user, status=ExpertStatus.ACTIVE, kind=kind, fields=sorted(fields), employer=employer,
        admitted_at=at, refreshed_at=at, created_at=at,
    )  # fmt: skip
    audit.record(actor=actor, action=Action.ADMIT_EXPERT, subject=expert, at=at)
    return expert


def enrol_demo_second_factor(*, user: User) -> None:
    """Give a demo person an authenticator whose secret nobody knows; the demo page signs it in."""
    if not user.is_demo:
        raise PermissionDenied("only demo people get a second factor from somebody else")
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, generate_totp_secret())


@transaction.atomic
def deactivate_user(
    *, user: User, actor: User, at: datetime, note: str = "", successors: Mapping[str, User] | None = None
) -> User:
    """Lock somebody out from the next request on; open work goes to the `successors` (see `hand_over`)."""
    require(actor, "members.deactivate_user", user)
    lock_peers(user=user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active:
        raise TransitionRefused(_("This person is deactivated already."))
    if is_last_administrator(user=locked):
        raise TransitionRefused(LAST_ADMINISTRATOR)
    if is_last_at_home(user=locked):
        raise TransitionRefused(LAST_AT_HOME)
    end_sessions(user=locked, actor=actor, at=at)
    void_proposals(user=locked, actor=actor, at=at)
    hand_over(grants=held_grants(locked), successors=successors or {}, actor=actor, at=at)
    return _set_active(locked, active=False, action=Action.DEACTIVATE, actor=actor, at=at, note=note)


@transaction.atomic
def reactivate_user(*, user: User, actor: User, at: datetime, note: str = "") -> User:
    """Let somebody in again."""
    require(actor, "members.reactivate_user", user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_active:
        raise TransitionRefused(_("This person is active already."))
    locked.reactivated_at = at
    locked.save(update_fields=["reactivated_at"])
    return _set_active(locked, active=True, action=Action.REACTIVATE, actor=actor, at=at, note=note)


def _set_active(user: User, *, active: bool, action: Action, actor: User, at: datetime, note: str) -> User:
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(actor=actor, action=action, subject=user, at=at, note=note)
    return user


def _new_user(*, email: str, name: str, actor: User | None, at: datetime, **facts: Any) -> User:
    if User.objects.filter(email=email.strip().lower()).exists():
        raise ValidationError({"email": ValidationError(_("Somebody has this e-mail address already."))})
    user = User.objects.create_user(email=email, name=name, date_joined=at, **facts)
    audit.record(actor=actor, action=Action.CREATE_USER, subject=user, at=at)
    return user


def lock_peers(*, user: User) -> None:
    """Two of the last administrators who are locked out at once wait for each other here: before their own rows."""
    mine = RoleGrant.objects.in_force().filter(user=user)
    peers = Q(role__in=list(mine.filter(role__in=ADMINISTRATORS).values_list("role", flat=True)))
    homes = mine.filter(role=Role.ORG_ADMIN).values_list("organisation_id", flat=True)
    peers |= Q(role=Role.ORG_ADMIN, organisation__in=list(homes))
    list(RoleGrant.objects.in_force().filter(peers).select_for_update(of=("self",)).order_by("pk"))


def is_last_administrator(*, user: User) -> bool:
    """Whether nobody else who is active holds the administrator role of this person; see `lock_peers`."""
    holders = RoleGrant.objects.in_force().filter(role__in=ADMINISTRATORS, user__is_active=True)
    mine = holders.filter(user=user).values_list("role", flat=True)
    return set(holders.filter(role__in=list(mine)).values_list("user_id", flat=True)) == {user.pk}


def is_last_at_home(*, user: User) -> bool:
    """Whether one of the organisations would be left without an active administrator; see `lock_peers`."""
    homes = {home for role, home, _district in user.grants if role == Role.ORG_ADMIN}
    grants = RoleGrant.objects.in_force().filter(role=Role.ORG_ADMIN, organisation__in=homes, user__is_active=True)
    return not homes <= set(grants.exclude(user=user).values_list("organisation_id", flat=True))
