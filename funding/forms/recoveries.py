"""Forms of money that is claimed back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.enums import ClaimOutcome, RecoveryGround
from funding.forms.fields import FilesField, LongText, ReferenceField
from funding.forms.spending import YuanField
from funding.models import StatementLine
from funding.selectors.recoveries import incoming_lines
from funding.services.claims import MOST_FILES
from funding.services.recoveries import KIND
from members.models import Organisation
from portal.kernel.forms import DayField, UploadField
from portal.kernel.templatetags.ui import cn_date, wan, yuan


class RecoveryForm(forms.Form):
    """From whom, how much and why; whoever holds nothing cannot be chosen."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    ground = forms.ChoiceField(label=_("Ground"), choices=RecoveryGround.choices)
    amount = YuanField(label=_("Amount claimed (yuan)"))
    reason = LongText(
        label=_("Reason"), max_length=1000, rows=5, help_text=_("The organisation reads it in the notice.")
    )

    def __init__(self, *args: Any, holders: Sequence[tuple[Organisation, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.holders = {str(one.pk): one for one, _free in holders}
        fields["organisation"].choices = [
            (str(one.pk), gettext("%(name)s (holds %(free)s ×10k yuan)") % {"name": one.name, "free": wan(free)})
            for one, free in holders
        ]

    def clean_organisation(self) -> Organisation:
        return self.holders[self.cleaned_data["organisation"]]


class NoticeForm(forms.Form):
    """The document by which the notice is served."""

    document_number = forms.CharField(label=_("Document number of the notice"), max_length=60)
    noticed_on = DayField(label=_("Notice served on"), ahead=0)


class LineChoice(forms.ModelChoiceField[StatementLine]):
    """A line of a bank statement by its day, payer and amount."""

    def label_from_instance(self, obj: StatementLine) -> str:
        return f"{cn_date(obj.day)} · {obj.payee_name} · {yuan(obj.amount)} · {obj.reference}"


class ReceiptForm(forms.Form):
    """What arrived, and what shows it."""

    amount = YuanField(label=_("Amount (yuan)"))
    arrived_on = DayField(label=_("Arrived on"), ahead=0)
    line = LineChoice(
        label=_("Line of a bank statement"), queryset=StatementLine.objects.none(), required=False,
        help_text=_("Lines that say “returned” and name no order of ours."),
    )  # fmt: skip
    slip = ReferenceField(label=_("Or the number of the receipt"), max_length=40, required=False)
    upload = UploadField(label=_("File of the receipt"), kind=KIND, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["line"].queryset = incoming_lines()

    def clean_upload(self) -> Any:
        return self.cleaned_data["upload"] or None


class WhyForm(forms.Form):
    """Why."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3)


class ConsentForm(forms.Form):
    """A word with a step."""

    note = LongText(label=_("Note"), max_length=300, rows=3, required=False)


class ClaimObjectionForm(forms.Form):
    """Why the organisation does not owe what is claimed."""

    statement = LongText(label=pgettext_lazy("recovery", "Statement"), max_length=2000, rows=8)
    evidence = FilesField(label=_("Evidence"), kind=KIND, most=MOST_FILES, required=False)


class ClaimJudgementForm(forms.Form):
    """What becomes of the claim."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("recovery", "Decision"), choices=ClaimOutcome.choices, widget=forms.RadioSelect
    )
    amount = YuanField(label=_("Reduced to (yuan)"), required=False, help_text=_("Only where the claim is reduced."))
    reason = LongText(label=_("Reason"), max_length=1000, rows=5, help_text=_("The organisation reads it."))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("amount") and said.get("outcome") not in {None, ClaimOutcome.REDUCED}:
            self.add_error("amount", _("Only where the claim is reduced."))
        return said
