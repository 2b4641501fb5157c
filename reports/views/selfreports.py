"""The lead's pages: writing the self-report, its evidence, filing it."""

import io
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.kernel import files
from portal.kernel.tables import Unreadable
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.forms.selfreport_workbook import (
    KIND,
    NOTHING,
    SelfReportJudgement,
    WorkbookForm,
    Wrong,
    units_of,
    write_self_report,
)
from reports.forms.selfreports import EvidenceForm, SelfReportForm, TrueForm, initial_values
from reports.models import Evaluation, Evidence
from reports.selectors.pages import evaluation_for_page
from reports.selectors.selfreport import dimension_rows, member_origins, present_figures, without_evidence
from reports.services.selfreports import (
    CLOSED,
    attach_evidence,
    can_be_edited,
    detach_evidence,
    save_self_report,
    submit_self_report,
)
from reports.views.evaluations import EvaluationStep

SHOWN = 100  # wrong cells
WRONG = _("Nothing was saved: mend the cells below and upload the workbook again.")


class SelfReportPage(LoadMixin, ServiceFormView):
    """A page on which the lead writes."""

    model = Evaluation
    permission = "reports.edit_self_report"

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_for_page(super().get_queryset())

    def rows(self) -> Any:
        """The rules of the year with what the records and last year's report say."""
        return dimension_rows(self.object.cycle.rules.data, present_figures(self.object))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(evaluation=self.object, **kwargs)

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class SelfReportEdit(SelfReportPage):
    """Figures, summary, problems; saved as often as one likes."""

    form_class = SelfReportForm
    template_name = "reports/self_report_edit.html"
    success_message = _("Saved.")

    def closed(self) -> list[str]:
        """Sent, or the year is closed."""
        return [] if can_be_edited(evaluation=self.object) else [str(CLOSED)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": self.rows(), "units": units_of(self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(origins=member_origins(self.object), **kwargs)

    def get_initial(self) -> dict[str, Any]:
        one = self.object
        texts = {"summary": one.summary, "problems": one.problems, "version": one.version}
        return {**initial_values(one.values), **texts}

    def perform(self, form: Any) -> Evaluation:
        data = form.cleaned_data
        return save_self_report(
            evaluation=self.object, actor=self.actor, values=form.values(), summary=data["summary"],
            problems=data["problems"], version=data["version"], at=self.at,
        )  # fmt: skip

    def form_invalid(self, form: Any) -> HttpResponse:
        """What was typed stays; having been told of another's save, the writer may save over it."""
        self.object.refresh_from_db(fields=["version"])
        form.data = form.data.copy()
        form.data["version"] = self.object.version
        return super().form_invalid(form)


class SelfReportWorkbook(SelfReportPage):
    """The self-report offline: a workbook to download, and the field for what was filled in."""

    form_class = WorkbookForm
    template_name = "reports/self_report_workbook.html"
    success_message = _("Everything in the workbook is saved.")
    wrong: Sequence[Wrong] = ()

    def closed(self) -> list[str]:
        """Sent, or the year is closed."""
        return [] if can_be_edited(evaluation=self.object) else [str(CLOSED)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(wrong=self.wrong[:SHOWN], more=len(self.wrong) > SHOWN, **kwargs)

    def perform(self, form: WorkbookForm) -> Evaluation:
        upload = form.cleaned_data["upload"]
        try:
            found = SelfReportJudgement(upload, self.object, self.rows())
        except Unreadable as reason:
            raise ValidationError({"upload": reason.messages}) from reason
        self.wrong = found.wrong
        if self.wrong:
            raise ValidationError({"upload": WRONG})
        if not found.differs:
            raise ValidationError({"upload": NOTHING})
        data = found.form.cleaned_data
        return save_self_report(
            evaluation=self.object, actor=self.actor, values=found.form.values(), summary=data["summary"],
            problems=data["problems"], version=data["version"], at=self.at,
            workbook={"name": files.clean_name(upload.name), "sha256": files.check(upload, KIND).sha256},
        )  # fmt: skip

    def fallback_url(self) -> str:
        return reverse("reports:self-report-edit", args=[self.object.pk])


class SelfReportDownload(LoadMixin, PermissionMixin, View):
    """The workbook as the self-report stands now."""

    model = Evaluation
    permission = "reports.edit_self_report"
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_for_page(super().get_queryset())

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        one = self.object
        if not can_be_edited(evaluation=one):
            return redirect("reports:self-report-workbook", one.pk)
        content = io.BytesIO()
        write_self_report(content, one, dimension_rows(one.cycle.rules.data, present_figures(one)), self.at)
        content.seek(0)
        name = " ".join((one.consortium.code or "", gettext("Self-report"), str(one.cycle.year))).strip()
        response = FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=files.XLSX)
        files.guard(response)
        return response


class EvidenceAttach(SelfReportPage):
    """Adds a file."""

    form_class = EvidenceForm
    template_name = "reports/evidence_attach.html"
    success_message = _("The file is attached.")

    def get_form_kwargs(self) -> dict[str, Any]:
        metrics = [metric for dimension in self.rows() for metric in dimension.metrics]
        return {**super().get_form_kwargs(), "metrics": metrics}

    def perform(self, form: Any) -> list[Evidence]:
        data = form.cleaned_data
        owner = self.object.consortium.lead_id
        attachment = files.store(data["file"], actor=self.actor, kind="evidence", at=self.at, owner=owner)
        return attach_evidence(
            evaluation=self.object, actor=self.actor, attachment=attachment, metrics=data["metric"],
            label=data["label"], at=self.at,
        )  # fmt: skip


class EvidenceMixin(LoadMixin, PermissionMixin):
    """Loads a file of evidence; rights are those on its evaluation."""

    model = Evidence

    def get_queryset(self) -> QuerySet[Evidence]:
        return super().get_queryset().select_related("attachment", "evaluation__consortium", "evaluation__expert")

    def permission_object(self) -> Evaluation:
        return self.object.evaluation  # type: ignore[no-any-return]


class EvidenceDetach(EvidenceMixin, View):
    """Takes a file out again."""

    permission = "reports.edit_self_report"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        try:
            detach_evidence(evidence=self.object, actor=self.actor, at=self.at)
        except TransitionRefused as refusal:
            for reason in refusal.reasons:
                messages.error(request, str(reason))
        return redirect(self.object.evaluation)


class EvidenceDownload(EvidenceMixin, View):
    """Hands the file out."""

    permission = "reports.see_self_report"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.attachment, request=request)


class SelfReportSubmit(EvaluationStep):
    """Files the self-report; from then on it is frozen."""

    action, permission, form_class = Action.SUBMIT, "reports.submit_self_report", TrueForm
    explanation = _("Figures, texts and evidence are frozen and go to the district. Only the district can return them.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(without_evidence=without_evidence(self.object), **kwargs)

    def perform(self, form: Any) -> Evaluation:
        return submit_self_report(evaluation=self.object, actor=self.actor, at=self.at)
