"""The life of a consortium, and what stands in the way of whatever belongs to one."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consortia.enums import ALIVE, AT_WORK, SOUND, Action, AgreementStatus, ConsortiumStatus, Tier
from consortia.models import Consortium
from consortia.selectors.leadchanges import open_change
from consortia.selectors.underway import BEING_WRITTEN, HANDED_IN, found
from portal.kernel.workflow import Reason, Workflow, step

S = ConsortiumStatus
A = Action


def consortium_is_alive(part: Any, _at: datetime) -> Reason | None:
    """Nothing moves any more in a consortium that has ended; `part` is anything that belongs to one."""
    if part.consortium.status not in ALIVE:
        return _("This consortium has ended.")
    return None


def nothing_is_handed_in(part: Any, _at: datetime) -> Reason | None:
    """What is judged stays as it was handed in; `part` is a consortium or belongs to one."""
    return found(HANDED_IN, getattr(part, "consortium", part))


def nothing_is_being_written(consortium: Consortium, _at: datetime) -> Reason | None:
    """Drafts are withdrawn first."""
    return found(BEING_WRITTEN, consortium)


def nobody_else_is_to_lead(consortium: Consortium, _at: datetime) -> Reason | None:
    """Members who want it to go on under another lead are answered first."""
    return _("Another change of the lead is being decided already.") if open_change(consortium) else None


def by_tier(consortium: Consortium) -> str:
    """Where a recognised consortium works: tier C is cultivated, A and B operate."""
    return S.CULTIVATION if consortium.tier == Tier.C else S.OPERATING


def is_not_leaving(consortium: Consortium, _at: datetime) -> Reason | None:
    """While an exit case runs, nothing else is decided."""
    return _("An exit case about this consortium is running.") if consortium.leaving_since else None


def is_leaving(consortium: Consortium, _at: datetime) -> Reason | None:
    """A consortium leaves by an exit case only."""
    return None if consortium.leaving_since else _("A consortium leaves by way of an exit case.")


def has_a_direction(consortium: Consortium, _at: datetime) -> Reason | None:
    """First gate of an upgrade: a clear direction of innovation."""
    if consortium.technologies.exists():
        return None
    return _("For an upgrade the consortium needs a clear direction: its key-technology list is empty.")


def has_tasks(consortium: Consortium, _at: datetime) -> Reason | None:
    """Second gate: concrete research tasks."""
    if consortium.tasks.filter(milestones__isnull=False).exists():
        return None
    return _("For an upgrade the consortium needs concrete research tasks with milestones.")


def has_a_fund(consortium: Consortium, _at: datetime) -> Reason | None:
    """Third gate: a dedicated investment fund."""
    if consortium.funds.exists():
        return None
    return _("For an upgrade the consortium needs a dedicated investment fund.")


def has_an_agreement(consortium: Consortium, _at: datetime) -> Reason | None:
    """Whoever is recognised works under an agreement that every member has signed."""
    if consortium.agreements.filter(status=AgreementStatus.EFFECTIVE).exists():
        return None
    return _("No agreement of this consortium is in force.")


CONSORTIUM: Workflow[Consortium] = Workflow(
    step(A.START, {S.PREPARING}, by_tier, "consortia.start_consortium", has_an_agreement),
    step(
        A.ABANDON, {S.PREPARING}, S.EXITED, "consortia.abandon_consortium",
        nothing_is_handed_in, nothing_is_being_written, nobody_else_is_to_lead,
    ),
    step(A.RECTIFY, SOUND, S.RECTIFYING, "consortia.rectify_consortium", is_not_leaving),
    step(A.RESUME, {S.RECTIFYING}, by_tier, "consortia.resume_consortium", is_not_leaving),
    step(
        A.UPGRADE, SOUND, by_tier, "consortia.upgrade_consortium",
        is_not_leaving, has_a_direction, has_tasks, has_a_fund,
    ),
    step(A.DOWNGRADE, {S.OPERATING}, by_tier, "consortia.downgrade_consortium", is_not_leaving),
    step(A.GRADUATE, SOUND, S.GRADUATED, "consortia.graduate_consortium", is_not_leaving),
    step(A.EXIT, AT_WORK, S.EXITED, "consortia.close_exit", is_leaving),
    step(A.REVOKE, AT_WORK, S.REVOKED, "consortia.close_exit", is_leaving),
)  # fmt: skip
