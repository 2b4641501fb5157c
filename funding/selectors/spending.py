"""Named reads of what is spent: the rows, and the budget against them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.functional import cached_property

from consortia.enums import JOINED
from funding.enums import STANDING, Action, BudgetMode
from funding.models import Award, Contract, Expenditure
from funding.models.recusal import kept_from
from funding.rules import spending
from funding.rules.budget import Line, Row
from funding.rules.spending import Account, Overrun
from funding.selectors.budgets import items_of, line_of, thawed
from members.enums import BUREAU, Role
from members.models import Organisation
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry

SPENDERS = (Role.APPLICANT, Role.CONFIRMER)  # who writes for an organisation
REST = ("consortium__lead", "application__call__rules", "contract")


def spenders(award: Award) -> list[Organisation]:
    """The organisations that spend under an award: the lead and the members that have joined."""
    consortium = award.consortium
    joined = consortium.participations.filter(status__in=JOINED).values("organisation")
    return list(Organisation.objects.filter(Q(pk=consortium.lead_id) | Q(pk__in=joined)).order_by("name"))


def places(award: Award, user: Any) -> list[Organisation]:
    """Those of them that this person writes for."""
    own = {one for one in user.organisation_ids if any(user.holds(role, organisation=one) for role in SPENDERS)}
    return [one for one in spenders(award) if one.pk in own]


def accountable_awards(user: Any) -> QuerySet[Award]:
    """Awards of which the reader may see at least a part of what is spent."""
    if not user.is_authenticated:
        return Award.objects.none()
    rows = Award.objects.select_related(*REST).filter(~kept_from(user, "application"))
    if user.holds_any(BUREAU):
        return rows
    mine = user.organisation_ids
    own = Q(consortium__lead__in=mine) | Q(consortium__district__in=user.district_ids)
    member = Q(consortium__in=_joined(mine)) | Q(
        pk__in=Expenditure.objects.filter(organisation__in=mine).values("award")
    )
    return rows.filter(own | member)


def _joined(organisations: Iterable[Any]) -> Any:
    from_members = Organisation.objects.filter(pk__in=organisations, participations__status__in=JOINED)
    return from_members.values("participations__consortium")


def expenditures(user: Any) -> QuerySet[Expenditure]:
    """The rows with what a list shows."""
    return Expenditure.objects.visible_to(user).select_related("award__consortium", "organisation")


def expenditure_page(user: Any) -> QuerySet[Expenditure]:
    """A row with all that hangs on it."""
    return Expenditure.objects.visible_to(user).select_related(
        "award__consortium__lead", "award__application__call__rules", "award__contract", "organisation", "evidence",
        "recorded_by", "judged_by", "corrects", "correction",
    )  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """Budget against actual, as far as a reader may see it."""

    award: Award
    planned: list[Line]
    spent: list[Line]
    whole: bool  # whether it is of all organisations

    @cached_property
    def terms(self) -> spending.Terms:
        """What the rules of the call say."""
        return spending.terms_of(self.award.application.call.rules.data)

    @property
    def is_lump_sum(self) -> bool:
        """Whether the total alone is held against the money."""
        return self.award.application.call.budget_mode == BudgetMode.LUMP_SUM

    @cached_property
    def total(self) -> Account:
        """Everything."""
        return spending.total(self.planned, self.spent)

    @property
    def organisations(self) -> set[str]:
        """The ids of those that plan or spend something."""
        return {line.row.organisation for line in (*self.planned, *self.spent)}

    def by(self, key: str) -> list[Account]:
        """The accounts of one division."""
        return spending.accounts(self.planned, self.spent, key)

    def overruns(self, more: Iterable[Line] = ()) -> list[Overrun]:
        """What is over, were these spent as well; known only to who sees the whole."""
        if not self.whole:
            return []
        mode, granted = self.award.application.call.budget_mode, self.award.amount
        return list(spending.overruns(self.planned, [*self.spent, *more], mode=mode, granted=granted))


def sheet_of(award: Award, user: Any = None) -> Sheet:
    """The sheet of an award; without a user the whole of it."""
    planned = planned_lines(award)
    rows = Expenditure.objects.filter(award=award).standing()
    whole = user is None or Award.objects.visible_to(user).filter(pk=award.pk).exists()
    if not whole:
        rows = rows.filter(organisation__in=user.organisation_ids)
        mine = {str(one) for one in user.organisation_ids}
        planned = [line for line in planned if line.row.organisation in mine]
    return Sheet(award, planned, [spent_line(one) for one in rows], whole)


def planned_lines(award: Award) -> list[Line]:
    """The budget of the contract; where that has none, the one applied for."""
    contract: Contract | None = getattr(award, "contract", None)
    if contract and (rows := contract.terms.get("budget")):
        return [thawed(row) for row in rows]
    return [line_of(item) for item in items_of(award.application)]


def spent_line(row: Expenditure) -> Line:
    """An expenditure as a line beside those of the budget."""
    return Line(Row(str(row.organisation_id), row.source, row.category), {row.day.year: row.amount})


def alike(row: Expenditure) -> QuerySet[Expenditure]:
    """Standing rows of the same organisation, day and amount: perhaps the same thing once more."""
    same = Expenditure.objects.filter(organisation=row.organisation, day=row.day, amount=row.amount)
    return same.standing().exclude(pk=row.pk)


def same_invoice(row: Expenditure) -> Expenditure | None:
    """The standing row with the same invoice, of whatever project."""
    if not row.invoice_number:
        return None
    found = Expenditure.objects.standing().filter(fingerprint=row.invoice_code + row.invoice_number)
    return found.exclude(pk=row.pk).select_related("organisation", "award__consortium").first()


def sum_of(rows: QuerySet[Expenditure]) -> Decimal:
    """What the rows of a list come to that count."""
    found: Decimal | None = rows.filter(status__in=STANDING).order_by().aggregate(sum=Sum("amount"))["sum"]
    return found or Decimal(0)


@dataclass(frozen=True)
class Blocked:
    """An invoice that was brought a second time: when, by whom, and the row where it stands."""

    entry: AuditEntry
    standing: Expenditure | None


def blocked(award: Award) -> list[Blocked]:
    """What was brought under this award and stood somewhere already, newest first; for the bureau alone."""
    entries = [one for one in trail(award) if one.action == Action.BLOCK_INVOICE]
    stood = Expenditure.objects.select_related("award__consortium", "organisation").in_bulk(
        [one.facts["stands"] for one in entries if one.facts.get("stands")]
    )
    rows = {str(key): row for key, row in stood.items()}
    return [Blocked(one, rows.get(str(one.facts.get("stands")))) for one in entries]
