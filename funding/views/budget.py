"""The budget of a draft: one page with a table for each member, saved by a button or by itself."""

import json
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from funding.forms.budget import BudgetForm
from funding.models import Application
from funding.selectors.budgets import Sheet, budget_faults, sheet_of
from funding.services.budgets import BudgetChanged, edit_budget
from funding.views.autosave import Autosave
from funding.views.drafts import SectionMixin
from funding.views.sections import SectionPage


class BudgetMixin(SectionMixin):
    """The section of the budget."""

    actor: Any
    changed: type[Exception] = BudgetChanged

    def save(self, form: BudgetForm) -> Application:
        """The one service call."""
        facts = form.cleaned_data
        return edit_budget(
            application=self.object, actor=self.actor, at=self.at, typed=form.typed, seen=facts["seen"],
            page=facts["page"],
        )  # fmt: skip


class BudgetPage(BudgetMixin, SectionPage):
    """The tables of the members, with their sums."""

    template_name = "funding/application_budget.html"
    form_class = BudgetForm

    @cached_property
    def sheet(self) -> Sheet:
        """The budget as it stands."""
        return sheet_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sheet": self.sheet}

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

    def clash(self, form: BudgetForm, change: BudgetChanged) -> None:
        """Each value stands beside its cell."""
        form.clash(change.clashes)


class BudgetAutosave(BudgetMixin, Autosave):
    """Saves the cells typed so far, what is right of them even beside what is wrong.

    Answers with `seen` beside the rest, what the page shows now.
    """

    def read(self) -> BudgetForm:
        return BudgetForm(self.request.POST, sheet=sheet_of(self.object))

    def keep(self, form: BudgetForm) -> JsonResponse:
        wrong = {} if form.is_valid() else {**form.errors, **{name: [text] for name, text in form.faults.items()}}
        if form.errors.keys() - {NON_FIELD_ERRORS}:
            return JsonResponse({"errors": wrong}, status=422)
        saved = self.saved(self.save(form))
        facts = {**saved, "seen": json.dumps({**form.cleaned_data["seen"], **form.typed})}
        return JsonResponse({**facts, "errors": wrong} if wrong else facts, status=422 if wrong else 200)

    def clash(self, form: BudgetForm, change: BudgetChanged) -> dict[str, Any]:
        """Both values, once; saved by the button they are overwritten."""
        context = {"clashes": form.labelled(change.clashes), "by": change.by, "saved_at": change.at}
        return {
            "version": self.object.version,
            "seen": json.dumps({**form.cleaned_data["seen"], **change.clashes}),
            "html": render_to_string("funding/_budget_meanwhile.html", context, self.request),
        }
