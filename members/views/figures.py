"""The figures of a year: stated and corrected by the organisation, verified or questioned by district and bureau."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import Action
from members.forms.figures import YearForm
from members.forms.standing import ReasonForm, RemarkForm
from members.models import YearFigures
from members.services.figures import SEEN, question_year, record_year, verify_year
from members.views.organisations import OrganisationFormView, insight
from members.workflow import FIGURES
from portal.kernel import files
from portal.kernel.stale import SEEN as FIELD
from portal.kernel.stale import SeenMixin, seen_of
from portal.kernel.views import LoadMixin, TransitionView

NOTHING = "new"  # what somebody has seen who states a year for the first time


class YearRecord(SeenMixin, OrganisationFormView):
    """State the figures of a year, or correct them (`?year=`)."""

    permission = "members.record_year"
    form_class = YearForm
    template_name = "members/year_record.html"
    success_message = _("The figures are saved.")

    def figures(self) -> YearFigures | None:
        """Those of the year in the address."""
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == len("2025") else 0
        return YearFigures.objects.filter(organisation=self.object, year=year).select_related("document").first()

    def get_form_kwargs(self) -> dict[str, Any]:
        latest = timezone.localdate(self.at).year
        self.shown = self.figures()
        return {**super().get_form_kwargs(), "latest": latest, "instance": self.shown or YearFigures(year=latest - 1)}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        shown = YearFigures.objects.filter(pk=self.shown.pk).first() if self.shown else None
        form.fields[FIELD].initial = seen_of(shown, SEEN) if shown else NOTHING
        return form

    def perform(self, form: YearForm) -> YearFigures:
        return record_year(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class FiguresMixin(LoadMixin):
    """One year of an organisation that one may see."""

    model = YearFigures
    object: YearFigures

    def get_queryset(self) -> QuerySet[YearFigures]:
        related = ("organisation__district", "document", "stated_by", "checked_by")
        return super().get_queryset().select_related(*related)


class YearDetail(FiguresMixin, TemplateView):
    """The figures with their source, what became of them, and every version."""

    template_name = "members/year_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(
            organisation=self.object.organisation,
            past=self.object.past.select_related("document", "stated_by", "checked_by"),
            acts=FIGURES.offered(self.object, user),
            **insight(user, self.object),
            **kwargs,
        )


class YearDocument(LoadMixin):
    """The document behind the figures, or behind a version of them."""

    model = YearFigures
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        version = self.kwargs["version"]
        row = self.object if version == self.object.version else self.object.past.filter(version=version).first()
        if row is None or row.document is None:
            raise Http404
        return files.serve(row.document, request=request)


class FiguresStep(SeenMixin, FiguresMixin, TransitionView):
    """One step with the figures."""

    template_name = "members/year_step.html"
    workflow = FIGURES
    seen_names = SEEN
    form_class: type[forms.BaseForm] = RemarkForm


class YearVerify(FiguresStep):
    """They are right."""

    action = Action.VERIFY_YEAR
    permission = "members.verify_year"
    success_message = _("The figures are verified.")

    def perform(self, form: Any) -> YearFigures:
        return verify_year(figures=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class YearQuestion(FiguresStep):
    """Something is odd."""

    action = Action.QUESTION_YEAR
    permission = "members.question_year"
    form_class = ReasonForm
    success_message = _("The organisation is asked to look again.")

    def perform(self, form: Any) -> YearFigures:
        return question_year(figures=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
