"""The agreement: read, drafted, sent, compared, signed; and the rights that members bring along."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from consortia.enums import Action, AgreementStatus
from consortia.forms.agreement import AgreementForm, BackgroundForm, ScanForm, SignForm
from consortia.models import Agreement, AgreementSignature, BackgroundIp, Consortium
from consortia.selectors.agreements import (
    Comparison,
    contradictions,
    default_term,
    document,
    first_text,
    outdated_lists,
    standard_wording,
    to_sign,
    uneven_shares,
)
from consortia.services import agreements, background
from consortia.services.agreements import draft_agreement, sign_agreement
from consortia.views.forming import EditMixin
from consortia.views.pages import ConsortiumPage
from consortia.views.participations import ParticipationMixin, drafts
from consortia.views.work import AddView, RemoveView, UpdateView
from consortia.workflow import AGREEMENT
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin, seen_of
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView


class ConsortiumAgreement(ConsortiumPage):
    """The version that counts, who has signed it, the draft of the lead, and every version before."""

    template_name = "consortia/consortium_agreement.html"
    tab = "agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        versions = list(Agreement.objects.visible_to(self.request.user).filter(consortium=self.object))
        sent = [row for row in versions if row.status != AgreementStatus.DRAFT]
        shown = document(sent[0]) if sent else None
        return context | {
            "versions": versions,
            "draft": next((row for row in versions if row.status == AgreementStatus.DRAFT), None),
            "in_force": next((row for row in versions if row.status == AgreementStatus.EFFECTIVE), None),
            "document": shown,
            "steps": AGREEMENT.available(sent[0], self.request.user, self.at) if sent else [],
            "obligations": self.object.obligations.select_related("member"),
            "background": self.object.background_ip.select_related("owner"),
            "over": bool(shown and shown.is_over(timezone.localdate(self.at))),
        }


class AgreementPage(LoadMixin):
    """A version that the reader may see."""

    model = Agreement

    def get_queryset(self) -> QuerySet[Agreement]:
        return super().get_queryset().select_related("consortium__lead", "drafted_by")


class AgreementDetail(AgreementPage, TemplateView):
    """One version as a document, with its schedules and its signatures."""

    template_name = "consortia/agreement_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, shown = self.request.user, document(self.object)
        sends = may(user, "consortia.send_agreement", self.object)
        earlier = Agreement.objects.visible_to(user).filter(
            consortium=self.object.consortium, version__lt=self.object.version
        )
        return super().get_context_data(
            document=shown,
            steps=AGREEMENT.offered(self.object, user),
            edits=sends and self.object.status == AgreementStatus.DRAFT,
            earlier=earlier.first(),
            takes_effect=sends and shown.all_signed,
            over=shown.is_over(timezone.localdate(self.at)),
            **kwargs,
        )


class AgreementDraft(SeenMixin, EditMixin, ServiceFormView):
    """Write the next version clause by clause; it begins with the newest one or with our wording."""

    action = Action.DRAFT_AGREEMENT
    model = Consortium
    form_class = AgreementForm
    template_name = "consortia/agreement_draft.html"
    success_message = _("The draft is saved. Read it once more, then send it for signature.")

    @cached_property
    def row(self) -> Agreement | None:
        """The draft that is there already."""
        found: Agreement | None = self.object.agreements.filter(status=AgreementStatus.DRAFT).first()
        return found

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["seen"].initial = seen_of(self.row) if self.row else ""
        return form

    def get_form_kwargs(self) -> dict[str, Any]:
        today = timezone.localdate(self.at)
        standard = standard_wording(self.object, expires_on=default_term(self.object, today))
        is_amendment = self.object.agreements.laid_down().exists()
        return super().get_form_kwargs() | {"standard": standard, "is_amendment": is_amendment}

    def get_initial(self) -> dict[str, Any]:
        return first_text(self.object, timezone.localdate(self.at))

    def perform(self, form: Any) -> Agreement:
        seen = form.cleaned_data["seen"]
        return draft_agreement(
            consortium=self.object, draft=form.draft(), actor=self.request.user, at=self.at, seen=seen
        )


class AgreementStep(AgreementPage, TransitionView):
    """A step of the lead, on a page that says what it does."""

    template_name = "consortia/agreement_step.html"
    explanation: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            label=Action(self.action).label, explanation=self.explanation, consortium=self.object.consortium,
            back=self.object.get_absolute_url(), **kwargs,
        )  # fmt: skip


class AgreementSend(AgreementStep):
    """Freeze the draft and ask for signatures."""

    permission, action, workflow = "consortia.send_agreement", Action.SEND_AGREEMENT, AGREEMENT
    explanation = _(
        "The clauses and the schedules are frozen as they stand and get a fingerprint. Every member is asked to sign "
        "exactly this. The version in force stays so until the last signature; one that still waits falls away."
    )
    success_message = _("The version is sent. Every member is asked to sign it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        warnings = outdated_lists(self.object) + uneven_shares(self.object.consortium)
        return super().get_context_data(warnings=warnings, **kwargs)

    def perform(self, form: Any) -> Agreement:
        return agreements.send_agreement(agreement=self.object, actor=self.request.user, at=self.at)


class AgreementRemind(AgreementStep):
    """Say once more that signatures are waited for."""

    permission, action, workflow = "consortia.remind_agreement", Action.REMIND_AGREEMENT, AGREEMENT
    explanation = _("Those who confirm for the members that have not signed get a notice, once a day at most.")
    success_message = _("The members that have not signed are reminded.")

    def perform(self, form: Any) -> Agreement:
        return agreements.remind_agreement(agreement=self.object, actor=self.request.user, at=self.at)


class AgreementTakeEffect(AgreementStep):
    """Whoever had not signed has gone: the others have an agreement."""

    permission, action, workflow = "consortia.send_agreement", Action.TAKE_EFFECT, AGREEMENT
    explanation = _("Every member that is still present has signed. The version comes into force today.")
    success_message = _("The agreement is in force.")

    def perform(self, form: Any) -> Agreement:
        return agreements.put_into_force(agreement=self.object, actor=self.request.user, at=self.at)


class AgreementCompare(AgreementPage, TemplateView):
    """What a version changes against an earlier one; `with` names its number, else it is the one before."""

    template_name = "consortia/agreement_compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Agreement.objects.visible_to(self.request.user).filter(consortium=self.object.consortium)
        others = [row for row in rows if row.version < self.object.version]
        asked = self.request.GET.get("with", "")
        chosen = next((row for row in others if str(row.version) == asked), others[0] if others else None)
        if chosen is None:
            raise Http404
        comparison = Comparison(chosen, self.object)
        return super().get_context_data(others=others, chosen=chosen, comparison=comparison, **kwargs)


class Sign(StepUpMixin, ParticipationMixin, ServiceFormView):
    """A member signs the version that waits for it; whoever acts confirms with a second factor first."""

    permission = "consortia.sign_agreement"
    step_up = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        current = to_sign(self.object.consortium)
        signature = current and current.signatures.filter(participation=self.object).first()
        unsigned = None if signature else current
        stale = contradictions(unsigned) if unsigned else []
        agreement = None if stale else unsigned
        return super().get_context_data(
            signature=signature, agreement=agreement, stale=stale, drafts=drafts(self.object, self.request.user),
            **kwargs,
        )  # fmt: skip

    def signed(self, form: Any, **facts: Any) -> AgreementSignature:
        """The signature under the version that the form names."""
        version = get_object_or_404(self.object.consortium.agreements.laid_down(), pk=form.cleaned_data["agreement"])
        return sign_agreement(
            agreement=version, participation=self.object, actor=self.request.user, at=self.at, **facts
        )

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class AgreementSign(Sign):
    """In the portal."""

    form_class = SignForm
    template_name = "consortia/agreement_sign.html"
    success_message = _("The agreement is signed.")

    def perform(self, form: Any) -> AgreementSignature:
        return self.signed(form)


class AgreementUpload(Sign):
    """On paper: the sealed scan is handed in."""

    form_class = ScanForm
    template_name = "consortia/agreement_upload.html"
    success_message = _("The signed agreement is handed in.")

    def perform(self, form: Any) -> AgreementSignature:
        return self.signed(form, paper=form.paper())


class SignatureScan(LoadMixin, View):
    """The sealed scan, for those who see the agreement."""

    model = AgreementSignature

    def get_queryset(self) -> QuerySet[AgreementSignature]:
        seen = Agreement.objects.visible_to(self.request.user)
        return AgreementSignature.objects.filter(agreement__in=seen, scan__isnull=False).select_related("scan")

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.scan, request=request)


# --- background IP -----------------------------------------------------------------------------
class BackgroundAdd(AddView):
    """A right that a member brings along."""

    permission, action, form_class, tab = "consortia.add_background", Action.ADD_BACKGROUND, BackgroundForm, "agreement"

    def perform(self, form: Any) -> BackgroundIp:
        return background.add_background(
            consortium=self.object, background=form.instance, actor=self.request.user, at=self.at
        )


class BackgroundUpdate(SeenMixin, UpdateView):
    """A change of such a right."""

    model, form_class, tab = BackgroundIp, BackgroundForm, "agreement"
    permission, action = "consortia.update_background", Action.UPDATE_BACKGROUND

    def perform(self, form: Any) -> BackgroundIp:
        return background.update_background(
            background=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class BackgroundRemove(RemoveView):
    """Taken off the list."""

    model, tab = BackgroundIp, "agreement"
    permission, action = "consortia.remove_background", Action.REMOVE_BACKGROUND

    def perform(self, form: Any) -> None:
        background.remove_background(background=self.object, actor=self.request.user, at=self.at)
