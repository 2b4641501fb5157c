"""Versions of the taxonomy: read by officials, drafted by an officer, published by the head."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from consortia.enums import Action, TaxonomyStatus
from consortia.forms.lifecycle import NewSubFieldForm, SubFieldForm, TaxonomyForm
from consortia.models import Taxonomy, TaxonomyEntry
from consortia.models.taxonomy import DOCUMENTS
from consortia.services.taxonomies import (
    add_sub_field,
    draft_taxonomy,
    publish_taxonomy,
    retire_sub_field,
    update_sub_field,
)
from consortia.workflow import TAXONOMY
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView, TransitionView

CLOSED = _("This version is published and stands as it is; draft a new one.")


class TaxonomyList(PermissionMixin, TemplateView):
    """All versions."""

    template_name = "consortia/taxonomy_list.html"
    permission = "consortia.view_taxonomies"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(Taxonomy.objects.visible_to(self.request.user).prefetch_related("entries"))
        may_draft = may(self.request.user, "consortia.draft_taxonomy") and not any(
            row.status == TaxonomyStatus.DRAFT for row in rows
        )
        return super().get_context_data(rows=rows, may_draft=may_draft, **kwargs)


class TaxonomyCreate(ServiceFormView):
    """Begin a new version."""

    action = Action.DRAFT_TAXONOMY
    permission = "consortia.draft_taxonomy"
    form_class = TaxonomyForm
    template_name = "consortia/taxonomy_create.html"
    success_message = _("The draft begins as a copy of the newest version.")

    def perform(self, form: Any) -> Taxonomy:
        return draft_taxonomy(actor=self.request.user, at=self.at, **form.cleaned_data)


class TaxonomyDetail(PermissionMixin, LoadMixin, TemplateView):
    """One version with its clusters, sub-fields and documents."""

    model = Taxonomy
    template_name = "consortia/taxonomy_detail.html"
    permission = "consortia.view_taxonomies"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        entries = self.object.entries.select_related("sub_field", "roadmap", "timetable", "task_book")
        edits = self.object.status == TaxonomyStatus.DRAFT and may(user, "consortia.update_sub_field", self.object)
        return super().get_context_data(
            taxonomy=self.object, entries=entries, edits=edits, actions=TAXONOMY.offered(self.object, user), **kwargs
        )


class TaxonomyPublish(StepUpMixin, TransitionView):
    """It stands from its day on."""

    model = Taxonomy
    workflow, action = TAXONOMY, Action.PUBLISH_TAXONOMY
    permission = "consortia.publish_taxonomy"
    template_name = "consortia/taxonomy_step.html"
    form_class = forms.Form
    step_up = True
    success_message = _("The version is published.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(taxonomy=self.object, label=Action.PUBLISH_TAXONOMY.label, **kwargs)

    def perform(self, form: Any) -> Taxonomy:
        return publish_taxonomy(taxonomy=self.object, actor=self.request.user, at=self.at)


class SubFieldAdd(LoadMixin, ServiceFormView):
    """One more sub-field."""

    action = Action.ADD_SUB_FIELD
    model = Taxonomy
    permission = "consortia.add_sub_field"
    form_class = NewSubFieldForm
    template_name = "consortia/taxonomy_step.html"
    success_message = _("The sub-field is added.")

    def closed(self) -> list[str]:
        return [str(CLOSED)] if self.object.status != TaxonomyStatus.DRAFT else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(taxonomy=self.object, label=self.action.label, **kwargs)

    def perform(self, form: Any) -> TaxonomyEntry:
        return add_sub_field(
            taxonomy=self.object, code=form.cleaned_data["code"], naming=form.naming(), actor=self.request.user,
            at=self.at,
        )  # fmt: skip


class EntryMixin(LoadMixin):
    """An entry of a version."""

    model = TaxonomyEntry
    object: TaxonomyEntry

    def get_queryset(self) -> Any:
        rows = TaxonomyEntry.objects.filter(taxonomy__in=Taxonomy.objects.visible_to(self.request.user))
        return rows.select_related("taxonomy", "sub_field", "roadmap", "timetable", "task_book")


class EntryStep(EntryMixin, ServiceFormView):
    """A change of an entry of a draft."""

    action: Action
    template_name = "consortia/taxonomy_step.html"

    def permission_object(self) -> Taxonomy:
        return self.object.taxonomy

    def closed(self) -> list[str]:
        return [str(CLOSED)] if self.object.taxonomy.status != TaxonomyStatus.DRAFT else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"taxonomy": self.object.taxonomy, "entry": self.object, "label": self.action.label}
        return super().get_context_data(**facts, **kwargs)


class SubFieldUpdate(EntryStep):
    """Names and documents."""

    action = Action.UPDATE_SUB_FIELD
    permission = "consortia.update_sub_field"
    form_class = SubFieldForm
    success_message = _("The sub-field is saved.")

    @cached_property
    def entry(self) -> TaxonomyEntry:
        """The form writes into its own copy; the service compares with what is stored."""
        return self.get_queryset().get(pk=self.object.pk)  # type: ignore[no-any-return]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.entry.sub_field}

    def perform(self, form: Any) -> TaxonomyEntry:
        return update_sub_field(
            entry=self.object, naming=form.naming(), documents=form.documents(), actor=self.request.user, at=self.at
        )


class SubFieldRetire(EntryStep):
    """Not in this version any more."""

    action = Action.RETIRE_SUB_FIELD
    permission = "consortia.retire_sub_field"
    form_class = forms.Form
    success_message = _("The sub-field is retired from this version.")

    def perform(self, form: Any) -> Taxonomy:
        return retire_sub_field(entry=self.object, actor=self.request.user, at=self.at)


class SubFieldDocument(EntryMixin, View):
    """Roadmap, timetable or task book."""

    def get(self, *_args: Any, **_kwargs: Any) -> Any:
        kind = self.kwargs["kind"]
        kept = getattr(self.object, kind) if kind in DOCUMENTS else None
        if kept is None:
            raise Http404
        return files.serve(kept, request=self.request)
