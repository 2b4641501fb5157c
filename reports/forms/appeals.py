"""Forms of appeals, objections and lists of grades."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.enums import ObjectorKind
from funding.forms.fields import LongText, NamelessFilesField
from portal.kernel.forms import DayField, NameField
from reports.enums import Remedy
from reports.models import Evaluation, GradeList
from reports.rules import word
from reports.services.appeals import EVIDENCE, MOST_FILES
from reports.services.gradelists import Publication


class AppealForm(forms.Form):
    """What the lead contests, and why."""

    indicators = forms.MultipleChoiceField(
        label=_("Indicators that it is about"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: it is about the grade as a whole."),
    )  # fmt: skip
    grounds = LongText(
        label=_("Grounds"), max_length=3000, min_length=20, rows=8,
        help_text=_("Which figure or score is wrong, and what proves it. Never enter state secrets."),
    )  # fmt: skip
    evidence = NamelessFilesField(label=_("Evidence"), required=False, kind=EVIDENCE, most=MOST_FILES)

    def __init__(self, *args: Any, rules: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [one for dimension in rules["dimensions"] for one in dimension["indicators"]]
        choices: Any = self.fields["indicators"]
        choices.choices = [(one["code"], f"{one['code']} {word(one)}") for one in lines]


class DismissForm(forms.Form):
    """Why the grade stands."""

    finding = LongText(
        label=_("Finding"), max_length=3000, min_length=10, rows=6,
        help_text=_("Whoever appealed or objected reads it."),
    )  # fmt: skip


class UpholdForm(DismissForm):
    """Why the grade is wrong, and what is done again."""

    remedy = forms.ChoiceField(label=_("What is done again"), choices=Remedy.choices, widget=forms.RadioSelect)

    field_order = ("remedy", "finding")


class PublishForm(forms.Form):
    """Which grades are published, by which meeting, from which day."""

    evaluations = forms.ModelMultipleChoiceField(
        label=_("Grades of the year"), queryset=Evaluation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    meeting_on = DayField(label=_("Day of the meeting"))
    meeting_number = forms.CharField(label=_("Number of the minutes"), max_length=40)
    title = forms.CharField(label=_("Title"), max_length=200)
    document_number = forms.CharField(label=_("Document number"), max_length=40)
    starts_on = DayField(label=_("Begins on"))

    def __init__(self, *args: Any, waiting: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field: Any = self.fields["evaluations"]
        field.queryset = waiting
        field.label_from_instance = lambda one: (
            f"{one.consortium.code} {one.consortium.name} · {one.get_grade_display()} · {one.total}"
        )

    def clean_meeting_on(self) -> date:
        """A meeting that decided has been held."""
        day: date = self.cleaned_data["meeting_on"]
        if day > self.today:
            raise forms.ValidationError(_("The meeting has not been held yet."))
        return day

    def publication(self) -> Publication:
        """What stands on the list beside the grades."""
        return Publication(**{name: value for name, value in self.cleaned_data.items() if name != "evaluations"})


class ObjectionForm(forms.Form):
    """An objection by anybody. `website` is a trap: people do not see it, programs fill it in."""

    evaluation = forms.ModelChoiceField(
        label=_("Which entry of the list"), queryset=Evaluation.objects.none(), widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip
    objector = forms.ChoiceField(label=_("You object as"), choices=ObjectorKind.choices, widget=forms.RadioSelect)
    name = NameField(label=_("Your real name, or the name of your organisation"), max_length=120, min_length=2)
    contact = forms.CharField(
        label=_("Telephone or e-mail"), max_length=120, min_length=5,
        help_text=_("Only supervision sees who you are."),
    )  # fmt: skip
    grounds = LongText(
        label=_("Grounds"), max_length=3000, min_length=20, rows=8,
        help_text=_("Facts, and where they can be checked. Never enter state secrets."),
    )  # fmt: skip
    evidence = NamelessFilesField(label=_("Evidence"), required=False, kind=EVIDENCE, most=MOST_FILES)
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    def __init__(self, *args: Any, grade_list: GradeList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["evaluation"]
        rows = grade_list.evaluations.select_related("consortium").order_by("consortium__code")
        field.queryset = rows.defer("snapshot", "values", "sheet", "scores")
        field.label_from_instance = lambda one: f"{one.consortium.code} {one.consortium.name}"

    @property
    def facts(self) -> dict[str, Any]:
        """What is recorded."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.cleaned_data["website"])
