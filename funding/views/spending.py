"""What is spent: the list, one voucher, its record and its check, and the budget against it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, BudgetCategory, BudgetSource
from funding.filters import ExpenditureFilter
from funding.forms.money import NoteForm
from funding.forms.spending import RefusalForm, SpendingForm, typed
from funding.models import Award, Expenditure
from funding.rules.spending import Account, terms_of
from funding.selectors import spending
from funding.services.spending import (
    Outcome,
    accept_expenditure,
    accept_expenditures,
    correct_expenditure,
    foreseen,
    record_expenditure,
    refuse_expenditure,
)
from funding.views.money import offered
from funding.workflow import EXPENDITURE, can_be_spent
from members.models import Organisation
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView, VisibleMixin
from portal.kernel.views_exports import uuids

URLS = {
    Action.ACCEPT_EXPENDITURE: "funding:expenditure-accept",
    Action.REFUSE_EXPENDITURE: "funding:expenditure-refuse",
    Action.CORRECT_EXPENDITURE: "funding:expenditure-correct",
}
MOST = 200  # at once


# --- the list ----------------------------------------------------------------------------------
class ExpenditureList(PermissionMixin, ListView):
    """Every expenditure that the reader may see."""

    model = Expenditure
    permission = "funding.list_expenditures"
    template_name = "funding/expenditure_list.html"
    filterset_class = ExpenditureFilter
    sorts = ("created_at", "day", "amount")

    def get_queryset(self) -> QuerySet[Expenditure]:
        return spending.expenditures(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        facts = {"may_check": may(self.actor, "funding.view_budget"), "total": spending.sum_of(context["filter"].qs)}
        return {**context, **facts, "may_export": may(self.actor, "reports.export_funding")}


# --- one voucher -------------------------------------------------------------------------------
class ExpenditureLoad(LoadMixin):
    """Loads a voucher with all that hangs on it."""

    model = Expenditure

    def get_queryset(self) -> QuerySet[Expenditure]:
        return spending.expenditure_page(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = terms_of(self.object.award.application.call.rules.data)
        hits = rules.named(self.object.hits, get_language() or "")
        return super().get_context_data(award=self.object.award, hits=hits, **kwargs)


class ExpenditureDetail(ExpenditureLoad, TemplateView):
    """One voucher, what became of it, what can be done."""

    template_name = "funding/expenditure_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actions = offered(EXPENDITURE, URLS, self)
        return super().get_context_data(actions=actions, trail=trail(self.object), **kwargs)


class ExpenditureFile(ExpenditureLoad):
    """The evidence of a voucher."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.evidence is None:
            raise Http404
        return files.serve(self.object.evidence, request=request)


class ExpenditureStep(ExpenditureLoad, TransitionView):
    """One step on a voucher."""

    workflow = EXPENDITURE
    template_name = "funding/expenditure_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        danger = self.action == Action.REFUSE_EXPENDITURE
        return super().get_context_data(label=Action(self.action).label, danger=danger, **kwargs)

    def get_success_message(self) -> str:
        return str(_("Done: %(action)s.") % {"action": Action(self.action).label})


class ExpenditureAccept(ExpenditureStep):
    """In order."""

    action, permission, form_class = Action.ACCEPT_EXPENDITURE, "funding.accept_expenditure", NoteForm

    def perform(self, form: Any) -> Expenditure:
        return accept_expenditure(expenditure=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ExpenditureRefuse(ExpenditureStep):
    """Not in order, with the reason."""

    action, permission, form_class = Action.REFUSE_EXPENDITURE, "funding.refuse_expenditure", RefusalForm

    def perform(self, form: Any) -> Expenditure:
        return refuse_expenditure(expenditure=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ExpenditureCorrect(ExpenditureStep):
    """A new row in the place of one that waits or was refused."""

    action, permission, form_class = Action.CORRECT_EXPENDITURE, "funding.correct_expenditure", SpendingForm
    template_name = "funding/expenditure_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        places = [self.object.organisation]
        return super().get_form_kwargs() | {"award": self.object.award, "places": places}

    def get_initial(self) -> dict[str, Any]:
        return typed(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.object.get_absolute_url(), **kwargs)

    def perform(self, form: SpendingForm) -> Expenditure:
        return correct_expenditure(expenditure=self.object, actor=self.actor, at=self.at, **form.facts())

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


# --- under an award ----------------------------------------------------------------------------
class AwardLoad(LoadMixin):
    """Loads an award of which the reader may see a part of what is spent."""

    model = Award

    def get_queryset(self) -> QuerySet[Award]:
        return spending.accountable_awards(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(award=self.object, **kwargs)


class AwardSpending(AwardLoad, PermissionMixin, TemplateView):
    """Budget against actual, as far as the reader may see it."""

    permission = "funding.list_expenditures"
    template_name = "funding/award_spending.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = spending.sheet_of(self.object, None if may(self.actor, "funding.view_budget") else self.actor)
        over = [(one.code, label(one.account.of), one.account) for one in sheet.overruns()]
        return super().get_context_data(
            sheet=sheet, tables=tables(sheet), over=over,
            may_record=may(self.actor, "funding.record_expenditure", self.object) and not can_be_spent(self.object),
            blocked=spending.blocked(self.object) if may(self.actor, "funding.view_budget") else (), **kwargs,
        )  # fmt: skip


def tables(sheet: spending.Sheet) -> list[dict[str, Any]]:
    """Each division with its accounts, every one with its name and how it looks."""
    names = {str(one.pk): one.name for one in Organisation.objects.filter(pk__in=sheet.organisations)}
    titles = {"category": _("By category"), "source": _("By source"), "organisation": _("By organisation"),
              "year": _("By year")}  # fmt: skip
    shown = [key for key in titles if not (key == "category" and sheet.is_lump_sum)]
    return [
        {"title": titles[key], "rows": [(label(one.of, names), one, look(one, sheet)) for one in sheet.by(key)]}
        for key in shown
    ]


def label(of: Any, names: dict[str, str] | None = None) -> str:
    """What an account is called."""
    words = {**dict(BudgetCategory.choices), **dict(BudgetSource.choices), **(names or {})}
    return str(words.get(of, of))


def look(account: Account, sheet: spending.Sheet) -> str:
    """Red when over, amber when nearly spent."""
    if account.is_over and account.planned:
        return "bad"
    return "warn" if account.is_near(sheet.terms.near_percent) else ""


class ExpenditureRecord(AwardLoad, ServiceFormView):
    """One more voucher under an award."""

    permission, action = "funding.record_expenditure", Action.RECORD_EXPENDITURE
    template_name = "funding/expenditure_form.html"
    form_class = SpendingForm
    success_message = _("The expenditure is recorded.")

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
        return super().get_form_kwargs() | {"award": self.object, "places": self.places}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action.RECORD_EXPENDITURE.label, back=self.fallback_url(), **kwargs)

    def perform(self, form: SpendingForm) -> Expenditure:
        place = form.places[form.cleaned_data["organisation"]]
        return record_expenditure(award=self.object, organisation=place, actor=self.actor, at=self.at, **form.facts())

    def fallback_url(self) -> str:
        return reverse("funding:award-spending", args=[self.object.pk])


# --- several at once ---------------------------------------------------------------------------
class ExpenditureBulkAccept(VisibleMixin, ServiceFormView):
    """Accept those that were ticked: first what would happen to each, then each in a transaction of its own."""

    model = Expenditure
    permission, action = "funding.accept_expenditures", Action.ACCEPT_EXPENDITURE
    template_name = "funding/expenditure_bulk.html"
    form_class = forms.Form
    idempotent = False  # each in a transaction of its own; accepted once, it is refused the second time

    @cached_property
    def chosen(self) -> list[Expenditure]:
        """The rows ticked in the list, as far as the reader may see them."""
        ids = uuids(self.request.GET.getlist("ids"))[:MOST]
        rows = spending.expenditure_page(self.actor).filter(pk__in=ids)
        return list(rows.order_by("day", "pk"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("lines", [
            Outcome(one, foreseen(expenditure=one, actor=self.actor, at=self.at)) for one in self.chosen
        ])  # fmt: skip
        passing = sum(line.passed for line in kwargs["lines"])
        return super().get_context_data(passing=passing, label=Action.ACCEPT_EXPENDITURE.label, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """The summary instead of a way back."""
        lines = accept_expenditures(expenditures=self.chosen, actor=self.actor, at=self.at)
        return self.render_to_response(self.get_context_data(form=form, lines=lines, done=True))
