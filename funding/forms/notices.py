"""Forms of public notices and objections."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import ObjectionEffect, ObjectorKind
from funding.forms.fields import LongText, NamelessFilesField
from funding.models import Application, PublicNotice
from funding.rules.publicity import has_working_day, last_day
from funding.rules.scoring import Rules
from funding.services.notices import EVIDENCE, MOST_FILES
from portal.kernel.forms import DayField, NameField, TickField, WanField


class PublishForm(forms.Form):
    """Which decided applications are published, under which title, from which day."""

    applications = forms.ModelMultipleChoiceField(label=_("Applications"), queryset=Application.objects.none())
    title = forms.CharField(label=_("Title"), max_length=200)
    document_number = forms.CharField(label=_("Document number"), max_length=40)
    starts_on = DayField(label=_("Begins on"))
    despite_holiday = TickField(label=_("Publish although the offices are closed all the time."), required=False)

    def __init__(self, *args: Any, decided: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        applications: Any = self.fields["applications"]
        applications.queryset = decided
        if not self.is_bound:
            del self.fields["despite_holiday"]  # asked for only when it is needed

    def clean_starts_on(self) -> Any:
        """Not in the past."""
        day = self.cleaned_data["starts_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("A public notice cannot begin in the past."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on = cleaned.get("starts_on")
        agreed = cleaned.pop("despite_holiday", False)
        if starts_on and self.closed_all_the_time(starts_on):
            if not agreed:
                self.add_error(
                    "starts_on", _("The whole period falls on days off; please choose another day or confirm.")
                )
        else:
            del self.fields["despite_holiday"]
        return cleaned

    def closed_all_the_time(self, starts_on: Any) -> bool:
        """Whether no office works on any day of the period."""
        return not has_working_day(starts_on, last_day(starts_on, self.rules))


class ObjectionForm(forms.Form):
    """An objection by anybody. `website` is a trap: people do not see it, programs fill it in."""

    application = forms.ModelChoiceField(
        label=_("Which entry of the list"),
        queryset=Application.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    kind = forms.ChoiceField(label=_("You object as"), choices=ObjectorKind.choices, widget=forms.RadioSelect)
    name = NameField(label=_("Your real name, or the name of your organisation"), max_length=120, min_length=2)
    contact = forms.CharField(
        label=_("Telephone or e-mail"), max_length=120, min_length=5,
        help_text=_("Only those who handle the objection see who you are."),
    )  # fmt: skip
    grounds = LongText(
        label=_("Grounds"), max_length=3000, min_length=20, rows=8,
        help_text=_("Facts, and where they can be checked. Never enter state secrets."),
    )  # fmt: skip
    evidence = NamelessFilesField(
        label=_("Evidence"), required=False, kind=EVIDENCE, most=MOST_FILES,
        help_text=_("Up to 3 files: PDF, JPG or PNG, at most 10 MB each. Supervision alone opens them."),
    )  # fmt: skip
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    def __init__(self, *args: Any, notice: PublicNotice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["application"]
        field.queryset = notice.applications.select_related("consortium").order_by("number")
        field.label_from_instance = lambda application: f"{application.number} {application.consortium.name}"

    @property
    def facts(self) -> dict[str, Any]:
        """What is recorded."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.cleaned_data["website"])


class FindingForm(forms.Form):
    """What supervision finds on an objection, and what the objector is written."""

    finding = LongText(
        label=_("Finding"), max_length=3000, min_length=10, rows=6, help_text=_("Stands in the reply, too.")
    )
    letter = LongText(
        label=_("Reply to the objector"), max_length=3000, rows=6, required=False,
        help_text=_("Left empty, the usual letter is written. Never name anybody in it."),
    )  # fmt: skip


class UpholdForm(FindingForm):
    """The finding that the objection is right, and what follows from it."""

    effect = forms.ChoiceField(label=_("Effect"), choices=ObjectionEffect.choices, widget=forms.RadioSelect)
    tier = forms.ChoiceField(
        label=_("Tier that remains"), choices=[("", "—"), *Tier.choices], required=False,
        help_text=_("Only where tier or amount are lowered."),
    )  # fmt: skip
    amount = WanField(label=_("Amount that remains (10,000 yuan)"), required=False)

    field_order = ("effect", "tier", "amount", "finding", "letter")


class FollowForm(forms.Form):
    """By which an objector asks how far the own objection is."""

    number = forms.CharField(label=_("Number of the objection"), max_length=20)
    code = forms.CharField(
        label=_("Query code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
