"""Forms of the register of relations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.rules.relations import RelationKind
from portal.kernel.forms import DayField, NameField, NumberField, PastDayField


class RelationForm(forms.Form):
    """What binds an expert to whom."""

    kind = forms.ChoiceField(label=_("Relation"), choices=RelationKind.choices, widget=forms.RadioSelect)
    person = NameField(
        label=_("The other person"), max_length=60, required=False,
        help_text=_("Only for kinship, supervision and joint inventions; then also where the person works, if known."),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Credit code of the organisation"), max_length=18, required=False,
        help_text=_("When the organisation is in the portal."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    name = NameField(
        label=_("Name of the organisation"), max_length=120, required=False,
        help_text=_("When the organisation is not in the portal."),
    )  # fmt: skip
    percent = NumberField(label=_("Shareholding (%)"), max_digits=5, decimal_places=2, required=False)
    since = PastDayField(label=_("Bound since"), required=False)
    until = DayField(label=_("Until"), required=False, help_text=_("Empty while it lasts."))
    document_number = NameField(label=_("Document or register entry"), max_length=120, required=False)
