"""Contracts and the tranches paid under them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ContractStatus, TrancheStatus
from funding.models import Contract, Tranche
from funding.selectors.leads import agreement_names_present_lead, names_present_lead
from portal.kernel.workflow import Reason, Workflow, step

T = TrancheStatus


def condition_met(tranche: Tranche, _at: datetime) -> Reason | None:
    """What the tranche waits for has happened."""
    return None if tranche.condition_met_on else _("The condition of this tranche is not met yet.")


def payee_is_known(tranche: Tranche, _at: datetime) -> Reason | None:
    """There is an account in the name of the lead to pay to."""
    if tranche.award.consortium.lead.bank_account:
        return None
    return _("The bank account of the lead is not stated yet; its administrator does so under “My organisation”.")


def lead_of_contract_leads(contract: Contract, _at: datetime) -> Reason | None:
    """Nobody signs what names another lead."""
    if names_present_lead(contract):
        return None
    return _("The lead has changed since: the contract has to be amended for %(name)s first.") % {
        "name": contract.award.consortium.lead.name
    }


def contract_is_with_the_lead(tranche: Tranche, at: datetime) -> Reason | None:
    """Money is asked and approved for the lead that signed; an amended contract is signed by both sides first."""
    contract = tranche.award.contract
    if reason := lead_of_contract_leads(contract, at):
        return reason
    unsigned = contract.earlier and contract.status != ContractStatus.EFFECTIVE
    return _("The amended contract is not effective; both sides have to sign it first.") if unsigned else None


def lead_has_changed(contract: Contract, _at: datetime) -> Reason | None:
    """There is something to amend."""
    return _("The contract names the present lead.") if names_present_lead(contract) else None


def members_agree_on_lead(contract: Contract, _at: datetime) -> Reason | None:
    """First the members among themselves."""
    if agreement_names_present_lead(contract.award.consortium):
        return None
    return _("First all members sign an agreement that names the new lead.")


def award_not_exceeded(tranche: Tranche, _at: datetime) -> Reason | None:
    """What was and will be paid never exceeds the award."""
    paid = sum(t.amount for t in tranche.award.tranches.all() if t.status in {T.APPROVED, T.PAID, T.CONFIRMED})
    if paid + tranche.amount > tranche.award.amount:
        return _("With this tranche more than the award would be paid.")
    return None


CONTRACT: Workflow[Contract] = Workflow(
    step(Action.SIGN, {ContractStatus.OFFERED}, ContractStatus.SIGNED, "funding.sign_contract",
         lead_of_contract_leads),
    step(Action.COUNTERSIGN, {ContractStatus.SIGNED}, ContractStatus.EFFECTIVE, "funding.countersign_contract",
         lead_of_contract_leads),
    step(Action.AMEND, set(ContractStatus), ContractStatus.OFFERED, "funding.amend_contract", lead_has_changed,
         members_agree_on_lead),
    told=("number", "starts_on", "ends_on", "sha256"),
)  # fmt: skip

TRANCHE: Workflow[Tranche] = Workflow(
    step(Action.MEET_CONDITION, {T.PLANNED}, T.PLANNED, "funding.meet_condition"),
    step(Action.REQUEST, {T.PLANNED}, T.REQUESTED, "funding.request_tranche", condition_met, payee_is_known,
         contract_is_with_the_lead),
    step(Action.VERIFY, {T.REQUESTED}, T.VERIFIED, "funding.verify_tranche", condition_met),
    step(Action.REVIEW, {T.VERIFIED}, T.REVIEWED, "funding.review_tranche", condition_met),
    step(Action.APPROVE_PAYMENT, {T.REVIEWED}, T.APPROVED, "funding.approve_tranche", condition_met,
         award_not_exceeded, contract_is_with_the_lead),
    step(Action.PAY, {T.APPROVED}, T.PAID, "funding.pay_tranche"),
    step(Action.CONFIRM_RECEIPT, {T.PAID}, T.CONFIRMED, "funding.confirm_receipt"),
    step(Action.RETURN_REQUEST, {T.REQUESTED, T.VERIFIED, T.REVIEWED}, T.PLANNED, "funding.hold_tranche"),
    step(Action.HOLD, {T.PLANNED, T.REQUESTED, T.VERIFIED, T.REVIEWED}, T.ON_HOLD, "funding.hold_tranche"),
    step(Action.RELEASE, {T.ON_HOLD}, T.PLANNED, "funding.hold_tranche"),
    step(Action.CANCEL, {T.PLANNED, T.ON_HOLD}, T.CANCELLED, "funding.hold_tranche"),
)  # fmt: skip
