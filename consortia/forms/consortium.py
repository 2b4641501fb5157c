"""Forms of the consortium itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.forms.fields import area
from consortia.forms.participation import PartFields
from consortia.models import Consortium
from members.enums import OrganisationType, Role
from members.models import Organisation, User
from portal.kernel.forms import NameField

PROFILE = ["name", "sub_field", "district", "type", "form", "mission", "chief_scientist", "governance"]


class ConsortiumForm(forms.ModelForm[Consortium]):
    """The profile of a consortium."""

    class Meta:
        model = Consortium
        fields = PROFILE
        field_classes = {"name": NameField, "chief_scientist": NameField}
        widgets = {"mission": area(4), "governance": area(6)}
        help_texts = {
            "name": _("As it will stand in the agreement and in public notices."),
            "mission": _("What the consortium wants to achieve. It is shown to the public once recognised."),
            "chief_scientist": _("Who decides on the technical route."),
            "governance": _("Who decides what, how votes are counted, who runs the daily work."),
        }


class ConsortiumCreateForm(PartFields, ConsortiumForm):
    """The profile, and what the lead itself promises."""

    field_order = ["lead", *PROFILE]

    class Meta(ConsortiumForm.Meta):
        fields = ["lead", *PROFILE]

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enterprises = enterprises_of(actor)
        self.fields["lead"].queryset = enterprises  # type: ignore[attr-defined]
        first = enterprises.first()
        if first and enterprises.count() == 1:
            self.fields["lead"].initial = first
            self.fields["lead"].widget = forms.HiddenInput()
        if first and first.district:
            self.fields["district"].initial = first.district


def enterprises_of(actor: User) -> Any:
    """The enterprises that the person writes for."""
    places = [place for role, place, _district in actor.grants if role == Role.APPLICANT and place]
    return Organisation.objects.filter(pk__in=places, type=OrganisationType.ENTERPRISE).select_related("district")


class NoteForm(forms.Form):
    """A step that needs a reason."""

    note = forms.CharField(label=_("Reason"), max_length=500, widget=area(4))


class AgreementForm(forms.Form):
    """A new version of the agreement."""

    clauses = forms.MultipleChoiceField(
        label=_("What the text settles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Experts see what is missing."),
    )
    text = forms.CharField(label=_("Text"), max_length=50_000, widget=area(24), strip=False)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clauses"].choices = choices  # type: ignore[attr-defined]
