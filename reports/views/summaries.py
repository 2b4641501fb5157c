"""The city-wide summary of a year: what was made, the order of the next, the file."""

from typing import Any

from reports.models import CityReport, EvaluationCycle
from reports.services.summary import PAPER, order_city_report
from reports.views.documents import DocumentOf, DocumentsOf


class CityReports(DocumentsOf):
    """The summaries of a year, and the order of the next."""

    model, document = EvaluationCycle, CityReport
    permission = PAPER.permission
    template_name = "reports/city_reports.html"

    def perform(self, form: Any) -> CityReport:
        return order_city_report(cycle=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class CityReportDownload(DocumentOf):
    """The stored summary, for the bureau."""

    model = CityReport
    permission = "reports.take_city_report"
