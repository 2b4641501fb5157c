"""The sheet of an expert: the proposal beside the rubric, saved while one types, handed in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, ReviewMode
from funding.forms.scoring import ScoreForm
from funding.models import Review
from funding.rules import redaction, scoring
from funding.selectors.desks import desk
from funding.selectors.previews import Shown, previews
from funding.selectors.readings import read
from funding.selectors.reviews import sheet
from funding.selectors.sessions import is_to_declare_again
from funding.selectors.windows import opened
from funding.services.scores import EMPTY, Entry, ScoresChanged, hand_in_review, save_scores, standing
from funding.views.autosave import Saving, told
from funding.views.reviews import ReviewView, declaration_context
from funding.workflow import REVIEW
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import PermissionMixin, ServiceFormView
from portal.kernel.workflow import TransitionRefused

CHANGED = _("You saved this part from another page meanwhile. Please compare both.")


class SheetMixin(ReviewView):
    """The proposal on one side, the rubric on the other."""

    meanwhile: ScoresChanged | None = None

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

    def previews(self) -> list[Shown]:
        """The first pages of the files, under names that give nobody away; none where files are not shown."""
        application = self.object.application
        rules, snapshot = application.call.rules.data, application.snapshot or {}
        if redaction.FILES in redaction.blind_parts(rules):
            return []
        found = previews(application, self.request.user)
        for one in found:
            one.file.label = redaction.redact_text(one.file.label, snapshot, rules)
        return found

    def sheet_context(self, form: ScoreForm) -> dict[str, Any]:
        """The document, the rubric and the running total."""
        application = self.object.application
        groups = sheet(application)
        doubted = {row.indicator: row for row in self.object.disputes.order_by("raised_at")}
        return {
            "review": self.object,
            "application": application,
            "reading": read(redaction.redact(application.snapshot or {}, application.call.rules.data)),
            "previews": self.previews(),
            "groups": [
                (
                    group,
                    [(one, auto, doubted.get(one.code)) for one, auto in group.automatic],
                    list(form.lines(group.expert)),
                )
                for group in groups
            ],
            "running": self.running_total(groups),
            "available": REVIEW.offered(self.object, self.request.user),
            "obstacles": [str(reason) for reason in REVIEW.obstacles(self.object, Action.HAND_IN, self.at)],
            "desk": desk(self.object),
            "panel_open": self.panel_open(),
            "declares_again": is_to_declare_again(self.object),
            "meanwhile": self.meanwhile,
            "reopened": self.object.reopenings.exclude(decided_at=None).exclude(before={}).last(),
        }

    def panel_open(self) -> bool:
        """Whether the call lets the panel talk, and every score is locked."""
        application = self.object.application
        talks = application.call.review_mode == ReviewMode.LEAD_REVIEWER
        return talks and opened(application, self.request.user).scores

    def running_total(self, groups: Any) -> Any:
        """What is saved so far, the automatic scores included."""
        if self.object.total is not None:
            return self.object.total
        own = {one.code for group in groups for one in group.expert}
        given = sum(row.score for row in self.object.scores.all() if row.score is not None and row.indicator in own)
        return given + sum(group.automatic_total for group in groups)


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

    def form_valid(self, form: ScoreForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ScoresChanged as change:
            self.meanwhile = change
            form.see(change.parts)
            return self.refuse(form, TransitionRefused(CHANGED))

    def get_success_url(self) -> str:
        following = desk(self.object).next
        if "onward" in self.request.POST and following:
            return reverse("funding:review-detail", args=[following.pk])
        return super().get_success_url()


class ReviewSaveScores(SheetView):
    """Keeps the draft."""

    success_message = _("Your draft is saved.")

    def perform(self, form: ScoreForm) -> Review:
        return save_scores(
            review=self.object, actor=self.actor, at=self.at, entries=form.entries, typing=form.typing, **form.texts
        )


class ReviewHandIn(SheetView):
    """Hands in and locks."""

    complete = True
    success_message = _("Your review is handed in. Thank you.")

    def perform(self, form: ScoreForm) -> Review:
        kept = {name: getattr(self.object, name) for name in ("opinion", "suggested_tier")}
        return hand_in_review(
            review=self.object, actor=self.actor, at=self.at, entries=form.entries, typing=form.typing,
            **{**kept, **form.texts},
        )  # fmt: skip


class ReviewAutosave(SheetMixin, Saving):
    """That of a sheet, part by part: what is right is saved even beside what is wrong.

    Beside what every page is told stands "fields": the versions of the parts that the page has seen now.
    """

    permission = "funding.score_review"
    changed: type[Exception] = ScoresChanged

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> JsonResponse:
        return JsonResponse({"others": [], **self.saved(self.object)})

    def saved(self, review: Review) -> dict[str, Any]:
        """The last save of any part."""
        last = max(review.saved.values(), key=lambda mark: int(mark["version"]), default={"at": ""})
        return told(review.version, str(review.expert), last["at"])

    def read(self) -> ScoreForm:
        return self.new_form(complete=False, data=self.request.POST)

    def keep(self, form: ScoreForm) -> JsonResponse:
        valid = form.is_valid()
        entries, texts = form.entries, form.texts
        save_scores(review=self.object, actor=self.actor, at=self.at, entries=entries, typing=form.typing, **texts)
        facts = {**self.saved(self.object), "fields": self.marks({**entries, **texts})}
        return JsonResponse(facts if valid else {**facts, "errors": form.errors}, status=200 if valid else 422)

    def clash(self, form: ScoreForm, change: ScoresChanged) -> dict[str, Any]:
        html = render_to_string("funding/_meanwhile.html", {"meanwhile": change}, self.request)
        return {"version": change.version, "html": html, "fields": form.marks(change.parts)}

    def marks(self, typed: dict[str, Entry | str]) -> dict[str, str]:
        """What the page has seen now of the parts that it sent."""
        fresh = self.load()
        there = standing(review=fresh)
        versions = {part: fresh.saved.get(part, {}).get("version", 0) for part in typed}
        return ScoreForm.marks({part: (versions[part], there.get(part, EMPTY)) for part in typed})


class ReviewFile(ReviewView, PermissionMixin):
    """A file of the proposal, for the expert who has declared, under a name that gives nobody away."""

    permission = "funding.read_proposal"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        application = self.object.application
        rules, snapshot = application.call.rules.data, application.snapshot or {}
        if redaction.FILES in redaction.blind_parts(rules):
            raise Http404
        rows = application.files.select_related("attachment")
        attachment = get_object_or_404(rows, pk=self.kwargs["file"]).attachment
        attachment.name = redaction.redact_text(attachment.name, snapshot, rules)
        return files.serve(attachment, request=self.request)
