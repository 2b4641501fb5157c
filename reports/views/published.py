"""Public editions of reports: published and withdrawn by the bureau, read by everybody, with or without an account."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.models import Consortium
from funding.views.notices import frame
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.audit import sha256
from portal.kernel.views import ListView, LoadMixin, ServiceFormView, TransitionView
from reports.enums import Action
from reports.exporters.public import public_report
from reports.exporters.public.material import PublicMaterial
from reports.filters import PublicationFilter
from reports.forms.selfreports import ReasonForm
from reports.models import Evaluation, Publication
from reports.models.report import Report
from reports.selectors.pages import evaluation_for_page
from reports.selectors.published import (
    documents_of_edition,
    edition_of,
    final_report,
    published_editions,
    why_not_to_publish,
)
from reports.services.publications import PAPER, publish_report, withdraw_report
from reports.workflow import PUBLICATION

LISTED = 20


# --- for everybody -----------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class PublishedList(ListView):
    """Every edition that stands, by year, field, district and grade."""

    model = Publication
    template_name = "reports/published_list.html"
    filterset_class = PublicationFilter
    page_size = LISTED

    def get_queryset(self) -> QuerySet[Publication]:
        return published_editions()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frame=frame(self.request.user), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class PublishedReport(TemplateView):
    """The edition as a page, out of the same blocks as its PDF; of one withdrawn nothing but that (410)."""

    template_name = "reports/published_report.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        publication = numbered(kwargs["number"])
        if publication.is_withdrawn:
            return withdrawn(request, publication)
        known = Consortium.objects.published().filter(pk=publication.evaluation.consortium_id).exists()
        context = self.get_context_data(
            frame=frame(request.user),
            publication=publication,
            report=as_page(publication.snapshot, publication.number, publication.snapshot_hash),
            documents=documents_of_edition(publication),
            consortium=publication.evaluation.consortium_id if known else None,
            **kwargs,
        )
        return self.render_to_response(context)


@method_decorator(login_not_required, name="dispatch")
class PublishedFile(TemplateView):
    """The edition as a PDF."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        publication = numbered(kwargs["number"])
        if publication.is_withdrawn:
            return withdrawn(request, publication)
        found = {row.language: row.file for row in documents_of_edition(publication)}.get(kwargs["language"])
        if found is None:
            raise Http404
        return files.serve(found, request=request)


def numbered(number: str) -> Publication:
    """The edition of this number. Raises Http404."""
    rows = Publication.objects.select_related("evaluation").defer("evaluation__snapshot", "evaluation__sheet")
    found: Publication = get_object_or_404(rows, number=number)
    return found


def withdrawn(request: HttpRequest, publication: Publication) -> HttpResponse:
    """That it was withdrawn, and when; why is told to the lead."""
    page = PublishedReport(request=request)
    page.template_name = "reports/published_withdrawn.html"
    return page.render_to_response({"frame": frame(request.user), "publication": publication}, status=410)


def as_page(facts: dict[str, Any], number: str, sha: str) -> Any:
    """The chapters in the reader's language, with pictures that follow the page's colours."""
    return public_report(PublicMaterial(facts, number, PAPER.version, sha, on_page=True))


# --- for the bureau ----------------------------------------------------------------------------
class ReportPublish(StepUpMixin, LoadMixin, ServiceFormView):
    """Head or leader sees what everybody is going to read, and publishes it."""

    step_up = True
    model = Evaluation
    permission = PAPER.permission
    action = Action.PUBLISH_REPORT
    form_class = Form
    template_name = "reports/report_publish.html"
    success_message = _("The public edition is published.")

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_for_page(super().get_queryset())

    def closed(self) -> list[str]:
        reason = why_not_to_publish(self.object) or (None if self.report else _("There is no final report yet."))
        return [str(reason)] if reason else []

    @property
    def report(self) -> Report | None:
        """What the edition is drawn from."""
        return final_report(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(evaluation=self.object, preview=self.preview(), **kwargs)

    def preview(self) -> Any:
        """The edition as it would be."""
        report = self.report
        if report is None or why_not_to_publish(self.object):
            return None
        facts = edition_of(report)
        return as_page(facts, gettext("given on publication"), sha256(facts))

    def perform(self, form: Any) -> Publication:
        return publish_report(evaluation=self.object, actor=self.actor, at=self.at)


class ReportWithdraw(StepUpMixin, TransitionView):
    """A head takes an edition off the public pages, saying why."""

    step_up = True
    model = Publication
    workflow, action = PUBLICATION, Action.WITHDRAW_REPORT
    form_class = ReasonForm
    template_name = "reports/report_withdraw.html"
    success_message = _("The public edition is withdrawn.")

    def get_queryset(self) -> QuerySet[Publication]:
        return super().get_queryset().select_related("evaluation__consortium", "evaluation__cycle").defer("snapshot")

    def fallback_url(self) -> str:
        return str(self.object.evaluation.get_absolute_url())

    def back_url(self) -> str:
        return self.fallback_url()

    def perform(self, form: Any) -> Publication:
        return withdraw_report(publication=self.object, actor=self.actor, note=form.cleaned_data["note"], at=self.at)
