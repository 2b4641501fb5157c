"""Project contracts as documents, ordered by whoever may read the contract."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from funding.enums import ContractStatus
from funding.models import Contract
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.models import ContractDocument
from reports.selectors.contracts import contract_snapshot
from reports.services.made import Paper, order_document

PAPER = Paper(
    model=ContractDocument, job="reports.render_contract", file="contract", version="1",
    permission="reports.order_contract",
)  # fmt: skip


def order_contract(*, contract: Contract, language: str, actor: Any, at: datetime) -> ContractDocument:
    """The version in hand, from the offer on; before it the officer still mends it."""
    require(actor, PAPER.permission, contract)
    if contract.status == ContractStatus.DRAFT:
        raise TransitionRefused(_("The contract is a draft; it is printed from the offer on."))
    snapshot = contract_snapshot(contract)
    return order_document(paper=PAPER, of=contract, snapshot=snapshot, language=language, actor=actor, at=at)
