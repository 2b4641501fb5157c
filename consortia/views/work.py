"""Technologies, tasks, milestones: one view each to add, update and remove; the bases for other parts."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.forms.consortium import NoteForm
from consortia.forms.work import MilestoneForm, ProjectForm, ReachForm, ReadinessForm, TaskForm, TechnologyForm
from consortia.models import Consortium, KeyTechnology, Milestone, ResearchTask
from consortia.permissions import consortium_of
from consortia.services import tasks, technologies
from consortia.workflow import EDITS, MILESTONE, edit_obstacles
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView


class PartMixin(LoadMixin):
    """A part of a consortium that the reader may see; the address of the tab where it is shown."""

    tab = ""
    action: str = ""
    path = "consortium"

    def get_queryset(self) -> QuerySet[Any]:
        visible = Consortium.objects.visible_to(self.request.user)
        rows = self.model._default_manager.filter(**{f"{self.path}__in": visible})  # noqa: SLF001
        return rows.select_related(f"{self.path}__lead")

    @property
    def consortium(self) -> Consortium:
        """The consortium that the loaded object belongs to, or is."""
        found: Consortium = consortium_of(self.object)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = self.tab_url()
        return super().get_context_data(consortium=self.consortium, back=back, label=self.label(), **kwargs)

    def closed(self) -> list[str]:
        """An edit has its states, a step of a workflow its obstacles."""
        if self.action not in EDITS:
            return super().closed()  # type: ignore[no-any-return,misc]
        return [str(reason) for reason in edit_obstacles(self.consortium, self.action)]

    def label(self) -> str:
        """The verb on the button, which is also the heading."""
        return str(Action(self.action).label)

    def tab_url(self) -> str:
        """The tab of the consortium's page that shows such parts."""
        return reverse(f"consortia:consortium-{self.tab}", args=[self.consortium.pk])

    def fallback_url(self) -> str:
        """Back to where the part is shown."""
        return self.tab_url()


class AddView(PartMixin, ServiceFormView):
    """A new part of a consortium."""

    model = Consortium
    action: Action
    template_name = "consortia/part_form.html"
    success_message = _("Saved.")

    def get_queryset(self) -> QuerySet[Any]:
        return Consortium.objects.visible_to(self.request.user).select_related("lead")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"consortium": self.object}


class UpdateView(PartMixin, ServiceFormView):
    """A change of a part."""

    action: Action
    template_name = "consortia/part_form.html"
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object, "consortium": self.consortium}


class RemoveView(PartMixin, ServiceFormView):
    """The question before a part is removed."""

    action: Action
    form_class = forms.Form
    template_name = "consortia/part_remove.html"
    success_message = _("Removed.")


class TechnologyAdd(AddView):
    """A key technology."""

    permission, action, form_class, tab = (
        "consortia.add_technology",
        Action.ADD_TECHNOLOGY,
        TechnologyForm,
        "technologies",
    )

    def perform(self, form: Any) -> KeyTechnology:
        return technologies.add_technology(
            consortium=self.object, technology=form.instance, actor=self.request.user, at=self.at
        )


class TechnologyUpdate(SeenMixin, UpdateView):
    """A key technology."""

    model, form_class, tab = KeyTechnology, TechnologyForm, "technologies"
    permission, action = "consortia.update_technology", Action.UPDATE_TECHNOLOGY

    def perform(self, form: Any) -> KeyTechnology:
        return technologies.update_technology(
            technology=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class TechnologyRemove(RemoveView):
    """A key technology."""

    model, tab = KeyTechnology, "technologies"
    permission, action = "consortia.remove_technology", Action.REMOVE_TECHNOLOGY

    def perform(self, form: Any) -> None:
        technologies.remove_technology(technology=self.object, actor=self.request.user, at=self.at)


class TechnologyRecordReadiness(UpdateView):
    """The readiness level of a technology."""

    model, form_class, tab = KeyTechnology, ReadinessForm, "technologies"
    permission, action = "consortia.record_readiness", Action.RECORD_READINESS

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("consortium")
        return kwargs

    def perform(self, form: Any) -> KeyTechnology:
        return technologies.record_readiness(
            technology=self.object, actor=self.request.user, at=self.at, **form.cleaned_data
        )


class TaskAdd(AddView):
    """A research task."""

    permission, action, form_class, tab = "consortia.add_task", Action.ADD_TASK, TaskForm, "tasks"

    def perform(self, form: Any) -> ResearchTask:
        return tasks.add_task(consortium=self.object, task=form.instance, actor=self.request.user, at=self.at)


class TaskUpdate(SeenMixin, UpdateView):
    """A research task."""

    model, form_class, tab = ResearchTask, TaskForm, "tasks"
    permission, action = "consortia.update_task", Action.UPDATE_TASK

    def perform(self, form: Any) -> ResearchTask:
        return tasks.update_task(
            task=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class TaskRecordProject(SeenMixin, UpdateView):
    """How far a task has come, and its public project."""

    model, form_class, tab = ResearchTask, ProjectForm, "tasks"
    permission, action = "consortia.record_project", Action.RECORD_PROJECT

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self) | {"instance": self.object}

    def perform(self, form: Any) -> ResearchTask:
        return tasks.record_project(
            task=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class TaskRemove(RemoveView):
    """A research task."""

    model, tab = ResearchTask, "tasks"
    permission, action = "consortia.remove_task", Action.REMOVE_TASK

    def perform(self, form: Any) -> None:
        tasks.remove_task(task=self.object, actor=self.request.user, at=self.at)


class MilestoneAdd(UpdateView):
    """A milestone of the task in the address."""

    model, form_class, tab = ResearchTask, MilestoneForm, "tasks"
    permission, action = "consortia.add_milestone", Action.ADD_MILESTONE

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def perform(self, form: Any) -> Milestone:
        return tasks.add_milestone(task=self.object, milestone=form.instance, actor=self.request.user, at=self.at)


class MilestoneUpdate(SeenMixin, UpdateView):
    """A milestone."""

    model, form_class, tab, path = Milestone, MilestoneForm, "tasks", "task__consortium"
    permission, action = "consortia.update_milestone", Action.UPDATE_MILESTONE

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self) | {"instance": self.object}

    def perform(self, form: Any) -> Milestone:
        return tasks.update_milestone(
            milestone=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class MilestoneRemove(RemoveView):
    """A milestone."""

    model, tab, path = Milestone, "tasks", "task__consortium"
    permission, action = "consortia.remove_milestone", Action.REMOVE_MILESTONE

    def perform(self, form: Any) -> None:
        tasks.remove_milestone(milestone=self.object, actor=self.request.user, at=self.at)


class MilestoneReach(PartMixin, TransitionView):
    """Record a milestone as reached."""

    model, form_class, tab, path = Milestone, ReachForm, "tasks", "task__consortium"
    permission, workflow, action = "consortia.record_milestone", MILESTONE, Action.REACH
    template_name = "consortia/part_form.html"
    success_message = _("The milestone is recorded as reached.")

    def perform(self, form: Any) -> Milestone:
        return tasks.reach_milestone(milestone=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class MilestoneMiss(PartMixin, TransitionView):
    """Record a milestone as missed."""

    model, form_class, tab, path = Milestone, NoteForm, "tasks", "task__consortium"
    permission, workflow, action = "consortia.record_milestone", MILESTONE, Action.MISS
    template_name = "consortia/part_form.html"
    success_message = _("The milestone is recorded as missed.")

    def perform(self, form: Any) -> Milestone:
        return tasks.miss_milestone(milestone=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)
