"""Forms of the compensation of losses."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import FilesField, LongText, ReferenceField
from funding.forms.spending import YuanField
from funding.rules.compensating import CompensationTerms
from funding.services.compensations import KIND, MOST_FILES, Loss
from members.models import Organisation
from portal.kernel.forms import DayField

OTHER = ""


class CompensationForm(forms.Form):
    """A loss, what shows it, and that the market wants the technology."""

    organisation = forms.ChoiceField(label=_("Organisation that had the loss"))
    technology = forms.ChoiceField(label=_("Technology"), required=False)
    other_technology = forms.CharField(
        label=_("Another technology"), max_length=120, required=False, help_text=_("If it is not on the list.")
    )
    stage = forms.ChoiceField(label=_("Stage of the commercialisation"))
    occurred_on = DayField(label=_("Loss established on"), ahead=0)
    loss = YuanField(label=_("Loss (yuan)"))
    cause = LongText(label=_("How the loss came about"), max_length=2000, rows=5)
    demand = LongText(
        label=_("Evidence of market demand"), max_length=2000, rows=4,
        help_text=_("Orders, letters of intent, studies: why the market wants this technology."),
    )  # fmt: skip
    evidence = FilesField(label=_("Evidence of the loss"), kind=KIND, most=MOST_FILES)

    def __init__(
        self, *args: Any, applicants: Sequence[Organisation], technologies: Sequence[str], terms: CompensationTerms,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.applicants = {str(one.pk): one for one in applicants}
        fields["organisation"].choices = [(key, one.name) for key, one in self.applicants.items()]
        other = (OTHER, pgettext_lazy("technology", "Another one"))
        fields["technology"].choices = [*((name, name) for name in technologies), other]
        fields["technology"].initial = next(iter(technologies), OTHER)
        fields["stage"].choices = terms.named(get_language() or "")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not (said.get("technology") or said.get("other_technology")):
            self.add_error("technology", _("Choose a technology, or name another one."))
        return said

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        said = dict(self.cleaned_data)
        evidence, other = said.pop("evidence"), said.pop("other_technology")
        said |= {"organisation": self.applicants[said["organisation"]], "technology": said["technology"] or other}
        return {"loss": Loss(**said), "evidence": evidence}


class LossForm(forms.Form):
    """The loss as the evidence shows it."""

    accepted = YuanField(label=_("Loss accepted (yuan)"))
    reason = LongText(label=_("Reason"), max_length=500, rows=3, required=False, help_text=_("Needed if it is less."))


class GrantForm(forms.Form):
    """How much is granted."""

    granted = YuanField(label=_("Granted (yuan)"))
    reason = LongText(label=_("Reason"), max_length=500, rows=3, required=False, help_text=_("Needed if it is less."))


class CompensationReasonForm(forms.Form):
    """Why nothing comes of it."""

    reason = LongText(label=_("Reason"), max_length=500, rows=3, help_text=_("The applicant can read it."))


class CompensationPaymentForm(forms.Form):
    """A payment as the bank shows it."""

    amount = YuanField(label=_("Amount (yuan)"))
    paid_on = DayField(label=_("Paid on"), ahead=0)
    reference = ReferenceField(
        label=_("Reference of the bank"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CompensationReturnForm(forms.Form):
    """A payment that came back."""

    returned_on = DayField(label=_("Returned on"), ahead=0)
    reason = LongText(label=_("Reason"), max_length=300, rows=3)
