"""Invitations into an organisation: sent by mail, good for a week, used once."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.enums import Action, Role
from members.models import Invitation, Organisation, RoleGrant, User
from members.rules.notice import current_version
from members.rules.tokens import token_hash
from members.services.people import check_password
from members.services.roles import give
from portal.kernel import account_mails, audit
from portal.kernel.authz import require
from portal.kernel.mail import send_mail_later
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

VALID_FOR = timedelta(days=7)
SUBJECT = gettext_noop("Invitation to act for %(organisation)s")
account_mails.register(
    "invitation", label=_("Invitation"), subject=SUBJECT,
    variables=("name", "inviter", "organisation", "roles", "path", "until"),
)  # fmt: skip
USED_UP = _("This invitation is not valid any more. Please ask for a new one.")

register("members.invitation_accepted", _("%(person)s has accepted your invitation to %(organisation)s."))


@transaction.atomic
def invite_colleague(
    *, organisation: Organisation, email: str, name: str, roles: Sequence[Role], actor: User, at: datetime
) -> Invitation:
    """Ask somebody to join one's organisation; asked again, the newest mail counts."""
    require(actor, "members.invite_colleague", organisation)
    held = RoleGrant.objects.in_force().filter(organisation=organisation, user__email=email.lower(), role__in=roles)
    if held.count() == len(set(roles)):
        raise TransitionRefused(_("This colleague holds these roles already."))
    return send_invitation(organisation=organisation, email=email, name=name, roles=roles, actor=actor, at=at)


def send_invitation(
    *, organisation: Organisation, email: str, name: str, roles: Sequence[Role], actor: User, at: datetime
) -> Invitation:
    """The invitation and its mail, in the caller's transaction; asks nobody's permission."""
    token = secrets.token_urlsafe(32)
    invitation, _created = Invitation.objects.pending().update_or_create(
        organisation=organisation,
        email=email.strip().lower(),
        defaults={
            "name": name,
            "roles": sorted({Role(role).value for role in roles}),
            "token_hash": token_hash(token),
            "invited_by": actor,
            "expires_at": at + VALID_FOR,
        },
    )
    audit.record(
        actor=actor, action=Action.INVITE, subject=organisation, at=at,
        facts={"email": invitation.email, "roles": invitation.roles, "invitation": invitation.pk},
    )  # fmt: skip
    _mail(invitation, token, actor, at)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: User, at: datetime) -> Invitation:
    """Make the link in the mail worthless."""
    require(actor, "members.withdraw_invitation", invitation)
    locked = _lock(invitation)
    if locked.accepted_at or locked.withdrawn_at:
        raise TransitionRefused(_("This invitation has been used or withdrawn already."))
    locked.withdrawn_at = at
    locked.save(update_fields=["withdrawn_at"])
    audit.record(
        actor=actor, action=Action.WITHDRAW_INVITATION, subject=locked.organisation, at=at,
        facts={"email": locked.email, "invitation": locked.pk},
    )  # fmt: skip
    return locked


@transaction.atomic
def accept_invitation(*, invitation: Invitation, actor: User, at: datetime) -> Organisation:
    """Take up an invitation with the account that it was addressed to."""
    locked = _lock(invitation)
    if not locked.is_open(at):
        raise TransitionRefused(USED_UP)
    if actor.email != locked.email:
        raise PermissionDenied("the invitation is addressed to somebody else")
    locked.accepted_at = at
    locked.save(update_fields=["accepted_at"])
    for role in map(Role, locked.roles):
        if not actor.holds(role, organisation=locked.organisation_id):
            give(user=actor, role=role, actor=locked.invited_by, at=at, organisation=locked.organisation)
    audit.record(
        actor=actor, action=Action.ACCEPT_INVITATION, subject=locked.organisation, at=at,
        facts={"roles": locked.roles, "invitation": locked.pk},
    )  # fmt: skip
    notify(
        recipients=[locked.invited_by], kind="members.invitation_accepted", at=at, url="",
        params={"person": actor.name, "organisation": locked.organisation.name},
    )  # fmt: skip
    return locked.organisation


def join_by_invitation(*, invitation: Invitation, name: str, password: str, language: str, at: datetime) -> User:
    """Make the account of an invited person and take up the invitation with it. Raises ValidationError."""
    check_password(password=password, email=invitation.email, name=name, organisation=invitation.organisation.name)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email=invitation.email,
                name=name,
                password=password,
                language=language,
                date_joined=at,
                notice_version=current_version(),
                notice_at=at,
            )
            accept_invitation(invitation=invitation, actor=user, at=at)
    except IntegrityError:
        raise TransitionRefused(_("You have an account already; please sign in to accept.")) from None
    return user


def _lock(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "invited_by").get(
        pk=invitation.pk
    )  # fmt: skip


def _role_names(invitation: Invitation) -> list[str]:
    """Msgids: the mail translates them into its reader's language."""
    with translation.override("en"):
        return invitation.role_labels


def _mail(invitation: Invitation, token: str, actor: User, at: datetime) -> None:
    context = {
        "name": invitation.name,
        "inviter": actor.name,
        "organisation": invitation.organisation.name,
        "roles": _role_names(invitation),
        "path": reverse("members:invitation-accept", args=[token]),
        "until": f"{timezone.localtime(invitation.expires_at):%Y-%m-%d %H:%M}",
    }
    send_mail_later(
        to=invitation.email, subject=SUBJECT, template="invitation", context=context, language=actor.language,
        key=f"invitation:{invitation.token_hash}", at=at,
    )  # fmt: skip
