"""Forms of the life cycle: decisions, rectification, exit, taxonomy."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consortia.enums import ExitMeasure, ExitTrigger, Tier
from consortia.forms.fields import area
from consortia.models import SubField
from consortia.services.consortia import FILES
from consortia.services.exits import Settlement
from consortia.services.life import Paper
from consortia.services.taxonomies import FILES as TAXONOMY_FILES
from consortia.services.taxonomies import Naming
from members.enums import IntegrityLevel
from portal.kernel.forms import CentField, DayField, NumberField, PastDayField, UploadField

UNCHANGED = [("", "—")]


class PaperForm(forms.Form):
    """A decision with its reason, its document and its meeting."""

    note = forms.CharField(label=_("Reason"), max_length=2000, widget=area(4))
    document_number = forms.CharField(label=_("Document number"), max_length=60)
    meeting = forms.CharField(label=_("Meeting"), max_length=120)
    meeting_on = PastDayField(label=_("Day of the meeting"))

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {"note": self.cleaned_data["note"], "paper": self.paper()}

    def paper(self) -> Paper:
        """The document and the meeting."""
        return Paper(**{name: self.cleaned_data[name] for name in ("document_number", "meeting", "meeting_on")})


class LoosePaperForm(PaperForm):
    """The same where document and meeting may be missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("document_number", "meeting", "meeting_on"):
            self.fields[name].required = False


class TierForm(PaperForm):
    """Another tier; only those in the direction of the step are offered."""

    field_order = ["tier"]
    tier = forms.ChoiceField(label=_("New tier"))

    def __init__(self, *args: Any, tiers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = [one for one in Tier.choices if one[0] in tiers]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"tier": self.cleaned_data["tier"]}


class RectifyForm(LoosePaperForm):
    """What has to be put right until when."""

    field_order = ["note", "demands", "due"]
    demands = forms.CharField(label=_("What has to be put right"), max_length=2000, widget=area(5))
    due = DayField(label=_("Until"))

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"demands": self.cleaned_data["demands"], "due": self.cleaned_data["due"]}


class RectificationForm(forms.Form):
    """What was done."""

    report = forms.CharField(label=_("What was done"), max_length=4000, widget=area(8))
    evidence = UploadField(label=_("Evidence"), kind=FILES, required=False)


class SharesForm(forms.Form):
    """The share of each present member; once the consortium is at work also why it changes."""

    def __init__(self, *args: Any, members: list[Any], asks_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for one in members:
            self.fields[str(one.pk)] = NumberField(
                label=one.name, required=False, min_value=0, max_value=100, decimal_places=4
            )
        if asks_reason:
            self.fields["note"] = forms.CharField(label=_("Reason"), max_length=500, widget=area(3))

    def shares(self) -> dict[Any, Any]:
        """What was typed, by organisation."""
        return {one: self.cleaned_data[str(one.pk)] for one in self.members if self.cleaned_data[str(one.pk)]}


# --- exit --------------------------------------------------------------------------------------
class RequestExitForm(forms.Form):
    """The lead asks to leave."""

    grounds = forms.CharField(label=pgettext_lazy("exit", "Grounds"), max_length=2000, widget=area(6))


class OpenExitForm(RequestExitForm):
    """The bureau opens a case."""

    field_order = ["trigger"]
    trigger = forms.ChoiceField(
        label=_("Trigger"), choices=[one for one in ExitTrigger.choices if one[0] != ExitTrigger.VOLUNTARY]
    )


class NoticeForm(forms.Form):
    """The notice with its facts and the measure intended."""

    notice_number = forms.CharField(label=_("Document number"), max_length=60)
    note = forms.CharField(
        label=_("Facts and intended measure"), max_length=2000, widget=area(6),
        help_text=_("The lead organisation reads this and answers it."),
    )  # fmt: skip


class OptionalNoteForm(forms.Form):
    """A step with a remark."""

    note = forms.CharField(label=_("Remark"), max_length=500, widget=area(3), required=False)


class StatementForm(forms.Form):
    """What the lead says."""

    statement = forms.CharField(label=pgettext_lazy("exit", "Statement"), max_length=4000, widget=area(10))
    evidence = UploadField(label=_("Attachment"), kind=FILES, required=False)


class AppealForm(forms.Form):
    """The appeal."""

    appeal = forms.CharField(label=_("Appeal"), max_length=4000, widget=area(10))
    evidence = UploadField(label=_("Attachment"), kind=FILES, required=False)


class AssessForm(forms.Form):
    """How everything is settled."""

    funds = forms.CharField(label=_("Settlement of the funds"), max_length=2000, widget=area(3))
    recovered = CentField(label=_("To be paid back (×10k yuan)"), initial=0)
    ip = forms.CharField(label=_("Settlement of the intellectual property"), max_length=2000, widget=area(3))
    equipment = forms.CharField(label=_("Settlement of the equipment"), max_length=2000, widget=area(3))
    no_fault = forms.BooleanField(
        label=_("Diligent, without fault"), required=False,
        help_text=_("The consortium did what it could; nothing enters the integrity record."),
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {"settlement": Settlement(**self.cleaned_data)}


class DecideExitForm(PaperForm):
    """What the meeting decided."""

    field_order = ["measure", "integrity_level"]
    measure = forms.ChoiceField(label=_("Measure"), choices=ExitMeasure.choices)
    integrity_level = forms.ChoiceField(
        label=_("Integrity record"), choices=[*UNCHANGED, *IntegrityLevel.choices], required=False,
        help_text=_("Only for a violation of rules."),
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in ("measure", "integrity_level")}
        return super().facts() | chosen


# --- taxonomy ----------------------------------------------------------------------------------
class TaxonomyForm(forms.Form):
    """A new version."""

    label = forms.CharField(label=_("What it is called"), max_length=60)
    valid_from = DayField(label=_("Valid from"))


class SubFieldForm(forms.ModelForm[SubField]):
    """Names in both languages, and the documents."""

    roadmap = UploadField(label=_("Roadmap"), kind=TAXONOMY_FILES, required=False)
    timetable = UploadField(label=_("Timetable"), kind=TAXONOMY_FILES, required=False)
    task_book = UploadField(label=_("Task book"), kind=TAXONOMY_FILES, required=False)

    class Meta:
        model = SubField
        fields = ["name_zh", "name_en", "cluster_zh", "cluster_en"]

    def naming(self) -> Naming:
        """What the service takes."""
        return Naming(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def documents(self) -> dict[str, Any]:
        """The files sent."""
        return {name: self.cleaned_data[name] for name in ("roadmap", "timetable", "task_book")}


class NewSubFieldForm(forms.ModelForm[SubField]):
    """A sub-field that there was not before."""

    code = forms.CharField(
        label=_("Code"), max_length=6,
        validators=[RegexValidator(r"\A[A-Z][0-9]{2}\Z", _("A capital letter and two digits, such as E06."))],
    )  # fmt: skip

    class Meta:
        model = SubField
        fields = ["name_zh", "name_en", "cluster_zh", "cluster_en"]

    def naming(self) -> Naming:
        """What the service takes."""
        return Naming(**{name: self.cleaned_data[name] for name in self.Meta.fields})
