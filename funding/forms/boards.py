"""The form of the tier board: lines, weights, and for each case what is set by hand, with the reason."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.forms.fields import LongText
from funding.rules.boards import NONE, Choice, Terms, as_points, points
from funding.rules.lines import TOP, in_order
from funding.rules.scoring import TIERS
from funding.selectors.boards import Setting
from portal.kernel.forms import NumberField, WanField

BY_LINES, UNSUPPORTED = "", "NONE"
REASON = 500  # characters
OPTIONS = ((BY_LINES, _("By the lines")), *Tier.choices, (UNSUPPORTED, _("No support")))
MONEY = WanField(required=False)


class BoardForm(forms.Form):
    """Everything that the page sends, whether it is only counted again or frozen."""

    name = forms.CharField(label=_("Name of the scenario"), max_length=80, required=False)
    common = LongText(
        label=_("Reason for every deviation that has none of its own"), max_length=REASON, rows=2, required=False
    )

    def __init__(self, *args: Any, terms: Terms, cases: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms, self.cases = terms, frozenset(cases)
        for tier in TIERS:
            self.fields[f"line_{tier}"] = NumberField(
                label=format_lazy(_("Line of tier {tier}"), tier=tier), min_value=0, max_value=as_points(TOP),
                max_digits=5, decimal_places=2,
            )  # fmt: skip
        for code in terms.dimensions:
            self.fields[f"weight_{code}"] = NumberField(
                label=terms.names[code], min_value=0, max_value=100, max_digits=5, decimal_places=2
            )

    @property
    def lines(self) -> list[tuple[str, forms.BoundField]]:
        """The fields of the lines by their tier."""
        return [(tier, self[f"line_{tier}"]) for tier in TIERS]

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields of the weights."""
        return [self[f"weight_{code}"] for code in self.terms.dimensions]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        weights = [cleaned.get(f"weight_{code}") or Decimal() for code in self.terms.dimensions]
        if not self.errors and not sum(weights):
            self.add_error(None, _("At least one dimension must count."))
        cleaned["choices"] = {pk: found for pk in self.cases if (found := self._choice(pk)) is not None}
        cleaned["reasons"] = self._reasons()
        return cleaned

    def _choice(self, pk: str) -> Choice | None:
        tier, typed = self.data.get(f"tier_{pk}", ""), self.data.get(f"amount_{pk}", "").strip()
        if tier not in dict(OPTIONS):
            self.add_error(None, _("A tier is A, B, C or none."))
            return None
        if tier == BY_LINES:
            return None
        try:
            amount = MONEY.clean(typed) if typed else None
        except (ValidationError, InvalidOperation):
            self.add_error(None, _("An amount is a number of 10,000 yuan with at most two decimals."))
            return None
        return Choice(NONE if tier == UNSUPPORTED else tier, amount)

    def _reasons(self) -> dict[str, str]:
        found = {pk: self.data.get(f"reason_{pk}", "").strip() for pk in self.cases}
        if any(len(text) > REASON for text in found.values()):
            self.add_error(None, _("A reason has at most %(most)s characters.") % {"most": REASON})
        return {pk: text for pk, text in found.items() if text}

    @property
    def setting(self) -> Setting:
        """What was typed, as the board takes it."""
        typed = self.cleaned_data
        lines = {tier: points(typed[f"line_{tier}"]) for tier in TIERS}
        weights = tuple(points(typed[f"weight_{code}"]) for code in self.terms.dimensions)
        return Setting(in_order(lines), weights, typed["choices"])


def typed_of(setting: Setting, terms: Terms) -> dict[str, Decimal]:
    """Lines and weights as the form shows them."""
    lines = {f"line_{tier}": as_points(setting.lines[tier]) for tier in TIERS}
    weights = zip(terms.dimensions, setting.weights, strict=True)
    return lines | {f"weight_{code}": as_points(weight) for code, weight in weights}


def chosen(choices: Mapping[str, Choice], pk: str) -> tuple[str, str]:
    """What the fields of a case show: tier and amount in 10,000 yuan."""
    found = choices.get(pk)
    if found is None:
        return BY_LINES, ""
    amount = "" if found.amount is None else f"{(found.amount / 10_000).quantize(Decimal('0.01')):f}"
    return found.tier or UNSUPPORTED, amount
