"""Targets of the city: what was reached of each, and the two acts that set them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.kernel.authz import may
from portal.kernel.charts import Bar, bars
from portal.kernel.templatetags.ui import wan
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from reports.enums import Action
from reports.forms.targets import CorrectTargetForm, SetTargetForm
from reports.models import CityTarget
from reports.selectors import targets
from reports.services.targets import correct_target, set_target

WAN = 10_000


class TargetList(PermissionMixin, TemplateView):
    """Each figure with its years, and all versions of all targets."""

    permission = "reports.list_targets"
    template_name = "reports/target_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        found = targets.figures(self.actor, today)
        return super().get_context_data(
            figures=[(one, drawn(one)) for one in found], versions=targets.versions(self.actor), today=today,
            may_set=may(self.actor, "reports.set_target"), may_correct=may(self.actor, "reports.correct_target"),
            **kwargs,
        )  # fmt: skip


def drawn(figure: targets.Figure) -> SafeString:
    """Two bars a year: what was reached, and what was wanted."""
    rows: list[Bar] = []
    for line in figure.lines:
        year, target = line.target.year, line.target.value
        if line.actual is not None:
            reached = Bar(
                _("%(year)d reached") % {"year": year}, (("c1", float(line.actual)),), said(figure, line.actual)
            )
            rows.append(reached)
        rows.append(Bar(_("%(year)d target") % {"year": year}, (("c2", float(target)),), said(figure, target)))
    return bars(rows, label=_("%(figure)s: target and what was reached, by year") % {"figure": figure.metric.label})


def said(figure: targets.Figure, value: Any) -> str:
    """A sum in 10,000 yuan, or a number."""
    return wan(value) if figure.is_money else f"{value:,.0f}"


class TargetForm(ServiceFormView):
    """The form in front of one of the two acts."""

    template_name = "reports/target_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action(self.action).label, **kwargs)

    def fallback_url(self) -> str:
        return reverse("reports:target-list")

    def back_url(self) -> str:
        return self.fallback_url()


class TargetSet(TargetForm):
    """The first target of a figure in a year."""

    permission, action, form_class = "reports.set_target", Action.SET_TARGET, SetTargetForm
    success_message = gettext_lazy("The target is set.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "this_year": timezone.localdate().year}

    def get_initial(self) -> dict[str, Any]:
        return {"year": timezone.localdate().year}

    def perform(self, form: SetTargetForm) -> CityTarget:
        return set_target(actor=self.actor, at=self.at, **form.cleaned_data)


class TargetCorrect(LoadMixin, TargetForm):
    """Another version of the one that stands."""

    model = CityTarget
    permission, action, form_class = "reports.correct_target", Action.CORRECT_TARGET, CorrectTargetForm
    success_message = gettext_lazy("The target is corrected; the version before stays on record.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "metric": self.object.metric}

    def get_initial(self) -> dict[str, Any]:
        value = self.object.value / WAN if self.object.is_money else self.object.value
        return {"value": f"{value.normalize():f}", "document": self.object.document}

    def perform(self, form: CorrectTargetForm) -> CityTarget:
        return correct_target(target=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
