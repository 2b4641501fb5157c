"""F15: what is left of the grants of projects that came to an end, and what becomes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import (
    AcceptanceStatus,
    AccountKind,
    BudgetSource,
    ContractStatus,
    RecoveryStatus,
    RelayStatus,
    TerminationStatus,
)
from funding.models import (
    Acceptance,
    Award,
    Expenditure,
    LedgerAccount,
    Payment,
    Recovery,
    RecoveryReceipt,
    Relay,
    Termination,
)
from funding.rules.ending import surplus_stays
from members.models import Organisation
from portal.kernel.exporting import Column
from reports.exporters.awards import OF_AWARD, ORDER, awards
from reports.exporters.report import ZERO, Check, Report, paid_in_books, summed

ENDED = (ContractStatus.COMPLETED, ContractStatus.TERMINATED, ContractStatus.EXPIRED)
DROPPED = (RecoveryStatus.STOPPED, RecoveryStatus.WRITTEN_OFF)
STAYS = _("Stays with the organisation")
BACK = _("Claimed back")
TO_COME = _("To be claimed back")
Key = tuple[UUID, UUID]  # award and organisation
Sums = dict[Key, Decimal]


@dataclass
class Rest:
    """What an organisation had of one grant, in yuan, and what it spent."""

    award: Award
    organisation: Any
    ending: Acceptance | Termination | None
    received: Decimal = ZERO
    spent: Decimal = ZERO
    claimed: Decimal = ZERO
    returned: Decimal = ZERO
    stated: Decimal | None = None  # what the final statement says is left
    conclusion: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if isinstance(self.ending, Acceptance):
            self.conclusion = self.ending.conclusion

    @property
    def surplus(self) -> Decimal:
        """What is left; whoever spent more than it got has nothing left."""
        return max(self.received - self.spent, ZERO)

    @property
    def how(self) -> str:
        """How the project came to an end."""
        if isinstance(self.ending, Acceptance):
            return self.ending.get_conclusion_display()
        return str(self.ending.get_kind_display() if self.ending else self.award.contract.get_status_display())

    @property
    def when(self) -> date:
        """The day of the decision; that of the end of its term where nobody decided."""
        decided = self.ending.decided_at if self.ending else None
        ends_on: date = self.award.contract.ends_on
        return timezone.localdate(decided) if decided else ends_on

    @property
    def handling(self) -> str | Promise:
        """What becomes of the surplus: by a claim, or else by the rules of the call."""
        if self.claimed:
            return BACK
        if not self.surplus:
            return ""
        return STAYS if self.conclusion in surplus_stays(self.award.application.call.rules.data) else TO_COME


def ended(user: Any) -> QuerySet[Award]:
    """Awards that the reader may see and whose contract came to an end."""
    return awards(user).filter(contract__status__in=ENDED)


def rests(rows: QuerySet[Award]) -> list[Rest]:
    """A row for each organisation that got or spent money of a grant; nine queries."""
    chosen = list(rows.select_related("consortium__lead", "contract", "application__call__rules").order_by(*ORDER))
    leads = {award.pk: award.consortium.lead_id for award in chosen}
    found, received = rows.order_by().values("pk"), _received(rows, leads)
    grant = Expenditure.objects.filter(award__in=found, source=BudgetSource.GRANT).standing()
    spent = _sums(grant)
    claimed = _sums(Recovery.objects.filter(award__in=found).exclude(status__in=DROPPED))
    returned = _sums(RecoveryReceipt.objects.filter(recovery__award__in=found, reversed_at=None), "recovery__")
    endings, keys = _endings(rows), received.keys() | spent.keys()
    names = Organisation.objects.in_bulk({organisation for _award, organisation in keys})
    of: dict[UUID, list[Rest]] = defaultdict(list)
    for award, key in ((award, key) for award in chosen for key in keys if key[0] == award.pk):
        ending = endings.get(award.pk)
        of[award.pk].append(
            Rest(award, names[key[1]], ending, received.get(key, ZERO), spent.get(key, ZERO), claimed.get(key, ZERO),
                 returned.get(key, ZERO), _stated(ending, key[1]))
        )  # fmt: skip
    return [rest for award in chosen for rest in sorted(of[award.pk], key=lambda rest: rest.organisation.name)]


def _received(rows: QuerySet[Award], leads: dict[UUID, UUID]) -> Sums:
    """What each got, by payments and by what members confirmed; nobody who got nothing."""
    paid = Payment.objects.filter(standing__award__in=rows.order_by().values("pk")).order_by()
    relays = Relay.objects.filter(award__in=rows.order_by().values("pk"), status=RelayStatus.CONFIRMED)
    found: Sums = defaultdict(lambda: ZERO)
    for award, amount in paid.values_list("standing__award").annotate(Sum("amount")):
        found[award, leads[award]] += amount
    for (award, member), amount in _sums(relays).items():
        found[award, member] += amount
        found[award, leads[award]] -= amount
    return dict(found)


def _sums(rows: QuerySet[Any], prefix: str = "") -> Sums:
    by = (f"{prefix}award", f"{prefix}organisation")
    return {(award, one): sum_ for award, one, sum_ in rows.order_by().values_list(*by).annotate(Sum("amount"))}


def _endings(rows: QuerySet[Award]) -> dict[UUID, Acceptance | Termination]:
    found = {"contract__award__in": rows.order_by().values("pk")}
    accepted = Acceptance.objects.filter(status=AcceptanceStatus.DECIDED, **found).select_related("contract")
    stopped = Termination.objects.filter(status=TerminationStatus.DECIDED, **found).select_related("contract")
    return {one.contract.award_id: one for one in [*accepted, *stopped]}


def _stated(ending: Acceptance | Termination | None, organisation: UUID) -> Decimal | None:
    statement = ending.statement if isinstance(ending, Acceptance) else []
    return next((Decimal(one["unspent"]) for one in statement if one["id"] == str(organisation)), None)


def checked_rests(rows: QuerySet[Award]) -> Iterable[Check]:
    """What was paid of these awards, and what of it the organisations have, beside the ledger."""
    found = rows.order_by().values("pk")
    paid = summed(Payment.objects.filter(standing__award__in=found), "amount")
    yield Check(_("paid"), paid, paid_in_books(entry__award__in=found))
    back = summed(RecoveryReceipt.objects.filter(recovery__award__in=found, reversed_at=None), "amount")
    held = LedgerAccount.objects.filter(kind=AccountKind.HELD, award__in=found)
    yield Check(_("received and not paid back"), paid - back, summed(held, "balance"))


SURPLUS = Report(
    number="F15",
    slug="surplus",
    title=_("Surplus funds"),
    about=_("What is left of the grants of projects that ended, whether it stays or is claimed back."),
    base=ended,
    rows=rests,
    filters=OF_AWARD,
    checks=checked_rests,
    rules="application__call__rules",
    permission="funding.view_budget",
    signed=True,
    off_paper=frozenset({"left_by_the_final_statement", "consortium_code"}),
    columns=(
        Column(_("Contract number"), lambda row: row.award.contract.number, width=16),
        Column(_("Consortium code"), lambda row: row.award.consortium.code),
        Column(_("Consortium"), lambda row: row.award.consortium.name, width=40),
        Column(_("Organisation"), lambda row: row.organisation.name, width=36),
        Column(_("How the project ended"), lambda row: row.how, width=20),
        Column(_("Received of the grant"), lambda row: row.received, kind="money"),
        Column(_("Spent of the grant"), lambda row: row.spent, kind="money"),
        Column(pgettext_lazy("grant", "Surplus"), lambda row: row.surplus, kind="money"),
        Column(_("Left by the final statement"), lambda row: row.stated, kind="money", total=None),
        Column(_("What becomes of it"), lambda row: row.handling, width=18),
        Column(_("Claimed back"), lambda row: row.claimed, kind="money"),
        Column(_("Paid back"), lambda row: row.returned, kind="money"),
        Column(pgettext_lazy("project", "Ended on"), lambda row: row.when, kind="date"),
    ),
)
