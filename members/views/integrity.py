"""Integrity records: a list for officials, a page for whoever is concerned, forms for supervision."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import Action
from members.filters import IntegrityFilter
from members.forms.standing import AppealForm, IntegrityForm, ReasonForm
from members.models import IntegrityRecord, Organisation
from members.services.integrity import appeal_integrity, lift_integrity, record_integrity
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView


class IntegrityList(PermissionMixin, ListView):
    """Every record that the reader may see; a district those of its own organisations."""

    permission = "members.list_integrity"
    model = IntegrityRecord
    filterset_class = IntegrityFilter
    template_name = "members/integrity_list.html"
    sorts = ("effective_from", "organisation__name")
    default_sort = "-effective_from"

    def get_queryset(self) -> QuerySet[IntegrityRecord]:
        return super().get_queryset().select_related("organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(may_record=may(self.actor, "members.record_integrity"), **kwargs)
        today = timezone.localdate()
        return {**context, "records": [(row, row.is_in_force(today)) for row in context["rows"]]}


class IntegrityRecordCreate(LoadMixin, ServiceFormView):
    """Record a breach of this organisation."""

    model = Organisation
    object: Organisation
    permission = "members.record_integrity"
    form_class = IntegrityForm
    template_name = "members/integrity_record.html"
    success_message = _("The record is made; it bars while it is in force. The organisation is told.")

    def get_initial(self) -> dict[str, Any]:
        return {"effective_from": timezone.localdate(self.at)}

    def perform(self, form: IntegrityForm) -> IntegrityRecord:
        return record_integrity(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class RecordMixin(LoadMixin):
    """One record that one may see."""

    model = IntegrityRecord
    object: IntegrityRecord

    def get_queryset(self) -> QuerySet[IntegrityRecord]:
        related = ("organisation__district", "document", "recorded_by", "lifted_by")
        return super().get_queryset().select_related(*related)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        in_force = self.object.is_in_force(timezone.localdate(self.at))
        return super().get_context_data(in_force=in_force, organisation=self.object.organisation, **kwargs)


class IntegrityDetail(RecordMixin, PermissionMixin, TemplateView):
    """The breach, its measure and its term."""

    permission = "members.view_integrity"
    template_name = "members/integrity_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.actor
        return super().get_context_data(
            may_lift=may(user, "members.lift_integrity", self.object),
            may_appeal=may(user, "members.appeal_integrity", self.object),
            official=may(user, "members.list_integrity"),
            history=trail(self.object) if may(user, "members.list_integrity") else (),
            **kwargs,
        )


class IntegrityDocument(LoadMixin, PermissionMixin):
    """The decision behind a record."""

    model = IntegrityRecord
    permission = "members.view_integrity"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.document is None:
            raise Http404
        return files.serve(self.object.document, request=request)


class IntegrityLift(RecordMixin, TransitionView):
    """End a record before its time."""

    action = Action.LIFT_INTEGRITY
    permission = "members.lift_integrity"
    form_class = ReasonForm
    template_name = "members/integrity_step.html"
    success_message = _("The record is lifted; the organisation is told.")

    def perform(self, form: Any) -> IntegrityRecord:
        return lift_integrity(record=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class IntegrityAppeal(RecordMixin, TransitionView):
    """Note what the organisation says against it."""

    action = Action.APPEAL_INTEGRITY
    permission = "members.appeal_integrity"
    form_class = AppealForm
    template_name = "members/integrity_step.html"
    success_message = _("The appeal is noted.")

    def get_initial(self) -> dict[str, Any]:
        return {"appealed_on": self.object.appealed_on, "appeal": self.object.appeal}

    def perform(self, form: Any) -> IntegrityRecord:
        return appeal_integrity(record=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
