"""Pages of invitations: an expert declines, the desk sees who has not answered and reminds."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ReviewStatus
from funding.forms.reviews import AnswerDayForm, DeclineForm
from funding.models import Review, ReviewReminder
from funding.rules.inviting import end_after, terms_of
from funding.selectors.invitations import waiting_for, waiting_tally
from funding.services.invitations import extend_answer, invite_again, remind_expert
from funding.services.reviews import decline_review
from funding.views.reviews import ReviewView, declaration_context
from funding.workflow import REVIEW
from members.enums import Role
from portal.kernel.views import ListView, PermissionMixin, ServiceFormView, TransitionView

TABS: dict[str, tuple[Any, ReviewStatus]] = {
    "answers": (_("Without answer"), ReviewStatus.ASSIGNED),
    "scores": (_("Without scores"), ReviewStatus.ACCEPTED),
}


class ReviewDecline(ReviewView, TransitionView):
    """The expert does not take the invitation on."""

    workflow, action = REVIEW, Action.DECLINE_REVIEW
    permission = "funding.declare_review"
    form_class = DeclineForm
    template_name = "funding/review_decline.html"
    success_message = _("You do not review this application. The acceptance desk is told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action.DECLINE_REVIEW.label
        return super().get_context_data(**declaration_context(self.object, self.actor), label=label, **kwargs)

    def perform(self, form: DeclineForm) -> Review:
        return decline_review(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:review-list") if hasattr(self, "result") else super().fallback_url()


class AnswerDayPage(ReviewView, ServiceFormView):
    """Names a day until which an expert may answer."""

    form_class: type[forms.BaseForm] = AnswerDayForm
    template_name = "funding/decision_step.html"

    explanation: Any = ""

    def get_initial(self) -> dict[str, Any]:
        terms = terms_of(self.object.application.call.rules.data)
        return {"until": timezone.localdate(end_after(terms.answer_days, self.at))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"label": Action(self.action).label, "explanation": self.explanation}
        return super().get_context_data(application=self.object.application, **words, **kwargs)

    def fallback_url(self) -> str:
        return f"{self.object.application.get_absolute_url()}#reviews"


class ReviewExtendAnswer(AnswerDayPage):
    """The desk gives an expert more time."""

    permission, action = "funding.extend_answer", Action.EXTEND_ANSWER
    explanation = _("The expert is told the new day and reminded before it.")
    success_message = _("The expert has more time to answer.")

    def perform(self, form: Any) -> Review:
        return extend_answer(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ReviewInviteAgain(AnswerDayPage, TransitionView):
    """The desk asks somebody once more who did not answer."""

    workflow, action = REVIEW, Action.INVITE_AGAIN
    explanation = _("The seat is that of the expert again until the new day; supervision is told.")
    success_message = _("The expert is asked once more.")

    def perform(self, form: Any) -> Review:
        return invite_again(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class InvitationList(PermissionMixin, ListView):
    """Who has not answered, who has not handed in; those who were asked first come first."""

    model = Review
    permission = "funding.see_invitations"
    template_name = "funding/invitation_list.html"
    sorts = ("assigned_at",)
    default_sort = "assigned_at"

    @property
    def tab(self) -> str:
        """What is waited for."""
        asked = self.request.GET.get("tab", "")
        return asked if asked in TABS else "answers"

    def get_queryset(self) -> QuerySet[Review]:
        return waiting_for(super().get_queryset(), TABS[self.tab][1])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = waiting_tally(super().get_queryset())
        tabs = [(code, label, counts.get(state, 0)) for code, (label, state) in TABS.items()]
        desk = Role.ACCEPTANCE in self.actor.roles
        return super().get_context_data(tabs=tabs, tab=self.tab, desk=desk, **kwargs)


class ReviewRemind(ReviewView, ServiceFormView):
    """The desk reminds an expert."""

    permission = "funding.remind_expert"
    form_class = forms.Form
    template_name = "funding/decision_step.html"
    success_message = _("The expert is reminded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "label": Action.REMIND_EXPERT.label,
            "explanation": _("The expert gets a notice with the last day, once a day at most."),
        }
        return super().get_context_data(application=self.object.application, **words, **kwargs)

    def perform(self, form: forms.Form) -> ReviewReminder:
        return remind_expert(review=self.object, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return str(self.object.application.get_absolute_url())
