"""Forms of the consortium itself."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import ConsortiumForm as Form
from consortia.forms.fields import area
from consortia.forms.participation import PartFields
from consortia.models import Consortium, SubField
from consortia.rules.profile import LEADING, Direction
from consortia.services.amendments import AMENDABLE
from members.enums import Role
from members.models import Organisation, User
from portal.kernel.forms import CentField, DayField, NameField

PROFILE = [
    "name", "sub_field", "cross_fields", "district", "type", "form", "entity_name", "entity_code", "entity_capital",
    "operating_model", "directions", "chain_action", "industry_class", "mission", "alignment", "chief_scientist",
    "decision_body", "secretariat", "governance", "exit_plan", "sunset_on",
]  # fmt: skip


class WithCompany(forms.BaseForm):
    """A company has its own name and code; what is virtual has none."""

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.cleaned_data.get("form") == Form.VIRTUAL:
            self.cleaned_data |= {"entity_name": "", "entity_code": "", "entity_capital": None}
            return cleaned
        for name in ("entity_name", "entity_code"):
            if name not in self.errors and not self.cleaned_data[name]:
                self.add_error(name, _("An incorporated consortium needs this."))
        return cleaned


class ConsortiumForm(WithCompany, forms.ModelForm[Consortium]):
    """The profile of a consortium."""

    directions = forms.MultipleChoiceField(
        label=_("Strategic directions"), choices=Direction.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Consortium
        fields = PROFILE
        field_classes = {
            "name": NameField, "chief_scientist": NameField, "entity_name": NameField, "entity_capital": CentField,
            "sunset_on": DayField,
        }  # fmt: skip
        labels = {"entity_capital": _("Registered capital (×10k yuan)")}
        widgets = {
            "mission": area(4), "alignment": area(4), "governance": area(6), "exit_plan": area(3),
            "cross_fields": forms.CheckboxSelectMultiple,
        }  # fmt: skip
        help_texts = {
            "name": _("As it will stand in the agreement and in public notices."),
            "mission": _("What the consortium wants to achieve. It is shown to the public once recognised."),
            "chief_scientist": _("Who decides on the technical route."),
            "entity_name": _("Only if incorporated: the company's own name, code and capital."),
            "alignment": _("Which national or provincial strategy the work serves, and how."),
            "decision_body": _("For example: council of all members, two thirds decide."),
            "exit_plan": _("How the consortium will stand on its own feet when the support ends."),
            "governance": _("Who decides what, how votes are counted, who runs the daily work."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = SubField.objects.offered(timezone.localdate()).values("pk")
        kept = SubField.objects.filter(Q(pk__in=offered) | Q(pk=self.instance.sub_field_id))
        self.fields["sub_field"].queryset = kept  # type: ignore[attr-defined]
        self.fields["cross_fields"].queryset = kept  # type: ignore[attr-defined]


class AmendForm(WithCompany, forms.ModelForm[Consortium]):
    """What may change of the profile once the consortium is at work, and why it changes."""

    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=area(3),
        help_text=_("It stands on the timeline; officials and your own organisation read it."),
    )  # fmt: skip

    class Meta(ConsortiumForm.Meta):
        fields = list(AMENDABLE)


class ConsortiumCreateForm(PartFields, ConsortiumForm):
    """The profile, and what the lead itself promises."""

    field_order = ["lead", *PROFILE]

    class Meta(ConsortiumForm.Meta):
        fields = ["lead", *PROFILE]

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leads = leads_of(actor)
        self.fields["lead"].queryset = leads  # type: ignore[attr-defined]
        first = leads.first()
        if first and leads.count() == 1:
            self.fields["lead"].initial = first
            self.fields["lead"].widget = forms.HiddenInput()
        if first and first.district:
            self.fields["district"].initial = first.district


def leads_of(actor: User) -> Any:
    """The organisations that the person writes for and that may lead."""
    places = [place for role, place, _district in actor.grants if role == Role.APPLICANT and place]
    return Organisation.objects.filter(pk__in=places, type__in=LEADING).select_related("district")


class NoteForm(forms.Form):
    """A step that needs a reason."""

    note = forms.CharField(label=_("Reason"), max_length=500, widget=area(4))
