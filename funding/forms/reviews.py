"""Forms of declaring."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.fields import LongText
from funding.services.reviews import GROUNDS
from portal.kernel.forms import DayField, TickField


class DeclarationForm(forms.Form):
    """What an expert declares before it sees the content."""

    no_conflict = TickField(
        label=_(
            "I have no conflict of interest: in the last three years I did not work for, hold shares in, advise or "
            "publish with any of the organisations listed, and I am not related to their leading people."
        )
    )
    confidentiality = TickField(
        label=_("I keep everything I read here confidential, copy nothing and tell nobody that I review.")
    )
    integrity = TickField(
        label=_("I judge by myself, by the criteria of the call alone, and report any attempt to influence me.")
    )


class SecondDeclarationForm(forms.Form):
    """What an expert declares once the panel has met."""

    no_conflict = TickField(
        label=_(
            "In the session and the discussion nothing came up that binds me to the lead or a member: I have no "
            "conflict of interest, as I declared before."
        )
    )


class DeclineForm(forms.Form):
    """Why an expert does not take an invitation on."""

    ground = forms.ChoiceField(
        label=_("Why not"), widget=forms.RadioSelect, choices=[(one.value, one.label) for one in GROUNDS]
    )
    remark = LongText(
        label=_("Remark"), max_length=500, rows=3, required=False,
        help_text=_("Needed for a conflict of interest and for another reason."),
    )  # fmt: skip


class AnswerDayForm(forms.Form):
    """Until when an expert may answer, and why the day is another one."""

    until = DayField(label=_("Answer by"))
    note = LongText(
        label=_("Reason"), max_length=500, rows=3, help_text=_("Stays on record; the expert does not read it.")
    )


class RecuseForm(forms.Form):
    """Why an expert does not review."""

    conflict = LongText(label=_("What the conflict is"), max_length=500, rows=3)
