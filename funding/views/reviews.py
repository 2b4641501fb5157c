"""Pages of the review: declaring, scoring, comparing."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, ReviewStatus
from funding.forms.reviews import DeclarationForm, RecuseForm, ScoreForm
from funding.models import Application, Review
from funding.rules import scoring
from funding.selectors.readings import read
from funding.selectors.reviews import assess, my_reviews, progress, sheet
from funding.services.reviews import accept_review, hand_in_review, recuse_review, save_scores
from funding.workflow import REVIEW
from members.enums import OrganisationType
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

TABS: dict[str, tuple[Any, frozenset[str]]] = {
    "todo": (_("To do"), frozenset({ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED})),
    "done": (_("Handed in"), frozenset({ReviewStatus.SUBMITTED})),
    "recused": (_("Recused"), frozenset({ReviewStatus.RECUSED})),
}


class ApplicationReviews(LoadMixin, PermissionMixin, TemplateView):
    """The experts' scores and opinions side by side, once all are handed in."""

    model = Application
    permission = "funding.see_reviews"
    template_name = "funding/application_reviews.html"

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            application=self.object,
            progress=progress(self.object),
            assessment=assess(self.object),
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


class SheetMixin(ReviewView):
    """The proposal on one side, the rubric on the other."""

    def new_form(self, *, complete: bool, data: Any = None) -> ScoreForm:
        """The rubric as a form; read-only when nothing can be handed in any more."""
        review = self.object
        return ScoreForm(
            data,
            review=review,
            rubric=scoring.expert_indicators(review.application.call.rules.data),
            complete=complete,
            editable=Action.HAND_IN in REVIEW.offered(review, self.request.user),
        )

    def sheet_context(self, form: ScoreForm) -> dict[str, Any]:
        """The document, the rubric and the running total."""
        application = self.object.application
        groups = [(group, list(form.lines(group.expert))) for group in sheet(application)]
        return {
            "review": self.object,
            "application": application,
            "reading": read(application.snapshot or {}),
            "groups": groups,
            "running": self.running_total(),
            "available": REVIEW.offered(self.object, self.request.user),
            "obstacles": [str(reason) for reason in REVIEW.obstacles(self.object, Action.HAND_IN, self.at)],
        }

    def running_total(self) -> Any:
        """What is saved so far, the automatic scores included."""
        if self.object.total is not None:
            return self.object.total
        automatic = sum(group.automatic_total for group in sheet(self.object.application))
        return automatic + sum(row.score for row in self.object.scores.all() if row.score is not None)


class ReviewDetail(SheetMixin, PermissionMixin, TemplateView):
    """Before the declaration who takes part, and nothing of the content; afterwards the sheet."""

    permission = "funding.open_review"

    @cached_property
    def is_open(self) -> bool:
        """Whether the content may be read."""
        return may(self.actor, "funding.read_proposal", self.object)

    def get_template_names(self) -> list[str]:
        return [f"funding/review_{'sheet' if self.is_open else 'declare'}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.is_open:
            return super().get_context_data(**declaration_context(self.object, self.actor), **kwargs)
        form = self.new_form(complete=False)
        return super().get_context_data(form=form, **self.sheet_context(form), **kwargs)


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
        return super().get_context_data(**declaration_context(self.object, self.actor), **kwargs)

    def perform(self, form: RecuseForm) -> Review:
        return recuse_review(review=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class SheetView(SheetMixin, ServiceFormView):
    """An answer of the sheet; what was typed stays when something is refused."""

    permission = "funding.score_review"
    template_name = "funding/review_sheet.html"
    complete = False

    def get_form(self, form_class: Any = None) -> ScoreForm:
        return self.new_form(complete=self.complete, data=self.request.POST or None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self.get_form()
        return super().get_context_data(**{**kwargs, "form": form, **self.sheet_context(form)})

    def facts(self, form: ScoreForm) -> dict[str, Any]:
        """What the services take."""
        data = form.cleaned_data
        return {
            "review": self.object,
            "actor": self.actor,
            "at": self.at,
            "entries": form.entries,
            "opinion": data["opinion"],
            "suggested_tier": data["suggested_tier"],
        }


class ReviewSaveScores(SheetView):
    """Keeps the draft."""

    success_message = _("Your draft is saved.")

    def perform(self, form: ScoreForm) -> Review:
        return save_scores(**self.facts(form))


class ReviewHandIn(SheetView):
    """Hands in for good."""

    complete = True
    success_message = _("Your review is handed in. Thank you.")

    def perform(self, form: ScoreForm) -> Review:
        return hand_in_review(**self.facts(form))


class ReviewFile(ReviewView, PermissionMixin):
    """A file of the proposal, for the expert who has declared."""

    permission = "funding.read_proposal"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        rows = self.object.application.files.select_related("attachment")
        return files.serve(get_object_or_404(rows, pk=self.kwargs["file"]).attachment, request=self.request)
