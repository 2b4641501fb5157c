"""Forms of contracts and tranches."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText, ReferenceField
from portal.kernel.forms import DayField, TickField


class AgreeForm(forms.Form):
    """A step that is taken knowingly."""

    agree = TickField(label=_("I have read the contract and sign it in the name of my organisation."))


class ConfirmForm(forms.Form):
    """A party's part, looked at."""

    agree = TickField(label=_("I have read the contract; the duties and the money of my organisation in it are right."))


class NoteForm(forms.Form):
    """A step with an optional note."""

    note = LongText(
        label=_("Note"),
        required=False,
        max_length=1000,
        rows=3,
        help_text=_("Stays in the history, which the lead can read, too."),
    )


class ReasonForm(forms.Form):
    """A step that must be explained."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3, help_text=_("The lead is told and can read it."))


class StatementForm(forms.Form):
    """The lead's request for a tranche."""

    statement = LongText(
        label=_("Statement"),
        max_length=1000,
        rows=5,
        help_text=_("What the money is for, what was done with the last tranche, what own funds have arrived."),
    )


class PaymentForm(forms.Form):
    """The payment as the bank reports it."""

    voucher = ReferenceField(
        label=_("Voucher number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    paid_on = DayField(label=_("Paid on"))


class ReceiptForm(forms.Form):
    """The day on which the money arrived."""

    received_on = DayField(label=_("Received on"))
