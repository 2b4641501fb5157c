"""Whether a report is the one that the portal made: for everybody, without an account and without an upload.

The page says of a report what whoever holds it knows already, and its fingerprint; the file is compared in the browser.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from reports.forms.verify import FindForm
from reports.models import CityReport, PublicationDocument, Report
from reports.selectors.documents import newer_edition, newer_report, newer_summary, verifiable


@method_decorator(login_not_required, name="dispatch")
class ReportFind(TemplateView):
    """Finds a report by its number, or by the fingerprint of a file."""

    template_name = "reports/report_find.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FindForm(request.GET or None)
        if form.is_valid() and form.cleaned_data["report"]:
            return redirect("reports:report-verify", form.cleaned_data["report"].number)
        return self.render_to_response(self.get_context_data(form=form, **kwargs))


@method_decorator(login_not_required, name="dispatch")
class ReportVerify(TemplateView):
    """Number, fingerprints, and a place for the file."""

    template_name = "reports/report_verify.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = verifiable(number=kwargs["number"])
        if report is None:
            raise Http404
        newer, name = about(report)
        return super().get_context_data(report=report, newer=newer, name=name, **kwargs)


def about(report: Report | CityReport | PublicationDocument) -> tuple[Any, str]:
    """What took its place, if anything did, and what it is called."""
    if isinstance(report, CityReport):
        return newer_summary(report), _("City-wide annual summary %(year)s") % {"year": report.cycle.year}
    if isinstance(report, PublicationDocument):
        year = report.publication.evaluation.cycle.year
        return newer_edition(report), _("Annual report %(year)s, public edition") % {"year": year}
    return newer_report(report), _("Annual evaluation report %(year)s") % {"year": report.evaluation.cycle.year}
