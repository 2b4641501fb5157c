"""Minutes of decision meetings as documents."""

from typing import Any

from django.db.models import QuerySet

from funding.enums import ScenarioStatus
from funding.models import Scenario
from reports.models import MinutesDocument
from reports.services.minutes import order_minutes
from reports.views.documents import DocumentOf, DocumentsOf


class MinutesDocuments(DocumentsOf):
    """The minutes of a list that was decided, and the order of the next."""

    model, document = Scenario, MinutesDocument
    permission = "reports.order_minutes"
    template_name = "reports/minutes_documents.html"

    def get_queryset(self) -> QuerySet[Scenario]:
        rows = super().get_queryset().filter(status=ScenarioStatus.DECIDED)
        return rows.select_related("call", "prepared_by", "proposed_by")

    def perform(self, form: Any) -> MinutesDocument:
        return order_minutes(scenario=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class MinutesDocumentDownload(DocumentOf):
    """The stored minutes."""

    model = MinutesDocument
    permission = "reports.order_minutes"
