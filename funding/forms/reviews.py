"""Forms of declaring and scoring."""

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.forms.fields import LongText
from funding.models import Review
from funding.rules.scoring import Indicator
from funding.services.reviews import OPINION_LENGTH, Entry
from portal.kernel.forms import NumberField, TickField


class DeclarationForm(forms.Form):
    """What an expert declares before it sees the content."""

    no_conflict = TickField(
        label=_(
            "I have no conflict of interest: in the last three years I did not work for, hold shares in, advise or "
            "publish with any of the organisations listed, and I am not related to their leading people."
        )
    )
    confidentiality = TickField(
        label=_("I keep everything I read here confidential, copy nothing and tell nobody that I review.")
    )
    integrity = TickField(
        label=_("I judge by myself, by the criteria of the call alone, and report any attempt to influence me.")
    )


class RecuseForm(forms.Form):
    """Why an expert does not review."""

    conflict = LongText(label=_("What the conflict is"), max_length=500, rows=3)


class ScoreForm(forms.Form):
    """The rubric: one score and comment an indicator, an opinion, a tier; all of it needed only to hand in."""

    opinion = LongText(label=_("Overall opinion"), max_length=3000, rows=5, required=False)
    suggested_tier = forms.ChoiceField(
        label=_("Suggested tier"),
        choices=[*Tier.choices, ("NONE", _("No support"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        review: Review,
        rubric: Collection[Indicator],
        complete: bool,
        editable: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        saved = {row.indicator: row for row in review.scores.all()}
        for indicator in rubric:
            self._add(indicator, saved.get(indicator.code), complete)
        self.initial = {**self.initial, "opinion": review.opinion, "suggested_tier": review.suggested_tier}
        if complete:
            opinion: Any = self.fields["opinion"]
            opinion.required = self.fields["suggested_tier"].required = True
            opinion.validators.append(MinLengthValidator(OPINION_LENGTH))
        for field in self.fields.values():
            field.disabled = not editable

    def _add(self, indicator: Indicator, saved: Any, complete: bool) -> None:
        score, comment = f"score_{indicator.code}", f"comment_{indicator.code}"
        self.fields[score] = NumberField(
            label=indicator.name, min_value=0, max_value=indicator.maximum, max_digits=4, decimal_places=1,
            required=complete,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-score": ""}),
        )  # fmt: skip
        self.fields[comment] = LongText(
            label=_("Comment on %(name)s") % {"name": indicator.name}, max_length=1000, rows=2, required=False
        )
        if saved:
            self.initial = {**self.initial, score: saved.score, comment: saved.comment}

    @property
    def entries(self) -> dict[str, Entry]:
        """What was given for each indicator."""
        return {
            one.code: Entry(self.cleaned_data[f"score_{one.code}"], self.cleaned_data[f"comment_{one.code}"])
            for one in self.rubric
        }

    def lines(
        self, indicators: Collection[Indicator]
    ) -> Iterator[tuple[Indicator, forms.BoundField, forms.BoundField]]:
        """Each indicator with its two fields."""
        for one in indicators:
            yield one, self[f"score_{one.code}"], self[f"comment_{one.code}"]
