"""Forms of the registers: what one may choose follows from who writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED
from consortia.forms.fields import area, in_order
from consortia.models import (
    AttractedEnterprise,
    Consortium,
    Contribution,
    Exchange,
    JointTraining,
    Obligation,
    Participation,
    PlatformMatch,
    Recognition,
    Risk,
    SharingRecord,
    SupplyLink,
    Talent,
)
from consortia.permissions import writes_for_lead
from consortia.selectors.demands import writing_places
from consortia.services.registers import KIND
from members.models import Organisation
from members.rules.codes import credit_code
from portal.kernel.forms import CentField, DayField, NameField, NumberField, PastDayField, UploadField, WholeField


class PartChoice(forms.ModelChoiceField[Participation]):
    """A member, shown by the name of its organisation."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.organisation)


class EntryForm(forms.ModelForm[Any]):
    """Offers members and tasks of the consortium; whoever does not write for the lead, its own organisation only."""

    def __init__(self, *args: Any, consortium: Consortium, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.consortium = consortium
        parts = Participation.objects.filter(consortium=consortium, status__in=JOINED).select_related("organisation")
        owned = parts if writes_for_lead(user, consortium) else parts.filter(organisation__in=writing_places(user))
        model = self.instance
        self._offer({name: owned if name == model.OWNER else parts for name in model.MEMBERS})
        if "participation" in self.fields:
            self.fields["participation"].queryset = owned  # type: ignore[attr-defined]
        if "task" in self.fields:
            self.fields["task"].queryset = consortium.tasks.all()  # type: ignore[attr-defined]
        if "technology" in self.fields:
            self.fields["technology"].queryset = consortium.technologies.all()  # type: ignore[attr-defined]

    def _offer(self, parts: dict[str, Any]) -> None:
        for name, rows in parts.items():
            offered = Organisation.objects.filter(pk__in=rows.values("organisation"))
            self.fields[name].queryset = offered  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the service is told besides the entry itself."""
        return {name: self.cleaned_data[name] for name in ("upload", "beyond") if name in self.cleaned_data}


class TalentForm(EntryForm):
    """Talent at work for another member."""

    class Meta:
        model = Talent
        fields = [
            "name", "consent", "headcount", "programme", "mode", "home", "host", "task", "person_months",
            "start", "end",
        ]  # fmt: skip
        field_classes = {
            "name": NameField, "headcount": WholeField, "person_months": NumberField, "start": DayField,
            "end": DayField,
        }  # fmt: skip
        help_texts = {
            "name": _("Leave it empty to record people by number only; a name needs the consent of the person."),
            "person_months": _("Of all of them together, over the whole period."),
        }

    def clean(self) -> Any:
        cleaned = super().clean()
        in_order(self, "start", "end", _("The end must not be before the start."))
        said = self.cleaned_data
        for name, fits in (("consent", said.get("consent")), ("headcount", said.get("headcount", 1) == 1)):
            if said.get("name") and not fits:
                self.add_error(name, _("A name stands for one person, who has agreed to be named."))
        return cleaned


class TrainingForm(EntryForm):
    """People trained together."""

    class Meta:
        model = JointTraining
        fields = ["degree", "headcount", "home", "partner", "start", "end"]
        field_classes = {"headcount": WholeField, "start": DayField, "end": DayField}

    def clean(self) -> Any:
        cleaned = super().clean()
        in_order(self, "start", "end", _("The end must not be before the start."))
        home, partner = self.cleaned_data.get("home"), self.cleaned_data.get("partner")
        if home and home == partner:
            self.add_error("partner", _("Name two different organisations."))
        return cleaned


class SharingForm(EntryForm):
    """A shared resource and its use."""

    class Meta:
        model = SharingRecord
        fields = ["resource", "name", "provider", "used_by", "quantity", "unit", "charge", "date"]
        field_classes = {"quantity": NumberField, "charge": CentField, "date": PastDayField}
        labels = {"charge": _("Charge (×10k yuan)")}


class RecognitionForm(EntryForm):
    """A recognition."""

    upload = UploadField(label=_("Document"), kind=KIND, required=False)

    class Meta:
        model = Recognition
        fields = ["kind", "level", "name", "batch", "document_number", "date"]
        field_classes = {"date": PastDayField}


class ContributionForm(EntryForm):
    """Something that has arrived."""

    upload = UploadField(label=_("Evidence"), kind=KIND, required=False)
    beyond = forms.BooleanField(label=_("It is more than was promised, and that is right"), required=False)

    class Meta:
        model = Contribution
        fields = ["participation", "kind", "amount", "received_on", "note"]
        field_classes = {"participation": PartChoice, "amount": CentField, "received_on": PastDayField}
        labels = {"amount": _("Amount (×10k yuan)")}
        help_texts = {"note": _("For a contribution in kind: what it is and how its value was found.")}


class ExchangeForm(EntryForm):
    """How layers worked together."""

    class Meta:
        model = Exchange
        fields = ["kind", "topic", "layer", "with_layer", "date", "result"]
        field_classes = {"date": PastDayField}


class SupplyForm(EntryForm):
    """What a member buys, and from whom."""

    class Meta:
        model = SupplyLink
        fields = ["goods", "customer", "supplier", "outside_supplier", "sourcing", "is_domestic", "answer"]
        help_texts = {
            "outside_supplier": _("Only when no member supplies it."),
            "answer": _("For a single source: who else is being qualified, and until when."),
        }


class AttractedForm(EntryForm):
    """An enterprise that settled here."""

    class Meta:
        model = AttractedEnterprise
        fields = ["name", "uscc", "introduced_by", "way", "chain_position", "district", "park", "investment", "date"]
        field_classes = {"name": NameField, "investment": CentField, "date": PastDayField}
        labels = {"investment": _("Investment (×10k yuan)")}

    def clean_uscc(self) -> str:
        """Empty, or a code whose last character fits."""
        code: str = self.cleaned_data["uscc"]
        return credit_code(code) if code else ""


class MatchForm(EntryForm):
    """A platform of a higher level."""

    class Meta:
        model = PlatformMatch
        fields = ["platform", "level", "technology", "need", "date", "result", "record"]
        field_classes = {"date": PastDayField}
        labels = {"date": _("Asked on")}


class MatchAnswerForm(forms.Form):
    """The bureau's answer to such a request."""

    answer = forms.CharField(
        label=_("Answer of the bureau"), max_length=500, widget=area(5),
        help_text=_("The members of the consortium read it."),
    )  # fmt: skip


class RiskForm(EntryForm):
    """A risk of a task."""

    class Meta:
        model = Risk
        fields = ["task", "description", "probability", "impact", "response"]


class ObligationForm(EntryForm):
    """A duty of a member, and how it was fulfilled."""

    upload = UploadField(label=_("Evidence"), kind=KIND, required=False)

    class Meta:
        model = Obligation
        fields = ["member", "clause", "duty", "due", "state", "settled_on", "remark"]
        field_classes = {"due": DayField, "settled_on": PastDayField}
        help_texts = {"remark": _("What was delivered, or what the breach consists in.")}


FORMS: dict[str, type[EntryForm]] = {
    "talent": TalentForm,
    "training": TrainingForm,
    "sharing": SharingForm,
    "recognition": RecognitionForm,
    "contribution": ContributionForm,
    "exchange": ExchangeForm,
    "supply": SupplyForm,
    "attracted": AttractedForm,
    "match": MatchForm,
    "risk": RiskForm,
    "obligation": ObligationForm,
}
