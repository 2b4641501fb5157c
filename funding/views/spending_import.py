"""Many vouchers at once: a table to fill in, a look at what it would bring, and all of it or nothing."""

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.forms.spending_import import SpendingImportForm, columns_for, spending_rows, write_spending_template
from funding.selectors import spending
from funding.services.spending import Imported, import_expenditures
from funding.views.spending import AwardLoad
from funding.workflow import can_be_spent
from members.models import Organisation
from portal.kernel import files
from portal.kernel.views import PermissionMixin, ServiceFormView

SHOWN = 100


class SpendingTemplate(AwardLoad, PermissionMixin):
    """A table to be filled in."""

    permission = "funding.import_expenditures"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        content = io.BytesIO()
        write_spending_template(content, self.object)
        content.seek(0)
        name = " ".join((self.object.consortium.code or "", gettext("Expenditures"))).strip()
        response = FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=files.XLSX)
        files.guard(response)
        return response


class SpendingImport(AwardLoad, ServiceFormView):
    """The filled table: what it would bring row by row, or what is wrong; then all rows are recorded, or none."""

    permission, action = "funding.import_expenditures", Action.IMPORT_EXPENDITURES
    template_name = "funding/expenditure_import.html"
    form_class = SpendingImportForm
    success_message = _("All rows are recorded.")

    @cached_property
    def places(self) -> list[Organisation]:
        """For whom the reader may write."""
        return spending.places(self.object, self.actor)

    def closed(self) -> list[str]:
        reason = can_be_spent(self.object)
        return [str(reason)] if reason else []

    def back_url(self) -> str:
        return self.fallback_url()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"places": self.places}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action.IMPORT_EXPENDITURES.label
        return super().get_context_data(label=label, back=self.fallback_url(), most=SHOWN, **kwargs)

    def perform(self, form: SpendingImportForm) -> Imported:
        entries, unread = spending_rows(form.cleaned_data["upload"], self.object)
        found = import_expenditures(
            award=self.object, organisation=form.places[form.cleaned_data["organisation"]], entries=entries,
            actor=self.actor, at=self.at, confirmed=form.cleaned_data["confirmed"],
            only_look=bool(unread) or form.cleaned_data["mode"] == "look",
        )  # fmt: skip
        return Imported(found.rows, [*unread, *found.wrong])

    def form_valid(self, form: SpendingImportForm) -> HttpResponse:
        answer = super().form_valid(form)
        found = getattr(self, "result", None)
        if form.errors or found is None or not (found.wrong or form.cleaned_data["mode"] == "look"):
            return answer
        names = {column.name: column.heading for column in columns_for(self.object)}
        wrong = [(number, names.get(name, "—"), text) for number, name, text in sorted(found.wrong)]
        return self.render_to_response(self.get_context_data(form=form, found=found, wrong=wrong))

    def get_success_message(self) -> str:
        form_done = not self.result.wrong and self.request.POST.get("mode") == "record"
        return str(self.success_message) if form_done else ""

    def fallback_url(self) -> str:
        return reverse("funding:award-spending", args=[self.object.pk])
