"""Pages for names that are to be kept from a review."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus
from funding.forms.avoidances import AvoidanceForm, JudgeAvoidanceForm
from funding.models import Application, Avoidance
from funding.models.avoidance import JUDGED_IN
from funding.rules.conflicts import avoid_most
from funding.rules.returns import AVOID
from funding.services.avoidances import TOO_LATE, judge_avoided, name_avoided, remove_avoided
from funding.views.drafts import DraftView
from funding.views.finishing import OpeningMixin
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, ServiceFormView


def avoidance_card(application: Application, user: Any) -> dict[str, Any]:
    """What funding/_avoidances_card.html needs."""
    sees = may(user, "funding.see_avoided", application)
    judges = sees and application.status in JUDGED_IN and may(user, "funding.judge_avoided", application)
    rows = application.avoidances.select_related("judged_by") if sees else ()
    return {"avoidances": rows, "judges_avoided": judges}


def own_avoidances(application: Application, user: Any) -> list[Avoidance]:
    """What the lead itself submitted; what became of each name is not told."""
    if application.status == ApplicationStatus.DRAFT or not may(user, "funding.edit_application", application):
        return []
    return list(application.avoidances.all())


class AvoidancePage(DraftView):
    """The names of a draft, and the form for one more."""

    part = AVOID
    template_name = "funding/application_avoid.html"
    form_class = AvoidanceForm
    success_message = _("The name is on the list. Neither experts nor other consortia see it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        most, rows = avoid_most(self.object.call.rules.data), list(self.object.avoidances.select_related("named_by"))
        return super().get_context_data(avoidances=rows, most=most, full=len(rows) >= most, **kwargs)

    def perform(self, form: AvoidanceForm) -> Avoidance:
        return name_avoided(application=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:application-avoid", args=[self.object.pk])


class NamedMixin(LoadMixin):
    """Knows the name that the address speaks of."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.avoidance = get_object_or_404(self.object.avoidances.all(), pk=kwargs["avoidance"])

    @cached_property
    def named(self) -> dict[str, Any]:
        """For the page."""
        return {"avoidance": self.avoidance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.named, **kwargs)


class AvoidanceRemove(NamedMixin, DraftView):
    """Takes a name off a draft."""

    part = AVOID
    template_name = "funding/application_avoid_remove.html"
    form_class = forms.Form
    success_message = _("The name is removed.")

    def perform(self, form: forms.Form) -> None:
        remove_avoided(avoidance=self.avoidance, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("funding:application-avoid", args=[self.object.pk])


class AvoidanceJudge(OpeningMixin, NamedMixin, ServiceFormView):
    """An officer accepts or refuses a name."""

    model = Application
    permission, action = "funding.judge_avoided", Action.JUDGE_AVOIDED
    template_name = "funding/application_avoid_judge.html"
    form_class = JudgeAvoidanceForm
    success_message = _("Decided. The draw and every assignment keep to it.")

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead")

    def closed(self) -> list[str]:
        return [] if self.object.status in JUDGED_IN else [str(TOO_LATE)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object, at=self.at, **kwargs)

    def perform(self, form: JudgeAvoidanceForm) -> Avoidance:
        return judge_avoided(avoidance=self.avoidance, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())
