"""Pages of disputes about computed scores, and of reviews that are to be scored again."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action
from funding.forms.scoring import AnswerForm, ConsentForm, DisputeForm, RefusalForm, ReopeningForm, UpholdForm
from funding.models import FactDispute, Reopening
from funding.rules.automatic import AutoScore
from funding.rules.scoring import Indicator, indicators
from funding.selectors.reviews import computed_scores
from funding.services.disputes import (
    ask_reopening,
    dismiss_dispute,
    dispute_fact,
    grant_reopening,
    refuse_reopening,
    uphold_dispute,
)
from funding.views.reviews import ReviewView
from funding.workflow import DISPUTE, REOPENING, review_is_open
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView, TransitionView

DISPUTE_URLS = {
    Action.UPHOLD_DISPUTE: "funding:dispute-uphold", Action.DISMISS_DISPUTE: "funding:dispute-dismiss",
}  # fmt: skip
REOPENING_URLS = {
    Action.GRANT_REOPENING: "funding:reopening-grant", Action.REFUSE_REOPENING: "funding:reopening-refuse",
}  # fmt: skip


# --- disputes ----------------------------------------------------------------------------------
class ReviewDispute(ReviewView, ServiceFormView):
    """The expert says why a computed score is wrong."""

    permission = "funding.dispute_fact"
    form_class = DisputeForm
    template_name = "funding/review_dispute.html"
    success_message = _("Thank you. An officer looks at it; you can go on scoring.")

    @cached_property
    def line(self) -> tuple[Indicator, AutoScore]:
        """The indicator in question with what the portal computed."""
        rubric = {one.code: one for one in indicators(self.object.application.call.rules.data) if one.is_auto}
        code = self.kwargs["indicator"]
        if code not in rubric:
            raise Http404
        return rubric[code], computed_scores(self.object.application)[code]

    def closed(self) -> list[str]:
        reason = review_is_open(self.object, self.at)
        return [str(reason)] if reason else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        indicator, computed = self.line
        return super().get_context_data(review=self.object, indicator=indicator, computed=computed, **kwargs)

    def perform(self, form: DisputeForm) -> FactDispute:
        return dispute_fact(
            review=self.object, indicator=self.line[0].code, actor=self.actor, at=self.at, **form.cleaned_data
        )

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class DisputeView(LoadMixin):
    """Loads a dispute with what its pages name."""

    model = FactDispute

    def get_queryset(self) -> QuerySet[FactDispute]:
        return super().get_queryset().select_related(
            "review__application__call__rules", "review__application__consortium", "review__expert__user", "answered_by"
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = self.object.review.application.call.rules.data
        indicator = next((one for one in indicators(rules) if one.code == self.object.indicator), None)
        if indicator is None:  # no score of these rules
            raise Http404
        computed = computed_scores(self.object.review.application)[indicator.code]
        return super().get_context_data(
            dispute=self.object, application=self.object.review.application, indicator=indicator, computed=computed,
            **kwargs,
        )  # fmt: skip


class DisputeDetail(DisputeView, PermissionMixin, TemplateView):
    """What is doubted and why, and what came of it."""

    permission = "funding.see_dispute"
    template_name = "funding/dispute_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=steps(DISPUTE, DISPUTE_URLS, self.object, self.actor), **kwargs)


class DisputeStep(DisputeView, TransitionView):
    """An answer of the officer; subclasses say which."""

    workflow = DISPUTE
    permission = "funding.answer_dispute"
    template_name = "funding/dispute_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action(self.action).label, **kwargs)


class DisputeUphold(DisputeStep):
    """Corrects the score everywhere."""

    action = Action.UPHOLD_DISPUTE
    form_class = UpholdForm
    success_message = _("The score is corrected in every review of this application.")

    def perform(self, form: UpholdForm) -> FactDispute:
        return uphold_dispute(dispute=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class DisputeDismiss(DisputeStep):
    """Leaves the score as it is."""

    action = Action.DISMISS_DISPUTE
    form_class = AnswerForm
    success_message = _("The expert is told why the score stands.")

    def perform(self, form: AnswerForm) -> FactDispute:
        return dismiss_dispute(dispute=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


# --- reopening ---------------------------------------------------------------------------------
class ReopeningAsk(ReviewView, ServiceFormView):
    """The officer asks the supervisor."""

    permission = "funding.ask_reopening"
    form_class = ReopeningForm
    template_name = "funding/decision_step.html"
    success_message = _("The supervisor is asked.")
    explanation = _("The expert can score again once a supervisor consents. What was handed in stays as a version.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            application=self.object.application, label=Action.ASK_REOPENING.label,
            explanation=self.explanation, **kwargs,
        )  # fmt: skip

    def perform(self, form: ReopeningForm) -> Reopening:
        return ask_reopening(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:application-reviews", args=[self.object.application_id])


class ReopeningView(LoadMixin):
    """Loads a reopening with what its pages name."""

    model = Reopening

    def get_queryset(self) -> QuerySet[Reopening]:
        return super().get_queryset().select_related(
            "review__application__call__rules", "review__application__consortium", "review__expert", "requested_by",
            "decided_by",
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reopening=self.object, application=self.object.review.application, **kwargs)


class ReopeningDetail(ReopeningView, PermissionMixin, TemplateView):
    """Who asked why, and what the supervisor said."""

    permission = "funding.see_reopening"
    template_name = "funding/reopening_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=steps(REOPENING, REOPENING_URLS, self.object, self.actor), **kwargs)


class ReopeningStep(ReopeningView, TransitionView):
    """The supervisor decides; subclasses say how."""

    workflow = REOPENING
    permission = "funding.grant_reopening"
    template_name = "funding/decision_step.html"
    form_class: type[forms.Form] = ConsentForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            label=Action(self.action).label, explanation=self.object.reason, **kwargs
        )  # fmt: skip

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class ReopeningGrant(ReopeningStep):
    """Unlocks the review."""

    action = Action.GRANT_REOPENING
    success_message = _("The review is open again; the expert is told.")

    def perform(self, form: ConsentForm) -> Reopening:
        return grant_reopening(reopening=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ReopeningRefuse(ReopeningStep):
    """Leaves the review locked."""

    action = Action.REFUSE_REOPENING
    form_class = RefusalForm
    success_message = _("The review stays locked.")

    def perform(self, form: RefusalForm) -> Reopening:
        return refuse_reopening(reopening=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


def steps(workflow: Any, urls: dict[Action, str], part: FactDispute | Reopening, user: Any) -> list[dict[str, str]]:
    """What the reader can do with it."""
    return [
        {"label": str(Action(action).label), "url": reverse(urls[Action(action)], args=[part.pk])}
        for action in workflow.offered(part, user)
    ]
