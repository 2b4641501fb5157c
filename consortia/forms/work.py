"""Forms of technologies, tasks and milestones."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.forms.fields import area, in_order
from consortia.models import Consortium, KeyTechnology, Milestone, ResearchTask
from consortia.rules.work import project_fault
from members.models import Organisation
from portal.kernel.forms import CentField, DayField, NumberField, PastDayField, WholeField


def member_organisations(consortium: Consortium) -> Any:
    """The organisations that are present in the consortium."""
    present = consortium.participations.present().values("organisation")
    return Organisation.objects.filter(pk__in=present)


class InConsortium(forms.BaseForm):
    """Offers the consortium's own members and parts only."""

    MEMBERS: tuple[str, ...] = ()

    def __init__(self, *args: Any, consortium: Consortium, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.MEMBERS:
            self.fields[name].queryset = member_organisations(consortium)  # type: ignore[attr-defined]
        for name, rows in (("technology", consortium.technologies.all()), ("task", consortium.tasks.all())):
            if name in self.fields:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]


class TechnologyForm(InConsortium, forms.ModelForm[KeyTechnology]):
    """An entry of the key-technology list."""

    MEMBERS = ("owner",)

    class Meta:
        model = KeyTechnology
        fields = [
            "name", "problem_class", "benchmark", "gap", "openness", "indicator", "unit", "baseline", "target",
            "trl_start", "trl_now", "trl_target", "owner", "due",
        ]  # fmt: skip
        widgets = {"gap": area(3)}
        field_classes = {
            "baseline": NumberField, "target": NumberField, "trl_start": WholeField, "trl_now": WholeField,
            "trl_target": WholeField, "due": DayField,
        }  # fmt: skip
        help_texts = {
            "benchmark": _("The best at home or abroad, and what it reaches."),
            "gap": _("Compared with the best at home or abroad."),
            "openness": _("Others find its name, indicator and owner only. State secrets must never be entered."),
            "indicator": _("One figure that can be measured, for example heat capacity."),
            "trl_start": _("Technology readiness level, 1 to 9."),
        }

    def clean(self) -> Any:
        cleaned = super().clean()
        in_order(self, "trl_start", "trl_target", _("The target TRL must not be below the TRL at start."))
        in_order(self, "trl_start", "trl_now", _("The TRL now must not be below the TRL at start."))
        target, due = self.cleaned_data.get("target"), self.cleaned_data.get("due")
        if target is not None and target == self.cleaned_data.get("baseline"):
            self.add_error("target", _("The target must differ from the baseline."))
        if due and self.instance._state.adding and due < timezone.localdate():  # noqa: SLF001
            self.add_error("due", _("The deadline must not be in the past."))
        return cleaned


PROJECT = ("stage", "project_level", "project_number", "as_consortium")
WHEN_PUBLIC = _("If the task belongs to a project of the state, the province or the city.")


class WithProject(forms.BaseForm):
    """A public project is named by its level and its number."""

    def clean(self) -> Any:
        cleaned = super().clean()
        level, number, together = (self.cleaned_data.get(name) for name in PROJECT[1:])
        for name, text in project_fault(level or "", number or "", bool(together)).items():
            self.add_error(name, str(text))
        return cleaned


class ProjectForm(WithProject, forms.ModelForm[ResearchTask]):
    """How far a task has come, and the public project that it belongs to."""

    class Meta:
        model = ResearchTask
        fields = PROJECT
        help_texts = {"project_level": WHEN_PUBLIC}


class TaskForm(WithProject, InConsortium, forms.ModelForm[ResearchTask]):
    """A research task; its number is given by the portal."""

    MEMBERS = ("lead",)

    class Meta:
        model = ResearchTask
        fields = [
            "name", "technology", "lead", "task_class", "research_type", "risk", "start", "end", "budget_grant",
            "budget_own", *PROJECT,
        ]  # fmt: skip
        help_texts = {"project_level": WHEN_PUBLIC}
        field_classes = {"start": DayField, "end": DayField, "budget_grant": CentField, "budget_own": CentField}
        labels = {
            "budget_grant": _("Budget from the grant (×10k yuan)"),
            "budget_own": _("Budget from own funds (×10k yuan)"),
        }

    def clean(self) -> Any:
        cleaned = super().clean()
        in_order(self, "start", "end", _("The end must be after the start."), apart=True)
        return cleaned


class MilestoneForm(forms.ModelForm[Milestone]):
    """A measurable step of a task."""

    class Meta:
        model = Milestone
        fields = ["name", "metric", "target", "weight", "due"]
        field_classes = {"target": NumberField, "weight": WholeField, "due": DayField}
        help_texts = {"weight": _("Heavier milestones count more for the progress of the task.")}


class ReachForm(forms.ModelForm[Milestone]):
    """How far a milestone got, and when."""

    note = forms.CharField(label=_("Evidence or remark"), max_length=500, required=False, widget=area(3))

    class Meta:
        model = Milestone
        fields = ["actual", "reached_on"]
        field_classes = {"actual": NumberField, "reached_on": PastDayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("actual", "reached_on"):
            self.fields[name].required = True


class ReadinessForm(forms.ModelForm[KeyTechnology]):
    """The readiness level reached."""

    note = forms.CharField(label=_("What proves it"), max_length=500, widget=area(3))

    class Meta:
        model = KeyTechnology
        fields = ["trl_now"]
        field_classes = {"trl_now": WholeField}
