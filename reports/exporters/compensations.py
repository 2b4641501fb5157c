"""F20: losses that were compensated. The register stands outside the ledger, so nothing is set beside its sums."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import CompensationEntryKind
from funding.models import Compensation
from funding.selectors.compensations import compensations
from portal.kernel.exporting import Column
from reports.exporters.report import Report


def with_entries(rows: QuerySet[Compensation]) -> QuerySet[Compensation]:
    """Each with its payments and their returns."""
    return rows.prefetch_related("entries")


def last_payment(row: Compensation) -> object:
    """The day of the payment that stands."""
    returned = {one.reverses_id for one in row.entries.all()}
    days = [
        one.day for one in row.entries.all() if one.kind == CompensationEntryKind.PAYMENT and one.pk not in returned
    ]
    return max(days, default=None)


COMPENSATIONS = Report(
    number="F20",
    slug="risk-compensation",
    title=_("Risk compensation"),
    about=_("Losses of commercialisation that were filed, what of them was granted and paid; outside the ledger, which "
            "keeps the accounts of awards alone."),
    base=compensations,
    rows=with_entries,
    order=("number", "id"),
    filters={
        "q": ("number", "organisation__name", "award__consortium__name", "technology"), "year": "created_at__year",
        "period": "created_at__date", "district": "award__consortium__district",
        "sub_field": "award__consortium__sub_field",
    },
    rules="award__application__call__rules",
    signed=True,
    off_paper=frozenset({"consortium", "status", "loss_accepted", "the_most_for_one_request"}),
    columns=(
        Column(_("Number"), lambda row: row.number),
        Column(pgettext_lazy("compensation", "Applicant"), lambda row: row.organisation.name, width=36),
        Column(_("Consortium"), lambda row: row.award.consortium.name, width=40),
        Column(_("Technology"), lambda row: row.technology, width=36),
        Column(pgettext_lazy("compensation", "Stage"), lambda row: row.stage_name, width=22),
        Column(_("Loss"), lambda row: row.loss, kind="money", total="loss"),
        Column(_("Loss accepted"), lambda row: row.accepted, kind="money", total="accepted"),
        Column(_("Share of the loss"), lambda row: row.percent, kind="percent"),
        Column(_("The most for one request"), lambda row: row.cap, kind="money", total=None),
        Column(pgettext_lazy("compensation", "Granted"), lambda row: row.granted, kind="money", total="granted"),
        Column(_("Paid"), lambda row: row.paid, kind="money", total="paid"),
        Column(_("Paid on"), last_payment, kind="date"),
        Column(_("Status"), lambda row: row.get_status_display()),
    ),
)  # fmt: skip
