"""Forms of the draft of a contract: its frame, its targets, its budget and its plan of tranches."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.enums import BudgetCategory, BudgetSource, TrancheCondition
from funding.forms.fields import LongText
from funding.forms.rows import ColumnOf, RowsForm
from funding.models import Contract
from funding.rules.budget import NOTE_LENGTH
from funding.rules.contracts import CENT, HUNDRED, Values, target
from funding.selectors.budgets import in_wan
from funding.selectors.contracts import SENTENCES, budget_row
from funding.services.drafting import MOST_TRANCHES, Instalment
from portal.kernel.forms import CentField, DayField, NumberField

EMPTY = [("", "—")]


class FrameForm(forms.Form):
    """What the project is for, how long it runs, what the district adds."""

    purpose = LongText(label=_("Purpose of the project"), max_length=4000, rows=5)
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"))
    district_percent = NumberField(
        label=_("Share of the district, per cent of the award"), min_value=0, max_value=100, max_digits=5,
        decimal_places=2, help_text=_("What the district adds to the grant of the city; it stands in the contract."),
    )  # fmt: skip

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        terms = contract.terms
        kwargs["initial"] = {
            "purpose": terms.get("purpose", ""), "starts_on": contract.starts_on, "ends_on": contract.ends_on,
            "district_percent": terms.get("shares", {}).get("percent", "0"),
        }  # fmt: skip
        super().__init__(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)


def _text(length: int) -> forms.Field:
    return forms.CharField(max_length=length, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def _figure() -> forms.Field:
    return NumberField(max_digits=18, decimal_places=4)


class TargetsForm(RowsForm):
    """What the project reaches, year by year."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        self.years = contract.terms.get("years", [])
        self.stored = contract.terms.get("targets", [])
        rows = [{"name": one["name"], "unit": one["unit"], "baseline": one["baseline"], **one["years"]}
                for one in self.stored]  # fmt: skip
        columns = [
            ColumnOf("name", _("Indicator"), partial(_text, 200), wide=True),
            ColumnOf("unit", _("Unit"), partial(_text, 40)),
            ColumnOf("baseline", _("Baseline"), _figure, number=True),
            *(ColumnOf(year, year, _figure, number=True) for year in self.years),
        ]
        super().__init__(*args, rows=rows, columns=columns, **kwargs)

    def clean(self) -> dict[str, Any]:
        self.targets: list[Values] = []
        for number, row in self.filled():
            self.needs(number, row, "name")
            figures = {year: _plain(row[year]) for year in self.years if row[year] is not None}
            if not figures:
                self.add_error(f"r{number}_{self.years[-1]}", gettext("Give a figure for one year at least."))
            code = self.stored[number]["code"] if number < len(self.stored) else ""
            self.targets.append(target(row["name"] or "", row["unit"] or "", _plain(row["baseline"]), figures, code))
        if not self.targets:
            self.add_error(None, gettext("There is no target yet."))
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {"targets": self.targets}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


class BudgetForm(RowsForm):
    """Who spends how much on what, from which source; the grant comes to the award."""

    unit = _("Amounts in ×10k yuan")

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        terms = contract.terms
        self.years, self.award = terms.get("years", []), Decimal(terms["award"]["amount"])
        stored = terms.get("budget", [])
        self.names = self.organisations(terms)
        rows = [{"organisation": row["organisation"]["id"], "source": row["source"], "category": row["category"],
                 "note": row["note"], **{year: Decimal(amount) for year, amount in row["amounts"].items()}}
                for row in stored]  # fmt: skip
        columns = [
            ColumnOf("organisation", _("Organisation"), partial(_choice, self.names.items()), wide=True),
            ColumnOf("source", _("Source of the money"), partial(_choice, BudgetSource.choices)),
            ColumnOf("category", _("Category"), partial(_choice, BudgetCategory.choices)),
            *(ColumnOf(year, year, CentField, number=True) for year in self.years),
            ColumnOf("note", _("Note"), partial(_text, NOTE_LENGTH)),
        ]
        super().__init__(*args, rows=rows, columns=columns, **kwargs)

    def organisations(self, terms: Values) -> dict[str, str]:
        """Who may spend: the parties, and whoever stands in the budget already; names by key."""
        found = {one["id"]: one["name"] for one in terms.get("parties", [])}
        return found | {row["organisation"]["id"]: row["organisation"]["name"] for row in terms.get("budget", [])}

    def clean(self) -> dict[str, Any]:
        self.budget: list[Values] = []
        last, granted, seen = "", Decimal(0), set()
        for number, row in self.filled():
            self.needs(number, row, "organisation", "source", "category")
            key = (row["organisation"], row["source"], row["category"])
            if None not in key and "" not in key and key in seen:
                self.add_error(f"r{number}_category", gettext("This item stands in the budget already."))
            seen.add(key)
            amounts = {year: row[year] for year in self.years if row[year]}
            if row["source"] == BudgetSource.GRANT:
                granted, last = granted + sum(amounts.values()), f"r{number}_{self.years[0]}"
            self.budget.append(self._row(row, amounts))
        if granted != self.award and not self.errors:
            words = {"has": in_wan(granted), "needs": in_wan(self.award)}
            self.add_error(last or None, str(SENTENCES["budget"]) % words)
        return self.cleaned_data

    def _row(self, row: Mapping[str, Any], amounts: Mapping[str, Decimal]) -> Values:
        pk = row["organisation"] or ""
        return budget_row(
            pk, self.names.get(pk, ""), row["source"] or "", row["category"] or "", amounts, row["note"] or ""
        )

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {"budget": self.budget}


def _choice(choices: Any) -> forms.Field:
    return forms.ChoiceField(choices=[*EMPTY, *choices])


class PlanForm(RowsForm):
    """The tranches, each by its share or its amount; together they are the award."""

    most = MOST_TRANCHES
    both = _("Give either a share or an amount.")

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        self.award = contract.award.amount
        rows = [_instalment(one) for one in contract.award.tranches.order_by("sequence")]
        columns = [
            ColumnOf("percent", _("Share of the award, per cent"), _percent, number=True),
            ColumnOf("amount", _("or amount (×10k yuan)"), CentField, number=True),
            ColumnOf("condition", pgettext_lazy("tranche", "Condition"), partial(_choice, TrancheCondition.choices)),
        ]
        super().__init__(*args, rows=rows, columns=columns, **kwargs)

    def clean(self) -> dict[str, Any]:
        self.plan: list[Instalment] = []
        last = ""
        for number, row in self.filled():
            self.needs(number, row, "condition")
            if (amount := self._amount(number, row)) and row["condition"]:
                self.plan.append(Instalment(amount, TrancheCondition(row["condition"])))
                last = f"r{number}_{'amount' if row['amount'] else 'percent'}"
        planned = sum((one.amount for one in self.plan), Decimal(0))
        if planned != self.award and not self.errors:
            words = {"has": in_wan(planned), "needs": in_wan(self.award)}
            self.add_error(last or None, str(SENTENCES["tranches"]) % words)
        return self.cleaned_data

    def _amount(self, number: int, row: Mapping[str, Any]) -> Decimal | None:
        percent, amount = row["percent"], row["amount"]
        if bool(percent) == bool(amount):
            if not {f"r{number}_percent", f"r{number}_amount"} & set(self.errors):
                self.add_error(f"r{number}_amount", self.both)
            return None
        found: Decimal = amount or (self.award * percent / HUNDRED).quantize(CENT)
        return found

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {"plan": self.plan}


def _percent() -> forms.Field:
    return NumberField(min_value=0, max_value=100, max_digits=7, decimal_places=4)


def _instalment(tranche: Any) -> dict[str, Any]:
    """By its share where that comes to its amount exactly."""
    exact = (tranche.award.amount * tranche.percent / HUNDRED).quantize(CENT) == tranche.amount
    part = {"percent": f"{tranche.percent.normalize():f}"} if exact else {"amount": tranche.amount}
    return {**part, "condition": tranche.condition}
