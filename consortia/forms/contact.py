"""The form that names the contact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium
from consortia.selectors.contacts import possible_contacts
from members.models import User


class ContactForm(forms.Form):
    """Whom members and officials ask."""

    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=User.objects.none(), required=False, empty_label=_("Nobody"),
        help_text=_("Somebody who writes for your organisation. Members and officials see the name and the address."),
    )  # fmt: skip

    def __init__(self, *args: Any, consortium: Consortium, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = possible_contacts(consortium)  # type: ignore[attr-defined]
