"""How a contract ends: accepted after the opinion of others, or terminated by somebody who did not put that forward."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import AcceptanceStatus, Action, ContractStatus, TerminationStatus, TrancheStatus
from funding.models import Acceptance, Termination
from funding.models.acceptance import OPEN_ACCEPTANCE
from funding.selectors.endings import relays_wait, spending_waits
from funding.selectors.parties import missing_consents
from portal.kernel.workflow import Reason, Workflow, step

S, T = AcceptanceStatus, TerminationStatus
ON_THE_WAY = (TrancheStatus.BATCHED, TrancheStatus.SENT)
JOINED = ("contract__award__consortium", "contract__award__application__call__rules")


def after_confirmation(acceptance: Acceptance) -> str:
    """The last party that confirms hands over to the officer."""
    return S.REQUESTED if missing_consents(acceptance) else S.CONFIRMED


def contract_is_effective(acceptance: Acceptance, _at: datetime) -> Reason | None:
    """A contract that is signed anew meanwhile waits."""
    if acceptance.contract.status == ContractStatus.EFFECTIVE:
        return None
    return _("The contract is not effective.")


def spending_is_judged(acceptance: Acceptance, _at: datetime) -> Reason | None:
    """The final statement says what is accepted."""
    if spending_waits(acceptance.award):
        return _("There is expenditure that is neither accepted nor refused yet.")
    return None


def no_acceptance_under_way(termination: Termination, _at: datetime) -> Reason | None:
    """Not both at once."""
    if termination.contract.acceptances.filter(status__in=OPEN_ACCEPTANCE).exists():
        return _("The acceptance of this project is under way; return it first.")
    return None


def no_money_on_the_way(termination: Termination, _at: datetime) -> Reason | None:
    """What is claimed back is known only when nothing moves."""
    award = termination.award
    if award.tranches.filter(status__in=ON_THE_WAY).exists():
        return _("A tranche is in a payment batch; wait for the bank, or take it out first.")
    if relays_wait(award):
        return _("Money passed on to a member waits for its confirmation.")
    return None


ACCEPTANCE: Workflow[Acceptance] = Workflow(
    step(Action.CONFIRM_ACCEPTANCE, {S.REQUESTED}, after_confirmation, "funding.confirm_acceptance"),
    step(Action.CHECK_ACCEPTANCE, {S.CONFIRMED}, S.CHECKED, "funding.check_acceptance", spending_is_judged),
    step(Action.ASSESS_ACCEPTANCE, {S.CHECKED}, S.ASSESSED, "funding.assess_acceptance"),
    step(Action.DECIDE_ACCEPTANCE, {S.ASSESSED}, S.DECIDED, "funding.decide_acceptance", contract_is_effective,
         spending_is_judged),
    step(Action.RETURN_ACCEPTANCE, set(OPEN_ACCEPTANCE), S.RETURNED, "funding.return_acceptance"),
    step(Action.WITHDRAW_ACCEPTANCE, {S.REQUESTED, S.CONFIRMED}, S.WITHDRAWN, "funding.request_acceptance"),
    told=("conclusion", "document_number"),
    joined=JOINED,
)  # fmt: skip

TERMINATION: Workflow[Termination] = Workflow(
    step(Action.PUT_FORWARD_TERMINATION, {T.ASKED}, T.PROPOSED, "funding.propose_termination"),
    step(Action.DECIDE_TERMINATION, {T.PROPOSED}, T.DECIDED, "funding.decide_termination", no_acceptance_under_way,
         no_money_on_the_way),
    step(Action.REFUSE_TERMINATION, {T.ASKED, T.PROPOSED}, T.REFUSED, "funding.refuse_termination"),
    step(Action.WITHDRAW_TERMINATION, {T.ASKED}, T.WITHDRAWN, "funding.ask_termination"),
    told=("kind", "document_number"),
    joined=JOINED,
)  # fmt: skip
