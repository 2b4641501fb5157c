"""Forms about personal data and accounts; what is stored never stands in them."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.enums import CorrectionField
from members.models import CorrectionRequest, Expert, Organisation, User
from members.rules.numbers import bank_account, identity_number, mobile
from portal.kernel.forms import NameField, TickField, WholeField

KEEPS = _("Stored: {mask}. Leave it empty to keep it.")
RULES = {"phone": mobile, "bank_account": bank_account, "identity_number": identity_number}
NUMERIC = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}


class SealedForm(forms.ModelForm[Any]):
    """A form with sealed fields: checks the numbers, says by their masks what is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RULES.keys() & self.fields.keys():
            field = self.fields[name]
            field.widget.attrs.update(NUMERIC)
            if stored := getattr(self.instance, name):
                field.help_text = format_lazy(KEEPS, mask=str(stored))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in RULES.keys() & data.keys():
            try:
                data[name] = RULES[name](data[name]) if data[name] else ""
            except forms.ValidationError as error:
                self.add_error(name, error)
        return data

    def _post_clean(self) -> None:
        """The service changes the row; there is no instance to check here."""


class PhoneForm(SealedForm):
    """One's mobile number."""

    remove = TickField(label=_("Delete the number that is stored"), required=False)

    class Meta:
        model = User
        fields = ["phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.phone:
            del self.fields["remove"]


class PayeeForm(SealedForm):
    """The account that grants of an organisation are paid to."""

    class Meta:
        model = Organisation
        fields = ["bank_name", "bank_account"]
        help_texts = {"bank_name": _("As on the account opening licence, with the branch.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank_name"].required = True
        self.fields["bank_account"].required = not self.instance.bank_account


class FeesForm(PayeeForm):
    """What an expert gives so that fees can be paid."""

    consent = TickField(
        label=_("I consent separately to the handling of my identity number and bank account for paying fees."),
        error_messages={"required": _("Without your consent these data cannot be kept.")},
    )
    field_order = ["identity_number", "bank_name", "bank_account", "consent"]

    class Meta:
        model = Expert
        fields = ["identity_number", "bank_name", "bank_account"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identity_number"].widget.attrs.pop("inputmode")  # it may end in X


class NoticeForm(forms.Form):
    """That the notice was read; `version` is the one that was shown."""

    version = WholeField(widget=forms.HiddenInput)
    accepted = TickField(
        label=_("I have read the privacy notice."),
        error_messages={"required": _("Please read the privacy notice and tick here.")},
    )


class CorrectionForm(forms.ModelForm[CorrectionRequest]):
    """What is wrong and what it should be."""

    class Meta:
        model = CorrectionRequest
        fields = ["field", "wanted", "explanation"]
        field_classes = {"wanted": NameField}
        widgets = {"field": forms.RadioSelect, "explanation": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "wanted": _("For name and position: exactly as it shall stand."),
            "explanation": _("For anything else: which data are wrong, and why."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = CorrectionField.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Each kind of request says what it is about."""
        data = super().clean() or {}
        if data.get("field") == CorrectionField.OTHER and not (data.get("explanation") or "").strip():
            self.add_error("explanation", _("Please say what is wrong."))
        if data.get("field") in {CorrectionField.NAME, CorrectionField.TITLE} and not data.get("wanted"):
            self.add_error("wanted", _("Please say what it should be."))
        return data

    def _post_clean(self) -> None:
        """The service makes the request; there is no instance to check here."""


class AnswerForm(forms.Form):
    """The answer to a request."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Correct the data")), ("0", _("Leave them as they are"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
