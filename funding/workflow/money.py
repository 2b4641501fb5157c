"""Appropriations, contracts, the tranches paid under them and the batches that they are paid in."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import (
    AcceptanceStatus,
    Action,
    AppropriationStatus,
    BatchStatus,
    ClaimOutcome,
    CofundingStatus,
    ContractStatus,
    LimitStatus,
    RecoveryStatus,
    RelayStatus,
    TrancheCondition,
    TrancheStatus,
)
from funding.models import (
    Acceptance,
    Appropriation,
    ApprovalLimit,
    ClaimObjection,
    Cofunding,
    Contract,
    LedgerEntry,
    PaymentBatch,
    Recovery,
    Relay,
    Tranche,
)
from funding.models.contract import WAS_EFFECTIVE
from funding.models.tranche import APPROVED_OR_LATER
from funding.rules.recovering import objection_until
from funding.selectors.contracts import contract_rules, fault_sentences, planned
from funding.selectors.endings import is_under_way, last_day_of
from funding.selectors.leads import agreement_names_present_lead, names_present_lead
from funding.selectors.recoveries import free_of
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step

B, C, T, V = BatchStatus, ContractStatus, TrancheStatus, RecoveryStatus


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
    if contract.status in WAS_EFFECTIVE:
        return None
    if contract.earlier:
        return _("The amended contract is not effective; both sides have to sign it first.")
    return _("The contract is not effective yet.")


def lead_has_changed(contract: Contract, _at: datetime) -> Reason | None:
    """There is something to amend."""
    return _("The contract names the present lead.") if names_present_lead(contract) else None


def members_agree_on_lead(contract: Contract, _at: datetime) -> Reason | None:
    """First the members among themselves."""
    if agreement_names_present_lead(contract.award.consortium):
        return None
    return _("First all members sign an agreement that names the new lead.")


def contract_has_not_ended(tranche: Tranche, _at: datetime) -> Reason | None:
    """Nothing is paid under a contract that was terminated or has expired."""
    contract = tranche.award.contract
    if contract.status in (C.TERMINATED, C.EXPIRED):
        return _("The contract was terminated or has expired: nothing more is paid under it.")
    return None


def accepted_where_it_waits_for_that(tranche: Tranche, _at: datetime) -> Reason | None:
    """Only a conclusion of the acceptance makes the tranche due that waits for it."""
    if tranche.condition != TrancheCondition.ACCEPTANCE:
        return None
    pays = contract_rules(tranche.award).acceptance_pays
    decided = Acceptance.objects.filter(contract__award=tranche.award_id, status=AcceptanceStatus.DECIDED)
    if decided.filter(conclusion__in=pays).exists():
        return None
    return _("This tranche becomes due when the project is accepted.")


def award_not_exceeded(tranche: Tranche, _at: datetime) -> Reason | None:
    """What was and will be paid never exceeds the award."""
    paid = sum(t.amount for t in tranche.award.tranches.all() if t.status in APPROVED_OR_LATER)
    if paid + tranche.amount > tranche.award.amount:
        return _("With this tranche more than the award would be paid.")
    return None


def not_reduced_yet(tranche: Tranche, _at: datetime) -> Reason | None:
    """What a tranche pays is cut once."""
    reduced = LedgerEntry.objects.filter(key=f"reduce:{tranche.pk}").exists()
    return _("This tranche was reduced already.") if reduced else None


def accounts_are_as_listed(batch: PaymentBatch, _at: datetime) -> Reason | None:
    """Nobody is paid to an account that the payee does not have any more."""
    orders = batch.orders.select_related("payee")
    changed = [one.payee_name for one in orders if one.account_changed]
    if not changed:
        return None
    return _("The bank account changed since of: %(names)s. Give this batch up and prepare another one.") % {
        "names": enumerated(changed)
    }


APPROPRIATION: Workflow[Appropriation] = Workflow(
    step(Action.CONFIRM_APPROPRIATION, {AppropriationStatus.RECORDED}, AppropriationStatus.CONFIRMED,
         "funding.confirm_appropriation"),
    step(Action.DROP_APPROPRIATION, {AppropriationStatus.RECORDED}, AppropriationStatus.DROPPED, "funding.keep_budget"),
    told=("kind", "amount", "document_number"),
    joined=("line",),
)  # fmt: skip


def contract_adds_up(contract: Contract, _at: datetime) -> Reason | None:
    """Its figures come to the award."""
    return " ".join(fault_sentences({**contract.terms, "tranches": planned(contract.award)})) or None


def after_confirming(contract: Contract) -> str:
    """The last party that confirms opens the signing."""
    return C.CONFIRMING if contract.parties.filter(confirmed_at=None).exists() else C.OFFERED


def after_signing(contract: Contract) -> str:
    """The last party that signs hands over to the bureau."""
    return C.OFFERED if contract.parties.filter(signed_at=None).exists() else C.SIGNED


def window_is_over(contract: Contract, at: datetime) -> Reason | None:
    """Nobody requested acceptance in time, and nothing else is under way."""
    if timezone.localdate(at) > last_day_of(contract) and not is_under_way(contract):
        return None
    return _("The time in which acceptance is requested is not over.")


CONTRACT: Workflow[Contract] = Workflow(
    step(Action.EDIT_CONTRACT, {C.DRAFT}, C.DRAFT, "funding.draft_contract"),
    step(Action.OFFER_CONTRACT, {C.DRAFT}, C.CONFIRMING, "funding.draft_contract", contract_adds_up),
    step(Action.CONFIRM_CONTRACT, {C.CONFIRMING}, after_confirming, "funding.confirm_contract",
         lead_of_contract_leads),
    step(Action.RETURN_CONTRACT, {C.CONFIRMING, C.OFFERED, C.SIGNED}, C.DRAFT, "funding.return_contract"),
    step(Action.SIGN, {C.OFFERED}, after_signing, "funding.sign_contract",
         lead_of_contract_leads),
    step(Action.COUNTERSIGN, {C.SIGNED}, C.EFFECTIVE, "funding.countersign_contract",
         lead_of_contract_leads),
    step(Action.AMEND, {C.CONFIRMING, C.OFFERED, C.SIGNED, C.EFFECTIVE}, C.OFFERED, "funding.amend_contract",
         lead_has_changed, members_agree_on_lead),
    step(Action.TAKE_UP_AMENDMENT, {C.EFFECTIVE}, C.EFFECTIVE, "funding.decide_amendment", lead_of_contract_leads),
    step(Action.COMPLETE_CONTRACT, {C.EFFECTIVE}, C.COMPLETED, "funding.decide_acceptance"),
    step(Action.TERMINATE_CONTRACT, {C.EFFECTIVE, C.EXPIRED}, C.TERMINATED, "funding.decide_termination"),
    step(Action.EXPIRE_CONTRACT, {C.EFFECTIVE}, C.EXPIRED, "", window_is_over),
    told=("number", "starts_on", "ends_on", "sha256"),
)  # fmt: skip

CLOSES = {T.PLANNED, T.ON_HOLD, T.REQUESTED, T.VERIFIED, T.REVIEWED, T.APPROVED, T.RETURNED}
TRANCHE: Workflow[Tranche] = Workflow(
    step(Action.MEET_CONDITION, {T.PLANNED}, T.PLANNED, "funding.meet_condition", accepted_where_it_waits_for_that),
    step(Action.REDUCE_TRANCHE, {T.PLANNED}, T.PLANNED, "funding.reduce_tranche", not_reduced_yet),
    step(Action.REQUEST, {T.PLANNED}, T.REQUESTED, "funding.request_tranche", condition_met, payee_is_known,
         contract_is_with_the_lead, contract_has_not_ended),
    step(Action.VERIFY, {T.REQUESTED}, T.VERIFIED, "funding.verify_tranche", condition_met),
    step(Action.REVIEW, {T.VERIFIED}, T.REVIEWED, "funding.review_tranche", condition_met),
    step(Action.APPROVE_PAYMENT, {T.REVIEWED}, T.APPROVED, "funding.approve_tranche", condition_met,
         award_not_exceeded, contract_is_with_the_lead, contract_has_not_ended),
    step(Action.LIST_TRANCHE, {T.APPROVED, T.RETURNED}, T.BATCHED, "funding.list_tranche", payee_is_known,
         contract_is_with_the_lead, contract_has_not_ended),
    step(Action.UNLIST_TRANCHE, {T.BATCHED}, T.APPROVED, "funding.unlist_tranche"),
    step(Action.SEND_TRANCHE, {T.BATCHED}, T.SENT, "funding.list_tranche"),
    step(Action.PAY, {T.APPROVED, T.SENT}, T.PAID, "funding.pay_tranche"),
    step(Action.FAIL_ORDER, {T.SENT}, T.RETURNED, "funding.pay_tranche"),
    step(Action.RETURN_PAYMENT, {T.PAID, T.CONFIRMED}, T.RETURNED, "funding.pay_tranche"),
    step(Action.CONFIRM_RECEIPT, {T.PAID}, T.CONFIRMED, "funding.confirm_receipt"),
    step(Action.RETURN_REQUEST, {T.REQUESTED, T.VERIFIED, T.REVIEWED}, T.PLANNED, "funding.hold_tranche"),
    step(Action.HOLD, {T.PLANNED, T.REQUESTED, T.VERIFIED, T.REVIEWED, T.RETURNED}, T.ON_HOLD, "funding.hold_tranche"),
    step(Action.RELEASE, {T.ON_HOLD}, T.PLANNED, "funding.hold_tranche"),
    step(Action.CANCEL, {T.PLANNED, T.ON_HOLD}, T.CANCELLED, "funding.hold_tranche"),
    step(Action.CLOSE_TRANCHE, CLOSES, T.CANCELLED, "funding.hold_tranche"),
)  # fmt: skip

BATCH: Workflow[PaymentBatch] = Workflow(
    step(Action.RELEASE_BATCH, {B.PREPARED}, B.RELEASED, "funding.release_batch", accounts_are_as_listed),
    step(Action.SEND_BATCH, {B.RELEASED}, B.SENT, "funding.send_batch", accounts_are_as_listed),
    step(Action.DROP_BATCH, {B.PREPARED, B.RELEASED}, B.DROPPED, "funding.drop_batch"),
    told=("number", "document_number", "sha256"),
    joined=("line",),
)  # fmt: skip

LIMIT: Workflow[ApprovalLimit] = Workflow(
    step(Action.CONFIRM_LIMIT, {LimitStatus.PROPOSED}, LimitStatus.IN_FORCE, "funding.confirm_limit"),
    step(Action.DROP_LIMIT, {LimitStatus.PROPOSED}, LimitStatus.DECLINED, "funding.drop_limit"),
    step(Action.END_LIMIT, {LimitStatus.IN_FORCE}, LimitStatus.ENDED, "funding.drop_limit"),
    told=("person_id", "amount"),
    joined=("person",),
)  # fmt: skip

RELAY: Workflow[Relay] = Workflow(
    step(Action.CONFIRM_RELAY, {RelayStatus.REPORTED}, RelayStatus.CONFIRMED, "funding.confirm_relay"),
    step(Action.REFUSE_RELAY, {RelayStatus.REPORTED}, RelayStatus.REFUSED, "funding.confirm_relay"),
    step(Action.WITHDRAW_RELAY, {RelayStatus.REPORTED}, RelayStatus.WITHDRAWN, "funding.report_relay"),
    told=("slip", "amount", "organisation_id"),
    joined=("award__consortium", "organisation"),
)  # fmt: skip


COFUNDING: Workflow[Cofunding] = Workflow(
    step(Action.CONFIRM_COFUNDING, {CofundingStatus.REPORTED}, CofundingStatus.CONFIRMED, "funding.confirm_cofunding"),
    step(Action.REFUSE_COFUNDING, {CofundingStatus.REPORTED}, CofundingStatus.REFUSED, "funding.confirm_cofunding"),
    step(Action.WITHDRAW_COFUNDING, {CofundingStatus.REPORTED}, CofundingStatus.WITHDRAWN, "funding.report_cofunding"),
    step(Action.REVERSE_COFUNDING, {CofundingStatus.CONFIRMED}, CofundingStatus.REVERSED, "funding.reverse_cofunding"),
    told=("slip", "amount"),
    joined=("award__consortium",),
)  # fmt: skip


def still_held(recovery: Recovery, _at: datetime) -> Reason | None:
    """What is claimed is there by the ledger; meanwhile the bank may have returned a payment."""
    if free_of(recovery.award, recovery.organisation_id) >= 0:
        return None
    return _("The organisation does not hold so much of the grant any more.")


def objection_of(recovery: Recovery) -> ClaimObjection | None:
    """What was said against the claim."""
    return getattr(recovery, "objection", None)


def objected_in_time(recovery: Recovery, at: datetime) -> Reason | None:
    """Once, and within the term that the notice tells."""
    if objection_of(recovery):
        return _("An objection to this claim was filed already.")
    rules = recovery.award.application.call.rules.data
    if recovery.noticed_on and timezone.localdate(at) <= objection_until(rules, recovery.noticed_on):
        return None
    return _("The time to object to this claim is over.")


def objection_waits(recovery: Recovery, _at: datetime) -> Reason | None:
    """There is something to decide."""
    objection = objection_of(recovery)
    return None if objection and objection.is_open else _("No objection to this claim waits.")


def no_objection_waits(recovery: Recovery, _at: datetime) -> Reason | None:
    """It is decided first."""
    objection = objection_of(recovery)
    return _("First the objection to this claim is decided.") if objection and objection.is_open else None


def as_judged(recovery: Recovery) -> str:
    """Where it stands after the decision about the objection."""
    objection = objection_of(recovery)
    return V.STOPPED if objection and objection.outcome == ClaimOutcome.REVERSED else as_paid_back(recovery)


def as_paid_back(recovery: Recovery) -> str:
    """Where it stands by what arrived."""
    if not recovery.left:
        return V.SETTLED
    return V.PARTLY if recovery.received else V.NOTICED


RECOVERY: Workflow[Recovery] = Workflow(
    step(Action.APPROVE_RECOVERY, {V.OPEN}, V.NOTICED, "funding.approve_recovery", still_held),
    step(Action.RECEIVE_RECOVERY, {V.NOTICED, V.PARTLY, V.ASKED}, as_paid_back, "funding.receive_recovery"),
    step(Action.REVERSE_RECOVERY, {V.PARTLY, V.SETTLED}, as_paid_back, "funding.receive_recovery"),
    step(Action.OBJECT_TO_CLAIM, {V.NOTICED, V.PARTLY}, as_paid_back, "funding.object_to_claim", objected_in_time),
    step(Action.JUDGE_CLAIM, {V.NOTICED, V.PARTLY, V.SETTLED}, as_judged, "funding.judge_claim", objection_waits),
    step(Action.ASK_WRITE_OFF, {V.NOTICED, V.PARTLY}, V.ASKED, "funding.ask_write_off", no_objection_waits),
    step(Action.DECLINE_WRITE_OFF, {V.ASKED}, as_paid_back, "funding.write_off"),
    step(Action.WRITE_OFF, {V.ASKED}, V.WRITTEN_OFF, "funding.write_off"),
    step(Action.STOP_RECOVERY, {V.OPEN, V.NOTICED}, V.STOPPED, "funding.stop_recovery", no_objection_waits),
    told=("number", "amount", "received"),
    joined=("award__consortium", "award__application__call__rules", "award__line", "organisation"),
)  # fmt: skip
