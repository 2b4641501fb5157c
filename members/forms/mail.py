"""Texts of mails, and the filter of the list of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import WholeField
from portal.kernel.outbox import LONGEST_SUBJECT

LONGEST = 5000  # signs of a text


class MailTextForm(forms.Form):
    """Subject and text in both languages; `seen` is the version that it began with."""

    subject_zh = forms.CharField(
        label=_("Subject in Chinese"), max_length=LONGEST_SUBJECT, widget=forms.TextInput(attrs={"lang": "zh-Hans"})
    )
    body_zh = forms.CharField(
        label=_("Text in Chinese"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 12, "lang": "zh-Hans"})
    )
    subject_en = forms.CharField(
        label=_("Subject in English"), max_length=LONGEST_SUBJECT, widget=forms.TextInput(attrs={"lang": "en"})
    )
    body_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 12, "lang": "en"})
    )
    seen = WholeField(min_value=0, widget=forms.HiddenInput)


class RestoreForm(forms.Form):
    """The version that is left."""

    seen = WholeField(min_value=0, widget=forms.HiddenInput)


class TextsForm(forms.Form):
    """Narrows the list of texts."""

    q = forms.CharField(label=_("Words of the notice"), required=False, max_length=100)
    own = forms.ChoiceField(
        label=_("Text"), required=False,
        choices=[("", _("All")), ("1", _("Changed by the bureau")), ("0", _("Built in"))],
    )  # fmt: skip
