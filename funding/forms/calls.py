"""Forms of calls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.enums import Stage
from funding.forms.fields import LongText, MomentField
from funding.models import Call
from funding.models.call import MOST_APPLICATIONS
from funding.rules.milestones import MOST_DAYS, WORKING_DAYS
from members.models import District, Organisation
from portal.kernel.forms import UploadField, WanField, WholeField

QUOTA = "quota_"
BEIJING = _("Beijing time")


class CallForm(forms.ModelForm[Call]):
    """A draft call; amounts are typed in 10,000 yuan and stored in yuan."""

    guidelines = LongText(
        label=_("Guidelines"), rows=12, max_length=20_000, required=False,
        help_text=_("Who may apply, for what, with which papers; shown to everybody."),
    )  # fmt: skip
    opens_at = MomentField(label=_("Opens"), help_text=BEIJING)
    closes_at = MomentField(label=_("Closes"), help_text=BEIJING)
    budget = WanField(label=_("Budget (×10k yuan)"))
    cap_a = WanField(label=_("Cap of tier A (×10k yuan)"))
    cap_b = WanField(label=_("Cap of tier B (×10k yuan)"))
    cap_c = WanField(label=_("Cap of tier C (×10k yuan)"))

    class Meta:
        model = Call
        fields = [
            "rehearsal", "title", "year", "round", "batch", "guidelines", "opens_at", "closes_at", "budget", "line",
            "cap_a", "cap_b", "cap_c", "rules", "takes_new", "takes_upgrade", "taxonomy", "grace_minutes",
            "outage_hours", "outage_step", "selection_mode", "review_mode", "expert_mode", "budget_mode",
            "district_step", "credit_step", "site_visit", "defence", "form_version",
        ]  # fmt: skip
        field_classes = dict.fromkeys(
            ("year", "round", "batch", "grace_minutes", "outage_hours", "outage_step"), WholeField
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["autocomplete"] = "off"
        self.fields["expert_mode"].label = _("How experts are found")
        plan = self.instance.plan or self.initial.get("plan", {})
        districts = District.objects.all()
        kept = self.instance.quotas or self.initial.get("quotas", {})
        self.fields |= {f"{QUOTA}{one.code}": _quota(one, kept.get(one.code)) for one in districts}
        self.fields |= {f"days_{stage}": _days(stage, plan.get(stage, usual)) for stage, usual in WORKING_DAYS.items()}

    def _get_validation_exclusions(self) -> set[str]:
        """A rehearsal is numbered by the portal, whatever stands there."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | ({"round", "batch"} if self.cleaned_data.get("rehearsal") else set())

    @property
    def days(self) -> list[forms.BoundField]:
        """How long each stage of the plan lasts."""
        return [self[name] for name in self.fields if name.startswith("days_")]

    @property
    def quotas(self) -> list[forms.BoundField]:
        """How many applications each district recommends at most."""
        return [self[name] for name in self.fields if name.startswith(QUOTA)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        days = {stage.value: cleaned.pop(f"days_{stage}", None) for stage in WORKING_DAYS}
        quotas = {name.removeprefix(QUOTA): cleaned.pop(name, None) for name in self.fields if name.startswith(QUOTA)}
        return {
            **cleaned,
            "plan": {stage: number for stage, number in days.items() if number},
            "quotas": {code: most for code, most in quotas.items() if most is not None},
        }


def _quota(district: District, initial: int | None) -> WholeField:
    return WholeField(label=str(district), initial=initial, required=False, min_value=0, max_value=MOST_APPLICATIONS)


def _days(stage: Stage, initial: int) -> WholeField:
    return WholeField(label=stage.label, initial=initial, min_value=1, max_value=MOST_DAYS)


class PublishForm(forms.Form):
    """The number under which the call is issued."""

    document_number = forms.CharField(
        label=_("Document number"), max_length=40, help_text=_("As on the document, for example 苏科外〔2026〕1号.")
    )


class ExtendForm(forms.Form):
    """A later close, and why."""

    closes_at = MomentField(label=_("New close"), help_text=BEIJING)
    reason = LongText(label=_("Reason"), rows=4, max_length=1000, help_text=_("Everybody can read it."))


class ConcludeForm(forms.Form):
    """The end of a call."""

    note = LongText(label=_("Note"), rows=3, max_length=1000, required=False)


class DocumentForm(forms.Form):
    """A document of the call."""

    title = forms.CharField(label=_("Title"), max_length=120)
    upload = UploadField(kind="call", label=_("File"))


class QuestionForm(forms.Form):
    """What an organisation wants to know."""

    organisation = forms.ModelChoiceField(
        label=_("For which organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    text = LongText(
        label=_("Question asked"), rows=6, max_length=2000, min_length=5,
        help_text=_(
            "The bureau answers you, and may publish question and answer in its own words. Never enter state secrets."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        field.initial = organisations.first()


class AnswerForm(forms.Form):
    """What the bureau answers."""

    answer = LongText(label=_("Answer"), rows=8, max_length=4000, min_length=2)


class PublishAnswerForm(AnswerForm):
    """Question and answer as everybody will read them."""

    public_text = LongText(
        label=_("Question as published"), rows=4, max_length=2000, min_length=5,
        help_text=_("In general words that do not tell who asked."),
    )  # fmt: skip
    field_order = ["public_text", "answer"]
