"""Acceptances and terminations: who still has to act, until when, and what money is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import (
    AcceptanceStatus,
    AccountKind,
    BudgetSource,
    ContractStatus,
    ExpenditureStatus,
    RelayStatus,
    TerminationKind,
)
from funding.models import (
    Acceptance,
    AcceptanceConsent,
    Amendment,
    Award,
    Contract,
    ContractParty,
    Expenditure,
    LedgerAccount,
    Recovery,
    Relay,
    Termination,
)
from funding.models.acceptance import OPEN_ACCEPTANCE
from funding.models.amendment import OPEN as OPEN_AMENDMENT
from funding.models.termination import OPEN_TERMINATION
from funding.rules.contracts import Values
from funding.rules.ending import kept_percent, last_day_to_request, to_claim
from funding.selectors.contracts import contract_rules
from funding.selectors.recoveries import free_of
from members.enums import Role
from members.models import Organisation
from portal.kernel.calendar import add_working_days
from portal.kernel.templatetags.ui import cn_date

ZERO = Decimal(0)
TERMINABLE = (ContractStatus.EFFECTIVE, ContractStatus.EXPIRED)
NOT_EFFECTIVE = _("Acceptance of a project is requested under an effective contract.")
BUSY = _("The acceptance of this project, an amendment or a termination of its contract is under way already.")
TOO_EARLY = _("Acceptance is requested from the end of the contract on (%(day)s).")
TOO_LATE = _("Acceptance was to be requested until %(day)s.")
TERMINATING = _("The termination of this contract is under way already.")
ACCEPTING = _("The acceptance of this project is under way; return it first.")
NOT_TERMINABLE = _("Only a contract that is effective or has expired is terminated.")
CONTRACT = ("contract__award__consortium__lead", "contract__award__application__call__rules")


def acceptances(user: Any) -> QuerySet[Acceptance]:
    """Acceptances with what a page shows of them."""
    people = ("requested_by", "checked_by", "assessed_by", "decided_by")
    return Acceptance.objects.visible_to(user).select_related(*CONTRACT, *people)


def terminations(user: Any) -> QuerySet[Termination]:
    """Terminations with what a page shows of them."""
    people = ("started_by", "put_forward_by", "decided_by")
    return Termination.objects.visible_to(user).select_related(*CONTRACT, *people)


# --- time --------------------------------------------------------------------------------------
def last_day_of(contract: Contract) -> date:
    """The last day on which acceptance is requested."""
    returned = contract.acceptances.filter(status=AcceptanceStatus.RETURNED).values_list("ended_at", flat=True)
    days = [timezone.localdate(one) for one in returned if one]
    return last_day_to_request(contract.ends_on, contract_rules(contract.award), days)


def decide_by(acceptance: Acceptance) -> date:
    """The last day on which the bureau decides, by the rules of the call."""
    days = contract_rules(acceptance.award).acceptance_days
    return add_working_days(timezone.localdate(acceptance.created_at), days)


def is_under_way(contract: Contract) -> bool:
    """Whether an acceptance, a termination or an amendment of it waits for somebody."""
    return bool(
        contract.acceptances.filter(status__in=OPEN_ACCEPTANCE).exists()
        or contract.terminations.filter(status__in=OPEN_TERMINATION).exists()
        or contract.amendments.filter(status__in=OPEN_AMENDMENT).exists()
    )


def ended_contracts(today: date) -> QuerySet[Contract]:
    """Contracts whose term is over and that nobody has brought to an end, nor is about to."""
    own = {"contract": OuterRef("pk")}
    busy = (
        Exists(Acceptance.objects.filter(status__in=OPEN_ACCEPTANCE, **own)),
        Exists(Termination.objects.filter(status__in=OPEN_TERMINATION, **own)),
        Exists(Amendment.objects.filter(status__in=OPEN_AMENDMENT, **own)),
    )
    rows = Contract.objects.filter(status=ContractStatus.EFFECTIVE, ends_on__lte=today)
    return rows.exclude(Q(busy[0]) | Q(busy[1]) | Q(busy[2])).select_related(
        "award__consortium", "award__application__call__rules"
    )


# --- what may begin ----------------------------------------------------------------------------
def what_bars_acceptance(contract: Contract, today: date) -> list[Any]:
    """Why acceptance cannot be requested now, in sentences."""
    if contract.status != ContractStatus.EFFECTIVE:
        return [NOT_EFFECTIVE]
    if is_under_way(contract):
        return [BUSY]
    if today < contract.ends_on:
        return [TOO_EARLY % {"day": cn_date(contract.ends_on)}]
    last = last_day_of(contract)
    return [TOO_LATE % {"day": cn_date(last)}] if today > last else []


def what_bars_termination(contract: Contract) -> list[Any]:
    """Why it cannot be terminated now, in sentences."""
    if contract.status not in TERMINABLE:
        return [NOT_TERMINABLE]
    if contract.terminations.filter(status__in=OPEN_TERMINATION).exists():
        return [TERMINATING]
    return [ACCEPTING] if contract.acceptances.filter(status__in=OPEN_ACCEPTANCE).exists() else []


# --- whose turn it is --------------------------------------------------------------------------
def to_request(user: Any, today: date) -> QuerySet[Contract]:
    """Contracts of the lead's whose acceptance is to be requested."""
    leads = [place for role, place, _district in user.grants if role in {Role.APPLICANT, Role.SIGNATORY}]
    return ended_contracts(today).filter(award__consortium__lead__in=leads)


def to_confirm(user: Any, role: Role) -> QuerySet[Acceptance]:
    """Acceptances that a party in which this person holds the role has still to confirm."""
    places = [place for held, place, _district in user.grants if held == role]
    rows = ContractParty.objects.filter(contract=OuterRef("contract"), organisation__in=places)
    if role != Role.SIGNATORY:
        rows = rows.exclude(organisation=OuterRef("contract__award__consortium__lead"))
    given = AcceptanceConsent.objects.filter(acceptance=OuterRef(OuterRef("pk")), organisation=OuterRef("organisation"))
    return Acceptance.objects.filter(Exists(rows.filter(~Exists(given))), status=AcceptanceStatus.REQUESTED)


def acceptances_in(user: Any, *statuses: str) -> QuerySet[Acceptance]:
    """Acceptances in a state that the user may see."""
    return Acceptance.objects.visible_to(user).filter(status__in=statuses)


def terminations_in(user: Any, *statuses: str) -> QuerySet[Termination]:
    """Terminations in a state that the user may see."""
    return Termination.objects.visible_to(user).filter(status__in=statuses)


# --- money -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Share:
    """What an organisation has of a grant, in yuan: `held` by the ledger, `free` of it, and what is spent of it."""

    organisation: Organisation
    held: Decimal
    free: Decimal
    accepted: Decimal
    waiting: Decimal

    @property
    def unspent(self) -> Decimal:
        """What is left of the grant; below zero where more was spent than received."""
        return self.held - self.accepted - self.waiting


def shares_of(award: Award) -> list[Share]:
    """Organisation by organisation, whoever holds or has spent money of the grant."""
    held = dict(LedgerAccount.objects.filter(kind=AccountKind.HELD, award=award).values_list("organisation", "balance"))
    rows = Expenditure.objects.filter(award=award, source=BudgetSource.GRANT).standing().order_by()
    sums = {
        (organisation, status): amount
        for organisation, status, amount in rows.values_list("organisation", "status").annotate(Sum("amount"))
    }
    keys = {pk for pk in held if pk} | {pk for pk, _status in sums}
    return [
        Share(
            one, held.get(one.pk, ZERO), free_of(award, one.pk), sums.get((one.pk, ExpenditureStatus.ACCEPTED), ZERO),
            sums.get((one.pk, ExpenditureStatus.RECORDED), ZERO),
        )
        for one in Organisation.objects.filter(pk__in=keys).order_by("name")
    ]  # fmt: skip


def statement_of(award: Award) -> list[Values]:
    """The final statement as an acceptance keeps it."""
    return [
        {"id": str(one.organisation.pk), "name": one.organisation.name, "held": f"{one.held:.2f}",
         "accepted": f"{one.accepted:.2f}", "waiting": f"{one.waiting:.2f}", "unspent": f"{one.unspent:.2f}"}
        for one in shares_of(award)
    ]  # fmt: skip


def spending_waits(award: Award) -> bool:
    """Whether there is expenditure that nobody has accepted or refused."""
    return Expenditure.objects.filter(award=award, status=ExpenditureStatus.RECORDED).exists()


def relays_wait(award: Award) -> bool:
    """Whether there is money passed on that the member has not confirmed."""
    return Relay.objects.filter(award=award, status=RelayStatus.REPORTED).exists()


@dataclass(frozen=True)
class Claim:
    """What is claimed back from an organisation when the contract is terminated."""

    share: Share
    amount: Decimal


def claims_shown(termination: Termination, user: Any) -> list[dict[str, str]]:
    """The claims that were made, as far as the reader may see each: nobody learns what a partner has to pay back."""
    wanted = [one["recovery"] for one in termination.claims]
    seen = {str(pk) for pk in Recovery.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True)}
    return [one for one in termination.claims if one["recovery"] in seen]


def claims_of(award: Award, kind: str) -> list[Claim]:
    """By the rules of the call, from everybody who has something to pay back."""
    keeps, fault = kept_percent(award.application.call.rules.data), kind == TerminationKind.FAULT
    found = [
        Claim(one, to_claim(held=one.free, accepted=one.accepted, waiting=one.waiting, fault=fault, keeps=keeps))
        for one in shares_of(award)
    ]
    return [one for one in found if one.amount]
