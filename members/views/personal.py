"""One's own data: see, state, copy, have corrected; the privacy notice."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from members.forms.personal import AnswerForm, CorrectionForm, FeesForm, NoticeForm, PayeeForm, PhoneForm
from members.models import CorrectionRequest, Expert, Organisation, User
from members.rules.notice import current_text, current_version
from members.rules.numbers import UNUSUAL_ACCOUNT, is_unusual_account
from members.services.corrections import correct_data, decline_correction, request_correction
from members.services.payees import PAYEE, remove_fees, update_fees, update_payee
from members.services.personal import accept_notice, copy_data, update_phone
from members.views.organisations import OrganisationFormView
from members.views.stepup import StepUpMixin
from members.workflow import CORRECTION
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, safe_next

MY_DATA = "members:data-own"


class Oneself(LoadMixin):
    """The person who is signed in is the object."""

    model = User
    object: User

    def load(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.request.user.pk)


# --- my data -----------------------------------------------------------------------------------
@method_decorator(never_cache, name="dispatch")
class DataOwn(Oneself, PermissionMixin, TemplateView):
    """What is held about oneself, and what one may do about it."""

    permission = "members.update_own_data"
    template_name = "members/data_own.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            expert=Expert.objects.filter(user=self.object).select_related("employer").first(),
            may_apply=may(self.request.user, "members.apply_expert"),
            corrections=self.object.corrections.all(),
            current_version=current_version(),
            **kwargs,
        )


class OwnFormView(StepUpMixin, Oneself, ServiceFormView):
    """A form about oneself; it leads back to the page of one's data."""

    permission = "members.update_own_data"
    form_class: type[forms.BaseForm] = forms.Form

    def fallback_url(self) -> str:
        return reverse(MY_DATA)


class DataCopy(OwnFormView):
    """Everything held about oneself as a file."""

    step_up = True
    idempotent = False
    template_name = "members/data_copy.html"

    def form_valid(self, form: Any) -> Any:
        answer = FileResponse(
            copy_data(person=self.object, actor=self.actor, at=self.at), as_attachment=True,
            filename=f"my-data-{timezone.localdate(self.at)}.json", content_type="application/json",
        )  # fmt: skip
        files.guard(answer)
        return answer


class PhoneUpdate(OwnFormView):
    """State, change or delete one's mobile number."""

    step_up = True
    form_class = PhoneForm
    template_name = "members/phone_update.html"
    success_message = _("The data are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: PhoneForm) -> User:
        data = {"remove": False, **form.cleaned_data}
        return update_phone(person=self.object, actor=self.actor, at=self.at, **data)


# --- accounts ----------------------------------------------------------------------------------
class PayeeUpdate(StepUpMixin, SeenMixin, OrganisationFormView):
    """State or change the account that grants of the organisation are paid to."""

    step_up = True
    seen_names = PAYEE
    permission = "members.update_payee"
    form_class = PayeeForm
    template_name = "members/payee_update.html"
    success_message = _("The bank account is saved; everybody who acts for the organisation is told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: PayeeForm) -> Organisation:
        warn_of_check_digit(self, form)
        return update_payee(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class FeesView(StepUpMixin, LoadMixin, ServiceFormView):
    """A form of an expert about its own data for fees."""

    step_up = True
    permission = "members.update_fees"
    model = Expert
    object: Expert

    def load(self) -> Any:
        return get_object_or_404(self.get_queryset(), user=self.request.user)

    def fallback_url(self) -> str:
        return reverse(MY_DATA)


class FeesUpdate(FeesView):
    """Identity number and account, with separate consent."""

    form_class = FeesForm
    template_name = "members/fees_update.html"
    success_message = _("The data are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: FeesForm) -> Expert:
        warn_of_check_digit(self, form)
        return update_fees(expert=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class FeesRemove(FeesView):
    """Take the consent back."""

    form_class = forms.Form
    template_name = "members/fees_remove.html"
    success_message = _("Identity number and bank account are deleted.")

    def perform(self, form: Any) -> Expert:
        return remove_fees(expert=self.object, actor=self.actor, at=self.at)


def warn_of_check_digit(view: ServiceFormView, form: Any) -> None:
    """An account without the check digit of bank cards is taken, and looked at once more."""
    number = form.cleaned_data["bank_account"]
    if number and is_unusual_account(number):
        messages.warning(view.request, str(UNUSUAL_ACCOUNT))


# --- corrections -------------------------------------------------------------------------------
class CorrectionRequestCreate(OwnFormView):
    """Ask for one's data to be put right."""

    form_class = CorrectionForm
    template_name = "members/correction_request.html"
    success_message = _("Your request is on its way; the answer comes within fifteen working days.")

    def perform(self, form: CorrectionForm) -> CorrectionRequest:
        return request_correction(person=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class CorrectionList(PermissionMixin, ListView):
    """Requests that wait for an answer, and those that have one."""

    permission = "members.view_corrections"
    model = CorrectionRequest
    template_name = "members/correction_list.html"
    sorts = ("created_at", "due_on")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().exclude(person=self.actor).select_related("person")


class CorrectionDetail(LoadMixin, TemplateView):
    """One request and its answer, for who asked and who answers."""

    model = CorrectionRequest
    template_name = "members/correction_detail.html"
    object: CorrectionRequest

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("person", "answered_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = CORRECTION.offered(self.object, self.request.user)
        return super().get_context_data(may_answer=bool(offered), own=self.object.person == self.request.user, **kwargs)


class CorrectionAnswer(LoadMixin, ServiceFormView):
    """Put the data right, or say why not."""

    permission = "members.answer_correction"
    model = CorrectionRequest
    object: CorrectionRequest
    form_class = AnswerForm
    template_name = "members/correction_answer.html"
    success_message = _("The answer is given.")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("person")

    def perform(self, form: AnswerForm) -> CorrectionRequest:
        act = correct_data if form.cleaned_data["granted"] else decline_correction
        return act(request=self.object, answer=form.cleaned_data["answer"], actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return self.object.get_absolute_url()


# --- the privacy notice ------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class PrivacyNotice(TemplateView):
    """The valid notice, for everybody."""

    template_name = "members/privacy_notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(blocks=current_text(), version=current_version(), **kwargs)


class PrivacyAccept(OwnFormView):
    """Asked at the first sign-in and after every new version."""

    form_class = NoticeForm
    template_name = "members/privacy_accept.html"

    def get_initial(self) -> dict[str, Any]:
        return {"version": current_version()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"blocks": current_text(), "version": current_version(), "next": safe_next(self.request, "")}
        return super().get_context_data(**facts, **kwargs)

    def perform(self, form: NoticeForm) -> User:
        return accept_notice(person=self.object, version=form.cleaned_data["version"], at=self.at)

    def fallback_url(self) -> str:
        return reverse("home")
