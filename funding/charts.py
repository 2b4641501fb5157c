"""The pictures of the money: the year's budget, the tiers, the districts, the sub-fields."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consortia.enums import Tier
from consortia.models import SubField
from funding.selectors.money import Budget, Line
from portal.kernel import charts
from portal.kernel.charts import Colour
from portal.kernel.templatetags.ui import wan

COLOURS: dict[str, Colour] = {Tier.A: "done", Tier.B: "due", Tier.C: "free"}


def budget_bar(budget: Budget) -> SafeString:
    """What is paid, what is promised, what is left, over the whole width."""
    parts: list[tuple[Colour, float]] = [
        ("done", float(budget.paid)), ("due", float(budget.promised)), ("free", float(budget.left)),
    ]  # fmt: skip
    label = _("Paid %(paid)s, awarded but not paid %(promised)s, not awarded %(left)s (×10k yuan)") % {
        "paid": wan(budget.paid, 0), "promised": wan(budget.promised, 0), "left": wan(budget.left, 0),
    }  # fmt: skip
    whole = max(budget.total, budget.paid + budget.promised)
    return charts.stack(parts, total=float(whole), label=label)


def tier_bar(line: Line, largest: Decimal) -> SafeString:
    """What is paid and promised in one tier, on the scale of the largest."""
    parts: list[tuple[Colour, float]] = [("done", float(line.paid)), ("due", float(line.promised))]
    label = _("Paid %(paid)s, awarded but not paid %(promised)s (×10k yuan)") % {
        "paid": wan(line.paid, 0), "promised": wan(line.promised, 0),
    }  # fmt: skip
    return charts.stack(parts, total=float(largest), label=label, height=10)


def district_map(lines: Sequence[Line], address: Callable[[Line], str]) -> SafeString:
    """The districts with what was awarded there; each leads to its rows."""
    if not lines:
        return SafeString()
    cells = [
        charts.Cell(
            name=line.of.short_name, col=float(line.of.column), row=line.of.row, value=float(line.awarded),
            text=wan(line.awarded, 0), note=ngettext("%(n)d award", "%(n)d awards", line.count) % {"n": line.count},
            href=address(line),
        )
        for line in lines
    ]  # fmt: skip
    return charts.hexmap(cells, label=_("Awarded by district, in 10,000 yuan"))


def field_bars(fields: Sequence[tuple[SubField, list[Line]]], address: Callable[[SubField], str]) -> SafeString:
    """The sub-fields with what was awarded in each tier; each leads to its rows."""
    rows = [
        charts.Bar(
            str(field),
            tuple((COLOURS[line.of], float(line.awarded)) for line in lines),
            wan(sum((line.awarded for line in lines), Decimal(0)), 0),
            address(field),
        )
        for field, lines in fields
    ]
    return charts.bars(rows, label=_("Awarded by sub-field and tier, in 10,000 yuan"))
