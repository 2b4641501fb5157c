"""Named reads of awards, contracts and tranches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, DecimalField, F, PositiveSmallIntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear, Greatest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from consortia.models import Consortium, SubField
from funding.enums import AccountKind, ContractStatus, TrancheStatus
from funding.models import Award, Call, Contract, LedgerAccount, Payment, Tranche
from funding.models.recusal import kept_from
from members.enums import Role
from members.models import District

T = TrancheStatus
RELEASED = frozenset({T.PAID, T.CONFIRMED})
IN_PROCESS = frozenset({T.REQUESTED, T.VERIFIED, T.REVIEWED, T.APPROVED, T.BATCHED, T.SENT, T.RETURNED})
ZERO = Value(Decimal(0), output_field=DecimalField(max_digits=18, decimal_places=2))

UNSIGNED = [ContractStatus.DRAFT, ContractStatus.CONFIRMING, ContractStatus.OFFERED, ContractStatus.SIGNED]
SLOW, TOO_SLOW = 5, 10  # days of waiting that are shown in amber and in red

# Whose turn it is: the states in which a role has something to do.
QUEUES: dict[Role, frozenset[str]] = {
    Role.OFFICER: frozenset({T.REQUESTED}),
    Role.FINANCE: frozenset({T.VERIFIED, T.APPROVED, T.SENT, T.RETURNED}),
    Role.LEADER: frozenset({T.REVIEWED}),
}


# --- rows --------------------------------------------------------------------------------------
def tranche_queue(user: Any) -> QuerySet[Tranche]:
    """Tranches with what a row shows; `waiting_since` is the last signature on the way to the money."""
    return (
        Tranche.objects.visible_to(user)
        .select_related("award__consortium__lead", "payment")
        .annotate(waiting_since=Greatest("requested_at", "verified_at", "reviewed_at", "approved_at"))
    )


def tranche_page(user: Any) -> QuerySet[Tranche]:
    """A tranche with everybody who acted on it."""
    return Tranche.objects.visible_to(user).select_related(
        "award__consortium__lead", "award__contract", "award__application", "payment__recorded_by",
        "payment__receipt_by", "requested_by", "verified_by", "reviewed_by", "approved_by",
    )  # fmt: skip


def contracts(user: Any) -> QuerySet[Contract]:
    """Contracts with their award, consortium and tranches."""
    return (
        Contract.objects.visible_to(user)
        .select_related("award__consortium__lead", "award__application", "signed_by", "countersigned_by")
        .prefetch_related("award__tranches")
    )


def unsigned_contracts(user: Any) -> QuerySet[Contract]:
    """Contracts that still wait for a signature, the oldest first."""
    waiting = Contract.objects.visible_to(user).filter(status__in=UNSIGNED)
    return waiting.select_related("award__consortium").order_by("created_at", "number")


def own_awards(user: Any) -> QuerySet[Award]:
    """The awards of the organisations that the reader acts for, with contract, tranches and payments."""
    return _with_money(Award.objects.filter(consortium__lead__in=user.organisation_ids))


def awards_of(consortium: Consortium, user: Any) -> QuerySet[Award]:
    """The awards of one consortium as far as the reader may see them, newest first."""
    return _with_money(Award.objects.visible_to(user).filter(consortium=consortium)).order_by("-year", "-approved_on")


def _with_money(awards: QuerySet[Award]) -> QuerySet[Award]:
    return awards.select_related("consortium", "contract", "application__call").prefetch_related("tranches__payment")


def years() -> list[int]:
    """The years with a published call, an award or a payment, newest first."""
    called = Call.objects.published().order_by().values_list("year")
    awarded = Award.objects.order_by().values_list("year")
    paid = Payment.objects.order_by().values_list(ExtractYear("paid_on", output_field=PositiveSmallIntegerField()))
    return sorted((year for (year,) in called.union(awarded, paid)), reverse=True)


@dataclass(frozen=True)
class Tab:
    """A saved view of the list of tranches: the states in it."""

    code: str
    label: str | Promise
    statuses: Collection[str]

    def narrow(self, rows: QuerySet[Tranche]) -> QuerySet[Tranche]:
        """The rows of this view."""
        return rows.filter(status__in=self.statuses)


def tabs(user: Any) -> tuple[Tab, ...]:
    """The views of the list of tranches offered to this person."""
    queue: frozenset[str] = frozenset().union(*(QUEUES.get(Role(role), frozenset()) for role in user.roles))
    mine = (Tab("mine", _("For me"), queue),) if queue else ()
    return (
        *mine,
        Tab("open", _("In process"), IN_PROCESS),
        Tab("held", _("On hold"), {T.ON_HOLD}),
        Tab("planned", _("Planned"), {T.PLANNED}),
        Tab("paid", _("Paid"), RELEASED),
        Tab("all", _("All"), T.values),
    )


def tab_counts(user: Any, views: Iterable[Tab]) -> dict[str, int]:
    """How many tranches each view holds for this reader, in one query."""
    counts = {view.code: Count("pk", filter=Q(status__in=view.statuses)) for view in views}
    found: dict[str, int] = Tranche.objects.visible_to(user).order_by().aggregate(**counts)
    return found


@dataclass(frozen=True)
class TrancheRow:
    """One line of the list; `days` since the last signature, None when nobody has to act."""

    tranche: Tranche
    days: int | None

    @property
    def wait(self) -> str:
        """The waiting time in words."""
        if self.days is None:
            return "—"
        return ngettext("%(n)s day", "%(n)s days", self.days) % {"n": self.days} if self.days else gettext("today")

    @property
    def loudness(self) -> str:
        """Amber, then red."""
        days = self.days or 0
        return "bad" if days >= TOO_SLOW else "warn" if days >= SLOW else ""


def tranche_rows(tranches: Iterable[Any], on: date) -> list[TrancheRow]:
    """The lines of one page."""
    return [TrancheRow(tranche, _waiting(tranche, on)) for tranche in tranches]


def _waiting(tranche: Any, on: date) -> int | None:
    return (on - timezone.localdate(tranche.waiting_since)).days if tranche.status in IN_PROCESS else None


def total_of(tranches: QuerySet[Tranche]) -> Decimal:
    """What the tranches come to, in yuan."""
    total: Decimal = tranches.order_by().aggregate(sum=Coalesce(Sum("amount"), ZERO))["sum"]
    return total


# --- the year ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Budget:
    """Where a year's money stands, in yuan: of its awards what is paid and what is promised, whenever it is paid."""

    total: Decimal
    paid: Decimal
    promised: Decimal

    @property
    def left(self) -> Decimal:
        """What is not awarded yet; never below zero."""
        return max(self.total - self.paid - self.promised, Decimal(0))

    def percent(self, part: Decimal) -> Decimal:
        """A part of the whole, on the scale of 100."""
        return part / self.total * 100 if self.total else Decimal(0)


@dataclass(frozen=True)
class Line:
    """How many awards there are of one kind, and how much, in yuan; `paid` is known for tiers only."""

    of: Any
    count: int
    awarded: Decimal
    paid: Decimal = Decimal(0)

    @property
    def promised(self) -> Decimal:
        """Awarded, not paid."""
        return self.awarded - self.paid


@dataclass(frozen=True)
class Year:
    """The money of one year as the bureau sees it."""

    year: int
    budget: Budget
    tiers: list[Line]
    districts: list[Line]
    fields: list[tuple[SubField, list[Line]]]
    held: int

    @property
    def funded(self) -> int:
        """How many awards carry money."""
        return sum(line.count for line in self.tiers if line.awarded)


Cell = tuple[str, str, SubField, int, Decimal]  # tier, district, sub-field, count, awarded
FIELD = tuple(f"consortium__sub_field__{one}" for one in ("code", "cluster_zh", "cluster_en", "name_zh", "name_en"))


def money_of(year: int, budget: Decimal, user: Any) -> Year:
    """Budget and awards of a year with what is paid of them; three queries.

    What the reader keeps away from is not in the sums.
    """
    awards = Award.objects.filter(~kept_from(user, "application"), year=year).order_by()
    counted = awards.values_list("tier", "consortium__district", *FIELD).annotate(Count("pk"), Sum("amount"))
    cells: list[Cell] = [
        (tier, district, SubField(*field), count, amount) for tier, district, *field, count, amount in counted
    ]
    tranches = Tranche.objects.filter(~kept_from(user, "award__application"), award__year=year).order_by()
    told = tranches.filter(status__in=[*RELEASED, T.ON_HOLD]).values_list("award__tier", "status")
    paid: dict[str, Decimal] = defaultdict(Decimal)
    held = 0
    for tier, status, count, amount in told.annotate(Count("pk"), Sum("amount")):
        held += count if status == T.ON_HOLD else 0
        paid[tier] += amount if status in RELEASED else 0
    whole = sum(paid.values(), Decimal(0))
    return Year(
        year=year,
        budget=Budget(
            total=budget, paid=whole, promised=sum((cell[4] for cell in cells), Decimal(0)) - whole,
        ),
        tiers=[_line(tier, (c for c in cells if c[0] == tier), paid[tier]) for tier in Tier],
        districts=[_line(one, (c for c in cells if c[1] == one.pk)) for one in District.objects.all()],
        fields=_by_field(cells),
        held=held,
    )  # fmt: skip


def budgets() -> dict[int, Decimal]:
    """What each year has: appropriated to its lines by the ledger, else what its calls speak of; one query."""
    calls = Call.objects.published().order_by().annotate(booked=Value(0)).values_list("booked", "year")
    accounts = LedgerAccount.objects.filter(kind=AccountKind.APPROPRIATED).order_by()
    booked = accounts.annotate(booked=Value(1), year=F("line__year")).values_list("booked", "year")
    rows = calls.annotate(sum=Sum("budget")).union(booked.annotate(sum=-Sum("balance")))
    return {year: amount for _booked, year, amount in sorted(rows)}


def _line(of: Any, cells: Iterable[Cell], paid: Decimal = Decimal(0)) -> Line:
    found = list(cells)
    return Line(of, sum(cell[3] for cell in found), sum((cell[4] for cell in found), Decimal(0)), paid)


def _by_field(cells: Iterable[Cell]) -> list[tuple[SubField, list[Line]]]:
    """The sub-fields with money, most money first, each by tier."""
    funded = sorted((cell for cell in cells if cell[4]), key=lambda cell: (cell[2].pk, cell[0]))
    by_field = [
        (field, [_line(Tier(tier), some) for tier, some in groupby(found, key=lambda cell: cell[0])])
        for field, found in groupby(funded, key=lambda cell: cell[2])
    ]
    return sorted(by_field, key=lambda pair: sum(line.awarded for line in pair[1]), reverse=True)
