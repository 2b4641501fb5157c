"""F01, F18 and F21: what was awarded, what of it is disclosed, and what changed afterwards."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from consortia.models import LifeEvent
from funding.enums import AccountKind, EntryKind, TrancheStatus
from funding.models import Award, Contract, LedgerAccount, Payment, Posting, Tranche
from funding.selectors.ledger import REDUCED
from portal.kernel.exporting import Column
from reports.exporters.report import Check, Filters, Report, booked, paid_in_books, summed

MONEY: Any = DecimalField(max_digits=18, decimal_places=2)
NIL = Value(Decimal(0), output_field=MONEY)
ORDER = ("year", "consortium__code", "approved_on", "id")
OF_AWARD: Filters = {
    "q": ("consortium__name", "consortium__code", "consortium__lead__name"), "year": "year", "period": "approved_on",
    "tier": "tier",
    "district": "consortium__district", "sub_field": "consortium__sub_field", "programme": "line__programme",
    "line": "line",
}  # fmt: skip


def below(prefix: str, *leave_out: str) -> Filters:
    """The filters of awards, for rows that hang on an award."""
    return {
        name: f"{prefix}__{path}" if isinstance(path, str) else tuple(f"{prefix}__{one}" for one in path)
        for name, path in OF_AWARD.items()
        if name not in leave_out
    }


def awards(user: Any) -> QuerySet[Award]:
    """What the reader may see."""
    return Award.objects.visible_to(user)


def with_names(rows: QuerySet[Award]) -> QuerySet[Award]:
    """With what a register prints, `paid` and `cancelled`."""
    related = (
        "consortium__lead", "consortium__district", "consortium__sub_field", "application__call", "contract",
        "line__programme",
    )  # fmt: skip
    return with_paid(rows).select_related(*related)


def with_paid(rows: QuerySet[Award]) -> QuerySet[Award]:
    """Each with what was `paid` of it and what was `cancelled`, in yuan."""
    payments = Payment.objects.filter(standing__award=OuterRef("pk")).order_by()
    paid = Subquery(payments.values("standing__award").annotate(sum=Sum("amount")).values("sum"), output_field=MONEY)
    dropped = Tranche.objects.filter(award=OuterRef("pk"), status=TrancheStatus.CANCELLED).order_by()
    cancelled = Subquery(dropped.values("award").annotate(sum=Sum("amount")).values("sum"), output_field=MONEY)
    cut = reductions().filter(entry__award=OuterRef("pk")).values("entry__award")
    reduced = Subquery(cut.annotate(sum=Sum("amount")).values("sum"), output_field=MONEY)
    return rows.annotate(paid=Coalesce(paid, NIL), cancelled=Coalesce(cancelled, NIL) + Coalesce(reduced, NIL))


def reductions() -> QuerySet[Posting]:
    """By what tranches were reduced, which keep no record of it: the part that became free again."""
    parts = Posting.objects.filter(entry__kind=EntryKind.RELEASE, account__kind=AccountKind.AVAILABLE)
    return parts.filter(entry__key__startswith=REDUCED).order_by()


def of_contract(value: Callable[[Contract], Any]) -> Callable[[Any], Any]:
    """A column of the award's contract; empty where there is none."""

    def cell(award: Any) -> Any:
        contract = getattr(award, "contract", None)
        return value(contract) if contract else None

    return cell


def checked_awards(rows: QuerySet[Award]) -> Iterable[Check]:
    """What was awarded and what was paid of it, beside the entries of these awards."""
    found = rows.order_by().values("pk")
    yield Check(_("awarded"), summed(rows, "amount"), booked(EntryKind.COMMITMENT, entry__award__in=found))
    paid = summed(Payment.objects.filter(standing__award__in=found), "amount")
    yield Check(_("paid"), paid, paid_in_books(entry__award__in=found))


def checked_to_the_end(rows: QuerySet[Award]) -> Iterable[Check]:
    """The same, and what is still to be paid beside what is still committed."""
    found = rows.order_by().values("pk")
    awarded, paid = checked_awards(rows)
    cancelled = summed(Tranche.objects.filter(award__in=found, status=TrancheStatus.CANCELLED), "amount")
    cancelled += summed(reductions().filter(entry__award__in=found), "amount")
    committed = LedgerAccount.objects.filter(kind=AccountKind.COMMITTED, award__in=found)
    left = awarded.reported - cancelled - paid.reported
    return awarded, paid, Check(_("not paid"), left, summed(committed, "balance"))


def shares(award: Any) -> dict[str, str]:
    """The shares of city and district by a contract that is signed by both sides; empty before."""
    contract = getattr(award, "contract", None)
    found: dict[str, str] = contract.terms.get("shares", {}) if contract and contract.countersigned_at else {}
    return found


def _term(part: str) -> KeyTextTransform:
    return KeyTextTransform(part, KeyTransform("shares", "contract__terms"))


def shared(part: str) -> Case:
    """One of them in the database."""
    signed = When(contract__countersigned_at__isnull=False, then=Cast(_term(part), MONEY))
    return Case(signed, default=None, output_field=MONEY)


YEAR = Column(_("Year"), lambda award: award.year, kind="int")
NAME = Column(_("Consortium"), lambda award: award.consortium.name, width=40)
LEAD = Column(_("Lead organisation"), lambda award: award.consortium.lead.name, width=36)
TIER = Column(_("Tier"), lambda award: award.tier, width=6)
AWARDED = Column(_("Awarded amount"), lambda award: award.amount, kind="money", total="amount")
APPROVED = Column(_("Approved on"), lambda award: award.approved_on, kind="date")

AWARD_REGISTER = Report(
    number="F01",
    slug="awards",
    title=_("Award register"),
    about=_("Every award with its consortium, its amounts, its document and its contract."),
    base=awards,
    rows=with_names,
    order=ORDER,
    filters=OF_AWARD,
    checks=checked_to_the_end,
    rules="application__call__rules",
    signed=True,
    off_paper=frozenset({
        "unified_social_credit_code", "sub_field", "districts_share_of_the_citys", "budget_line", "contract_from",
        "contract_until", "contract_status", "amount_cancelled", "status_of_the_consortium", "cumulative_batch",
    }),
    columns=(
        YEAR,
        Column(_("Cumulative batch"), lambda award: award.application.call.batch, kind="int"),
        Column(_("Consortium code"), lambda award: award.consortium.code),
        NAME,
        LEAD,
        Column(_("Unified social credit code"), lambda award: award.consortium.lead.uscc, width=22),
        Column(_("District"), lambda award: award.consortium.district),
        Column(_("Sub-field"), lambda award: award.consortium.sub_field),
        TIER,
        Column(_("Requested amount"), lambda award: award.application.requested_amount, kind="money",
               total="application__requested_amount"),
        AWARDED,
        Column(_("City's share"), lambda award: shares(award).get("city"), kind="money", total=shared("city")),
        Column(_("District's share"), lambda award: shares(award).get("district"), kind="money",
               total=shared("district")),
        Column(_("District's share of the city's"), lambda award: shares(award).get("percent"), kind="percent"),
        Column(_("Budget line"), lambda award: award.line, width=30),
        Column(_("Approval document"), lambda award: award.document_number, width=22),
        APPROVED,
        Column(_("Contract number"), of_contract(lambda contract: contract.number), width=16),
        Column(_("Contract from"), of_contract(lambda contract: contract.starts_on), kind="date"),
        Column(_("Contract until"), of_contract(lambda contract: contract.ends_on), kind="date"),
        Column(_("Contract status"), of_contract(lambda contract: contract.get_status_display())),
        Column(_("Amount paid"), lambda award: award.paid, kind="money", total="paid"),
        Column(_("Amount cancelled"), lambda award: award.cancelled, kind="money", total="cancelled"),
        Column(_("Amount not paid"), lambda award: award.amount - award.cancelled - award.paid, kind="money",
               total=F("amount") - F("cancelled") - F("paid")),
        Column(_("Status of the consortium"), lambda award: award.consortium.get_status_display()),
    ),
)  # fmt: skip

DISCLOSURE = Report(
    number="F18",
    slug="disclosure",
    title=_("Public disclosure"),
    about=_("What the public may read of the awards; no personal data."),
    base=awards,
    rows=with_names,
    order=ORDER,
    filters=OF_AWARD,
    checks=checked_awards,
    columns=(YEAR, NAME, LEAD, TIER, AWARDED, APPROVED),
)


def with_change(rows: QuerySet[Award]) -> QuerySet[Award]:
    """Awards whose consortium has another tier today, each with its last change of tier."""
    changes = LifeEvent.objects.filter(consortium=OuterRef("consortium")).exclude(tier_before="").exclude(tier_after="")
    changes = changes.filter(at__date__gte=OuterRef("approved_on")).order_by("-at")
    facts = ("tier_before", "tier_after", "at", "document_number", "reason")
    found: Any = rows.annotate(**{f"change_{name}": Subquery(changes.values(name)[:1]) for name in facts})
    changed: QuerySet[Award] = found.filter(change_at__isnull=False).select_related(
        "consortium__lead", "application__call"
    )
    return changed


def cap_of(award: Any, tier: str) -> Decimal:
    """The most that the call of the award gives in this tier."""
    cap: Decimal = award.application.call.cap(tier)
    return cap


TIER_CHANGE = Report(
    number="F21",
    slug="tier-change",
    title=_("Tier change"),
    about=_("Awards whose consortium changed its tier afterwards, with the caps of both tiers."),
    base=awards,
    rows=with_change,
    order=ORDER,
    filters=OF_AWARD,
    rules="application__call__rules",
    columns=(
        YEAR,
        Column(_("Consortium code"), lambda award: award.consortium.code),
        NAME,
        LEAD,
        Column(_("Former tier"), lambda award: award.change_tier_before, width=8),
        Column(_("New tier"), lambda award: award.change_tier_after, width=8),
        Column(_("Changed at"), lambda award: award.change_at, kind="date"),
        Column(_("Document"), lambda award: award.change_document_number, width=22),
        AWARDED,
        Column(_("Cap of the former tier"), lambda award: cap_of(award, award.change_tier_before), kind="money",
               total=None),
        Column(_("Cap of the new tier"), lambda award: cap_of(award, award.change_tier_after), kind="money",
               total=None),
        Column(_("Difference of the caps"), lambda award: cap_of(award, award.change_tier_after)
               - cap_of(award, award.change_tier_before), kind="money", total=None),
        Column(_("Reason"), lambda award: award.change_reason, width=40),
    ),
)  # fmt: skip
