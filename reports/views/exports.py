"""The export centre: choose, take, and see what was taken before."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.views.generic import FormView, TemplateView

from funding.selectors.money import years
from portal.kernel.exporting import Export, make_export, respond
from portal.kernel.models import ExportLog
from portal.kernel.views import ClockMixin, PermissionMixin, add_errors
from reports.exporters import BY_SLUG, EXPORTS
from reports.forms.exports import ExportForm


class ExportList(PermissionMixin, TemplateView):
    """All exports with their columns, and the reader's last files."""

    template_name = "reports/export_list.html"
    permission = "reports.export_funding"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        taken = ExportLog.objects.visible_to(self.request.user)[:20]
        titles = {slug: export.title for slug, export in BY_SLUG.items()}
        logs = [(log, titles.get(log.slug, log.slug)) for log in taken]
        return super().get_context_data(exports=EXPORTS, logs=logs, **kwargs)


class ExportTake(ClockMixin, PermissionMixin, FormView[ExportForm]):
    """Makes one export and hands it over; the log and the audit trail hold it before the first byte leaves."""

    template_name = "reports/export_take.html"
    form_class = ExportForm
    export: Export

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["slug"] not in BY_SLUG:
            raise Http404
        self.export = BY_SLUG[kwargs["slug"]]
        self.permission = self.export.permission

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "years": years()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(export=self.export, **kwargs)

    def form_valid(self, form: ExportForm) -> Any:
        asked = form.cleaned_data
        params = {"year": asked["year"]} if asked["year"] else {}
        try:
            made = make_export(
                export=self.export,
                user=self.request.user,
                params=params,
                file_format=asked["format"],
                purpose=asked["purpose"],
                at=self.at,
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return respond(made)
