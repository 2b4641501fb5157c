"""Pages of those who keep away from a case."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.forms.decisions import ReasonForm
from funding.forms.recusals import RecuseOfficialForm, StepAsideForm
from funding.models import Application, LiftedRecusal, Recusal
from funding.selectors.recusals import lifted, officials, recusals
from funding.services.recusals import lift_recusal, recuse_official, step_aside
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView


def recusal_card(application: Application, user: Any) -> dict[str, Any]:
    """What funding/_recusals_card.html needs: the own way out, and for those who direct who is out."""
    directs = may(user, "funding.recuse_official", application)
    return {
        "may_step_aside": may(user, "funding.step_aside", application),
        "may_recuse_official": directs,
        "recusals": recusals(application) if directs else (),
        "lifted_recusals": lifted(application) if directs else (),
        "may_lift": may(user, "funding.lift_recusal", application),
    }


class RecusalStep(TransitionView):
    """One official fewer in a case."""

    model = Application
    template_name = "funding/decision_step.html"
    explanation: str | Promise = ""

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call", "consortium")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action(self.action).label
        facts = {"application": self.object, "label": label, "explanation": self.explanation, "danger": True}
        return super().get_context_data(**facts, **kwargs)


class ApplicationStepAside(RecusalStep):
    """By one's own word; afterwards there is no way back to the page."""

    action, permission = Action.STEP_ASIDE, "funding.step_aside"
    form_class = StepAsideForm
    explanation = _(
        "From now on you find no trace of this case: in no list, number, search, file or notice. This cannot be undone "
        "by yourself. The division head and supervision are told."
    )
    success_message = _("You keep away from this case now.")

    def perform(self, form: StepAsideForm) -> Recusal:
        return step_aside(application=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:application-list") if hasattr(self, "result") else super().fallback_url()


class ApplicationRecuseOfficial(RecusalStep):
    """By the word of those who direct and supervise."""

    action, permission = Action.RECUSE_OFFICIAL, "funding.recuse_official"
    form_class = RecuseOfficialForm
    explanation = _("From now on this official finds no trace of the case and cannot act in it.")
    success_message = _("The official keeps away from this case now.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": officials(self.object, without=self.actor)}

    def perform(self, form: RecuseOfficialForm) -> Recusal:
        return recuse_official(application=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class RecusalLift(LoadMixin, ServiceFormView):
    """Supervision lets an official back to the case."""

    model = Recusal
    permission, action = "funding.lift_recusal", Action.LIFT_RECUSAL
    form_class = ReasonForm
    template_name = "funding/decision_step.html"
    success_message = _("The recusal is lifted. How it was stays on record.")
    explanation = _("From now on this official sees the case again and may act in it.")

    def get_queryset(self) -> QuerySet[Recusal]:
        rows = super().get_queryset().select_related("application__call", "application__consortium", "person")
        return rows.select_related("declared_by")

    def permission_object(self) -> Application:
        """The case."""
        application: Application = self.object.application
        return application

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"label": Action.LIFT_RECUSAL.label, "explanation": self.explanation, "danger": True}
        return super().get_context_data(application=self.object.application, **facts, **kwargs)

    def perform(self, form: Any) -> LiftedRecusal:
        return lift_recusal(recusal=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.object.application.get_absolute_url())

    back_url = fallback_url
