"""Qualifications: stated by the organisation, verified or declined by district and bureau."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import Action
from members.forms.standing import QualificationForm, ReasonForm, RemarkForm
from members.models import Qualification
from members.services.qualifications import (
    add_qualification,
    decline_qualification,
    verify_qualification,
    withdraw_qualification,
)
from members.views.organisations import OrganisationFormView, insight
from members.workflow import QUALIFICATION
from portal.kernel import files
from portal.kernel.views import LoadMixin, TransitionView


class QualificationAdd(OrganisationFormView):
    """State one more."""

    permission = "members.add_qualification"
    form_class = QualificationForm
    template_name = "members/qualification_add.html"
    success_message = _("The qualification is stated; district or bureau verify it.")

    def perform(self, form: QualificationForm) -> Qualification:
        return add_qualification(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class QualificationMixin(LoadMixin):
    """One qualification of an organisation that one may see."""

    model = Qualification
    object: Qualification

    def get_queryset(self) -> QuerySet[Qualification]:
        related = ("organisation__district", "document", "stated_by", "checked_by")
        return super().get_queryset().select_related(*related)


class QualificationDetail(QualificationMixin, TemplateView):
    """The certificate, and what became of it."""

    template_name = "members/qualification_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(
            organisation=self.object.organisation,
            expired=self.object.is_expired(timezone.localdate(self.at)),
            acts=QUALIFICATION.offered(self.object, user),
            **insight(user, self.object),
            **kwargs,
        )


class QualificationDocument(LoadMixin):
    """The certificate as a file."""

    model = Qualification
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.document is None:
            raise Http404
        return files.serve(self.object.document, request=request)


class QualificationStep(QualificationMixin, TransitionView):
    """One step with a qualification."""

    template_name = "members/qualification_step.html"
    workflow = QUALIFICATION
    form_class: type[forms.BaseForm] = RemarkForm


class QualificationVerify(QualificationStep):
    """It was given."""

    action = Action.VERIFY_QUALIFICATION
    permission = "members.verify_qualification"
    success_message = _("The qualification is verified.")

    def perform(self, form: Any) -> Qualification:
        return verify_qualification(qualification=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class QualificationDecline(QualificationStep):
    """It counts nothing."""

    action = Action.DECLINE_QUALIFICATION
    permission = "members.decline_qualification"
    form_class = ReasonForm
    success_message = _("The qualification is declined.")

    def perform(self, form: Any) -> Qualification:
        return decline_qualification(qualification=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class QualificationWithdraw(QualificationStep):
    """It was stated wrongly."""

    action = Action.WITHDRAW_QUALIFICATION
    permission = "members.withdraw_qualification"
    success_message = _("The qualification is withdrawn.")

    def perform(self, form: Any) -> Qualification:
        return withdraw_qualification(qualification=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
