"""The life of a consortium: its timeline, the decisions of the bureau, the lead's report on a rectification."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from consortia.enums import Action
from consortia.forms.consortium import NoteForm
from consortia.forms.lifecycle import LoosePaperForm, PaperForm, RectificationForm, RectifyForm, TierForm
from consortia.models import Consortium, ExitCase, Rectification
from consortia.rules.stages import RECTIFICATION_MONTHS, months_later, reachable_tiers
from consortia.selectors.life import life_of, upgrade_gates
from consortia.services.consortia import (
    downgrade_consortium,
    graduate_consortium,
    rectify_consortium,
    report_rectification,
    resume_consortium,
    upgrade_consortium,
)
from consortia.services.retreats import abandon_consortium
from consortia.views.forming import EditMixin
from consortia.views.pages import ConsortiumPage
from consortia.views.steps import StepView
from consortia.workflow import CONSORTIUM
from portal.kernel import files
from portal.kernel.views import LoadMixin, ServiceFormView


class ConsortiumLife(ConsortiumPage):
    """Everything that happened to it, on one line."""

    template_name = "consortia/consortium_life.html"
    tab = "life"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        orders = self.object.rectifications.select_related("evidence", "reported_by")
        return super().get_context_data(
            life=life_of(self.object, user), rectifications=orders,
            cases=ExitCase.objects.visible_to(user).filter(consortium=self.object), **kwargs,
        )  # fmt: skip


class Decision(StepView):
    """A decision of the bureau, with its reason, document and meeting."""

    model, workflow, subject = Consortium, CONSORTIUM, "consortium"
    form_class: type[forms.Form] = PaperForm
    template_name = "consortia/consortium_decide.html"
    step_up = True


class ConsortiumAbandon(Decision):
    """The lead gives up what is still being prepared."""

    action, service, form_class = Action.ABANDON, abandon_consortium, NoteForm
    template_name = "consortia/consortium_abandon.html"
    explanation = _("The preparation ends and nothing in it can be changed any more. This cannot be undone.")
    success_message = _("The consortium is given up; its members have been told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        members = self.object.participations.present().exclude(organisation=self.object.lead_id)
        return super().get_context_data(members=members.select_related("organisation"), **kwargs)


class ConsortiumRectify(Decision):
    """Order rectification."""

    action, service = Action.RECTIFY, rectify_consortium
    form_class = RectifyForm
    explanation = _("The consortium has to put right what you name here; it keeps its tier meanwhile.")
    success_message = _("Rectification is ordered; the consortium has been told.")

    def get_initial(self) -> dict[str, Any]:
        return {"due": months_later(timezone.localdate(self.at), RECTIFICATION_MONTHS)}


class ConsortiumResume(Decision):
    """Accept the rectification."""

    action, service = Action.RESUME, resume_consortium
    form_class = LoosePaperForm
    explanation = _("The rectification is accepted and the consortium operates again.")
    success_message = _("The consortium operates again.")


class ConsortiumGraduate(Decision):
    """Let it go on without support."""

    action, service = Action.GRADUATE, graduate_consortium
    explanation = _("The build period is over and the consortium stands on its own feet. This cannot be undone.")
    success_message = _("The consortium has graduated.")


class TierChange(Decision):
    """Another tier."""

    form_class = TierForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tiers": reachable_tiers(self.object.tier, self.action)}

    def closed(self) -> list[str]:
        end = [] if reachable_tiers(self.object.tier, self.action) else [str(_("There is no further tier."))]
        return super().closed() or end


class ConsortiumUpgrade(TierChange):
    """A higher tier, once direction, tasks and fund stand."""

    action, service = Action.UPGRADE, upgrade_consortium
    template_name = "consortia/consortium_upgrade.html"
    explanation = _("An upgrade needs a clear direction, concrete research tasks and a dedicated fund.")
    success_message = _("The tier is raised; the consortium has been told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(gates=upgrade_gates(self.object, self.at), **kwargs)

    def closed(self) -> list[str]:
        """What is missing at the gates stands on the page itself."""
        return super().closed() if self.object.leaving_since else []


class ConsortiumDowngrade(TierChange):
    """A lower tier."""

    action, service = Action.DOWNGRADE, downgrade_consortium
    explanation = _("The consortium goes on in a lower tier; in tier C it is cultivated.")
    success_message = _("The tier is lowered; the consortium has been told.")


class ConsortiumReportRectification(EditMixin, ServiceFormView):
    """The lead says what was done."""

    action = Action.REPORT_RECTIFICATION
    model = Consortium
    form_class = RectificationForm
    template_name = "consortia/consortium_report_rectification.html"
    success_message = _("The bureau has been told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(order=self.object.rectifications.filter(closed_on=None).first(), **kwargs)

    def get_initial(self) -> dict[str, Any]:
        order = self.object.rectifications.filter(closed_on=None).first()
        return {"report": order.report if order else ""}

    def perform(self, form: Any) -> Rectification:
        return report_rectification(consortium=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("consortia:consortium-life", args=[self.object.pk])


class RectificationFile(LoadMixin, View):
    """The evidence of a rectification."""

    model = Consortium

    def get(self, *_args: Any, **_kwargs: Any) -> Any:
        rows = self.object.rectifications.exclude(evidence=None).select_related("evidence")
        return files.serve(get_object_or_404(rows, pk=self.kwargs["order"]).evidence, request=self.request)
