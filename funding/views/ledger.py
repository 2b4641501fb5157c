"""Budget lines, what is appropriated to them, and the ledger: pages and steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, AppropriationStatus
from funding.filters import LedgerFilter
from funding.forms.ledger import AppropriationForm, DropForm, LineForm, LineOfCallForm, ProgrammeForm
from funding.models import Appropriation, BudgetLine, Call, LedgerEntry, Programme
from funding.selectors import ledger
from funding.services.appropriations import (
    confirm_appropriation,
    create_programme,
    drop_appropriation,
    name_line,
    open_line,
    record_appropriation,
)
from funding.workflow import APPROPRIATION
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

LATEST = 10  # entries on the page of a line


class LineList(PermissionMixin, TemplateView):
    """The budget of a year, line by line, and how far it is spent."""

    permission = "funding.view_budget"
    template_name = "funding/budget_lines.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        years = sorted({*BudgetLine.objects.values_list("year", flat=True), timezone.localdate().year}, reverse=True)
        asked = self.request.GET.get("year", "")
        year = next((one for one in years if str(one) == asked), years[0])
        sums = ledger.sums_of(ledger.lines(self.actor).filter(year=year))
        keeps = may(self.actor, "funding.keep_budget")
        facts = {"year": year, "years": years, "sums": sums, "total": ledger.total(sums), "keeps": keeps}
        return super().get_context_data(**facts, calls=ledger.calls_without_line() if keeps else (), **kwargs)


class LineDetail(LoadMixin, PermissionMixin, TemplateView):
    """One line: its sums, its documents, the calls that draw on it, its last entries."""

    model = BudgetLine
    permission = "funding.view_budget"
    template_name = "funding/budget_line.html"

    def get_queryset(self) -> QuerySet[BudgetLine]:
        return ledger.lines(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line, user = self.object, self.actor
        documents = line.appropriations.select_related("recorded_by", "confirmed_by")
        entries = ledger.entries(user).filter(ledger.moves(line)).order_by("-id")
        return super().get_context_data(
            sums=ledger.sums_of([line])[0], keeps=may(user, "funding.keep_budget"),
            calls=line.calls.live().order_by("-batch"),
            documents=[(one, self.confirms(one)) for one in documents], entries=entries[:LATEST], **kwargs,
        )  # fmt: skip

    def confirms(self, appropriation: Appropriation) -> bool:
        """Whether the reader may confirm it."""
        recorded = appropriation.status == AppropriationStatus.RECORDED
        return recorded and may(self.actor, "funding.confirm_appropriation", appropriation)


class BudgetForm(StepUpMixin, ServiceFormView):
    """A form of those who keep the budget."""

    permission = "funding.keep_budget"
    template_name = "funding/budget_form.html"
    step_up = True
    label: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=self.label, back=self.back_url(), **kwargs)

    def back_url(self) -> str:
        return reverse("funding:budget-lines")


class CreatingForm(BudgetForm):
    """A form that makes a row; the service makes it, not the form."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": None}


class ProgrammeCreate(CreatingForm):
    form_class, label, success_message = ProgrammeForm, _("Take up programme"), _("The programme is taken up.")

    def perform(self, form: ProgrammeForm) -> Programme:
        return create_programme(actor=self.actor, at=self.at, facts=form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:budget-line-open")


class LineOpen(CreatingForm):
    form_class, label, success_message = LineForm, _("Open budget line"), _("The budget line is open.")

    def get_initial(self) -> dict[str, Any]:
        return {"year": timezone.localdate(self.at).year}

    def perform(self, form: LineForm) -> BudgetLine:
        return open_line(actor=self.actor, at=self.at, facts=form.cleaned_data)


class AppropriationRecord(LoadMixin, CreatingForm):
    """A document that gives money to the line, or takes it."""

    model = BudgetLine
    form_class, label = AppropriationForm, _("Record appropriation")
    success_message = _("It counts as soon as a leader has confirmed it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        begun = self.object.appropriations.exclude(status=AppropriationStatus.DROPPED).exists()
        return {**super().get_form_kwargs(), "begun": begun}

    def perform(self, form: AppropriationForm) -> Appropriation:
        return record_appropriation(line=self.object, actor=self.actor, at=self.at, facts=form.cleaned_data)

    def back_url(self) -> str:
        return str(self.object.get_absolute_url())


class AppropriationStep(StepUpMixin, TransitionView):
    """A step on an appropriation."""

    model = Appropriation
    workflow = APPROPRIATION
    template_name = "funding/appropriation_step.html"
    step_up = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action(self.action).label, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})


class Confirm(AppropriationStep):
    action = Action.CONFIRM_APPROPRIATION

    def perform(self, form: forms.Form) -> Appropriation:
        return confirm_appropriation(appropriation=self.object, actor=self.actor, at=self.at)


class Drop(AppropriationStep):
    action, form_class = Action.DROP_APPROPRIATION, DropForm

    def perform(self, form: forms.Form) -> Appropriation:
        reason = form.cleaned_data["reason"]
        return drop_appropriation(appropriation=self.object, actor=self.actor, at=self.at, reason=reason)


class LineOfCall(LoadMixin, BudgetForm):
    """Says which line the awards of a call are paid from."""

    model = Call
    form_class, label = LineOfCallForm, _("Name the budget line of a call")
    success_message = _("The awards of this call are paid from this line.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "year": self.object.year}

    def get_initial(self) -> dict[str, Any]:
        return {"line": self.object.line_id}

    def perform(self, form: LineOfCallForm) -> Call:
        return name_line(call=self.object, line=form.cleaned_data["line"], actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return self.back_url()


class EntryList(PermissionMixin, ListView):
    """Every movement of the money, newest first."""

    model = LedgerEntry
    permission = "funding.view_budget"
    template_name = "funding/ledger.html"
    filterset_class = LedgerFilter
    sorts = ("id", "happened_on")
    default_sort = "-id"

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        return ledger.entries(self.actor)


class EntryDetail(LoadMixin, PermissionMixin, TemplateView):
    """One entry with its postings."""

    model = LedgerEntry
    permission = "funding.view_budget"
    template_name = "funding/ledger_entry.html"

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        return ledger.entry_page(self.request.user)

    @cached_property
    def postings(self) -> list[tuple[Any, Decimal, Decimal]]:
        """Each posting with its debit and its credit, of which one is nothing."""
        none = Decimal(0)
        return [(one.account, max(one.amount, none), max(-one.amount, none)) for one in self.object.postings.all()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        total = sum((debit for _account, debit, _credit in self.postings), Decimal(0))
        return super().get_context_data(postings=self.postings, total=total, **kwargs)
