"""Forms of outcomes: one form, of which each kind shows what it needs."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import NEVER_JOINED, NUMBERED, OutcomeKind
from consortia.forms.fields import area
from consortia.models import Adoption, Consortium, DuplicateClaim, Outcome
from consortia.services.outcomes import KIND, Holding
from members.models import Organisation
from portal.kernel.forms import CentField, NumberField, PastDayField, UploadField

CO_OWNERS = 4
COMMON = ("name", "identifier", "owner", "owner_share", "outside_owners", "task", "stage", "duty", "offered")
K = OutcomeKind
OF_KIND: dict[OutcomeKind, tuple[str, ...]] = {
    K.PATENT: ("patent_type", "applied_on", "granted_on"),
    K.STANDARD: ("standard_level", "standard_role", "date"),
    K.PRODUCT: ("date", "amount", "market", "first_set", "certificates"),
    K.SOFTWARE: ("date",),
    K.CONTRACT: ("date", "amount"),
    K.BREAKTHROUGH: ("breakthrough_level", "statement", "substitutes", "date"),
    K.AWARD: ("award_level", "date"),
    K.PAPER: ("date",),
}
REQUIRED = ("patent_type", "applied_on", "standard_level", "standard_role", "market", "breakthrough_level", "statement",
            "award_level")  # fmt: skip
NUMBERS: dict[OutcomeKind, str | Promise] = {
    K.PATENT: _("Number of the patent or of its application"),
    K.STANDARD: _("Number of the standard"),
    K.PRODUCT: _("Model or product number"),
    K.SOFTWARE: _("Registration number of the software copyright"),
    K.CONTRACT: _("Registration number of the contract"),
    K.BREAKTHROUGH: _("Number of the expert opinion"),
    K.AWARD: _("Number of the award certificate"),
    K.PAPER: _("DOI of the paper"),
}
DATES: dict[OutcomeKind, str | Promise] = {
    K.STANDARD: _("Published on"),
    K.PRODUCT: _("Launched on"),
    K.SOFTWARE: _("Registered on"),
    K.CONTRACT: _("Registered on"),
    K.BREAKTHROUGH: _("Achieved on"),
    K.AWARD: _("Awarded on"),
    K.PAPER: _("Published on"),
}
AMOUNTS: dict[OutcomeKind, str | Promise] = {
    K.PRODUCT: _("Sales so far (×10k yuan)"),
    K.CONTRACT: _("Value of the contract (×10k yuan)"),
}


class OutcomeForm(forms.ModelForm[Outcome]):
    """An outcome of the kind that its instance has; members own it, present or former ones."""

    class Meta:
        model = Outcome
        fields = [*COMMON, *dict.fromkeys(name for names in OF_KIND.values() for name in names)]
        widgets = {"statement": area(4)}
        field_classes = {
            "date": PastDayField, "applied_on": PastDayField, "granted_on": PastDayField, "amount": CentField,
            "owner_share": NumberField,
        }  # fmt: skip
        help_texts = {
            "owner": _("Who is named first on the document."),
            "owner_share": _("Leave all shares empty where the owners own it equally."),
            "outside_owners": _("Names of owners that are no members, if any."),
            "granted_on": _("Empty until it is granted."),
            "duty": _("What was promised in return for public money, for example to license it to others in the city."),
            "offered": _("With its name, kind, stage and owner, when they search for answers to a demand."),
            "substitutes": _("It replaces something that had to be bought abroad."),
            "first_set": _("The first of its kind, as recognised by the authorities."),
        }

    def __init__(self, *args: Any, consortium: Consortium, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = OutcomeKind(self.instance.kind)
        shown = {*COMMON, *OF_KIND[self.kind]}
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        joined = consortium.participations.exclude(status__in=NEVER_JOINED)
        self.members = Organisation.objects.filter(pk__in=joined.values("organisation"))
        self.fields["owner"].queryset = self.members  # type: ignore[attr-defined]
        self.fields["task"].queryset = consortium.tasks.all()  # type: ignore[attr-defined]
        self.fields["task"].required = consortium.tasks.exists()
        self._name()
        self._offer_co_owners()

    def _name(self) -> None:
        """Number, day and amount are called as they are on the document of this kind."""
        for name, words in (("identifier", NUMBERS), ("date", DATES), ("amount", AMOUNTS)):
            if name in self.fields:
                self.fields[name].label = words[self.kind]  # type: ignore[assignment]
        self.fields["identifier"].required = self.kind in NUMBERED
        for name in REQUIRED:
            if name in self.fields:
                self.fields[name].required = True

    def _offer_co_owners(self) -> None:
        held = list(self.instance.co_owners.all()) if self.instance.created_at and self._is_stored() else []
        for number in range(CO_OWNERS):
            row = held[number] if number < len(held) else None
            self.fields[f"co_owner_{number}"] = forms.ModelChoiceField(
                self.members, label=_("Owner %(number)s") % {"number": number + 2}, required=False,
                initial=row.organisation_id if row else None,
            )  # fmt: skip
            self.fields[f"co_share_{number}"] = NumberField(
                label=_("Share of owner %(number)s (%%)") % {"number": number + 2}, required=False, max_digits=5,
                decimal_places=2, min_value=0, max_value=100, initial=row.share if row else None,
            )  # fmt: skip

    def _is_stored(self) -> bool:
        return not self.instance._state.adding  # noqa: SLF001

    @property
    def details(self) -> list[forms.BoundField]:
        """The fields of this kind only."""
        return [self[name] for name in OF_KIND[self.kind]]

    @property
    def holdings(self) -> list[forms.BoundField]:
        """Owners and shares in turn."""
        return [self[f"co_{what}_{number}"] for number in range(CO_OWNERS) for what in ("owner", "share")]

    def clean(self) -> Any:
        cleaned = super().clean()
        self.co_owners: list[Holding] = []
        named = {self.cleaned_data.get("owner")}
        for number in range(CO_OWNERS):
            organisation, share = (
                self.cleaned_data.get(f"co_owner_{number}"),
                self.cleaned_data.get(f"co_share_{number}"),
            )
            if organisation in named - {None}:
                self.add_error(f"co_owner_{number}", _("Every owner is named once."))
            elif organisation:
                named.add(organisation)
                self.co_owners.append(Holding(organisation, share))
            elif share is not None and f"co_owner_{number}" not in self.errors:
                self.add_error(f"co_owner_{number}", _("Whose share is this?"))
        if self.kind != K.PATENT:
            return cleaned
        applied, granted = self.cleaned_data.get("applied_on"), self.cleaned_data.get("granted_on")
        if applied and granted and granted < applied:
            self.add_error("granted_on", _("A patent is not granted before it is applied for."))
        return cleaned


class EvidenceForm(forms.Form):
    """A file that proves an outcome."""

    upload = UploadField(kind=KIND, label=_("File"))
    label = forms.CharField(
        label=_("What it proves"), max_length=120, help_text=_("For example: patent certificate, sales contract.")
    )


class AdoptionForm(forms.ModelForm[Adoption]):
    """Who uses an outcome since when."""

    class Meta:
        model = Adoption
        fields = ["adopter", "since", "scene"]
        field_classes = {"since": PastDayField}


class JudgeForm(forms.Form):
    """A remark of the bureau; on a doubt it is the reason."""

    note = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=area(3))


class DoubtForm(forms.Form):
    """Why the bureau doubts an outcome."""

    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=area(3), help_text=_("The members of the consortium read it.")
    )


class SettleForm(forms.Form):
    """Who is entitled to a number that is claimed twice, and why."""

    FIRST, SECOND, BOTH = "first", "second", "both"

    ruling = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=area(4),
        help_text=_("Both consortia read it. Name nothing that only one of them may know."),
    )  # fmt: skip

    def __init__(self, *args: Any, claim: DuplicateClaim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        withdraws = _("The claim of %(consortium)s is withdrawn")
        self.fields["ruling"].choices = [  # type: ignore[attr-defined]
            (self.SECOND, withdraws % {"consortium": _party(claim.second, claim.first)}),
            (self.FIRST, withdraws % {"consortium": _party(claim.first, claim.second)}),
            (self.BOTH, _("Both are entitled")),
        ]


def _party(outcome: Outcome, other: Outcome) -> str:
    """A claim by its consortium, or by its name where one consortium claims twice."""
    return outcome.name if outcome.consortium_id == other.consortium_id else outcome.consortium.name
