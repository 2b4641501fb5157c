"""Forms of draws: what is named beforehand, what is entered afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.models import Application
from funding.rules import drawing
from funding.rules.terms import Source
from funding.services.draws import Beacon
from portal.kernel.forms import DayField, TickField, WholeField

MOST = 15
OTHER = "OTHER"


class PrepareDrawForm(forms.Form):
    """How many seats, and which public randomness of which moment."""

    seats = WholeField(label=_("Seats to draw"), min_value=1, max_value=MOST)
    source = forms.ChoiceField(label=_("Source of the public randomness"), widget=forms.RadioSelect)
    other = forms.CharField(
        label=_("Name of the other source"), max_length=150, required=False,
        help_text=_("Where exactly everybody can read the value, and which value counts."),
    )  # fmt: skip
    public_on = DayField(
        label=_("Day of the randomness"), ahead=1, help_text=_("It must become public after the witness has agreed.")
    )
    public_time = forms.TimeField(
        label=_("Public from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Empty: the usual time of the source."),
    )  # fmt: skip

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {one.code: one for one in sources}
        field: Any = self.fields["source"]
        field.choices = [*((one.code, one.name) for one in sources), (OTHER, _("Another source"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source, day = self.sources.get(cleaned.get("source", "")), cleaned.get("public_on")
        if cleaned.get("source") == OTHER:
            for name in ("other", "public_time"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed for another source."))
        elif source and day and day.weekday() not in source.weekdays:
            self.add_error("public_on", _("On this day of the week the source publishes nothing."))
        return cleaned

    @property
    def beacon(self) -> Beacon:
        """What was named; in Chinese, as it is frozen and published."""
        facts = self.cleaned_data
        source = self.sources.get(facts["source"])
        at = facts["public_time"] or self.sources[facts["source"]].time
        moment = timezone.make_aware(datetime.combine(facts["public_on"], at))
        if source is None:
            return Beacon(facts["other"], moment)
        return Beacon(f"{source.zh}（{facts['public_on']:%Y-%m-%d}，如 {source.example}）", moment, source.pattern)


class PrepareDrawsForm(PrepareDrawForm):
    """The same for several applications of a call."""

    applications = forms.ModelMultipleChoiceField(
        label=_("Applications"), queryset=Application.objects.none(), error_messages={"required": _("Tick one.")}
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = self.fields["applications"]
        rows.queryset = choices


class WitnessForm(forms.Form):
    """What the witness confirms."""

    seen = TickField(
        label=_("I have read the frozen pool with the exclusions, and I neither asked for this draw nor prepared it.")
    )


class DrawForm(forms.Form):
    """The value that became public, typed twice: what is drawn with it stands."""

    randomness = forms.CharField(label=_("Public randomness"), max_length=200)
    again = forms.CharField(label=_("Once more"), max_length=200)
    together = forms.BooleanField(label=_("Also draw the others that wait for this value"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = [drawing.normal(cleaned.get(name, "")) for name in ("randomness", "again")]
        if typed[0] != typed[1] and not self.errors:
            self.add_error("again", _("The two values differ."))
        return cleaned
