"""What may become of an expenditure."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ContractStatus, ExpenditureStatus
from funding.models import Award, Contract, Expenditure
from portal.kernel.workflow import Reason, Workflow, step

S = ExpenditureStatus

IN_FORCE = frozenset({ContractStatus.EFFECTIVE, ContractStatus.AMENDING})


def contract_in_force(award: Award) -> Contract | None:
    """The contract, once both sides have signed it."""
    contract = Contract.objects.filter(award=award).first()
    return contract if contract and contract.status in IN_FORCE else None


def can_be_spent(award: Award) -> Reason | None:
    """Nothing is accounted for before there is a contract."""
    if contract_in_force(award):
        return None
    return _("Expenditure is recorded once the contract is effective.")


def award_can_be_spent(expenditure: Expenditure, _at: datetime) -> Reason | None:
    """The same of a row."""
    return can_be_spent(expenditure.award)


def not_corrected_yet(expenditure: Expenditure, _at: datetime) -> Reason | None:
    """A row has at most one correction."""
    if Expenditure.objects.filter(corrects=expenditure).exists():
        return _("This expenditure was corrected already.")
    return None


def stays_refused(expenditure: Expenditure) -> str:
    """A refused row stays what it was; one that waited is replaced."""
    return S.REFUSED if expenditure.status == S.REFUSED else S.REPLACED


EXPENDITURE: Workflow[Expenditure] = Workflow(
    step(Action.CORRECT_EXPENDITURE, {S.RECORDED, S.REFUSED}, stays_refused, "funding.correct_expenditure",
         not_corrected_yet, award_can_be_spent),
    step(Action.ACCEPT_EXPENDITURE, {S.RECORDED}, S.ACCEPTED, "funding.accept_expenditure"),
    step(Action.REFUSE_EXPENDITURE, {S.RECORDED, S.ACCEPTED}, S.REFUSED, "funding.refuse_expenditure"),
    told=("voucher", "amount", "day"),
)  # fmt: skip
