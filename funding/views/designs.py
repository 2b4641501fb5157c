"""The form designer: versions, preview, publishing; their parts are in design_parts."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, CallStatus, FormStatus
from funding.forms.answers import AnswersForm
from funding.forms.designs import (
    FormNameForm,
    MoveDraftsForm,
    MoveForm,
    NewFormForm,
)
from funding.models import Call, FormVersion
from funding.rules.designs import Case
from funding.rules.judging import rule_faults
from funding.selectors.designs import findings, sample
from funding.selectors.effects import calls_by_form, drafts_of, effects
from funding.services.answers import move_drafts
from funding.services.designs import (
    SEEN,
    copy_form,
    create_form,
    move_item,
    publish_form,
    rename_form,
    retire_form,
)
from funding.workflow import FORM
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin, seen_of
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView, TransitionView, VisibleMixin
from portal.kernel.workflow import TransitionRefused

PUBLISHED = _("A published version stays as it is; begin a new version.")
READERS = {
    "applicant": _("The lead, writing"),
    "member": _("A member, reading"),
    "district": _("The district"),
    "expert": _("An expert"),
    "bureau": _("The bureau"),
}


class FormList(PermissionMixin, VisibleMixin, TemplateView):
    """Every form with its versions."""

    model = FormVersion
    permission = "funding.view_forms"
    template_name = "funding/form_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.get_queryset().defer("data").select_related("published_by", "created_by")
        return super().get_context_data(rows=rows, may_design=may(self.actor, "funding.design_form"), **kwargs)


class FormDetail(PermissionMixin, LoadMixin, TemplateView):
    """What a version asks, what is wrong in it, and its test cases as they run now."""

    model = FormVersion
    permission = "funding.view_forms"
    template_name = "funding/form_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.object
        designing = may(self.actor, "funding.design_form", form)
        return super().get_context_data(
            form_version=form, design=form.design, findings=findings(form),
            offered=FORM.offered(form, self.actor), may_copy=designing and form.status != FormStatus.DRAFT,
            designing=designing and form.status == FormStatus.DRAFT, seen=seen_of(form, SEEN), **kwargs,
        )  # fmt: skip


class FormPreview(PermissionMixin, LoadMixin, TemplateView):
    """The form as each reader will meet it, empty or with the answers of a test case."""

    model = FormVersion
    permission = "funding.view_forms"
    template_name = "funding/form_preview.html"

    @cached_property
    def reader(self) -> str:
        """As whom."""
        asked = self.request.GET.get("as", "")
        return asked if asked in READERS else "applicant"

    @cached_property
    def case(self) -> Case | None:
        """Whose answers."""
        code = self.request.GET.get("case", "")
        return next((case for case in self.object.design.cases if case.code == code), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        design = self.object.design
        shown = sample(design, self.case)
        pages = []
        if shown and self.reader == "applicant":
            pages = [
                AnswersForm(section=one, states=shown.states, values=shown.values, auto_id=f"{one.code}-%s")
                for one in design.sections
            ]
        return super().get_context_data(
            form_version=self.object, design=design, reader=self.reader, readers=READERS, case=self.case,
            sample=shown, pages=pages, **kwargs,
        )  # fmt: skip


# --- changing a draft --------------------------------------------------------------------------
class DesignView(SeenMixin, LoadMixin, ServiceFormView):
    """A page that changes a draft; afterwards one is back at the place that was changed."""

    model = FormVersion
    permission = "funding.design_form"
    template_name = "funding/form_step.html"
    success_message = _("Saved.")
    seen_names = SEEN
    heading: str | Promise = ""
    label: str | Promise = _("Save")
    note: str | Promise = ""

    def closed(self) -> list[str]:
        return [] if self.object.status == FormStatus.DRAFT else [str(PUBLISHED)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"heading": self.heading, "label": self.label, "note": self.note, "place": self.place()}
        return super().get_context_data(form_version=self.object, **{**said, **kwargs})

    def facts(self, form: Any) -> dict[str, Any]:
        """What every service of the designer takes."""
        return {"form": self.object, "actor": self.actor, "at": self.at, "seen": form.cleaned_data["seen"]}

    def place(self) -> str:
        """Where on the page of the form this stands."""
        return ""

    def fallback_url(self) -> str:
        return f"{self.object.get_absolute_url()}{self.place()}"


class FormCreate(ServiceFormView):
    """Begins a form."""

    permission = "funding.design_form"
    form_class = NewFormForm
    template_name = "funding/form_step.html"
    success_message = _("The form is begun. Add its sections and questions.")
    extra_context = {"heading": _("New form"), "label": _("Create form")}

    def perform(self, form: NewFormForm) -> FormVersion:
        return create_form(actor=self.actor, at=self.at, **form.cleaned_data)


class FormUpdate(DesignView):
    """Renames a draft."""

    form_class = FormNameForm
    heading = _("Rename form")

    def get_initial(self) -> dict[str, Any]:
        return {"name_zh": self.object.name_zh, "name_en": self.object.name_en}

    def perform(self, form: FormNameForm) -> FormVersion:
        names = {name: form.cleaned_data[name] for name in ("name_zh", "name_en")}
        return rename_form(**self.facts(form), **names)


class FormCopy(LoadMixin, ServiceFormView):
    """Begins the next version."""

    model = FormVersion
    permission = "funding.design_form"
    form_class = forms.Form
    template_name = "funding/form_step.html"
    success_message = _("The new version begins with what the earlier one asks.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        note = _("The published version stays as it is; calls go on using it until another is chosen.")
        return super().get_context_data(
            form_version=self.object, heading=_("New version"), label=_("Begin new version"), note=note, **kwargs
        )

    def perform(self, form: forms.Form) -> FormVersion:
        return copy_form(form=self.object, actor=self.actor, at=self.at)


class FormMove(DesignView):
    """Moves a section or question by one place."""

    form_class = MoveForm
    heading = _("Move a section or question")
    label = _("Move")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "design": self.object.design}

    def place(self) -> str:
        return f"#{self.request.POST.get('item', '').replace('.', '-')}" if self.request.method == "POST" else ""

    def perform(self, form: MoveForm) -> FormVersion:
        section, _dot, question = form.cleaned_data["item"].partition(".")
        up = form.cleaned_data["way"] == "up"
        return move_item(**self.facts(form), section=section, question=question, up=up)


# --- publishing --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Use:
    """A published call that goes by an earlier version, and what moving its drafts would mean."""

    call: Call
    drafts: int
    touched: int


class FormStep(TransitionView):
    """A step of the workflow of forms."""

    model = FormVersion
    workflow = FORM
    template_name = "funding/form_step.html"


class FormPublish(FormStep):
    """Makes a version that calls can use."""

    action = Action.PUBLISH_FORM
    success_message = _("The version is published; calls can use it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        note = _("From now on this version stays as it is. What is to be different later needs a new version.")
        return super().get_context_data(
            form_version=self.object, heading=_("Publish form"), label=_("Publish form"), note=note,
            uses=self.uses(), **kwargs,
        )  # fmt: skip

    def uses(self) -> list[Use]:
        """The calls under way to which the new version could be given; publishing itself moves nothing."""
        if self.object.status != FormStatus.DRAFT or rule_faults(self.object.design):
            return []
        found = [(call, effects(call, self.object)) for call in calls_by_form(self.object.code)]
        return [Use(call, len(drafts), sum(draft.touched for draft in drafts)) for call, drafts in found]

    def perform(self, form: forms.Form) -> FormVersion:
        return publish_form(form=self.object, actor=self.actor, at=self.at)


class FormRetire(FormStep):
    """Offers a version to no further call."""

    action = Action.RETIRE_FORM
    success_message = _("The version is retired.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        note = _("No further call can choose it; calls that use it keep it.")
        return super().get_context_data(
            form_version=self.object, heading=_("Retire form"), label=_("Retire form"), note=note, **kwargs
        )

    def perform(self, form: forms.Form) -> FormVersion:
        return retire_form(form=self.object, actor=self.actor, at=self.at)


class CallMoveDrafts(LoadMixin, ServiceFormView):
    """Lets a published call go by another version: first what it would mean for each draft, then the step."""

    model = Call
    permission = "funding.move_drafts"
    form_class = MoveDraftsForm
    template_name = "funding/call_move_drafts.html"
    success_message = _("The call goes by the version chosen; its drafts have moved, and their writers are told.")

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("form_version")

    def closed(self) -> list[str]:
        published = self.object.status == CallStatus.PUBLISHED
        return [] if published else [str(_("Only a published call has drafts to move."))]

    @cached_property
    def versions(self) -> list[FormVersion]:
        """What can be chosen."""
        rows = FormVersion.objects.filter(status=FormStatus.PUBLISHED).exclude(pk=self.object.form_version_id)
        return list(rows)

    @cached_property
    def chosen(self) -> FormVersion | None:
        """The version of which the effect is shown."""
        asked = self.request.GET.get("to", "")
        return next((version for version in self.versions if str(version.pk) == asked), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = effects(self.object, self.chosen) if self.chosen else []
        return super().get_context_data(
            call=self.object, versions=self.versions, chosen=self.chosen, effects=shown,
            drafts=drafts_of(self.object).count(), touched=sum(one.touched for one in shown), **kwargs,
        )  # fmt: skip

    def perform(self, form: MoveDraftsForm) -> list[Any]:
        if self.chosen is None:
            raise TransitionRefused(_("Please choose a version and look at what it would mean first."))
        return move_drafts(
            call=self.object, actor=self.actor, at=self.at, form_version=self.chosen, note=form.cleaned_data["note"]
        )

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())
