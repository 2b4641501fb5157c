"""F14: what is claimed back, and what of it arrived."""

from collections.abc import Iterable

from django.db.models import Case, F, QuerySet, When
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.enums import CLOSED, AccountKind, EntryKind
from funding.models import Posting, Recovery
from funding.selectors.recoveries import recoveries
from portal.kernel.exporting import Column
from reports.exporters.awards import NIL
from reports.exporters.report import ZERO, Check, Report, summed


def with_receipts(rows: QuerySet[Recovery]) -> QuerySet[Recovery]:
    """Each with its instalments."""
    return rows.prefetch_related("receipts").select_related("award__consortium", "organisation")


def shown_by(row: Recovery) -> str:
    """By what the instalments are shown that stand."""
    kinds = {bool(one.line_id) for one in row.receipts.all() if not one.reversed_at}
    words = {True: gettext("Statement of the bank"), False: gettext("Receipt of the payment")}
    return ", ".join(words[kind] for kind in sorted(kinds, reverse=True))


def checked(rows: QuerySet[Recovery]) -> Iterable[Check]:
    """What arrived, beside the entries."""
    wanted = rows.order_by()
    legs = Posting.objects.filter(
        entry__kind=EntryKind.RECOVERY, account__kind=AccountKind.AVAILABLE, entry__note__in=wanted.values("number")
    )
    yield Check(_("paid back"), summed(rows, "received"), summed(legs, "amount"))


LEFT = Case(When(status__in=CLOSED, then=NIL), default=F("amount") - F("received"))

RECOVERIES = Report(
    number="F14",
    slug="recoveries",
    title=pgettext_lazy("report", "Recovery"),
    about=_("Every claim for money back, what of it arrived, and until when the rest is due."),
    base=recoveries,
    rows=with_receipts,
    order=("number", "id"),
    filters={
        "q": ("number", "organisation__name", "award__consortium__name"), "year": "created_at__year",
        "period": "created_at__date",
        "district": "award__consortium__district", "tier": "award__tier",
    },
    checks=checked,
    rules="award__application__call__rules",
    permission="funding.view_budget",
    signed=True,
    off_paper=frozenset({"shown_by"}),
    columns=(
        Column(_("Number"), lambda row: row.number),
        Column(_("Organisation"), lambda row: row.organisation.name, width=36),
        Column(_("Consortium"), lambda row: row.award.consortium.name, width=40),
        Column(_("Ground"), lambda row: row.get_ground_display()),
        Column(_("To be paid back"), lambda row: row.amount, kind="money", total="amount"),
        Column(_("Paid back"), lambda row: row.received, kind="money", total="received"),
        Column(_("Still to be paid back"), lambda row: ZERO if row.status in CLOSED else row.left, kind="money",
               total=LEFT),
        Column(_("Notice served on"), lambda row: row.noticed_on, kind="date"),
        Column(_("Paid back until"), lambda row: row.due_on, kind="date"),
        Column(_("Shown by"), shown_by, width=18),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Closed on"), lambda row: row.closed_at, kind="date"),
    ),
)  # fmt: skip
