"""Forms around a member's part."""

from typing import Any

from django import forms
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from consortia.enums import PartItem
from consortia.forms.fields import area
from consortia.models import Participation
from consortia.selectors import PartState
from consortia.services.participations import Part
from members.enums import IdScheme, OrganisationType
from members.forms.organisations import AbroadFields
from portal.kernel.forms import CentField, NameField, NumberField, TickField, WholeField

PART = ["chain_position", "layer", "duties", "cash", "in_kind", "ip_share", "benefit_share", "person_months"]
LABELS = {"cash": _("Cash commitment (×10k yuan)"), "in_kind": _("In-kind commitment (×10k yuan)")}
LENGTH_OF_SHA256 = 64
MOST_MONTHS = 100_000  # of one member
KINDS: dict[str, type[forms.Field]] = {
    "cash": CentField, "in_kind": CentField, "ip_share": NumberField, "benefit_share": NumberField,
    "person_months": WholeField,
}  # fmt: skip
HELP = {
    "duties": _("What this organisation does in the consortium, in words that can be checked later."),
    "ip_share": _("Share in the joint intellectual property; all members together hold at most 100 %."),
    "benefit_share": _("Share in what the consortium earns together; all members together at most 100 %."),
}


class PartFields(forms.BaseForm):
    """Adds the fields of a part to any form; `part()` gives what was entered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_for_model(Participation, PART, widgets={"duties": area(3)}, field_classes=KINDS))
        for name in ("ip_share", "benefit_share"):  # a model's bounds reach a form's field only through a model form
            self.fields[name].validators += _bounds(name)
        self.fields["person_months"].validators.append(MaxValueValidator(MOST_MONTHS))
        for name, label in LABELS.items():
            self.fields[name].label = label
        for name, text in HELP.items():
            self.fields[name].help_text = text

    def part(self) -> Part:
        """What the member promises."""
        return Part(**{name: self.cleaned_data[name] for name in PART})


def _bounds(name: str) -> list[BaseValidator]:
    field: Any = Participation._meta.get_field(name)  # noqa: SLF001
    return [one for one in field.validators if isinstance(one, (MinValueValidator, MaxValueValidator))]


class PartForm(PartFields, forms.Form):
    """The part of a member that is known already."""


class NewMemberForm(PartFields, AbroadFields):
    """An organisation that is not registered yet, with its part."""

    name = NameField(label=_("Name of the organisation"), max_length=200)
    type = forms.ChoiceField(label=_("Type"), choices=OrganisationType.choices)
    id_scheme = forms.ChoiceField(label=_("Identified by"), choices=IdScheme.choices)
    uscc = forms.CharField(
        label=_("Unified social credit code"), max_length=30, required=False,
        help_text=_("18 signs; leave it empty for a foreign organisation or one without a code."),
    )  # fmt: skip
    uscc_override = forms.CharField(
        label=_("Reason for an unusual code"), max_length=300, required=False,
        help_text=_("Only if the check digit does not fit although the licence says so."),
    )  # fmt: skip
    contact_name = NameField(label=_("Contact person"), max_length=60)
    contact_email = forms.EmailField(label=_("E-mail of the contact"), max_length=254)

    ORGANISATION = (
        "name", "type", "id_scheme", "uscc", "uscc_override", "country", "registration_number", "contact_name",
        "contact_email",
    )  # fmt: skip

    def organisation(self) -> dict[str, Any]:
        """What identifies the organisation and its contact."""
        return {name: self.cleaned_data[name] for name in self.ORGANISATION}


class MemberFindForm(forms.Form):
    """Looks for a registered organisation."""

    q = forms.CharField(label=_("Credit code or name"), min_length=2, max_length=200)


class ReadItemsField(forms.MultipleChoiceField):
    """Items with the fingerprint of what was read, as `item:sha256`; cleaned to a dict of both.

    Whether the fingerprint is the present one is for the service to say: the page may have grown old.
    """

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        item, _colon, fingerprint = str(value).partition(":")
        return item in PartItem.values and len(fingerprint) == LENGTH_OF_SHA256

    def clean(self, value: Any) -> Any:
        return dict(one.split(":", 1) for one in super().clean(value))


class ConfirmForm(forms.Form):
    """The consent of a member to exactly what it has read: all items that are open, or some of them."""

    seen = ReadItemsField(label=_("What we confirm"), required=False)
    agreement = forms.UUIDField(widget=forms.HiddenInput, required=False)
    agreed = TickField(label=_("We have read what this page states and confirm it in the name of our organisation."))

    def __init__(self, *args: Any, state: PartState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["seen"]
        field.choices = [(one.token, one.item.label) for one in state.open]
        field.initial = [one.token for one in state.open]
        if not state.open:
            field.widget = forms.MultipleHiddenInput()
