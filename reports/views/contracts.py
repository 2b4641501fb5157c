"""Project contracts as documents."""

from typing import Any

from django.db.models import QuerySet

from funding.models import Contract
from reports.models import ContractDocument
from reports.services.contracts import order_contract
from reports.views.documents import DocumentOf, DocumentsOf


class ContractDocuments(DocumentsOf):
    """The documents of a contract, and the order of the next."""

    model, document = Contract, ContractDocument
    permission = "reports.order_contract"
    template_name = "reports/contract_documents.html"

    def get_queryset(self) -> QuerySet[Contract]:
        return super().get_queryset().select_related("award__consortium", "award__application")

    def perform(self, form: Any) -> ContractDocument:
        return order_contract(contract=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ContractDocumentDownload(DocumentOf):
    """The stored contract."""

    model = ContractDocument
    permission = "reports.order_contract"
