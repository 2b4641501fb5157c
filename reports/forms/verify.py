"""Finding the report that is to be verified."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.selectors.documents import verifiable


class FindForm(forms.Form):
    """A number as it is printed, or the SHA-256 of a file as hexadecimal digits; `report` is what was found."""

    number = forms.CharField(
        label=_("Number of the report"),
        max_length=24,
        required=False,
        help_text=_("It stands in the footer: PJ-2026-0001, or CS-2026-0001 for the summary of the city."),
    )
    sha256 = forms.RegexField(r"^[0-9a-fA-F]{64}$", required=False, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        number, digits = facts.get("number", ""), facts.get("sha256", "").lower()
        if not number and not digits:
            self.add_error("number", _("Please enter the number of a report."))
            return facts
        wanted = {"number__iexact": number} if number else {"file__sha256": digits}
        facts["report"] = verifiable(**wanted)
        if facts["report"] is None:
            self.add_error("number" if number else None, _("The portal has made no such report."))
        return facts
