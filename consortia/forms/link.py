"""The form of a link between consortia."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.forms.fields import area
from consortia.models import Consortium, ConsortiumLink
from consortia.rules.links import LinkKind, link_fault
from portal.kernel.forms import DayField

PROJECT = ("project_name", "project_level", "project_number")


class LinkFindForm(forms.Form):
    """Looks for a published consortium."""

    q = forms.CharField(label=_("Name, number or lead organisation"), min_length=2, max_length=200)


class LinkForm(forms.ModelForm[ConsortiumLink]):
    """What two consortia would do together."""

    class Meta:
        model = ConsortiumLink
        fields = ["kind", "subject", "goal", "start", "end", *PROJECT]
        widgets = {"goal": area(4)}
        field_classes = {"start": DayField, "end": DayField}
        help_texts = {
            "goal": _("The members of both consortia and the bureau read this."),
            "project_name": _("For a joint project only."),
            "project_level": _("If it is a project of the state, the province or the city."),
        }

    def __init__(self, *args: Any, consortium: Consortium, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        """A joint project has its name; of another kind, what was typed about a project is dropped."""
        cleaned = super().clean()
        if self.cleaned_data.get("kind") != LinkKind.PROJECT:
            self.cleaned_data |= dict.fromkeys(PROJECT, "")
        kind, *project = (self.cleaned_data.get(name) or "" for name in ("kind", *PROJECT))
        for name, text in link_fault(kind, *project).items():
            self.add_error(name, str(text))
        return cleaned
