"""The terms of a project contract: composed of what was applied for and granted, read, and what is wrong with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import ParticipationRole
from consortia.models import Milestone, Participation
from funding.enums import BudgetCategory, BudgetMode, BudgetSource
from funding.models import Award, Contract
from funding.rules import contracts
from funding.rules.contracts import SCHEMA, Fault, Rules, Values
from funding.selectors.budgets import Sums, in_wan, read_budget
from portal.kernel.audit import plain

SENTENCES: dict[str, Any] = {
    "tranches": _("The tranches come to %(has)s ×10k yuan, the award is %(needs)s."),
    "budget": _("The grant in the budget comes to %(has)s ×10k yuan, the award is %(needs)s."),
    "targets": _("There is no target yet."),
    "target": _("The target “%(name)s” has no figure in any year."),
}


def contract_rules(award: Award) -> Rules:
    """What the rules of its call say."""
    return contracts.rules_of(award.application.call.rules.data)


# --- composing ---------------------------------------------------------------------------------
def contract_terms(award: Award, starts_on: date, ends_on: date) -> Values:
    """The terms as they follow from the application's snapshot, the decision and the rules of the call."""
    snapshot = award.application.snapshot or {}
    technologies, milestones = _technologies(award, snapshot), _milestones(award, snapshot)
    years, rules = contracts.years_of(starts_on, ends_on), contract_rules(award)
    budget = contracts.scaled(snapshot.get("budget") or _one_row(award, years), award.amount)
    terms = {
        "schema": SCHEMA,
        "consortium": named(award),
        "award": {"tier": award.tier, "amount": f"{award.amount:.2f}", "document": award.document_number},
        "purpose": award.application.objective,
        "years": years,
        "targets": contracts.targets_of(technologies, milestones, rules.indicators, years),
        "budget": budget,
        "shares": contracts.shares_of(award.amount, rules.district_percent, _district(award)),
        "tranches": planned(award),
        "parties": parties_of(award, budget),
        "technologies": technologies,
        "milestones": milestones,
        "application": award.application.snapshot_hash,
    }
    found: Values = plain(terms)
    return found


def named(award: Award) -> Values:
    """The consortium and its lead as the terms name them."""
    one = award.consortium
    return {"code": one.code, "name": one.name, "lead": one.lead.name, "lead_id": str(one.lead_id)}


def planned(award: Award) -> list[Values]:
    """The plan of tranches as it stands in the books."""
    return [
        {"sequence": one.sequence, "percent": f"{one.percent:.4f}", "amount": f"{one.amount:.2f}",
         "condition": one.condition}
        for one in award.tranches.order_by("sequence")
    ]  # fmt: skip


def _technologies(award: Award, snapshot: Mapping[str, Any]) -> list[Values]:
    names = ("name", "indicator", "unit", "baseline", "target", "due")
    if "technologies" in snapshot:
        return [{name: one[name] for name in names} for one in snapshot["technologies"]]
    rows: list[Values] = plain(list(award.consortium.technologies.values(*names)))
    return rows


def _milestones(award: Award, snapshot: Mapping[str, Any]) -> list[Values]:
    if "tasks" in snapshot:
        found = [(task["name"], one) for task in snapshot["tasks"] for one in task["milestones"]]
    else:
        rows = Milestone.objects.filter(task__consortium=award.consortium_id).select_related("task")
        found = [(row.task.name, plain({name: getattr(row, name) for name in MILESTONE})) for row in rows]
    return [{"task": task, **{name: one[name] for name in MILESTONE}} for task, one in found]


MILESTONE = ("name", "metric", "target", "due")


def _one_row(award: Award, years: list[str]) -> list[Values]:
    """The budget of an application that had none: the grant with the lead, in the first year."""
    if not award.amount:
        return []
    lump = award.application.call.budget_mode == BudgetMode.LUMP_SUM
    category = BudgetCategory.LUMP_SUM if lump else BudgetCategory.BUSINESS
    lead = award.consortium.lead
    return [budget_row(str(lead.pk), lead.name, BudgetSource.GRANT, category, {years[0]: award.amount})]


def budget_row(
    organisation: str, name: str, source: str, category: str, amounts: Mapping[str, Decimal], note: str = ""
) -> Values:
    """A row of the budget as snapshots keep it."""
    return {
        "organisation": {"id": organisation, "name": name},
        "source": source,
        "category": category,
        "amounts": {year: f"{amount:.2f}" for year, amount in amounts.items()},
        "total": f"{sum(amounts.values(), Decimal(0)):.2f}",
        "note": note,
    }


def parties_of(award: Award, budget: Sequence[Values], parties: Collection[str] = ()) -> list[Values]:
    """The lead, and every member that is of the `parties` already or has duties or money in it, each with its part."""
    lead, members = award.consortium.lead, _members(award)
    leading = next((duties for pk, _name, _role, duties in members if pk == str(lead.pk)), "")
    found = [_party(str(lead.pk), lead.name, ParticipationRole.LEAD, leading, budget)]
    others = [_party(*one, budget) for one in members if one[0] != str(lead.pk)]
    return found + [
        one for one in others
        if one["id"] in parties or one["duties"] or Decimal(one["grant"]) or Decimal(one["own"])
    ]  # fmt: skip


def _members(award: Award) -> list[tuple[str, str, str, str]]:
    rows = Participation.objects.present().filter(consortium=award.consortium_id).select_related("organisation")
    return [
        (str(one.organisation_id), one.organisation.name, one.role, one.duties)
        for one in rows.order_by("role", "created_at", "id")
    ]


def members_of(contract: Contract) -> dict[str, str]:
    """The members of today, names by key."""
    return {pk: name for pk, name, *_part in _members(contract.award)}


def _party(pk: str, name: str, role: str, duties: str, budget: Sequence[Values]) -> Values:
    grant, own = contracts.of_organisation(budget, pk)
    return {"id": pk, "name": name, "role": role, "duties": duties, "grant": f"{grant:.2f}", "own": f"{own:.2f}"}


def parties_now(contract: Contract, budget: Sequence[Values]) -> list[Values]:
    """The parties as the members of today would be; whoever is a party and still a member stays one."""
    return parties_of(contract.award, budget, {one["id"] for one in contract.terms.get("parties", ())})


def members_changed(contract: Contract) -> bool:
    """Whether a party has left the consortium, or a member with duties is no party yet."""
    named = contract.terms.get("parties")
    found = parties_now(contract, contract.terms.get("budget", ())) if named else []
    return bool(named) and {one["id"] for one in named} != {one["id"] for one in found}


def _district(award: Award) -> str:
    return award.consortium.district.name_zh if award.consortium.district_id else ""


# --- reading -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Reading:
    """The terms as a page shows them; figures are text, as they were frozen."""

    terms: Mapping[str, Any]

    @property
    def years(self) -> list[str]:
        """The years of the targets."""
        found: list[str] = self.terms.get("years", [])
        return found

    @property
    def targets(self) -> list[tuple[Values, list[str]]]:
        """Each target with its figures in the order of the years."""
        return [(one, [one["years"].get(year, "") for year in self.years]) for one in self.terms.get("targets", ())]

    @property
    def budget(self) -> Sums | None:
        """The budget with its sums."""
        return read_budget(self.terms.get("budget"))

    def dated(self, part: str) -> list[Values]:
        """Rows of a part with their day as a day."""
        return [{**row, "due": date.fromisoformat(row["due"])} for row in self.terms.get(part, [])]

    @property
    def technologies(self) -> list[Values]:
        """What the project develops."""
        return self.dated("technologies")

    @property
    def milestones(self) -> list[Values]:
        """By when it has got how far."""
        return self.dated("milestones")


def fault_sentences(terms: Mapping[str, Any]) -> list[str]:
    """What keeps a draft from being offered, in sentences."""
    return [fault_sentence(one) for one in contracts.faults(terms)]


def fault_sentence(fault: Fault) -> str:
    """One of them."""
    sentence: str | Promise = SENTENCES[fault.code]
    return str(sentence) % {"has": in_wan(fault.has), "needs": in_wan(fault.needs), "name": fault.name}


def districts_due(awards: Iterable[Award]) -> Decimal:
    """What the districts have to add to these awards by their contracts that are or were effective."""
    rows = Contract.objects.filter(award__in=[one.pk for one in awards], countersigned_at__isnull=False)
    return sum((Decimal(row.terms.get("shares", {}).get("district", 0)) for row in rows), Decimal(0))
