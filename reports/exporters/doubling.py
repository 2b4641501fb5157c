"""F16: money from other programmes beside the applications here, and what supervision concluded."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.selectors.subsidies import concluded
from portal.kernel.exporting import Column
from reports.exporters.report import Report

DOUBLE_FUNDING = Report(
    number="F16",
    slug="double-funding",
    title=_("Check of double funding"),
    about=_("Money from other programmes beside an application, how far it overlaps, and what was concluded."),
    base=concluded,
    order=("subsidy__credit_code", "subsidy__year", "application__number", "id"),
    filters={
        "q": ("subsidy__holder", "subsidy__credit_code", "application__consortium__name", "subsidy__project"),
        "year": "subsidy__year", "period": "judged_at__date", "district": "application__consortium__district",
        "sub_field": "application__consortium__sub_field",
    },
    rules="application__call__rules",
    permission="funding.view_budget",
    columns=(
        Column(_("Organisation"), lambda row: row.subsidy.holder, width=36),
        Column(_("Unified social credit code"), lambda row: row.subsidy.credit_code, width=22),
        Column(_("Application"), lambda row: row.application.number, width=18),
        Column(_("Consortium"), lambda row: row.application.consortium.name, width=40),
        Column(_("Other project"), lambda row: row.subsidy.project, width=40),
        Column(_("Programme of the other project"), lambda row: row.subsidy.programme, width=30),
        Column(_("Department that pays"), lambda row: row.subsidy.department, width=26),
        Column(_("Year"), lambda row: row.subsidy.year, kind="int"),
        Column(_("Amount"), lambda row: row.subsidy.amount, kind="money", total=None),
        Column(_("Overlap"), lambda row: row.degree, kind="percent"),
        Column(pgettext_lazy("overlap", "Conclusion"), lambda row: row.get_verdict_display()),
        Column(_("Reason"), lambda row: row.reason, width=40),
        Column(_("Concluded on"), lambda row: row.judged_at, kind="date"),
        Column(_("Withdrawn on"), lambda row: row.subsidy.withdrawn_at, kind="date"),
    ),
)  # fmt: skip
