"""Proposals of administrators fall with the people they rest on."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_noop

from members.enums import Action
from members.models import RoleProposal, User
from portal.kernel import audit

VOID = gettext_noop("Void: whoever proposed it, or the person concerned, is no longer active or in this role.")


def void_proposals(*, user: User, actor: User | None, at: datetime) -> None:
    """Close every open proposal by or for somebody who is gone; without an actor its proposer stands for it."""
    held = RoleProposal.objects.select_for_update(of=("self",)).select_related("user", "proposed_by")
    for proposal in held.filter(Q(user=user) | Q(proposed_by=user), decided_at=None).order_by("pk"):
        proposal.decided_by, proposal.decided_at = actor or proposal.proposed_by, at
        proposal.save(update_fields=["decided_by", "decided_at"])
        facts = {"role": proposal.role, "proposed_by": proposal.proposed_by_id}
        audit.record(
            actor=actor, action=Action.DECLINE_PROPOSAL, subject=proposal.user, at=at, note=VOID, facts=facts
        )  # fmt: skip
