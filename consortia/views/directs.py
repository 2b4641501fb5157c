"""The direct recognition of platforms: work list, case, one page for each step, and the conditions."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from consortia.enums import Action, PlatformKind
from consortia.filters import DirectFilter
from consortia.forms.consortium import NoteForm
from consortia.forms.lifecycle import OptionalNoteForm, PaperForm
from consortia.forms.platform import (
    CheckForm,
    EvidenceFields,
    GroundsForm,
    HearingForm,
    OpinionForm,
    ProposeForm,
    RecogniseForm,
    TermsForm,
)
from consortia.models import DirectEvidence, DirectRecognition, TermsVersion
from consortia.rules.platforms import DirectAction
from consortia.selectors.platforms import directs_for_list, measured, terms_of
from consortia.services import directs
from consortia.views.platforms import OnPlatform
from consortia.views.steps import StepView
from consortia.workflow import DIRECT
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView

X = DirectAction


class DirectList(PermissionMixin, ListView):
    """Every case that the official may see; by default those that have waited longest come first."""

    model = DirectRecognition
    permission = "consortia.view_directs"
    template_name = "consortia/direct_list.html"
    filterset_class = DirectFilter
    sorts = ("moved_at", "created_at")
    default_sort = "-moved_at"

    def get_queryset(self) -> QuerySet[DirectRecognition]:
        return directs_for_list(super().get_queryset())


class DirectDetail(LoadMixin, TemplateView):
    """One case; what officials wrote opens to the consortium with the decision."""

    model = DirectRecognition
    template_name = "consortia/direct_detail.html"

    def get_queryset(self) -> QuerySet[DirectRecognition]:
        rows = directs_for_list(super().get_queryset())
        people = rows.select_related("proposed_by", "opined_by", "checked_by", "decided_by", "expert_file")
        return people.prefetch_related("conditions", "evidence__attachment")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case, user = self.object, self.request.user
        return super().get_context_data(
            case=case, actions=DIRECT.available(case, user, self.at), opened=case.is_open_to(user),
            sees_list=may(user, "consortia.view_directs"), **kwargs,
        )  # fmt: skip


class DirectFile(LoadMixin, View):
    """A file of the lead, to whoever sees the case."""

    model = DirectEvidence
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[DirectEvidence]:
        visible = DirectRecognition.objects.visible_to(self.request.user)
        return DirectEvidence.objects.filter(recognition__in=visible).select_related("attachment")

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.attachment, request=request)


class DirectOpinionFile(LoadMixin, View):
    """The experts' paper, to whoever may read what they said."""

    model = DirectRecognition
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[DirectRecognition]:
        return super().get_queryset().select_related("expert_file")

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.expert_file is None or not self.object.is_open_to(request.user):
            raise Http404
        return files.serve(self.object.expert_file, request=request)


class DirectPropose(OnPlatform):
    """A platform is proposed."""

    permission, action, form_class = "consortia.propose_direct", Action.PROPOSE_DIRECT, ProposeForm
    template_name = "consortia/direct_propose.html"
    success_message = _("The platform is proposed; the district has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        terms, _version = terms_of(self.object.kind)
        return super().get_context_data(terms=terms, platform=self.object, **kwargs)

    def perform(self, form: Any) -> DirectRecognition:
        return directs.propose_direct(platform=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


# --- steps -------------------------------------------------------------------------------------
class DirectStep(StepView):
    """One step of a case."""

    model, workflow, subject = DirectRecognition, DIRECT, "case"
    template_name = "consortia/direct_step.html"

    def get_queryset(self) -> QuerySet[DirectRecognition]:
        return directs_for_list(super().get_queryset())


class DirectAttach(DirectStep):
    """A further file."""

    action, service = X.ATTACH, directs.attach_direct
    form_class = EvidenceFields
    explanation = _("Officials read these files; state secrets must never be uploaded.")
    success_message = _("The file is attached.")


class DirectDetach(DirectStep):
    """A file that was attached by mistake."""

    action = X.DETACH
    form_class = forms.Form
    explanation = _("The file is taken off the proposal.")
    success_message = _("Removed.")
    evidence: DirectEvidence

    def load(self) -> DirectRecognition:
        kept = DirectEvidence.objects.filter(recognition__in=self.get_queryset()).select_related("attachment")
        self.evidence = get_object_or_404(kept, pk=self.kwargs["pk"])
        found: DirectRecognition = self.get_queryset().get(pk=self.evidence.recognition_id)
        self.evidence.recognition = found
        return found

    def perform(self, form: Any) -> DirectRecognition:
        return directs.detach_direct(evidence=self.evidence, actor=self.request.user, at=self.at)


class DirectOpine(DirectStep):
    """The district's opinion."""

    action, service = X.OPINE, directs.opine_direct
    form_class = OpinionForm
    explanation = _("The opinion goes to the bureau; the consortium reads it once the case is decided.")
    success_message = _("The opinion is with the bureau.")


class DirectSendBack(DirectStep):
    """The district wants something completed."""

    action, service = X.SEND_BACK, directs.send_back_direct
    form_class = NoteForm
    explanation = _("The lead reads the reason, completes its proposal and proposes again.")
    success_message = _("The proposal is with the lead again.")


class DirectCheck(DirectStep):
    """Condition by condition."""

    action, service = X.CHECK, directs.check_direct
    form_class = CheckForm
    template_name = "consortia/direct_check.html"
    success_message = _("The check is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        figures = measured(self.object.platform, timezone.localdate())
        return super().get_form_kwargs() | {"case": self.object, "figures": figures}


class DirectHear(DirectStep):
    """What experts said."""

    action, service = X.HEAR, directs.hear_direct
    form_class = HearingForm
    explanation = _("Where the conditions do not ask for experts, this step may be left out.")
    success_message = _("The experts' opinion is recorded.")


class DirectReturn(DirectStep):
    """The bureau wants something completed."""

    action, service = X.RETURN, directs.return_direct
    form_class = NoteForm
    explanation = _("The lead completes its proposal; then the district gives its opinion again.")
    success_message = _("The proposal is with the lead again.")


class DirectResubmit(DirectStep):
    """Proposed again."""

    action, service = X.RESUBMIT, directs.resubmit_direct
    form_class = GroundsForm
    explanation = _("Opinion and check begin anew with what stands on the page of the platform now.")
    success_message = _("The platform is proposed again.")

    def get_initial(self) -> dict[str, Any]:
        return {"grounds": self.object.grounds}


class DirectTable(DirectStep):
    """To the meeting."""

    action, service = X.TABLE, directs.table_direct
    form_class = OptionalNoteForm
    explanation = _("Head and leaders find the case on their list and record what the meeting decides.")
    success_message = _("The case waits for the meeting.")


class DirectDecide(DirectStep):
    """A decision of the meeting."""

    form_class = PaperForm
    step_up = True


class DirectRecognise(DirectDecide):
    """The meeting recognises."""

    action, service = X.RECOGNISE, directs.recognise_direct
    form_class = RecogniseForm
    explanation = _("Who proposed, gave the opinion or checked does not decide. The lead and its members are told.")
    success_message = _("The platform is recognised.")


class DirectRefuse(DirectDecide):
    """The meeting does not recognise."""

    action, service = X.REFUSE, directs.refuse_direct
    explanation = _("The consortium reads the reason and what the check found; it may propose the platform again.")
    success_message = _("The decision is recorded.")


class DirectRevoke(DirectDecide):
    """The recognition ends before its time."""

    action, service = X.REVOKE, directs.revoke_direct
    explanation = _("The recognition ends today and leaves the public directory.")
    success_message = _("The recognition is revoked.")


class DirectWithdraw(DirectStep):
    """The lead takes it back."""

    action, service = X.WITHDRAW, directs.withdraw_direct
    form_class = NoteForm
    explanation = _("The case ends without a decision; the platform may be proposed anew.")
    success_message = _("The proposal is withdrawn.")


class DirectPublish(DirectStep):
    """Into the directory."""

    action, service = X.PUBLISH, directs.publish_direct
    form_class = OptionalNoteForm
    explanation = _("Everybody may read name, kind, builders, address, document number and validity.")
    success_message = _("The recognition is published.")


class DirectConceal(DirectStep):
    """Out of the directory."""

    action, service = X.CONCEAL, directs.conceal_direct
    form_class = OptionalNoteForm
    explanation = _("The recognition stays; the directory shows it no longer.")
    success_message = _("The directory shows it no longer.")


# --- conditions --------------------------------------------------------------------------------
class TermsList(PermissionMixin, TemplateView):
    """What is asked of each kind."""

    permission = "consortia.view_terms"
    template_name = "consortia/terms_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [(kind, *terms_of(kind)) for kind in PlatformKind]
        may_set = may(self.request.user, "consortia.set_terms")
        return super().get_context_data(kinds=kinds, may_set=may_set, **kwargs)


class TermsSet(StepUpMixin, ServiceFormView):
    """A new version for the kind in the address."""

    permission, action = "consortia.set_terms", X.SET_TERMS
    template_name = "consortia/terms_set.html"
    form_class = TermsForm
    step_up = True
    success_message = _("The conditions are set; cases that run keep theirs.")

    @property
    def kind(self) -> PlatformKind:
        """The kind in the address."""
        try:
            return PlatformKind(self.kwargs["kind"])
        except ValueError as error:
            raise Http404 from error

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"terms": terms_of(self.kind)[0]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, label=self.action.label, back=self.fallback_url(), **kwargs)

    def perform(self, form: Any) -> TermsVersion:
        return directs.set_terms(
            kind=self.kind, terms=form.terms(), basis=form.cleaned_data["basis"], actor=self.request.user, at=self.at
        )

    def fallback_url(self) -> str:
        return reverse("consortia:terms-list")

    def back_url(self) -> str:
        return self.fallback_url()


STEPS: dict[str, type[DirectStep]] = {
    "attach": DirectAttach, "opine": DirectOpine, "send-back": DirectSendBack, "check": DirectCheck,
    "hear": DirectHear, "return": DirectReturn, "resubmit": DirectResubmit, "table": DirectTable,
    "recognise": DirectRecognise, "refuse": DirectRefuse, "withdraw": DirectWithdraw, "publish": DirectPublish,
    "conceal": DirectConceal, "revoke": DirectRevoke,
}  # fmt: skip


def addresses() -> list[URLPattern]:
    """The addresses of the cases."""
    return [
        path("direct/", DirectList.as_view(), name="direct-list"),
        path("direct/conditions/", TermsList.as_view(), name="terms-list"),
        path("direct/conditions/<slug:kind>/set/", TermsSet.as_view(), name="terms-set"),
        path("platforms/<uuid:pk>/direct/propose/", DirectPropose.as_view(), name="direct-propose"),
        path("direct/<uuid:pk>/", DirectDetail.as_view(), name="direct-detail"),
        path("direct/<uuid:pk>/opinion/", DirectOpinionFile.as_view(), name="direct-opinion"),
        path("direct/files/<uuid:pk>/", DirectFile.as_view(), name="direct-file"),
        path("direct/files/<uuid:pk>/detach/", DirectDetach.as_view(), name="direct-detach"),
        *(path(f"direct/<uuid:pk>/{act}/", view.as_view(), name=f"direct-{act}") for act, view in STEPS.items()),
    ]
