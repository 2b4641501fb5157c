"""Drafts of project contracts: made with the award, mended by the officer, offered to the parties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from funding.enums import Action, TrancheCondition, TrancheStatus
from funding.models import Award, Contract, Tranche
from funding.rules import contracts
from funding.rules.contracts import HUNDRED, Values
from funding.selectors.contracts import contract_terms, fault_sentence, named, parties_of, planned
from funding.services.parties import seat_parties
from funding.services.telling import tell_role
from funding.workflow import CONTRACT
from members.enums import Role
from members.models import User
from portal.kernel.audit import sha256
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

MOST_TRANCHES = 8
MOVED = _("A tranche is on its way already; the plan stays as it is.")


def draft_contract(*, award: Award, at: datetime) -> Contract:
    """The draft as it follows from the application and the decision; in the transaction of the award."""
    start = timezone.localdate(at)
    end = contracts.last_day(start, award.application.call.rules.data["periods"]["build_years"])
    terms = contract_terms(award, start, end)
    contract = Contract.objects.create(
        number=f"HT-{start.year}-{next_number(f'contract-{start.year}'):04d}",
        award=award,
        terms=terms,
        sha256=sha256(terms),
        starts_on=start,
        ends_on=end,
    )
    tell_role(Role.OFFICER, consortium=award.consortium, kind="funding.contract_drafted", subject=contract, at=at)
    return contract


# --- mending -----------------------------------------------------------------------------------
def set_frame(
    *, contract: Contract, actor: User, purpose: str, starts_on: date, ends_on: date, district_percent: Decimal,
    at: datetime,
) -> Contract:  # fmt: skip
    """Purpose, term, and what the district adds. Raises ValidationError by field."""
    if ends_on <= starts_on:
        raise ValidationError({"ends_on": _("The contract ends after it begins.")})
    with CONTRACT.moving(contract, Action.EDIT_CONTRACT, actor=actor, at=at, facts={"part": "frame"}) as locked:
        years = contracts.years_of(starts_on, ends_on)
        if lost := _outside(locked.terms, years):
            raise ValidationError({"ends_on": _("There are figures for %(year)s, outside this term.") % {"year": lost}})
        name = locked.terms.get("shares", {}).get("name", "")
        locked.starts_on, locked.ends_on = starts_on, ends_on
        shares = contracts.shares_of(locked.award.amount, district_percent, name)
        _set(locked, purpose=purpose, years=years, shares=shares)
    return contract


def _outside(terms: Values, years: list[str]) -> str:
    """The first year with a figure that a term does not touch."""
    targets = {year for one in terms.get("targets", ()) for year, figure in one["years"].items() if figure}
    budget = {year for one in terms.get("budget", ()) for year, amount in one["amounts"].items() if Decimal(amount)}
    return next(iter(sorted((targets | budget) - set(years))), "")


def set_targets(*, contract: Contract, actor: User, targets: Sequence[Values], at: datetime) -> Contract:
    """The targets by year."""
    with CONTRACT.moving(contract, Action.EDIT_CONTRACT, actor=actor, at=at, facts={"part": "targets"}) as locked:
        _set(locked, targets=list(targets))
    return contract


def set_budget(*, contract: Contract, actor: User, budget: Sequence[Values], at: datetime) -> Contract:
    """The budget; each party's part follows from it. Raises ValidationError when its grant is not the award."""
    with CONTRACT.moving(contract, Action.EDIT_CONTRACT, actor=actor, at=at, facts={"part": "budget"}) as locked:
        _set(locked, budget=list(budget), parties=contracts.with_money(locked.terms.get("parties", []), budget))
        _refuse(locked.terms, "budget")
    return contract


def _refuse(terms: Values, code: str) -> None:
    if wrong := [fault_sentence(fault) for fault in contracts.faults(terms) if fault.code == code]:
        raise ValidationError(wrong)


@dataclass(frozen=True)
class Instalment:
    """One line of the plan of tranches; money in yuan."""

    amount: Decimal
    condition: TrancheCondition


def set_plan(*, contract: Contract, actor: User, plan: Sequence[Instalment], at: datetime) -> Contract:
    """The plan of tranches, in the books as well. Raises ValidationError when it does not come to the award."""
    with CONTRACT.moving(contract, Action.EDIT_CONTRACT, actor=actor, at=at, facts={"part": "tranches"}) as locked:
        award = Award.objects.select_for_update(no_key=True).get(pk=locked.award_id)
        rows = list(award.tranches.select_for_update().order_by("sequence"))
        if any(row.status != TrancheStatus.PLANNED or row.condition_met_on for row in rows):
            raise TransitionRefused(MOVED)
        _plan(award, rows, plan)
        _set(locked, tranches=planned(award))
        _refuse(locked.terms, "tranches")
    return contract


def _plan(award: Award, rows: list[Tranche], plan: Sequence[Instalment]) -> None:
    """What becomes less goes first: at no moment do the books plan more than the award."""
    for row in rows[len(plan) :]:
        row.delete()
    known = {number: row.amount for number, row in enumerate(rows)}
    for number, one in sorted(enumerate(plan), key=lambda pair: pair[1].amount - known.get(pair[0], Decimal(0))):
        row = rows[number] if number in known else Tranche(award=award, sequence=number + 1)
        row.amount, row.condition = one.amount, one.condition
        row.percent = (one.amount * HUNDRED / award.amount).quantize(Decimal("0.0001"))
        row.save()


def _set(contract: Contract, **parts: Any) -> None:
    contract.terms = contract.terms | parts
    contract.sha256 = sha256(contract.terms)


# --- offering ----------------------------------------------------------------------------------
def offer_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """Freeze the terms, with the lead and the members of this moment, and put them before the parties."""
    facts = {"version": contract.version}
    with CONTRACT.moving(contract, Action.OFFER_CONTRACT, actor=actor, at=at, note=note, facts=facts) as locked:
        _set(locked, **_present(locked))
        locked.offered_by, locked.offered_at = actor, at
        seat_parties(contract=locked, at=at)
    return contract


def _present(contract: Contract) -> Values:
    award, terms = contract.award, contract.terms
    return {
        "version": contract.version,
        "consortium": named(award),
        "parties": parties_of(award, terms.get("budget", [])),
        "tranches": planned(award),
    }
