"""The dashboard of the money: one year in figures and pictures, every bar a way to its rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from funding import charts
from funding.selectors import money
from portal.kernel.courses import Course, course
from portal.kernel.templatetags.ui import wan
from portal.kernel.views import PermissionMixin
from reports.selectors import dashboard

TEN_THOUSAND = 10_000


class Dashboard(PermissionMixin, TemplateView):
    """Budget, awards and payments of a year; what waits for whom."""

    permission = "reports.view_dashboard"
    template_name = "reports/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        budgets = money.budgets()
        years = sorted({*budgets, today.year}, reverse=True)
        asked = self.request.GET.get("year", "")
        year = next((one for one in years if str(one) == asked), today.year)
        facts = money.money_of(year, budgets.get(year, Decimal(0)), self.actor)
        months = dashboard.months(year, today, self.actor)
        return super().get_context_data(
            year=year, years=years, overview=facts, months=months, paid_out=dashboard.paid_in(months),
            course=drawn(months, year), turns=dashboard.turns(today, self.actor),
            paid_percent=facts.budget.percent(facts.budget.paid),
            promised_percent=facts.budget.percent(facts.budget.promised),
            **pictures(facts, year), **kwargs,
        )  # fmt: skip


def pictures(facts: money.Year, year: int) -> dict[str, Any]:
    """The bars and the diagram; each leads to its rows in the register of awards."""

    def rows(**narrowed: Any) -> str:
        return f"{reverse('reports:funding-report', args=['awards'])}?{urlencode({'year': year, **narrowed})}"

    largest = max((line.awarded for line in facts.tiers), default=Decimal(0))
    return {
        "budget_bar": charts.budget_bar(facts.budget),
        "tiers": [(line, charts.tier_bar(line, largest), rows(tier=line.of)) for line in facts.tiers],
        "districts": [(line, rows(district=line.of.pk)) for line in facts.districts if line.count],
        "fields": [(field, lines, rows(sub_field=field.pk)) for field, lines in facts.fields],
        "hexmap": charts.district_map(facts.districts, lambda line: rows(district=line.of.pk)),
        "field_bars": charts.field_bars(facts.fields, lambda field: rows(sub_field=field.pk)),
    }


def drawn(months: list[dashboard.Month], year: int) -> Any:
    """The payments of the year as they add up, beside the year before."""
    now = tuple(float(one.total) / TEN_THOUSAND for one in months if one.total is not None)
    before = tuple(float(one.before) / TEN_THOUSAND for one in months)
    done = [one.total for one in months if one.total is not None]
    label = _("Paid from the beginning of %(year)s, in 10,000 yuan, beside the year before") % {"year": year}
    lines = [Course("before", before), Course("now", now, wan(done[-1], 0) if done else "")]
    return course([str(one.month) for one in months], lines, label=label)
