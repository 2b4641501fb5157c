"""Forms of assignments for many applications."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.draws import MOST
from funding.forms.fields import LongText
from funding.models import Application
from funding.selectors.experts import Candidate
from members.models import Expert
from portal.kernel.forms import TickField, WholeField


class PrepareAssignmentForm(forms.Form):
    """Which applications, and how many experts each."""

    seats = WholeField(label=_("Experts for each application"), min_value=1, max_value=MOST)
    applications = forms.ModelMultipleChoiceField(
        label=_("Applications"), queryset=Application.objects.none(), error_messages={"required": _("Tick one.")}
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = self.fields["applications"]
        rows.queryset = choices


class ExchangeForm(forms.Form):
    """Who instead, and why."""

    expert = forms.ModelChoiceField(
        label=_("Expert instead"), queryset=Expert.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = LongText(label=_("Reason"), max_length=500, rows=3, help_text=_("It stands in the record."))

    def __init__(self, *args: Any, others: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = self.fields["expert"]
        rows.queryset = Expert.objects.filter(pk__in=[one.expert.pk for one in others]).select_related("user")
        told = {one.expert.pk: _in_words(one) for one in others}
        rows.label_from_instance = lambda expert: told[expert.pk]


def _in_words(one: Candidate) -> str:
    """Name, kind, employer, load, and a tie that has to be weighed."""
    facts = [one.expert.user.name, one.expert.get_kind_display(), str(one.expert.employer or "")]
    return " · ".join(fact for fact in (*facts, one.tie) if fact)


class AgreeAssignmentForm(forms.Form):
    """What the supervisor confirms."""

    seen = TickField(
        label=_("I have read who is proposed for which application, the changes by hand and what could not be filled.")
    )
    note = LongText(label=_("Remark"), max_length=500, rows=3, required=False)
