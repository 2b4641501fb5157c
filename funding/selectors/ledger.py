"""Named reads of budget lines and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum

from funding.enums import AccountKind, AppropriationKind, AppropriationStatus, CallStatus, EntryKind
from funding.models import Appropriation, BudgetLine, Call, LedgerAccount, LedgerEntry, Posting

K = AccountKind
REDUCED = "reduce:"  # how the key of an entry begins that sets free a part of a tranche
PAID = (EntryKind.PAYMENT, EntryKind.RETURN)  # together what was paid and did not come back


@dataclass(frozen=True)
class LineSums:
    """Where the money of a line stands, in yuan: appropriated + recovered = available + committed, of it paid."""

    line: BudgetLine
    adjusted: Decimal  # what came and went within the year
    appropriated: Decimal
    committed: Decimal
    paid: Decimal
    recovered: Decimal  # claimed back from organisations, and here again

    @property
    def initial(self) -> Decimal:
        """What it began the year with."""
        return self.appropriated - self.adjusted

    @property
    def available(self) -> Decimal:
        """What is not committed."""
        return self.appropriated + self.recovered - self.committed

    @property
    def due(self) -> Decimal:
        """What is committed and not paid."""
        return self.committed - self.paid

    @property
    def executed(self) -> Decimal:
        """What is paid of what was appropriated, on the scale of 100."""
        return self.paid / self.appropriated * 100 if self.appropriated else Decimal(0)


def only_line(year: int | None) -> BudgetLine | None:
    """The line of the year, when there is exactly one."""
    lines = list(BudgetLine.objects.filter(year=year)[:2]) if year else []
    return lines[0] if len(lines) == 1 else None


def lines(user: Any) -> QuerySet[BudgetLine]:
    """Lines with their programmes."""
    found: QuerySet[BudgetLine] = BudgetLine.objects.visible_to(user).select_related("programme")
    return found


def sums_of(found: Iterable[BudgetLine]) -> list[LineSums]:
    """The sums of each line, from the ledger; four queries."""
    wanted = list(found)
    accounts = LedgerAccount.objects.filter(line__in=wanted).order_by()
    balances = {
        (line, kind): sum_ for line, kind, sum_ in accounts.values_list("line", "kind").annotate(Sum("balance"))
    }
    adjusted = dict(
        Appropriation.objects.filter(
            line__in=wanted, kind=AppropriationKind.ADJUSTMENT, status=AppropriationStatus.CONFIRMED
        )
        .order_by()
        .values_list("line")
        .annotate(Sum("amount"))
    )
    paid = dict(
        Posting.objects.filter(account__line__in=wanted, account__kind=K.COMMITTED, entry__kind__in=PAID)
        .order_by()
        .values_list("account__line")
        .annotate(Sum("amount"))
    )
    back = dict(
        Posting.objects.filter(account__line__in=wanted, entry__kind=EntryKind.RECOVERY)
        .order_by()
        .values_list("account__line")
        .annotate(Sum("amount"))
    )
    none = Decimal(0)
    return [
        _sums(line, balances, adjusted.get(line.pk, none), -paid.get(line.pk, none), back.get(line.pk, none))
        for line in wanted
    ]


def _sums(
    line: BudgetLine, balances: dict[tuple[Any, str], Decimal], adjusted: Decimal, paid: Decimal, recovered: Decimal
) -> LineSums:  # fmt: skip
    none = Decimal(0)
    return LineSums(
        line=line,
        adjusted=adjusted,
        appropriated=-balances.get((line.pk, K.APPROPRIATED), none),
        committed=balances.get((line.pk, K.COMMITTED), none) + paid,
        paid=paid,
        recovered=recovered,
    )


def total(sums: Iterable[LineSums]) -> dict[str, Decimal]:
    """The sums of several lines together."""
    rows = list(sums)
    names = ("initial", "adjusted", "appropriated", "committed", "paid", "recovered", "available", "due")
    return {name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in names}


def calls_without_line() -> QuerySet[Call]:
    """Published calls with money that draw on no line, as long as they run."""
    return Call.objects.filter(status=CallStatus.PUBLISHED, line=None, budget__gt=0).order_by("-batch")


def entries(user: Any) -> QuerySet[LedgerEntry]:
    """Entries with what a row shows; `moved` is what they move, in yuan."""
    debits = Posting.objects.filter(entry=OuterRef("pk"), amount__gt=0).order_by()
    moved = Subquery(debits.values("entry").annotate(sum=Sum("amount")).values("sum"))
    rows = LedgerEntry.objects.visible_to(user).select_related("award__consortium", "tranche", "entered_by")
    return rows.annotate(moved=moved)


def moves(line: Any) -> Exists:
    """Whether an entry moved an account of the line."""
    return Exists(Posting.objects.filter(entry=OuterRef("pk"), account__line=line))


def entry_page(user: Any) -> QuerySet[LedgerEntry]:
    """An entry with its postings."""
    accounts = (
        "postings__account__line__programme", "postings__account__award__consortium", "postings__account__organisation",
    )  # fmt: skip
    rows = LedgerEntry.objects.visible_to(user).select_related("award__consortium", "tranche", "payment", "entered_by")
    return rows.prefetch_related(*accounts)
