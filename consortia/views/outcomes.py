"""Outcomes: recorded, changed, proven and used; judged by the bureau."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from consortia.enums import Action, OutcomeKind
from consortia.forms.outcome import AdoptionForm, DoubtForm, EvidenceForm, JudgeForm, OutcomeForm
from consortia.models import Adoption, Outcome, OutcomeEvidence
from consortia.selectors.outcomes import flags, outcome_page
from consortia.services.outcomes import (
    add_adoption,
    add_outcome,
    attach_evidence,
    doubt_outcome,
    remove_adoption,
    remove_evidence,
    remove_outcome,
    update_outcome,
    verify_outcome,
)
from consortia.views.work import AddView, RemoveView, UpdateView
from consortia.workflow import offered_edits
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, ServiceFormView


class OutcomeDetail(LoadMixin, TemplateView):
    """One outcome: what it is, whose it is, what proves it, who uses it, who else claims its number."""

    model = Outcome
    template_name = "consortia/outcome_detail.html"

    def get_queryset(self) -> QuerySet[Outcome]:
        return outcome_page(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            outcome=self.object, consortium=self.object.consortium, flags=flags(self.object),
            edits=offered_edits(self.object.consortium, user), sees_claims=may(user, "consortia.view_duplicates"),
            **kwargs,
        )  # fmt: skip


class OutcomeAdd(AddView):
    """The kind first, then what this kind needs."""

    permission, action, form_class, tab = "consortia.add_outcome", Action.ADD_OUTCOME, OutcomeForm, "outcomes"
    template_name = "consortia/outcome_form.html"

    @cached_property
    def kind(self) -> OutcomeKind | None:
        """The kind in the address or in what was sent."""
        asked = self.request.POST.get("kind") or self.request.GET.get("kind", "")
        return OutcomeKind(asked) if asked in OutcomeKind.values else None

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()
        return names if self.kind or self.reasons else ["consortia/outcome_choose.html"]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": Outcome(kind=self.kind or OutcomeKind.PATENT)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, kinds=list(OutcomeKind), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Without a kind there is nothing to be kept; the choice comes again."""
        return super().post(request, *args, **kwargs) if self.kind else self.get(request, *args, **kwargs)

    def perform(self, form: Any) -> Outcome:
        return add_outcome(
            consortium=self.object, outcome=form.instance, actor=self.request.user, at=self.at,
            co_owners=form.co_owners,
        )  # fmt: skip

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


class OutcomeUpdate(SeenMixin, UpdateView):
    """An outcome; its kind stays."""

    model, form_class, tab = Outcome, OutcomeForm, "outcomes"
    permission, action = "consortia.update_outcome", Action.UPDATE_OUTCOME
    template_name = "consortia/outcome_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=OutcomeKind(self.object.kind), **kwargs)

    def perform(self, form: Any) -> Outcome:
        return update_outcome(
            outcome=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"],
            co_owners=form.co_owners,
        )  # fmt: skip

    def tab_url(self) -> str:
        return str(self.object.get_absolute_url())


class OutcomeRemove(RemoveView):
    """An outcome."""

    model, tab = Outcome, "outcomes"
    permission, action = "consortia.remove_outcome", Action.REMOVE_OUTCOME

    def perform(self, form: Any) -> None:
        remove_outcome(outcome=self.object, actor=self.request.user, at=self.at)


# --- the bureau --------------------------------------------------------------------------------
class OutcomeJudge(SeenMixin, UpdateView):
    """A page on which the bureau judges an outcome; refused when the lead has changed it meanwhile."""

    model = Outcome
    template_name = "consortia/outcome_judge.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def tab_url(self) -> str:
        return str(self.object.get_absolute_url())


class OutcomeVerify(OutcomeJudge):
    """The outcome agrees with its evidence."""

    permission, action, form_class = "consortia.verify_outcome", Action.VERIFY_OUTCOME, JudgeForm
    success_message = _("The outcome is verified.")

    def perform(self, form: Any) -> Outcome:
        return verify_outcome(outcome=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class OutcomeDoubt(OutcomeJudge):
    """Something is wrong with the outcome."""

    permission, action, form_class = "consortia.doubt_outcome", Action.DOUBT_OUTCOME, DoubtForm
    success_message = _("The doubt is recorded; the lead has been told.")

    def perform(self, form: Any) -> Outcome:
        return doubt_outcome(outcome=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


# --- parts of an outcome -----------------------------------------------------------------------
class OutcomePart(UpdateView):
    """A page about a part of an outcome; it leads back to the outcome."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def tab_url(self) -> str:
        outcome = self.object if isinstance(self.object, Outcome) else self.object.outcome
        return reverse("consortia:outcome-detail", args=[outcome.pk])


class EvidenceAttach(OutcomePart):
    """A file that proves the outcome in the address."""

    model, form_class = Outcome, EvidenceForm
    permission, action = "consortia.attach_evidence", Action.ATTACH_EVIDENCE
    template_name = "consortia/evidence_attach.html"
    success_message = _("The file is attached.")

    def perform(self, form: Any) -> OutcomeEvidence:
        return attach_evidence(outcome=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class EvidenceRemove(OutcomePart, RemoveView):
    """A file of evidence."""

    model, path = OutcomeEvidence, "outcome__consortium"
    permission, action = "consortia.remove_evidence", Action.REMOVE_EVIDENCE
    template_name = "consortia/part_remove.html"
    success_message = _("Removed.")

    def perform(self, form: Any) -> None:
        remove_evidence(evidence=self.object, actor=self.request.user, at=self.at)


class EvidenceDownload(LoadMixin, View):
    """Hands the file out to whoever may see its outcome."""

    model = OutcomeEvidence
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[OutcomeEvidence]:
        visible = Outcome.objects.visible_to(self.request.user)
        return OutcomeEvidence.objects.filter(outcome__in=visible).select_related("attachment")

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.attachment, request=request)


class AdoptionAdd(OutcomePart):
    """Somebody who uses the outcome in the address."""

    model, form_class = Outcome, AdoptionForm
    permission, action = "consortia.add_adoption", Action.ADD_ADOPTION

    def perform(self, form: Any) -> Adoption:
        return add_adoption(outcome=self.object, adoption=form.instance, actor=self.request.user, at=self.at)


class AdoptionRemove(OutcomePart, RemoveView):
    """An adopter."""

    model, path = Adoption, "outcome__consortium"
    permission, action = "consortia.remove_adoption", Action.REMOVE_ADOPTION
    template_name = "consortia/part_remove.html"
    success_message = _("Removed.")

    def perform(self, form: Any) -> None:
        remove_adoption(adoption=self.object, actor=self.request.user, at=self.at)
