"""The rubric as a form, disputes of computed scores, reopenings."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.forms.fields import LongText
from funding.models import Review
from funding.rules.scoring import Indicator
from funding.services.scores import EMPTY, OPINION_LENGTH, TEXTS, Entry, Typing, standing
from portal.kernel.audit import sha256
from portal.kernel.forms import NumberField, WholeField


def digest(value: Any) -> str:
    """A short mark of what stands in a part of the sheet."""
    told = (
        [f"{value.score:.1f}" if value.score is not None else "", value.comment] if isinstance(value, Entry) else value
    )
    return sha256(told)[:12]


class ScoreForm(forms.Form):
    """The rubric: one score and comment an indicator, an opinion, a tier; all of it needed only to hand in.

    Beside each part stands which version of it the page began with and what that was, so that only what somebody
    really changed is saved, and nobody is told of a conflict in a part that was not touched.
    """

    version = WholeField(widget=forms.HiddenInput, min_value=0, required=False)
    page = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    opinion = LongText(label=_("Overall opinion"), max_length=3000, rows=5, required=False)
    suggested_tier = forms.ChoiceField(
        label=_("Suggested tier"),
        choices=[*Tier.choices, ("NONE", _("No support"))],
        widget=forms.RadioSelect,
        required=False,
    )
    remark = LongText(
        label=_("Confidential remark to the bureau"), max_length=3000, rows=2, required=False,
        help_text=_("Only officials who handle reviews read it; never the applicant, never another expert."),
    )  # fmt: skip

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
        self.rubric, self.there = rubric, standing(review=review)
        for indicator in rubric:
            self._add(indicator, self.there.get(indicator.code, EMPTY), complete)
        for part in (*(one.code for one in rubric), *TEXTS):
            saved = review.saved.get(part, {}).get("version", 0)
            mark = f"{saved}:{digest(self.there.get(part, EMPTY))}"
            self.fields[f"seen_{part}"] = forms.CharField(
                widget=forms.HiddenInput, max_length=40, required=False, initial=mark
            )
        self.initial = {**self.initial, **{name: self.there[name] for name in TEXTS}, "version": review.version}
        if complete:
            opinion: Any = self.fields["opinion"]
            opinion.required = self.fields["suggested_tier"].required = True
            opinion.validators.append(MinLengthValidator(OPINION_LENGTH))
        for field in self.fields.values():
            field.disabled = not editable

    def _add(self, indicator: Indicator, saved: Entry, complete: bool) -> None:
        score, comment = f"score_{indicator.code}", f"comment_{indicator.code}"
        hint = {"aria-describedby": f"a-{indicator.code}"} if indicator.anchors else {}
        self.fields[score] = NumberField(
            label=indicator.name, min_value=0, max_value=indicator.maximum, max_digits=4, decimal_places=1,
            required=complete,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-score": "", **hint}),
        )  # fmt: skip
        self.fields[comment] = LongText(
            label=_("Comment on %(name)s") % {"name": indicator.name}, max_length=1000, rows=2, required=False
        )
        self.initial = {**self.initial, score: saved.score, comment: saved.comment}

    # --- what was typed ------------------------------------------------------------------------
    @property
    def entries(self) -> dict[str, Entry]:
        """What was changed of the indicators; of a form with errors, the rest of it."""
        return {part: value for part, value in self._changed().items() if isinstance(value, Entry)}

    @property
    def texts(self) -> dict[str, str]:
        """What was changed of the texts."""
        return {part: value for part, value in self._changed().items() if not isinstance(value, Entry)}

    @property
    def typing(self) -> Typing:
        """Which versions of the parts the page had seen."""
        seen = {part: self._seen(part)[0] for part in self._typed()}
        return Typing(seen, self.cleaned_data.get("page", ""))

    def _typed(self) -> dict[str, Any]:
        data = self.cleaned_data
        found: dict[str, Any] = {name: data[name] for name in TEXTS if name in data and self._sent(name)}
        for one in self.rubric:
            score, comment = f"score_{one.code}", f"comment_{one.code}"
            if score in data and comment in data and (self._sent(score) or self._sent(comment)):
                found[one.code] = Entry(data[score], data[comment])
        return found

    def _sent(self, name: str) -> bool:
        """A part that the page did not send stays; unticked radio buttons send nothing."""
        return name in self.data

    def _changed(self) -> dict[str, Any]:
        return {part: value for part, value in self._typed().items() if digest(value) != self._seen(part)[1]}

    def _seen(self, part: str) -> tuple[int, str]:
        version, _colon, before = (self.cleaned_data.get(f"seen_{part}") or "").partition(":")
        return (int(version) if re.fullmatch("[0-9]{1,9}", version) else 0), before

    @staticmethod
    def marks(parts: Mapping[str, tuple[int, Any]]) -> dict[str, str]:
        """The hidden fields that say which versions of these parts the page has seen."""
        return {f"seen_{part}": f"{version}:{digest(value)}" for part, (version, value) in parts.items()}

    def see(self, parts: Mapping[str, tuple[int, Any]]) -> None:
        """Having been shown these parts, one may save over them."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, mark in self.marks(parts).items():
            data[name] = mark
        self.data = data

    # --- the page ------------------------------------------------------------------------------
    def lines(
        self, indicators: Collection[Indicator]
    ) -> Iterator[tuple[Indicator, forms.BoundField, forms.BoundField]]:
        """Each indicator with its two fields."""
        for one in indicators:
            yield one, self[f"score_{one.code}"], self[f"comment_{one.code}"]


class DisputeForm(forms.Form):
    """Why a computed score is wrong."""

    grounds = LongText(label=_("Why it is wrong, and where that can be seen"), max_length=1000, rows=5)


class UpholdForm(forms.Form):
    """The corrected score with its evidence, and what the expert is told."""

    corrected = NumberField(label=_("Corrected score"), min_value=0, max_digits=4, decimal_places=1)
    evidence = LongText(label=_("Evidence for the corrected score"), max_length=500, rows=3)
    answer = LongText(label=_("Answer to the expert"), max_length=1000, rows=3)


class AnswerForm(forms.Form):
    """What the expert is told."""

    answer = LongText(label=_("Answer to the expert"), max_length=1000, rows=3)


class ReopeningForm(forms.Form):
    """Why a locked review is to be scored again."""

    reason = LongText(label=_("Reason"), max_length=500, rows=4)


class ConsentForm(forms.Form):
    """What the supervisor adds."""

    answer = LongText(label=_("Remark"), max_length=500, rows=3, required=False)


class RefusalForm(forms.Form):
    """Why the review stays locked."""

    answer = LongText(label=_("Reason"), max_length=500, rows=3)
