"""Forms of the acceptance and of the termination of contracts."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.enums import Attainment, Conclusion, OpinionForm, TerminationKind
from funding.forms.fields import LongText
from funding.models import Contract
from funding.services.acceptances import KIND
from portal.kernel.forms import DayField, TickField, UploadField

RESULT = 60


class AcceptanceForm(forms.Form):
    """The final report: what was reached of each target, and the two documents."""

    summary = LongText(
        label=_("Summary of the final report"), max_length=4000, rows=8,
        help_text=_("What was done and achieved, by whom, and what it is used for."),
    )  # fmt: skip

    def __init__(self, *args: Any, contract: Contract, before: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = contract.terms.get("targets", [])
        known = {one["name"]: one for one in before.results} if before else {}
        self.fields["summary"].initial = before.summary if before else ""
        for number, one in enumerate(self.targets):
            old = known.get(one["name"], {})
            names = {"name": one["name"]}
            self.fields[f"result_{number}"] = forms.CharField(
                label=gettext("Result: %(name)s") % names, max_length=RESULT, initial=old.get("result"),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"reached_{number}"] = forms.ChoiceField(
                label=gettext("Against the target: %(name)s") % names, choices=Attainment.choices,
                initial=old.get("reached"),
            )  # fmt: skip
        self.fields["report"] = UploadField(label=_("Final report"), kind=KIND)
        self.fields["accounts"] = UploadField(label=_("Final statement of expenditure, sealed"), kind=KIND)

    @property
    def lines(self) -> list[tuple[dict[str, Any], str, forms.BoundField, forms.BoundField]]:
        """Each target with what was promised and its two fields."""
        return [
            (one, promised(one), self[f"result_{number}"], self[f"reached_{number}"])
            for number, one in enumerate(self.targets)
        ]

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        results = [
            {"name": one["name"], "unit": one["unit"], "target": promised(one), "result": data[f"result_{number}"],
             "reached": data[f"reached_{number}"]}
            for number, one in enumerate(self.targets)
        ]  # fmt: skip
        return {"results": results, **{name: data[name] for name in ("summary", "report", "accounts")}}


def promised(one: dict[str, Any]) -> str:
    """The figures of a target, year by year."""
    return " · ".join(f"{year}: {figure}" for year, figure in sorted(one["years"].items()) if figure)


class PartForm(forms.Form):
    """A party's word."""

    agree = TickField(
        label=_("I have read the report and the statement; what they say about my organisation is right.")
    )


class OpinionRecordForm(forms.Form):
    """What a panel, or experts in writing, think of it."""

    opinion_form = forms.ChoiceField(label=_("Form of the opinion"), choices=OpinionForm.choices)
    meeting = forms.CharField(
        label=_("Meeting"), max_length=120, required=False, help_text=_("Its name and place, if there was one.")
    )
    opinion_on = DayField(label=_("Day of the opinion"), ahead=0)
    experts = forms.CharField(
        label=_("Experts"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line; the chair first."),
    )  # fmt: skip
    opinion = LongText(label=_("Opinion"), max_length=4000, rows=6)
    advice = forms.ChoiceField(label=_("Conclusion advised"), choices=Conclusion.choices)
    upload = UploadField(label=_("Signed opinion"), kind=KIND)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("opinion_form") == OpinionForm.PANEL and not data.get("meeting"):
            self.add_error("meeting", gettext("Say which meeting it was."))
        return data


class ConclusionForm(forms.Form):
    """What comes of it."""

    conclusion = forms.ChoiceField(label=pgettext_lazy("acceptance", "Conclusion"), choices=Conclusion.choices)
    document_number = forms.CharField(label=_("Document number"), max_length=60)
    note = LongText(label=_("Note"), max_length=1000, rows=3, required=False)


class AskTerminationForm(forms.Form):
    """Why the lead cannot go on."""

    reason = LongText(label=_("Reason"), max_length=1000, rows=5, help_text=_("The parties and the bureau read it."))


class ProposeTerminationForm(forms.Form):
    """Whose fault it is, and why the contract ends."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TerminationKind.choices)
    reason = LongText(label=_("Reason"), max_length=1000, rows=5, help_text=_("The parties and the bureau read it."))


class PutForwardForm(forms.Form):
    """What the officer found."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TerminationKind.choices)
    findings = LongText(label=_("Findings"), max_length=1000, rows=5)


class TerminateForm(forms.Form):
    """The decision."""

    document_number = forms.CharField(label=_("Document number"), max_length=60)
    note = LongText(label=_("Note"), max_length=1000, rows=3, required=False)
