"""A sub-field with its documents, its timetable and its consortia."""

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import ALIVE, Action
from consortia.forms.timetable import FieldMilestoneForm, FieldReachForm
from consortia.models import Consortium, FieldMilestone, SubField, TaxonomyEntry
from consortia.services.timetables import add_field_milestone, reach_field_milestone, remove_field_milestone
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView


class SubFieldDetail(PermissionMixin, LoadMixin, TemplateView):
    """Roadmap, timetable, task book; what is late; how many consortia work in it, by district."""

    model = SubField
    permission = "consortia.view_taxonomies"
    template_name = "consortia/subfield_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        entries = TaxonomyEntry.objects.filter(sub_field=self.object, taxonomy__status="PUBLISHED")
        rows = Consortium.objects.visible_to(user).filter(sub_field=self.object, status__in=ALIVE)
        counted = rows.order_by().values_list("district", "district__name_zh", "district__name_en")
        return super().get_context_data(
            field=self.object, milestones=self.object.milestones.all(), today=timezone.localdate(self.at),
            entry=entries.select_related("roadmap", "timetable", "task_book").order_by("-taxonomy__version").first(),
            places=counted.annotate(n=Count("pk")).order_by("-n"),
            plans=may(user, "consortia.plan_sub_field", self.object), **kwargs,
        )  # fmt: skip


class FieldMilestoneAdd(LoadMixin, ServiceFormView):
    """One more step."""

    model, form_class = SubField, FieldMilestoneForm
    permission, action = "consortia.plan_sub_field", Action.ADD_FIELD_MILESTONE
    template_name = "consortia/subfield_step.html"
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": FieldMilestone(sub_field=self.object)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(field=self.object, label=self.action.label, **kwargs)

    def perform(self, form: Any) -> FieldMilestone:
        return add_field_milestone(
            sub_field=self.object, milestone=form.instance, actor=self.actor, at=self.at
        )  # fmt: skip


class FieldMilestoneStep(LoadMixin, ServiceFormView):
    """What is done with one step."""

    model = FieldMilestone
    permission = "consortia.plan_sub_field"
    action: Action
    template_name = "consortia/subfield_step.html"
    success_message = _("Saved.")

    def get_queryset(self) -> QuerySet[Any]:
        seen = SubField.objects.visible_to(self.request.user)
        return FieldMilestone.objects.filter(sub_field__in=seen).select_related("sub_field")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"field": self.object.sub_field, "milestone": self.object, "label": self.action.label}
        return super().get_context_data(**facts, **kwargs)


class FieldMilestoneReach(FieldMilestoneStep):
    """It is reached."""

    action, form_class = Action.REACH_FIELD_MILESTONE, FieldReachForm

    def perform(self, form: Any) -> FieldMilestone:
        return reach_field_milestone(milestone=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class FieldMilestoneRemove(FieldMilestoneStep):
    """It is not planned any more."""

    action, form_class = Action.REMOVE_FIELD_MILESTONE, forms.Form
    success_message = _("Removed.")

    def perform(self, form: Any) -> SubField:
        return remove_field_milestone(milestone=self.object, actor=self.actor, at=self.at)
