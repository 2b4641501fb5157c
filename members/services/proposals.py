"""Administrator roles need two people: one security administrator proposes, another one confirms."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.enums import Action, Role
from members.models import RoleGrant, RoleProposal, User
from members.rules.roles import obstacle
from members.selectors import holders
from members.services.roles import GRANTED, give, tell
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

VALID_FOR = timedelta(days=7)
LAPSED = gettext_noop("Lapsed: nobody confirmed it within seven days.")
OVER = _("This proposal has been decided or has lapsed already.")
GONE = _("Whoever proposed this is no longer a security administrator, or the person concerned is no longer active.")

register(
    "members.administrator_proposed",
    _("%(proposer)s proposes %(person)s as an administrator; please confirm or decline."),
    urgent=True,
)
register("members.proposal_declined", _("Your proposal of %(person)s as an administrator was declined."))


@transaction.atomic
def propose_administrator(*, user: User, role: Role, actor: User, at: datetime, note: str = "") -> RoleProposal:
    """Ask a second security administrator to give an administrator role; good for seven days."""
    require(actor, "members.grant_role", user)
    User.objects.select_for_update().get(pk=user.pk)
    user.__dict__.pop("grants", None)
    if reason := obstacle(role, user.roles):
        raise TransitionRefused(reason)
    if role in user.roles:
        raise TransitionRefused(_("This person holds the role already."))
    _close_lapsed(user, at)
    if RoleProposal.objects.filter(user=user, decided_at=None).exists():
        raise TransitionRefused(_("This person is proposed already; please wait for the decision."))
    others = [person for person in holders(Role.SECURITY_ADMIN) if person.pk not in {actor.pk, user.pk}]
    if not others:
        raise TransitionRefused(
            _("There is no other security administrator who could confirm; see the guide docs/operations.md.")
        )
    proposal = RoleProposal.objects.create(
        user=user, role=role, note=note, proposed_by=actor, proposed_at=at, expires_at=at + VALID_FOR
    )
    _record(proposal, Action.PROPOSE_ROLE, actor=actor, at=at, note=note)
    notify(
        recipients=others, kind="members.administrator_proposed", at=at, url=reverse("members:security-console"),
        params={"proposer": actor.name, "person": user.name},
    )  # fmt: skip
    return proposal


@transaction.atomic
def confirm_proposal(*, proposal: RoleProposal, actor: User, at: datetime, note: str = "") -> RoleGrant:
    """Give the proposed role; neither the proposer nor the person concerned can do this."""
    require(actor, "members.confirm_proposal", proposal)
    _lock_people(proposal)
    locked = _lock(proposal, at)
    _still_stands(locked)
    grant = give(user=locked.user, role=Role(locked.role), actor=actor, at=at, note=locked.note)
    _decide(locked, actor=actor, at=at, confirmed=True)
    _record(locked, Action.CONFIRM_PROPOSAL, actor=actor, at=at, note=note)
    tell(grant=grant, kind=GRANTED, at=at)
    return grant


@transaction.atomic
def decline_proposal(*, proposal: RoleProposal, actor: User, at: datetime, note: str = "") -> RoleProposal:
    """Refuse the proposal, or withdraw one's own."""
    require(actor, "members.decline_proposal", proposal)
    locked = _lock(proposal, at)
    _decide(locked, actor=actor, at=at, confirmed=False)
    _record(locked, Action.DECLINE_PROPOSAL, actor=actor, at=at, note=note)
    if actor.pk != locked.proposed_by_id:
        notify(
            recipients=[locked.proposed_by], kind="members.proposal_declined", at=at, url="",
            params={"person": locked.user.name},
        )  # fmt: skip
    return locked


def _lock(proposal: RoleProposal, at: datetime) -> RoleProposal:
    locked = (
        RoleProposal.objects.select_for_update(of=("self",)).select_related("user", "proposed_by").get(pk=proposal.pk)
    )
    if locked.decided_at or locked.expires_at <= at:
        raise TransitionRefused(OVER)
    return locked


def _lock_people(proposal: RoleProposal) -> None:
    """Proposer and person, before the proposal: in the order in which a deactivation takes them."""
    list(User.objects.filter(pk__in=[proposal.user_id, proposal.proposed_by_id]).order_by("pk").select_for_update())


def _still_stands(proposal: RoleProposal) -> None:
    proposer_stands = holders(Role.SECURITY_ADMIN).filter(pk=proposal.proposed_by_id).exists()
    if not (proposer_stands and proposal.user.is_active):
        raise TransitionRefused(GONE)


def _close_lapsed(user: User, at: datetime) -> None:
    """A lapsed proposal makes room for a new one; it counts as withdrawn by its proposer."""
    for old in RoleProposal.objects.filter(user=user, decided_at=None, expires_at__lte=at).select_related(
        "proposed_by"
    ):
        _decide(old, actor=old.proposed_by, at=at, confirmed=False)
        _record(old, Action.DECLINE_PROPOSAL, actor=None, at=at, note=LAPSED)


def _decide(proposal: RoleProposal, *, actor: User, at: datetime, confirmed: bool) -> None:
    proposal.decided_by, proposal.decided_at, proposal.confirmed = actor, at, confirmed
    proposal.save(update_fields=["decided_by", "decided_at", "confirmed"])


def _record(proposal: RoleProposal, action: Action, *, actor: User | None, at: datetime, note: str) -> None:
    facts = {"role": proposal.role, "proposed_by": proposal.proposed_by_id}
    audit.record(actor=actor, action=action, subject=proposal.user, at=at, note=note, facts=facts)
