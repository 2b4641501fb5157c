"""The budget of a draft: one page with a table for each member, saved by a button or by itself."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from funding.forms.budget import BudgetForm
from funding.models import Application
from funding.selectors.budgets import Sheet, budget_faults, sheet_of
from funding.services.budgets import BudgetChanged, edit_budget
from funding.views.autosave import SectionAutosave
from funding.views.drafts import CHANGED, ApplicationEdit
from portal.kernel.workflow import TransitionRefused


class BudgetPage(ApplicationEdit):
    """The tables of the members, with their sums."""

    template_name = "funding/application_budget.html"
    form_class = BudgetForm  # type: ignore[assignment]

    @cached_property
    def sheet(self) -> Sheet:
        """The budget as it stands."""
        return sheet_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["section"]
        return {**kwargs, "sheet": self.sheet}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version}

    def get_form(self, form_class: Any = None) -> BudgetForm:
        form: BudgetForm = super().get_form(form_class)
        form.fields["seen"].initial = json.dumps(form.stored)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form: BudgetForm = context["form"]
        mine = set(map(str, self.actor.organisation_ids))
        return {
            **context,
            "tables": form.tables(mine),
            "sums": form.sums,
            "rest": self.object.requested_amount - form.granted.amount,
            "budget_faults": budget_faults(self.object) if self.sheet.lines else [],
        }

    def perform(self, form: Any) -> Application:
        facts = form.cleaned_data
        return edit_budget(
            application=self.object, actor=self.actor, at=self.at, typed=form.typed, seen=facts["seen"],
            page=facts["page"],
        )  # fmt: skip

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except BudgetChanged as change:
            form.clash(change.clashes)
            return self.refuse(form, TransitionRefused(CHANGED))


class BudgetAutosave(SectionAutosave):
    """Saves the cells typed so far, as `SectionAutosave` does a text; answers with `seen`, what the page shows now."""

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = BudgetForm(request.POST, sheet=sheet_of(self.object))
        if not form.is_valid():
            return JsonResponse({"errors": {**form.errors, **{name: [text] for name, text in form.faults.items()}}},
                                status=422)  # fmt: skip
        try:
            saved = self.save(form)
        except BudgetChanged as change:
            return self.clashed(form, change)
        except TransitionRefused as refusal:
            return JsonResponse({"detail": " ".join(map(str, refusal.reasons))}, status=409)
        return JsonResponse({**self.saved(saved), "seen": json.dumps({**form.cleaned_data["seen"], **form.typed})})

    def save(self, form: Any) -> Application:
        facts = form.cleaned_data
        return edit_budget(
            application=self.object, actor=self.actor, at=self.at, typed=form.typed, seen=facts["seen"],
            page=facts["page"],
        )  # fmt: skip

    def clashed(self, form: BudgetForm, change: BudgetChanged) -> JsonResponse:
        """Both values, once; saved by the button they are overwritten."""
        context = {"clashes": form.labelled(change.clashes), "by": change.by, "saved_at": change.at}
        return JsonResponse(
            {
                "version": self.object.version,
                "seen": json.dumps({**form.cleaned_data["seen"], **change.clashes}),
                "html": render_to_string("funding/_budget_meanwhile.html", context, self.request),
            },
            status=409,
        )  # fmt: skip
