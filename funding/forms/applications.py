"""Forms of applications: what the applicant writes and what officials decide."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from consortia.models import Consortium
from funding.enums import CheckResult, ReasonCode
from funding.forms.fields import LongText, Ticks
from funding.rules.declarations import DECLARATIONS
from funding.rules.formal_check import Item
from funding.rules.kinds import kind_of
from funding.rules.returns import PARTS
from funding.rules.sections import BASICS, Section
from funding.selectors.writers import Candidate
from funding.services.applications import KIND
from portal.kernel.forms import TickField, UploadField, WanField, WholeField


class ApplicantField(forms.ModelChoiceField[Consortium]):
    """A consortium, with what it would apply for."""

    def label_from_instance(self, obj: Consortium) -> str:
        kind = kind_of(obj.status)
        tier = f" · {obj.get_tier_display()}" if obj.tier else ""
        return f"{obj.name} · {kind.label}{tier}" if kind else obj.name


class StartForm(forms.Form):
    """Which consortium applies, and for which tier."""

    consortium = ApplicantField(
        label=_("Consortium"), queryset=Consortium.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    tier = forms.ChoiceField(label=_("Tier applied for"), choices=Tier.choices, initial=Tier.A)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["consortium"]
        field.queryset = choices


class SectionForm(forms.Form):
    """One section of the application. `version` is what the writer had before its eyes, `page` names the open page."""

    version = WholeField(widget=forms.HiddenInput, min_value=0)
    page = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if section is BASICS:
            self.fields["requested_tier"] = forms.ChoiceField(label=_("Tier applied for"), choices=Tier.choices)
            self.fields["requested_amount"] = WanField(label=_("Amount asked for (×10k yuan)"))
            return
        for name in section.fields:
            self.fields[name] = LongText(
                label=section.question or section.title, help_text=section.hint, rows=section.limit // 200,
                max_length=section.limit, required=False,
            )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """What is to be saved."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "page"}}


class WritersForm(forms.Form):
    """Who of the members writes a section. `shown` are those who did when the page was opened."""

    people = forms.TypedMultipleChoiceField(
        label=_("Writes this section"), coerce=UUID, widget=Ticks, required=False,
        help_text=_("Beside those who write for the lead. Each person is told."),
    )  # fmt: skip
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    def __init__(self, *args: Any, candidates: Iterable[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.choices = [(str(one.person.pk), f"{one.person} · {one.organisation}") for one in candidates]

    def clean_shown(self) -> list[UUID]:
        """The people as they were; a list that somebody spoilt is none."""
        try:
            return [UUID(one) for one in self.cleaned_data["shown"].split()]
        except ValueError:
            return []


class UploadForm(forms.Form):
    """A file and what it is."""

    label = forms.CharField(label=_("What it is"), max_length=120, help_text=_("For example: audit report of 2025"))
    upload = UploadField(label=_("File"), kind=KIND)


class SubmitForm(forms.Form):
    """The declarations of the signatory."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, text in DECLARATIONS.items():
            self.fields[code] = TickField(label=text)

    @property
    def declared(self) -> list[str]:
        """The codes agreed to."""
        return [code for code in DECLARATIONS if self.cleaned_data.get(code)]


class OpinionForm(forms.Form):
    """The district's opinion."""

    opinion = LongText(label=_("Recommending opinion of the district"), rows=5, max_length=2000)


class ReasonedForm(forms.Form):
    """A step that must be explained to the applicant or to the bureau."""

    note = LongText(label=_("Reason"), rows=5, max_length=2000)


def reasons_field(*, required: bool) -> forms.MultipleChoiceField:
    """Codes beside the words, so that the bureau sees over the years what goes wrong."""
    return forms.MultipleChoiceField(
        label=_("Kinds of reason"), choices=ReasonCode.choices, widget=forms.CheckboxSelectMultiple, required=required
    )


def parts_field(*, required: bool) -> forms.MultipleChoiceField:
    """What the applicant may change."""
    return forms.MultipleChoiceField(
        label=_("Returned parts"), choices=list(PARTS.items()), widget=forms.CheckboxSelectMultiple, required=required,
        help_text=_("Only these reopen; the rest stands as it was submitted."),
    )  # fmt: skip


class PartsForm(forms.Form):
    """A form that returns parts: those of this application, its designed sections among them."""

    def __init__(self, *args: Any, parts: Mapping[str, Any] = PARTS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parts"]
        field.choices = list(parts.items())


class DeclineForm(ReasonedForm):
    """Why the application ends here."""

    reasons = reasons_field(required=True)
    field_order = ["reasons", "note"]


class ReturnForm(PartsForm, ReasonedForm):
    """What is to be corrected, and why."""

    parts = parts_field(required=True)
    reasons = reasons_field(required=True)
    field_order = ["parts", "reasons", "note"]


class ItemsForm(forms.Form):
    """A list to be checked: a result and a remark for each item."""

    def __init__(self, *args: Any, items: Iterable[Item], needed: Iterable[str] = (), **kwargs: Any) -> None:
        """`needed` are the fields without which this outcome is not possible."""
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for name in needed:
            self.fields[name].required = True
        for item in self.items:
            self.fields[f"result_{item.code}"] = forms.ChoiceField(
                label=str(item.text), choices=CheckResult.choices, initial=item.result, required=False,
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"note_{item.code}"] = forms.CharField(
                label=_("Remark"), max_length=300, initial=item.note, required=False
            )

    def lines(self) -> list[dict[str, Any]]:
        """The items with their two fields, for the page."""
        return [
            {"item": item, "result": self[f"result_{item.code}"], "note": self[f"note_{item.code}"]}
            for item in self.items
        ]

    @property
    def results(self) -> list[dict[str, Any]]:
        """The items as they are kept."""
        return [
            {
                "code": item.code,
                "result": self.cleaned_data.get(f"result_{item.code}", ""),
                "note": self.cleaned_data.get(f"note_{item.code}", ""),
                "automatic": item.automatic,
            }
            for item in self.items
        ]


class CheckForm(ItemsForm, PartsForm):
    """The list of the formal check, and the words for the applicant."""

    note = LongText(
        label=_("Note"), rows=4, max_length=2000, required=False,
        help_text=_("Needed for a correction or a refusal; the applicant reads it."),
    )  # fmt: skip
    reasons = reasons_field(required=False)
    parts = parts_field(required=False)


class CreditForm(ItemsForm):
    """The list of the integrity check, and the words for the bureau."""

    note = LongText(
        label=_("Note"), rows=4, max_length=2000, required=False,
        help_text=_("Needed for a suspension; the bureau reads it, the applicant does not."),
    )  # fmt: skip
    reasons = reasons_field(required=False)


class BulkCreditForm(forms.Form):
    """What supervision vouches for when several applications pass at once."""

    note = LongText(label=_("Note"), rows=3, max_length=1000, required=False)
    looked = TickField(
        label=_(
            "I have looked at the credit data, other funding and debts to the treasury of each of these applications."
        )
    )


class BulkForm(forms.Form):
    """What one official vouches for when several applications pass at once."""

    note = LongText(label=_("Note"), rows=3, max_length=1000, required=False)
    looked = TickField(
        label=_("I have looked at the files, the deviations and other funding of each of these applications.")
    )
