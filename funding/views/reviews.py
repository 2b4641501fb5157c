"""Pages of the review: the expert's list, declaring, comparing."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, ReviewStatus
from funding.enums import ApplicationStatus as S
from funding.forms.reviews import DeclarationForm, RecuseForm, SecondDeclarationForm
from funding.models import Application, Review
from funding.selectors.panels import discussion
from funding.selectors.reviews import my_reviews, progress
from funding.selectors.sessions import is_to_declare_again
from funding.selectors.windows import assessment_for, opened, summary_for
from funding.services.reviews import accept_review, declare_again, recuse_again, recuse_review
from funding.workflow import REVIEW
from members.enums import OrganisationType
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

TABS: dict[str, tuple[Any, frozenset[str]]] = {
    "todo": (_("To do"), frozenset({ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED})),
    "done": (_("Handed in"), frozenset({ReviewStatus.SUBMITTED})),
}


class ApplicationReviews(LoadMixin, PermissionMixin, TemplateView):
    """The experts' scores and opinions side by side, once all are handed in."""

    model = Application
    permission = "funding.see_reviews"
    template_name = "funding/application_reviews.html"

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = opened(self.object, self.actor)
        return super().get_context_data(
            application=self.object,
            progress=progress(self.object),
            seen=seen,
            assessment=assessment_for(self.object, seen),
            consolidation=summary_for(self.object, seen),
            talk=discussion(self.object) if seen.opinions else {},
            may_ask=may(self.actor, "funding.ask_reopening", self.object) and self.object.status == S.REVIEWING,
            **kwargs,
        )


class ReviewView(LoadMixin):
    """Loads a review with what its pages name."""

    model = Review

    def get_queryset(self) -> QuerySet[Review]:
        return (
            super()
            .get_queryset()
            .select_related("application__call__rules", "application__consortium__lead", "expert__user")
            .prefetch_related("scores")
        )


# --- the expert --------------------------------------------------------------------------------
class ReviewList(PermissionMixin, ListView):
    """The expert's own reviews."""

    model = Review
    permission = "funding.list_reviews"
    template_name = "funding/review_list.html"
    sorts = ("assigned_at",)
    default_sort = "-assigned_at"

    @property
    def tab(self) -> str:
        """Which of the reviews are asked for."""
        asked = self.request.GET.get("tab", "")
        return asked if asked in TABS else "todo"

    def get_queryset(self) -> QuerySet[Review]:
        mine = super().get_queryset().filter(expert__user=self.actor)
        return my_reviews(mine.filter(status__in=TABS[self.tab][1]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = Review.objects.tally(self.actor)
        tabs = [(code, label, sum(counts.get(state, 0) for state in states)) for code, (label, states) in TABS.items()]
        return super().get_context_data(tabs=tabs, tab=self.tab, **kwargs)


def declaration_context(review: Review, user: Any) -> dict[str, Any]:
    """What is needed to judge a conflict: the names, nothing else."""
    snapshot = review.application.snapshot or {}
    members = [row["organisation"] for row in snapshot.get("members", [])]
    kinds = dict(OrganisationType.choices)
    return {
        "review": review,
        "members": [{"name": row["name"], "kind": kinds.get(row["type"], "")} for row in members],
        "offered": REVIEW.offered(review, user),
        "declaration": DeclarationForm(),
    }


class ReviewAccept(ReviewView, TransitionView):
    """The declaration; afterwards the content is open."""

    workflow, action = REVIEW, Action.ACCEPT
    permission = "funding.declare_review"
    form_class = DeclarationForm
    template_name = "funding/review_declare.html"
    success_message = _("Thank you. You can read the proposal now.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**declaration_context(self.object, self.actor), **context, "declaration": context["form"]}

    def perform(self, form: DeclarationForm) -> Review:
        return accept_review(review=self.object, actor=self.actor, at=self.at)


class ReviewRecuse(ReviewView, TransitionView):
    """The expert steps back."""

    workflow, action = REVIEW, Action.RECUSE
    permission = "funding.declare_review"
    form_class = RecuseForm
    template_name = "funding/review_recuse.html"
    success_message = _("You do not review this application. The acceptance desk is told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action.RECUSE.label
        return super().get_context_data(**declaration_context(self.object, self.actor), label=label, **kwargs)

    def perform(self, form: RecuseForm) -> Review:
        return recuse_review(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:review-list") if hasattr(self, "result") else super().fallback_url()


# --- after the panel met -----------------------------------------------------------------------
class ReviewDeclareAgain(ReviewView, ServiceFormView):
    """No interest came up."""

    permission, action = "funding.declare_again", Action.DECLARE_AGAIN
    form_class = SecondDeclarationForm
    template_name = "funding/review_declare_again.html"
    success_message = _("Thank you. Your score counts.")

    def closed(self) -> list[str]:
        return [] if is_to_declare_again(self.object) else [gettext("Nothing is to be declared now.")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**declaration_context(self.object, self.actor), **kwargs)

    def perform(self, form: SecondDeclarationForm) -> Review:
        return declare_again(review=self.object, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class ReviewRecuseAgain(ReviewView, TransitionView):
    """An interest came up: the score counts no more."""

    workflow, action = REVIEW, Action.RECUSE_AGAIN
    permission = "funding.declare_again"
    form_class = RecuseForm
    template_name = "funding/review_recuse.html"
    success_message = _("Your score counts no more. The acceptance desk and the officers are told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"label": Action.RECUSE.label, "again": True}
        return super().get_context_data(**declaration_context(self.object, self.actor), **words, **kwargs)

    def perform(self, form: RecuseForm) -> Review:
        return recuse_again(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("funding:review-list") if hasattr(self, "result") else super().fallback_url()
