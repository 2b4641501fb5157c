"""Opening a year, expert scores, grades, and ordering a report."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.selectors import field_names
from members.models import Expert
from portal.kernel.forms import DayField, NumberField, TickField, WholeField
from reports.enums import Veto
from reports.selectors.selfreport import IndicatorRows
from reports.services.grading import Verdict

FIRST_YEAR = 2020
LEAST_OPINION = 20


class CycleForm(forms.Form):
    """Year and period of the self-reports."""

    year = WholeField(label=_("Year evaluated"), min_value=FIRST_YEAR)
    opens_on = DayField(label=_("Self-reports from"))
    due_on = DayField(label=_("Self-reports until"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """The period is in order and lies near the year."""
        data = super().clean() or {}
        year, first, last = data.get("year"), data.get("opens_on"), data.get("due_on")
        if year and year > self.today.year:
            self.add_error("year", _("This year has not begun yet."))
        if first and last and last <= first:
            self.add_error("due_on", _("The last day must be after the first."))
        elif last and last < self.today:
            self.add_error("due_on", _("The last day is over already."))
        return data


class ExpertChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An expert with what it can judge and where it works."""

    names: Mapping[str, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        fields = gettext(", ").join(self.names.get(code, code) for code in obj.fields)
        facts = [obj.user.name, obj.get_kind_display(), fields, str(obj.employer or "")]
        return " · ".join(fact for fact in facts if fact)


class AssignForm(forms.Form):
    """Which expert is to score."""

    expert = ExpertChoice(
        label=_("Expert"),
        queryset=Expert.objects.none(),
        help_text=_("Only experts of the pool without a tie to a member are offered."),
    )

    def __init__(self, *args: Any, experts: QuerySet[Expert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expert: Any = self.fields["expert"]
        expert.names = field_names()
        expert.queryset = experts


class DeclarationForm(forms.Form):
    """No conflict of interest."""

    free = TickField(
        label=_(
            "I have no conflict of interest: I neither work for a member, hold a share in one nor cooperated "
            "with one in the last three years, and I keep what I read confidential."
        )
    )


class ScoreForm(forms.Form):
    """A score and a comment for every indicator that experts decide, and an opinion."""

    opinion = forms.CharField(
        label=_("Opinion on the year"), min_length=LEAST_OPINION, max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}), help_text=_("Strengths, weaknesses, advice; at least 20 characters."),
    )  # fmt: skip

    def __init__(self, *args: Any, indicators: list[IndicatorRows], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        for one in indicators:
            self.fields[f"{one.code}_score"] = NumberField(
                label=one.name, min_value=0, max_value=one.maximum, max_digits=4, decimal_places=1
            )
            self.fields[f"{one.code}_comment"] = forms.CharField(
                label=_("Comment"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
            )

    def lines(self) -> Iterator[tuple[IndicatorRows, BoundField, BoundField]]:
        """The fields as the page lays them out."""
        for one in self.indicators:
            yield one, self[f"{one.code}_score"], self[f"{one.code}_comment"]

    def scores(self) -> dict[str, dict[str, str]]:
        """What was given, in the shape that the service takes."""
        data = self.cleaned_data
        return {
            one.code: {"score": str(data[f"{one.code}_score"]), "comment": data[f"{one.code}_comment"]}
            for one in self.indicators
        }


class GradeForm(forms.Form):
    """What the officer adds to the computed score."""

    bonus = NumberField(label=_("Bonus"), min_value=0, max_value=5, max_digits=3, decimal_places=2, initial=0)
    bonus_note = forms.CharField(label=_("Reason of the bonus"), required=False, max_length=500)
    deduction = NumberField(label=_("Deduction"), min_value=0, max_value=10, max_digits=4, decimal_places=2)
    deduction_note = forms.CharField(label=_("Reason of the deduction"), required=False, max_length=500)
    veto = forms.ChoiceField(label=_("Veto"), required=False, choices=[("", _("None")), *Veto.choices])
    quota_used_up = TickField(
        label=_("Grade as good although the score is excellent: the quota is used up"), required=False
    )
    grade_note = forms.CharField(
        label=_("Rationale of the grade"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        """A reason stands beside every point that is added or taken."""
        data = super().clean() or {}
        for points, note in (("bonus", "bonus_note"), ("deduction", "deduction_note")):
            if data.get(points) and not data.get(note):
                self.add_error(note, _("Give the reason."))
        if (data.get("veto") or data.get("quota_used_up")) and not data.get("grade_note"):
            self.add_error("grade_note", ValidationError(_("A veto or a lowered grade needs a rationale.")))
        return data

    def verdict(self) -> Verdict:
        """What the service takes."""
        return Verdict(**self.cleaned_data)


class ReportForm(forms.Form):
    """In which language the report is made."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
