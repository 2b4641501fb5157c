"""Forms of defences and site visits."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import SessionKind
from funding.forms.fields import LongText, MomentField
from funding.models import Application
from funding.models.session import LONGEST, SHORTEST
from funding.rules.sessions import Check
from funding.services.sessions import FILES, Plan, Table
from members.models import User
from portal.kernel.forms import UploadField, WholeField

NOBODY = User.objects.none()


class PlaceForm(forms.Form):
    """When, and where."""

    starts_at = MomentField(label=_("Begins"))
    place = forms.CharField(label=pgettext_lazy("session", "Place"), max_length=200, required=False)
    address = forms.URLField(
        label=_("Address of the online meeting"), max_length=300, required=False, assume_scheme="https",
        help_text=_("A place, an address, or both."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("place") or cleaned.get("address") or self.errors):
            self.add_error("place", _("Give a place, an online address, or both."))
        return cleaned


class ArrangeForm(PlaceForm):
    """Where and when, who sits there, and the cases."""

    minutes = WholeField(label=_("Minutes a case"), min_value=SHORTEST, max_value=LONGEST)
    chair = forms.ModelChoiceField(label=_("Chair"), queryset=NOBODY)
    secretary = forms.ModelChoiceField(label=_("Keeper of the minutes"), queryset=NOBODY)
    officials = forms.ModelMultipleChoiceField(
        label=_("Other officials in the room"), queryset=NOBODY, required=False, widget=forms.CheckboxSelectMultiple
    )
    applications = forms.ModelMultipleChoiceField(
        label=_("Applications"), queryset=Application.objects.none(), error_messages={"required": _("Tick one.")}
    )

    def __init__(self, *args: Any, cases: Any, chairs: Any, officials: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {"applications": cases, "chair": chairs, "secretary": officials, "officials": officials}
        for name, rows in given.items():
            field: Any = self.fields[name]
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("chair") and cleaned.get("chair") == cleaned.get("secretary"):
            self.add_error("secretary", _("Chair and keeper of the minutes are two people."))
        return cleaned

    @property
    def plan(self) -> Plan:
        """Where and when."""
        facts = self.cleaned_data
        return Plan(facts["starts_at"], facts["minutes"], facts["place"], facts["address"])

    @property
    def table(self) -> Table:
        """Who conducts, and who else is there."""
        facts = self.cleaned_data
        return Table(facts["chair"], facts["secretary"], list(facts["officials"]))


class MoveForm(PlaceForm):
    """Another time or place, and why."""

    note = LongText(
        label=_("Reason"), max_length=500, rows=3,
        help_text=_("Everybody invited reads it, the applicants too: name no case and nobody who leaves the room."),
    )  # fmt: skip


class KindForm(forms.Form):
    """Which kind of session is meant."""

    kind = forms.ChoiceField(choices=SessionKind.choices)


YES_NO = (("yes", _("Holds")), ("no", _("Does not hold")))


class ConclusionForm(forms.Form):
    """What came of a case; for a visit also the list."""

    conclusion = LongText(label=pgettext_lazy("session", "Conclusion"), max_length=3000, rows=8)

    def __init__(self, *args: Any, checks: Sequence[Check] = (), given: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks, found = checks, given or {}
        for check in checks:
            known = found.get(check.code, {})
            self.fields[f"holds_{check.code}"] = forms.ChoiceField(
                label=check.label, choices=YES_NO, widget=forms.RadioSelect,
                initial={True: "yes", False: "no"}.get(known.get("holds")),
            )  # fmt: skip
            self.fields[f"note_{check.code}"] = forms.CharField(
                label=_("Remark"), max_length=300, required=False, initial=known.get("note", "")
            )
        self.order_fields([*(name for name in self.fields if name != "conclusion"), "conclusion"])

    @cached_property
    def answers(self) -> dict[str, dict[str, Any]]:
        """Code → what was found."""
        facts = self.cleaned_data
        return {
            check.code: {"holds": facts[f"holds_{check.code}"] == "yes", "note": facts[f"note_{check.code}"]}
            for check in self.checks
        }

    def lines(self) -> Iterable[tuple[Any, Any]]:
        """The pairs of fields of the list."""
        return [(self[f"holds_{check.code}"], self[f"note_{check.code}"]) for check in self.checks]


class SlotFileForm(forms.Form):
    """A photo or document."""

    upload = UploadField(kind=FILES, label=_("Photo or document"))
    title = forms.CharField(label=_("What it shows"), max_length=120)
