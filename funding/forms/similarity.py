"""What an official makes of shared passages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.enums import SimilarityVerdict
from funding.forms.fields import LongText


class JudgeForm(forms.Form):
    """A judgement with its reason."""

    verdict = forms.ChoiceField(label=_("Judgement"), choices=SimilarityVerdict, widget=forms.RadioSelect)
    reason = LongText(label=_("Reason"), max_length=2000, rows=4)
