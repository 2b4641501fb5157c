"""The room of a panel: everybody's scores under blind names, what is said, the lead reviewer's summary."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, ReviewMode
from funding.forms.panels import ConsolidateForm, DiscussForm, NameLeadForm
from funding.models import Consolidation, PanelMessage, Review
from funding.rules import scoring
from funding.selectors.panels import consolidation_of, discussion, lead_review
from funding.selectors.windows import assessment_for, opened
from funding.services.leads import name_lead
from funding.services.panels import consolidate, discuss
from funding.views.reviews import ReviewView
from portal.kernel.authz import may
from portal.kernel.views import PermissionMixin, ServiceFormView


class PanelMixin(ReviewView):
    """What is open to this expert of the panel."""

    def panel_context(self) -> dict[str, Any]:
        """Nothing of the others before every score is locked."""
        application, user = self.object.application, self.request.user
        seen, lead = opened(application, user), lead_review(application)
        return {
            "review": self.object,
            "application": application,
            "talks": application.call.review_mode == ReviewMode.LEAD_REVIEWER,
            "lead": lead,
            "seen": seen,
            "assessment": assessment_for(application, seen) if seen.scores else None,
            "talk": self.talk() if seen.scores else [],
            "consolidation": consolidation_of(application) if seen.opinions else None,
            "may_sum_up": may(user, "funding.consolidate_panel", self.object),
        }

    def talk(self) -> list[tuple[scoring.Indicator, list[PanelMessage]]]:
        """Each criterion that experts score with what was said about it."""
        application = self.object.application
        said = discussion(application)
        return [(one, said.get(one.code, [])) for one in scoring.expert_indicators(application.call.rules.data)]

    def fallback_url(self) -> str:
        return reverse("funding:review-panel", args=[self.object.pk])


class ReviewPanel(PanelMixin, PermissionMixin, TemplateView):
    """Scores and opinions side by side, what is said about each criterion."""

    permission = "funding.discuss_panel"
    template_name = "funding/review_panel.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=DiscussForm(rubric=self.rubric), **self.panel_context(), **kwargs)

    @cached_property
    def rubric(self) -> tuple[scoring.Indicator, ...]:
        """What is talked about."""
        return scoring.expert_indicators(self.object.application.call.rules.data)


class ReviewDiscuss(PanelMixin, ServiceFormView):
    """Says something to the others."""

    permission = "funding.discuss_panel"
    form_class = DiscussForm
    template_name = "funding/review_panel.html"
    success_message = _("The others of the panel can read it now.")

    def get_form_kwargs(self) -> dict[str, Any]:
        rules = self.object.application.call.rules.data
        return {**super().get_form_kwargs(), "rubric": scoring.expert_indicators(rules)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.panel_context(), **kwargs)

    def perform(self, form: DiscussForm) -> PanelMessage:
        return discuss(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ReviewConsolidate(PanelMixin, ServiceFormView):
    """The lead reviewer sums up."""

    permission = "funding.consolidate_panel"
    form_class = ConsolidateForm
    template_name = "funding/review_consolidate.html"
    success_message = _("Saved.")

    def get_initial(self) -> dict[str, Any]:
        row = consolidation_of(self.object.application)
        return {"opinion": row.opinion, "explanation": row.explanation} if row else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.panel_context(), **kwargs)

    def perform(self, form: ConsolidateForm) -> Consolidation:
        finish = "finish" in self.request.POST
        return consolidate(review=self.object, actor=self.actor, at=self.at, finish=finish, **form.cleaned_data)


class ReviewNameLead(ReviewView, ServiceFormView):
    """The acceptance desk names who sums up."""

    permission = "funding.name_lead"
    form_class = NameLeadForm
    template_name = "funding/decision_step.html"
    success_message = _("The lead reviewer is named and told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object.application, label=Action.NAME_LEAD.label, **kwargs)

    def perform(self, form: NameLeadForm) -> Review:
        return name_lead(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.object.application.get_absolute_url())
