"""Forms of joint platforms and of their direct recognition."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import PlatformKind
from consortia.forms.fields import area
from consortia.forms.lifecycle import PaperForm
from consortia.forms.work import InConsortium
from consortia.models import CoBuilder, DirectCondition, DirectRecognition, Platform, PlatformYear
from consortia.rules.platforms import Measure
from consortia.rules.recognition import MOST_CONDITIONS, MOST_YEARS, Condition, Terms, verdict
from consortia.services.consortia import FILES
from consortia.services.directs import Finding, Hearing
from portal.kernel.forms import CentField, DayField, NumberField, PastDayField, UploadField, WholeField

HOUSING = (PlatformKind.INCUBATOR, PlatformKind.PARK)
FINDINGS = [("1", _("Met")), ("0", _("Not met"))]


class PlatformForm(InConsortium, forms.ModelForm[Platform]):
    """A joint platform."""

    MEMBERS = ("builder",)

    class Meta:
        model = Platform
        fields = [
            "kind", "name", "builder", "share", "district", "address", "area", "equipment_value", "opened_on",
            "stage", "incubation", "redeveloped", "introduction",
        ]  # fmt: skip
        field_classes = {
            "share": NumberField, "area": WholeField, "equipment_value": CentField, "opened_on": PastDayField,
        }  # fmt: skip
        labels = {
            "equipment_value": _("Value of the equipment (×10k yuan)"), "share": _("Share of the builder (%)"),
        }  # fmt: skip
        help_texts = {
            "builder": _("Who runs it. The other builders are added on the page of the platform."),
            "introduction": _("Shown to the public once the platform is recognised and published."),
        }
        widgets = {"introduction": area(4)}

    def clean_equipment_value(self) -> Decimal:
        """Nothing typed is nothing bought."""
        return self.cleaned_data["equipment_value"] or Decimal(0)

    def clean_incubation(self) -> str:
        """Only where enterprises are housed."""
        mode: str = self.cleaned_data["incubation"]
        if mode and self.cleaned_data.get("kind") not in HOUSING:
            raise forms.ValidationError(_("Only incubators and parks have a mode of incubation."))
        return mode


class BuilderForm(InConsortium, forms.ModelForm[CoBuilder]):
    """A further builder."""

    MEMBERS = ("organisation",)

    class Meta:
        model = CoBuilder
        fields = ["organisation", "outside", "share"]
        field_classes = {"share": NumberField}
        help_texts = {"outside": _("Its full name, when it is no member.")}

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if bool(typed.get("organisation")) == bool(typed.get("outside")):
            self.add_error("outside", _("Name a member, or an organisation outside."))
        return typed


class ShareForm(forms.ModelForm[CoBuilder]):
    """Another share of a builder."""

    class Meta:
        model = CoBuilder
        fields = ["share"]
        field_classes = {"share": NumberField}


class ServiceForm(forms.ModelForm[PlatformYear]):
    """What a platform did in a year."""

    class Meta:
        model = PlatformYear
        fields = ["year", "staff", "incubatees", "graduates", "served", "times", "hours", "income"]
        field_classes = {"income": CentField} | dict.fromkeys(fields[:-1], WholeField)
        labels = {"income": _("Service income (×10k yuan)")}


# --- direct recognition ------------------------------------------------------------------------
class EvidenceFields(forms.Form):
    """A file with what it proves."""

    label = forms.CharField(label=_("What it proves"), max_length=120)
    evidence = UploadField(label=_("File"), kind=FILES)


class ProposeForm(EvidenceFields):
    """Why the platform meets the conditions, with a first file."""

    field_order = ["grounds"]
    grounds = forms.CharField(
        label=_("Why it meets the conditions"), max_length=2000, widget=area(8),
        help_text=_("Name what every required condition is met by. Further files can be added afterwards."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("label", "evidence"):
            self.fields[name].required = False


class GroundsForm(forms.Form):
    """The grounds once more."""

    grounds = forms.CharField(label=_("Why it meets the conditions"), max_length=2000, widget=area(8))


class OpinionForm(forms.Form):
    """What the district says."""

    supported = forms.TypedChoiceField(
        label=_("District's opinion"), choices=[("1", _("Supports it")), ("0", _("Does not support it"))],
        coerce=lambda typed: typed == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    opinion = forms.CharField(label=_("Reason"), max_length=2000, widget=area(5))


class CheckForm(forms.Form):
    """An answer to every condition; where a figure is on record the answer is suggested."""

    note = forms.CharField(label=_("Remark on the whole"), max_length=2000, widget=area(3), required=False)

    def __init__(self, *args: Any, case: DirectRecognition, figures: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(case.conditions.all())
        for row in self.rows:
            says = verdict(row.rule, figures.get(row.measure))
            row.value = figures.get(row.measure)
            self.fields[str(row.pk)] = forms.ChoiceField(
                label=str(row), choices=FINDINGS, widget=forms.RadioSelect,
                initial=None if says is None else str(int(says)),
            )  # fmt: skip
            self.fields[f"{row.pk}-note"] = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def lines(self) -> Iterator[tuple[DirectCondition, Any, Any]]:
        """Each condition with its two fields."""
        for row in self.rows:
            yield row, self[str(row.pk)], self[f"{row.pk}-note"]

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        typed = self.cleaned_data
        found = {row.pk: Finding(typed[str(row.pk)] == "1", typed[f"{row.pk}-note"]) for row in self.rows}
        return {"findings": found, "note": typed["note"]}


class HearingForm(forms.Form):
    """What the experts said."""

    favoured = forms.TypedChoiceField(
        label=_("The experts are"), choices=[("1", _("in favour")), ("0", _("not in favour"))],
        coerce=lambda typed: typed == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    count = WholeField(label=_("Number of experts"), min_value=1, max_value=99)
    heard_on = PastDayField(label=_("Experts heard on"))
    opinion = forms.CharField(
        label=_("Experts' opinion"), max_length=4000, widget=area(6),
        help_text=_("In summary and without names; the signed paper is attached."),
    )  # fmt: skip
    evidence = UploadField(label=_("Signed opinion"), kind=FILES, required=False)

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        typed = self.cleaned_data
        hearing = Hearing(**{name: typed[name] for name in ("favoured", "count", "heard_on", "opinion")})
        return {"hearing": hearing, "evidence": typed["evidence"]}


class RecogniseForm(PaperForm):
    """The decision of the meeting to recognise."""

    valid_from = DayField(label=_("Valid from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"valid_from": self.cleaned_data["valid_from"]}


class TermsForm(forms.Form):
    """The whole checklist of a kind; lines without a Chinese text fall away."""

    years = WholeField(label=_("Valid for years"), min_value=1, max_value=MOST_YEARS)
    experts = forms.BooleanField(label=_("Experts are heard"), required=False)
    basis = forms.CharField(label=_("Basis"), max_length=200, help_text=_("The document or meeting that sets them."))

    def __init__(self, *args: Any, terms: Terms | None, **kwargs: Any) -> None:
        known = terms or Terms(())
        kwargs["initial"] = {"years": known.years, "experts": known.experts} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for number in range(MOST_CONDITIONS):
            self._line(number, known.conditions[number] if number < len(known.conditions) else Condition("", ""))

    def _line(self, number: int, row: Condition) -> None:
        self.fields |= {
            f"zh{number}": forms.CharField(
                label=_("Condition in Chinese"), max_length=200, required=False, initial=row.text_zh
            ),
            f"en{number}": forms.CharField(
                label=_("Condition in English"), max_length=200, required=False, initial=row.text_en
            ),
            f"hard{number}": forms.BooleanField(label=_("Required"), required=False, initial=row.hard),
            f"measure{number}": forms.ChoiceField(
                label=_("Measured by"), required=False, initial=row.measure,
                choices=[("", _("Looked at by the officer")), *Measure.choices],
            ),
            f"least{number}": NumberField(
                label=_("At least"), required=False, min_value=0, decimal_places=2, initial=row.least
            ),
        }  # fmt: skip

    def lines(self) -> Iterator[list[Any]]:
        """The fields of each line."""
        for number in range(MOST_CONDITIONS):
            yield [self[f"{name}{number}"] for name in ("zh", "en", "hard", "measure", "least")]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for number in range(MOST_CONDITIONS):
            zh, en = typed.get(f"zh{number}"), typed.get(f"en{number}")
            if zh and not en:
                self.add_error(f"en{number}", _("Give the condition in both languages."))
            if bool(typed.get(f"measure{number}")) != (typed.get(f"least{number}") is not None):
                self.add_error(f"least{number}", _("A measure needs its figure, and a figure its measure."))
        return typed

    def terms(self) -> Terms:
        """What the service takes."""
        typed = self.cleaned_data
        lines = [
            Condition(*(typed[f"{name}{number}"] for name in ("zh", "en", "hard", "measure", "least")))
            for number in range(MOST_CONDITIONS)
            if typed[f"zh{number}"]
        ]
        return Terms(tuple(lines), typed["years"], typed["experts"])
