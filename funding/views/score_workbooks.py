"""The sheet of an expert offline: downloaded, filled in, uploaded, looked at, taken over."""

import io
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.forms.score_workbook import ScoreJudgement, write_form
from funding.forms.workbook import AcceptForm, WorkbookForm
from funding.models import Review, ScoreWorkbook
from funding.services.score_workbooks import apply_scores, upload_scores
from funding.services.scores import ScoresChanged
from funding.services.workbooks import MEANWHILE, TAKEN_OVER
from funding.views.reviews import ReviewView
from funding.views.workbooks import ROWS, SHOWN, WRONG
from funding.workflow import REVIEW
from portal.kernel import files
from portal.kernel.tables import Unreadable
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from portal.kernel.workflow import TransitionRefused


class ReviewWorkbook(ReviewView, ServiceFormView):
    """The form to download, and the field for what was filled in."""

    permission = "funding.score_review"
    form_class = WorkbookForm
    template_name = "funding/review_workbook.html"

    def closed(self) -> list[str]:
        return [str(reason) for reason in REVIEW.obstacles(self.object, Action.HAND_IN, self.at)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = self.object.workbooks.select_related("file")[:SHOWN]
        return super().get_context_data(review=self.object, earlier=earlier, **kwargs)

    def perform(self, form: WorkbookForm) -> ScoreWorkbook:
        return upload_scores(review=self.object, upload=form.cleaned_data["upload"], actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


class ReviewWorkbookDownload(ReviewView, PermissionMixin):
    """The form as the sheet stands now."""

    permission = "funding.score_review"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        content = io.BytesIO()
        write_form(content, self.object)
        content.seek(0)
        name = f"{self.object.application.number}.xlsx"
        response = FileResponse(content, as_attachment=True, filename=name, content_type=files.XLSX)
        files.guard(response)
        return response


class ScoreWorkbookApply(LoadMixin, ServiceFormView):
    """Row by row what a form would change, and the question whether it shall."""

    model = ScoreWorkbook
    permission = "funding.score_review"
    form_class = AcceptForm
    template_name = "funding/score_workbook_apply.html"
    success_message = _("Everything in the workbook was taken over.")
    trouble = ""

    def get_queryset(self) -> QuerySet[ScoreWorkbook]:
        return super().get_queryset().select_related("review__application__call__rules", "review__expert__user", "file")

    def permission_object(self) -> Review:
        """Whose scores they are."""
        review: Review = self.object.review
        return review

    @cached_property
    def judgement(self) -> ScoreJudgement | None:
        """What it would change; None when it cannot be read."""
        try:
            return ScoreJudgement(self.object)
        except Unreadable as reason:
            self.trouble = " ".join(reason.messages)
        return None

    def closed(self) -> list[str]:
        return [str(reason) for reason in REVIEW.obstacles(self.object.review, Action.HAND_IN, self.at)]

    def get_initial(self) -> dict[str, Any]:
        return {"digest": self.judgement.digest if self.judgement else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.judgement if not self.object.applied_at else None
        return super().get_context_data(
            workbook=self.object, review=self.object.review, judgement=found, trouble=self.trouble, most=ROWS, **kwargs
        )

    def perform(self, form: AcceptForm) -> ScoreWorkbook:
        if self.object.applied_at:
            raise TransitionRefused(TAKEN_OVER)
        found = self.judgement
        if found is None or found.wrong:
            raise TransitionRefused(WRONG)
        if form.cleaned_data["digest"] != found.digest:
            raise TransitionRefused(MEANWHILE)
        try:
            return apply_scores(
                workbook=self.object, entries=found.form.entries, texts=found.form.texts, typing=found.form.typing,
                actor=self.actor, at=self.at,
            )  # fmt: skip
        except ScoresChanged as change:
            raise TransitionRefused(MEANWHILE) from change

    def refuse(self, form: Any, refusal: TransitionRefused) -> HttpResponse:
        """With the differences as they are now, so that one can look and press again."""
        form.data = {"digest": self.get_initial()["digest"]}
        return super().refuse(form, refusal)

    def fallback_url(self) -> str:
        return str(self.object.review.get_absolute_url())
