"""Forms of the expert pool."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import ExpertKind, HnteField, Region, TitleLevel
from members.forms.people import LowerEmailField
from members.rules.experts import CHECKLIST, OLDEST, YEARLY_REVIEWS, YOUNGEST
from members.selectors.experts import sub_fields
from members.services.experts import PROFILE, require_employer, require_profile
from portal.kernel.forms import DayField, NameField, PastDayField, TickField, WholeField

EMPLOYER = ("code", "name", "position", "since")
ASKED = ("kind", "hnte_fields", "sub_fields", "title_level", "born", "region", "yearly_limit")
RADIO, BOXES = forms.RadioSelect, forms.CheckboxSelectMultiple


class EmployerForm(forms.Form):
    """Where somebody works, and since when."""

    code = forms.CharField(
        label=_("Credit code of the employer"), max_length=18, required=False,
        help_text=_("When the employer is in the portal."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    name = NameField(
        label=_("Name of the employer"), max_length=120, required=False,
        help_text=_("When the employer is not in the portal."),
    )  # fmt: skip
    position = NameField(label=_("Position"), max_length=60, required=False)
    since = PastDayField(label=_("There since"))

    def clean(self) -> dict[str, Any]:
        """One employer, in the portal or outside."""
        data = super().clean() or {}
        if {"code", "name"} <= data.keys():
            try:
                require_employer(code=data["code"], name=data["name"])
            except forms.ValidationError as error:
                self.add_error(None, error)
        return data


class ProfileForm(forms.Form):
    """What an expert says of itself."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ExpertKind.choices, widget=RADIO)
    hnte_fields = forms.MultipleChoiceField(
        label=_("Fields of technology"), choices=HnteField.choices, required=False, widget=BOXES
    )
    sub_fields = forms.MultipleChoiceField(label=_("Sub-fields"), choices=sub_fields, required=False, widget=BOXES)
    title_level = forms.ChoiceField(label=_("Professional title"), choices=TitleLevel.choices, widget=RADIO)
    born = WholeField(label=_("Year of birth"))
    region = forms.ChoiceField(label=_("Place of work"), choices=Region.choices, widget=RADIO)
    yearly_limit = WholeField(
        label=_("Reviews a year at most"), initial=YEARLY_REVIEWS,
        validators=[MinValueValidator(1), MaxValueValidator(YEARLY_REVIEWS)],
    )  # fmt: skip

    def clean_born(self) -> int:
        """A year in which somebody who works was born."""
        born, this = int(self.cleaned_data["born"]), timezone.localdate().year
        if not this - OLDEST <= born <= this - YOUNGEST:
            raise forms.ValidationError(
                _("Give a year between %(first)s and %(last)s.") % {"first": this - OLDEST, "last": this - YOUNGEST}
            )
        return born

    def clean(self) -> dict[str, Any]:
        """What the service would refuse is said at once, next to its field."""
        data = super().clean() or {}
        if {"kind", "hnte_fields", "sub_fields"} <= data.keys():
            try:
                require_profile(profile=self.profile())
            except forms.ValidationError as error:
                self.add_error(None, error)
        return data

    def profile(self) -> dict[str, Any]:
        """What the service takes as the profile."""
        stated = {**self.cleaned_data, "fields": self.cleaned_data["sub_fields"]}
        return {name: stated.get(name) for name in PROFILE}


class ApplyForm(ProfileForm, EmployerForm):
    """The profile and the employer at once."""

    field_order: Sequence[str] = (*ASKED, *EMPLOYER)

    def employer(self) -> dict[str, Any]:
        """What the service takes as the employer."""
        return {name: self.cleaned_data[name] for name in EMPLOYER}


class NominateForm(forms.Form):
    """Whom to nominate, and what for."""

    email = LowerEmailField(label=_("E-mail of the account"), max_length=254)
    kind = forms.ChoiceField(label=_("Kind"), choices=ExpertKind.choices, widget=RADIO)
    note = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SourceForm(forms.Form):
    """How the employer agreed."""

    source = forms.CharField(
        label=_("How the employer agreed"), max_length=300, help_text=_("For example letter, number and day.")
    )


class CheckForm(forms.Form):
    """The checklist of the entry; what warns is explained."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: TickField(label=label, required=False) for name, label in CHECKLIST.items()}
        self.order_fields([*CHECKLIST, "note"])

    def ticked(self) -> list[str]:
        """Points that hold."""
        return [name for name in CHECKLIST if self.cleaned_data[name]]


class SuspendForm(forms.Form):
    """Why, and until when."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    until = DayField(
        label=_("Last day of the suspension"), required=False, help_text=_("Empty: until somebody ends it.")
    )
