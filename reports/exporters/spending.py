"""F09 and F11: what is spent, voucher by voucher, and what arrived of what the members promised."""

from typing import Any

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED
from consortia.models import Contribution, Participation
from consortia.rules.registers import ContributionKind
from funding.enums import STANDING
from funding.models import Award, Expenditure
from portal.kernel.exporting import Column
from reports.exporters.awards import NIL, below
from reports.exporters.report import Report
from reports.exporters.statistics import share

MONEY: Any = DecimalField(max_digits=18, decimal_places=2)


def expenditures(user: Any) -> QuerySet[Expenditure]:
    """What the reader may see."""
    return Expenditure.objects.visible_to(user)


def with_double(rows: QuerySet[Expenditure]) -> QuerySet[Expenditure]:
    """Each with whether its invoice counts in another row."""
    same = Expenditure.objects.standing().filter(fingerprint=OuterRef("fingerprint")).exclude(pk=OuterRef("pk"))
    doubled = rows.annotate(doubled=Exists(same) & ~Q(invoice_number=""))
    return doubled.select_related("award__consortium", "organisation")


def double(row: Any) -> str:
    """Whether its invoice counts in another row."""
    if not row.invoice_number:
        return ""
    return gettext("Counts in another row") if row.doubled else gettext("No double")


COUNTED = Case(When(status__in=STANDING, then=F("amount")), default=NIL)

EXPENDITURES = Report(
    number="F09",
    slug="expenditures",
    title=_("Expenditure"),
    about=_("Every voucher with its invoice, whether it was found elsewhere, and what the check found."),
    base=expenditures,
    rows=with_double,
    order=("day", "award__consortium__code", "organisation__name", "created_at", "id"),
    filters={**below("award", "year"), "year": "day__year", "period": "day", "expenditure_status": "status",
             "source": "source",
             "category": "category"},
    rules="award__application__call__rules",
    columns=(
        Column(_("Consortium code"), lambda row: row.award.consortium.code),
        Column(_("Consortium"), lambda row: row.award.consortium.name, width=40),
        Column(_("Organisation"), lambda row: row.organisation.name, width=36),
        Column(_("Day"), lambda row: row.day, kind="date"),
        Column(_("Category"), lambda row: row.get_category_display()),
        Column(_("What for"), lambda row: row.description, width=40),
        Column(_("Amount with tax"), lambda row: row.amount, kind="money", total=None),
        Column(_("Amount that counts"), lambda row: row.amount if row.status in STANDING else 0, kind="money",
               total=COUNTED),
        Column(_("Source of the money"), lambda row: row.get_source_display()),
        Column(_("Voucher number"), lambda row: row.voucher, width=18),
        Column(_("Invoice type"), lambda row: row.get_invoice_kind_display()),
        Column(_("Invoice code"), lambda row: row.invoice_code, width=16),
        Column(_("Invoice number"), lambda row: row.invoice_number, width=24),
        Column(_("Amount without tax"), lambda row: row.net, kind="money", total=None),
        Column(_("Credit code of the seller"), lambda row: row.seller_code, width=22),
        Column(_("Double"), double),
        Column(_("Negative list"), lambda row: gettext("May be on it") if row.hits else ""),
        Column(_("Found in order"), lambda row: row.get_status_display()),
        Column(_("Reason of the refusal"), lambda row: row.reason, width=30),
    ),
)  # fmt: skip


# --- F11 ---------------------------------------------------------------------------------------
def promises(user: Any) -> QuerySet[Participation]:
    """The members of consortia with an award that the reader may see, as far as it sees the members."""
    funded = Award.objects.visible_to(user).values("consortium")
    return Participation.objects.visible_to(user).filter(status__in=JOINED, consortium__in=funded)


def with_arrivals(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """Each with what arrived in cash and in kind, what the lead has not confirmed, and what it spent of its own."""
    own = ~Q(source="GRANT") & Q(status__in=STANDING)
    spent = Expenditure.objects.filter(own, award__consortium=OuterRef("consortium")).filter(
        organisation=OuterRef("organisation")
    )
    arrived = Q(confirmed_at__isnull=False)
    cash = Q(kind=ContributionKind.CASH)
    return rows.select_related("consortium", "organisation").annotate(
        cash_in=_arrived(arrived & cash),
        kind_in=_arrived(arrived & ~cash),
        unconfirmed=_arrived(~arrived),
        proofs=Count("contributions", filter=Q(contributions__proof__isnull=False)),
        own_spent=Coalesce(_sum(spent, "organisation"), NIL),
    )


def _arrived(which: Q) -> Coalesce:
    rows = Contribution.objects.filter(which, participation=OuterRef("pk"))
    return Coalesce(_sum(rows, "participation"), NIL)


def _sum(rows: QuerySet[Any], by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(sum=Sum("amount")).values("sum"), output_field=MONEY)


SELF_RAISED = Report(
    number="F11",
    slug="self-raised",
    title=_("Self-raised funds"),
    about=_("What each member promised, what of it arrived, and what it spent of its own money."),
    base=promises,
    rows=with_arrivals,
    order=("consortium__code", "organisation__name", "id"),
    filters={
        "q": ("consortium__name", "consortium__code", "organisation__name"), "tier": "consortium__tier",
        "district": "consortium__district", "sub_field": "consortium__sub_field",
    },
    columns=(
        Column(_("Consortium code"), lambda row: row.consortium.code),
        Column(_("Consortium"), lambda row: row.consortium.name, width=40),
        Column(_("Organisation"), lambda row: row.organisation.name, width=36),
        Column(_("Cash promised"), lambda row: row.cash, kind="money", total="cash"),
        Column(_("Cash arrived"), lambda row: row.cash_in, kind="money", total="cash_in"),
        Column(_("Arrived of the promised"), lambda row: share(row.cash_in, row.cash),
               kind="percent"),
        Column(_("Arrived in kind"), lambda row: row.kind_in, kind="money", total="kind_in"),
        Column(_("Not confirmed by the lead"), lambda row: row.unconfirmed, kind="money", total="unconfirmed"),
        Column(_("Proofs"), lambda row: row.proofs, kind="count", total="proofs"),
        Column(_("Own money spent"), lambda row: row.own_spent, kind="money", total="own_spent"),
    ),
)  # fmt: skip
