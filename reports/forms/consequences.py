"""The form on which a person decides what follows from a year, proposal by proposal."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel.templatetags.ui import wan
from reports.enums import Action
from reports.models import Consequence
from reports.services.consequences import Decision

LATER, ACCEPT, DECLINE = "", "accept", "decline"
CHOICES = (
    (ACCEPT, Action.ACCEPT_CONSEQUENCE.label), (DECLINE, Action.DECLINE_CONSEQUENCE.label), (LATER, _("Decide later")),
)  # fmt: skip


def named(row: Consequence) -> str:
    """What it does, to which tranche."""
    words = [row.get_kind_display()]
    if row.tranche:
        facts = {"n": row.tranche.sequence, "amount": wan(row.tranche.amount)}
        words.append(gettext("No. %(n)s, %(amount)s ×10k yuan") % facts)
    if row.percent:
        words.append(f"{row.percent.normalize():f}%")
    return " · ".join(words)


class ConsequencesForm(forms.Form):
    """Two fields for each: what, and why."""

    def __init__(self, *args: Any, rows: Sequence[Consequence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consequences = {row.pk.hex: row for row in rows}
        for key, row in self.consequences.items():
            self.fields[f"d_{key}"] = forms.ChoiceField(
                label=named(row), choices=CHOICES, required=False, widget=forms.RadioSelect
            )
            self.fields[f"r_{key}"] = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def lines(self) -> list[tuple[Consequence, Any, Any]]:
        """Each proposal with its two fields."""
        return [(row, self[f"d_{key}"], self[f"r_{key}"]) for key, row in self.consequences.items()]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        for key in self.consequences:
            if found.get(f"d_{key}") == DECLINE and not found.get(f"r_{key}", "").strip():
                self.add_error(f"r_{key}", gettext("Say why it is declined."))
        if not self.errors and not self.decisions():
            self.add_error(None, gettext("Decide on one of them at least."))
        return found

    def decisions(self) -> list[Decision]:
        """What was decided."""
        found = self.cleaned_data
        return [
            Decision(row, found[f"d_{key}"] == ACCEPT, found.get(f"r_{key}", ""))
            for key, row in self.consequences.items()
            if found.get(f"d_{key}")
        ]
