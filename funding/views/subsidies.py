"""Money from other programmes: the register, a list brought as a table, and what supervision concludes."""

import io
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action
from funding.filters import SubsidyFilter
from funding.forms.subsidies import (
    OverlapForm,
    SubsidyForm,
    SubsidyImportForm,
    WithdrawalForm,
    columns,
    subsidy_rows,
    write_subsidy_template,
)
from funding.models import Application, OtherSubsidy, OverlapFinding
from funding.selectors.spending import SPENDERS
from funding.selectors.subsidies import Overlap, overlaps, subsidies
from funding.services.subsidies import Imported, import_subsidies, judge_overlap, record_subsidy, withdraw_subsidy
from members.models import Organisation
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView

SHOWN = 100


class SubsidyList(PermissionMixin, ListView):
    """The register, as far as the reader may see it."""

    model = OtherSubsidy
    permission = "funding.list_subsidies"
    template_name = "funding/subsidy_list.html"
    filterset_class = SubsidyFilter
    sorts = ("created_at", "year", "amount")

    def get_queryset(self) -> QuerySet[OtherSubsidy]:
        return subsidies(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {
            "may_enter": may(self.actor, "funding.enter_subsidies"),
            "may_import": may(self.actor, "funding.import_subsidies"),
        }
        return {**super().get_context_data(**kwargs), **facts}


class SubsidyRecord(ServiceFormView):
    """One more row."""

    permission, action = "funding.enter_subsidies", Action.RECORD_SUBSIDY
    template_name = "funding/subsidy_form.html"
    form_class = SubsidyForm
    success_message = _("It is registered.")

    @cached_property
    def places(self) -> list[Organisation] | None:
        """Those for which the reader speaks; None for an official, who may name any."""
        if may(self.actor, "funding.import_subsidies"):
            return None
        known = Organisation.objects.filter(pk__in=self.actor.organisation_ids, uscc__isnull=False).order_by("name")
        return [one for one in known if any(self.actor.holds(role, organisation=one.pk) for role in SPENDERS)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"places": self.places}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action.RECORD_SUBSIDY.label, back=self.back_url(), **kwargs)

    def back_url(self) -> str:
        return reverse("funding:subsidy-list")

    def perform(self, form: SubsidyForm) -> OtherSubsidy:
        return record_subsidy(actor=self.actor, at=self.at, **form.facts())


class SubsidyTemplate(PermissionMixin):
    """A table to be filled in."""

    permission = "funding.import_subsidies"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        content = io.BytesIO()
        write_subsidy_template(content)
        content.seek(0)
        name = f"{gettext('Money from other programmes')}.xlsx"
        response = FileResponse(content, as_attachment=True, filename=name, content_type=files.XLSX)
        files.guard(response)
        return response


class SubsidyImport(ServiceFormView):
    """The filled table: what it would bring, or what is wrong; then all rows are registered, or none."""

    permission, action = "funding.import_subsidies", Action.IMPORT_SUBSIDIES
    template_name = "funding/subsidy_import.html"
    form_class = SubsidyImportForm

    def back_url(self) -> str:
        return self.fallback_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action.IMPORT_SUBSIDIES.label
        return super().get_context_data(label=label, back=self.fallback_url(), most=SHOWN, **kwargs)

    def perform(self, form: SubsidyImportForm) -> Imported:
        entries, unread = subsidy_rows(form.cleaned_data["upload"])
        only_look = bool(unread) or form.cleaned_data["mode"] == "look"
        found = import_subsidies(entries=entries, actor=self.actor, at=self.at, only_look=only_look)
        return Imported(found.rows, [*unread, *found.wrong])

    def form_valid(self, form: SubsidyImportForm) -> HttpResponse:
        answer = super().form_valid(form)
        found = getattr(self, "result", None)
        if form.errors or found is None or not (found.wrong or form.cleaned_data["mode"] == "look"):
            return answer
        names = {column.name: column.heading for column in columns()}
        wrong = [(number, names.get(name, "—"), text) for number, name, text in sorted(found.wrong)]
        return self.render_to_response(self.get_context_data(form=form, found=found, wrong=wrong))

    def get_success_message(self) -> str:
        done = not self.result.wrong and self.request.POST.get("mode") == "record"
        return gettext("All rows are recorded.") if done else ""

    def fallback_url(self) -> str:
        return reverse("funding:subsidy-list")


class SubsidyLoad(LoadMixin):
    """Loads one row."""

    model = OtherSubsidy

    def get_queryset(self) -> QuerySet[OtherSubsidy]:
        return subsidies(self.request.user)


class SubsidyDetail(SubsidyLoad, PermissionMixin, TemplateView):
    """One row, and for the bureau what was concluded about it."""

    permission = "funding.list_subsidies"
    template_name = "funding/subsidy_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        findings = OverlapFinding.objects.visible_to(self.actor).filter(subsidy=self.object)
        return super().get_context_data(
            findings=findings.select_related("application__consortium", "judged_by"), trail=trail(self.object),
            may_withdraw=not self.object.withdrawn_at and may(self.actor, "funding.withdraw_subsidy", self.object),
            **kwargs,
        )  # fmt: skip


class SubsidyFile(SubsidyLoad):
    """The notice or contract."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.document is None:
            raise Http404
        return files.serve(self.object.document, request=request)


class SubsidyWithdraw(SubsidyLoad, ServiceFormView):
    """Registered by mistake."""

    permission, action = "funding.withdraw_subsidy", Action.WITHDRAW_SUBSIDY
    template_name = "funding/subsidy_form.html"
    form_class = WithdrawalForm
    success_message = _("It no longer counts.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action.WITHDRAW_SUBSIDY.label, back=self.back_url(), **kwargs)

    def perform(self, form: Any) -> OtherSubsidy:
        return withdraw_subsidy(subsidy=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class OverlapJudge(LoadMixin, ServiceFormView):
    """What supervision concludes about one subsidy beside an application."""

    model = Application
    permission, action = "funding.judge_overlap", Action.JUDGE_OVERLAP
    template_name = "funding/overlap_judge.html"
    form_class = OverlapForm
    success_message = _("The conclusion is kept.")

    @cached_property
    def line(self) -> Overlap:
        """The one beside the application; 404 for another."""
        found = [one for one in overlaps(self.object) if one.subsidy.pk == self.kwargs["subsidy"]]
        if not found:
            raise Http404
        return found[0]

    def get_initial(self) -> dict[str, Any]:
        finding = self.line.finding
        return {"verdict": finding.verdict, "reason": finding.reason} if finding else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action.JUDGE_OVERLAP.label
        return super().get_context_data(line=self.line, label=label, back=self.fallback_url(), **kwargs)

    def perform(self, form: OverlapForm) -> OverlapFinding:
        return judge_overlap(
            application=self.object, subsidy=self.line.subsidy, actor=self.actor, at=self.at, **form.cleaned_data
        )

    def fallback_url(self) -> str:
        return reverse("funding:application-clear", args=[self.object.pk])
