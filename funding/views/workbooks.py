"""The tables of an application offline: downloaded, filled in, uploaded, looked at, taken over."""

import io
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.forms.workbook import AcceptForm, Judgement, WorkbookForm, specs_for, write_workbook
from funding.models import Application, Part, Workbook
from funding.rules.sections import BUDGET
from funding.services.workbooks import MEANWHILE, TAKEN_OVER, apply_workbook, upload_workbook
from funding.views.drafts import DraftView
from portal.kernel import files
from portal.kernel.tables import Unreadable
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from portal.kernel.workflow import TransitionRefused

SHOWN = 5  # earlier workbooks
ROWS = 200  # of a table
WRONG = _("Some rows are wrong; mend them in the workbook and upload it again.")


class WorkbookUpload(DraftView):
    """What there is to download, and the form for what was filled in."""

    permission = "funding.write_section"
    part = BUDGET.code
    form_class = WorkbookForm
    template_name = "funding/application_workbook.html"

    def permission_object(self) -> Part:
        """Whoever writes the budget."""
        part: Part = self.object.section(BUDGET.code)
        return part

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = self.object.workbooks.select_related("file", "uploaded_by", "applied_by")[:SHOWN]
        tables = [spec.title for spec in specs_for(self.object, self.actor)]
        return super().get_context_data(earlier=earlier, tables=tables, **kwargs)

    def perform(self, form: WorkbookForm) -> Workbook:
        return upload_workbook(
            application=self.object, upload=form.cleaned_data["upload"], actor=self.actor, at=self.at
        )

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


class WorkbookDownload(LoadMixin, PermissionMixin):
    """The workbook as it stands now."""

    model = Application
    permission = "funding.write_section"
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead")

    def permission_object(self) -> Part:
        """Whoever writes the budget."""
        part: Part = self.object.section(BUDGET.code)
        return part

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        content = io.BytesIO()
        write_workbook(content, self.object, self.request.user, self.at)
        content.seek(0)
        name = " ".join((self.object.number, gettext("tables")))
        response = FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=files.XLSX)
        files.guard(response)
        return response


class WorkbookApply(LoadMixin, ServiceFormView):
    """Row by row what a workbook would change, and the question whether it shall."""

    model = Workbook
    permission = "funding.write_section"
    form_class = AcceptForm
    template_name = "funding/workbook_apply.html"
    success_message = _("Everything in the workbook was taken over.")

    def get_queryset(self) -> QuerySet[Workbook]:
        return super().get_queryset().select_related(
            "application__call__rules", "application__consortium__lead", "file", "uploaded_by", "applied_by"
        )  # fmt: skip

    def permission_object(self) -> Part:
        """Whoever writes the budget."""
        application: Application = self.object.application
        return application.section(BUDGET.code)

    @cached_property
    def judgement(self) -> Judgement | None:
        """What it would change; None when it cannot be read."""
        try:
            return Judgement(self.object, self.object.application, self.actor)
        except Unreadable as reason:
            self.trouble = " ".join(reason.messages)
        return None

    trouble = ""

    def closed(self) -> list[str]:
        return [] if self.object.application.is_editable else [gettext("The application is submitted.")]

    def get_initial(self) -> dict[str, Any]:
        return {"digest": self.judgement.digest if self.judgement else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.judgement if not self.object.applied_at else None
        return super().get_context_data(
            workbook=self.object, application=self.object.application, judgement=found, trouble=self.trouble,
            most=ROWS, **kwargs,
        )  # fmt: skip

    def perform(self, form: AcceptForm) -> Workbook:
        if self.object.applied_at:
            raise TransitionRefused(TAKEN_OVER)
        if self.judgement is None or self.judgement.wrong:
            raise TransitionRefused(WRONG)
        if form.cleaned_data["digest"] != self.judgement.digest:
            raise TransitionRefused(MEANWHILE)
        return apply_workbook(workbook=self.object, edits=self.judgement.edits, actor=self.actor, at=self.at)

    def refuse(self, form: Any, refusal: TransitionRefused) -> HttpResponse:
        """With the differences as they are now, so that one can look and press again."""
        form.data = {"digest": self.get_initial()["digest"]}
        return super().refuse(form, refusal)

    def fallback_url(self) -> str:
        return reverse("funding:application-budget", args=[self.object.application_id])
