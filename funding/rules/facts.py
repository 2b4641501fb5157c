"""What the portal knows about an application, by the names that the expressions of a designed form may use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.rules.values import Name, Sort

YUAN = _("in yuan")


@dataclass(frozen=True)
class Fact:
    """A fact: what it is called, and what its value says."""

    name: Name
    label: str | Promise
    unit: str | Promise = ""


NUMBER = Name(Sort.NUMBER)
FACTS: dict[str, Fact] = {
    "requested_tier": Fact(Name(Sort.TEXT, frozenset(Tier.values)), _("Tier applied for")),
    "requested_amount": Fact(NUMBER, _("Amount asked for"), YUAN),
    "closes_on": Fact(Name(Sort.DAY), _("Day on which the call closes")),
    "members_count": Fact(NUMBER, _("Number of members")),
    "technologies_count": Fact(NUMBER, _("Number of key technologies")),
    "tasks_count": Fact(NUMBER, _("Number of research tasks")),
    "lead_revenue": Fact(NUMBER, _("Revenue of the lead, newest year"), YUAN),
    "lead_rd_expense": Fact(NUMBER, _("R&D expense of the lead, newest year"), YUAN),
    "lead_staff": Fact(NUMBER, _("Staff of the lead, newest year")),
    "lead_rd_staff": Fact(NUMBER, _("R&D staff of the lead, newest year")),
    "cash_total": Fact(NUMBER, _("Cash of all members"), YUAN),
    "in_kind_total": Fact(NUMBER, _("Contributions in kind of all members"), YUAN),
    "grant_total": Fact(NUMBER, _("Grant in the budgets of the tasks"), YUAN),
    "own_total": Fact(NUMBER, _("Own funds in the budgets of the tasks"), YUAN),
}
OF_THE_DRAFT = {"requested_tier", "requested_amount", "closes_on"}  # known without the consortium


def facts_from(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that `consortium_facts` tells; a figure that is not stated is missing."""
    years = sorted((parts.get("lead") or {}).get("years") or [], key=lambda one: one["year"])
    newest = years[-1] if years else {}
    members, tasks = parts.get("members") or [], parts.get("tasks") or []
    return {
        "members_count": Decimal(len(members)),
        "technologies_count": Decimal(len(parts.get("technologies") or [])),
        "tasks_count": Decimal(len(tasks)),
        **{f"lead_{name}": Decimal(newest[name]) for name in ("revenue", "rd_expense", "staff", "rd_staff")
           if newest.get(name) is not None},
        "cash_total": _total(members, "cash"),
        "in_kind_total": _total(members, "in_kind"),
        "grant_total": _total(tasks, "budget_grant"),
        "own_total": _total(tasks, "budget_own"),
    }  # fmt: skip


def _total(rows: Iterable[Mapping[str, Any]], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows if row.get(name) is not None), Decimal())


def fact_from(code: str, text: str) -> Any:
    """The value of a fact that is written in a test case, which the form of the case has checked."""
    sort = FACTS[code].name.sort
    if sort is Sort.NUMBER:
        return Decimal(text)
    return date.fromisoformat(text) if sort is Sort.DAY else text
