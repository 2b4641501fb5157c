"""What follows from a year: the years that wait for a decision, and the page on which it is taken."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.views.stepup import StepUpMixin
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView
from reports.forms.consequences import ConsequencesForm
from reports.models import Consequence, Evaluation
from reports.selectors.pages import evaluation_for_page, evaluation_rows
from reports.services.consequences import decide_consequences


class ConsequenceList(PermissionMixin, ListView):
    """Evaluations of which a consequence waits for a decision."""

    model = Evaluation
    permission = "reports.list_consequences"
    template_name = "reports/consequence_list.html"
    sorts = ("cycle__year",)
    default_sort = "-cycle__year"

    def get_queryset(self) -> QuerySet[Evaluation]:
        waiting = Consequence.objects.undecided().filter(evaluation=OuterRef("pk"))
        rows = evaluation_rows(super().get_queryset()).filter(Exists(waiting))
        return rows.prefetch_related("consequences__tranche")


class ConsequencesDecide(StepUpMixin, LoadMixin, ServiceFormView):
    """Everything that one year proposes, decided together or one after the other."""

    step_up = True
    model = Evaluation
    permission = "reports.decide_consequences"
    template_name = "reports/consequences_decide.html"
    form_class = ConsequencesForm
    success_message = _("The decision is recorded.")

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluation_for_page(super().get_queryset())

    @cached_property
    def rows(self) -> list[Consequence]:
        """What is undecided, in order."""
        rows = self.object.consequences.undecided()
        return list(rows.select_related("tranche__award", "evaluation__cycle", "evaluation__consortium"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": self.rows}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(evaluation=self.object, rows=self.rows, **kwargs)

    def perform(self, form: ConsequencesForm) -> Evaluation:
        evaluation: Evaluation = self.object
        decide_consequences(evaluation=evaluation, decisions=form.decisions(), actor=self.actor, at=self.at)
        return evaluation

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())
