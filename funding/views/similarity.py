"""Passages that applications share, for officials of the bureau alone."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action
from funding.forms.similarity import JudgeForm
from funding.models import Application, SimilarityFinding
from funding.selectors.findings import State, earlier, findings, pairs, state
from funding.selectors.similarity import NOT_COMPARED
from funding.services.similarity import JUDGED, compare_again, judge_similarity
from portal.kernel.authz import may, require
from portal.kernel.models import Job
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, PermissionMixin, TransitionView


def similarity_card(application: Application, user: Any) -> State | None:
    """What a page of an application tells of its comparison; nothing to whom it does not concern."""
    return state(application, user) if may(user, "funding.view_similarity", application) else None


class SimilarityDetail(LoadMixin, PermissionMixin, TemplateView):
    """How much of an application stands in others, and in which."""

    model = Application
    permission = "funding.view_similarity"
    template_name = "funding/similarity_detail.html"

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("consortium__lead", "call__rules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.object
        may_judge = may(self.actor, "funding.judge_similarity", application)
        return super().get_context_data(
            application=application, similarity=state(application, self.actor),
            may_check=may_judge and application.status not in NOT_COMPARED, **kwargs,
        )  # fmt: skip


class SimilarityCheck(TransitionView):
    """Asks for a new comparison."""

    model = Application
    action = Action.CHECK_SIMILARITY
    permission = "funding.judge_similarity"
    form_class = forms.Form
    template_name = "funding/similarity_check.html"
    success_message = _("The comparison is under way.")

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("consortium__lead")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object, **kwargs)

    def perform(self, form: forms.Form) -> Job:
        return compare_again(application=self.object, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("funding:similarity-detail", args=[self.object.pk])


class FindingMixin(LoadMixin, PermissionMixin):
    """Two applications side by side, for somebody who may know of both."""

    model = SimilarityFinding

    def get_queryset(self) -> QuerySet[SimilarityFinding]:
        return findings(self.request.user)

    def permission_object(self) -> Application:
        require(self.actor, self.get_permission(), self.object.other)
        application: Application = self.object.application
        return application

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What both pages show."""
        return {"finding": self.object, "pairs": pairs(self.object), "earlier": earlier(self.object)}


class SimilarityFindingDetail(FindingMixin, TemplateView):
    """The shared passages side by side."""

    permission = "funding.view_similarity"
    template_name = "funding/similarity_finding.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        both = (self.object.application, self.object.other)
        may_judge = all(may(self.actor, "funding.judge_similarity", one) for one in both)
        return super().get_context_data(may_judge=may_judge, **self.facts, **kwargs)


class SimilarityJudge(SeenMixin, FindingMixin, TransitionView):
    """Says what is to be made of them."""

    action = Action.JUDGE_SIMILARITY
    permission = "funding.judge_similarity"
    form_class = JudgeForm
    template_name = "funding/similarity_judge.html"
    success_message = _("The judgement is recorded.")
    seen_names = JUDGED

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in JUDGED}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.facts, **kwargs)

    def perform(self, form: JudgeForm) -> SimilarityFinding:
        return judge_similarity(finding=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
