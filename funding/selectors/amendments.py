"""Amendments: what they change in words, and what the rules of the call have against them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from consortia.enums import ParticipationRole
from funding.enums import AmendmentKind, AmendmentStatus
from funding.models import Amendment, Contract
from funding.rules import contracts
from funding.rules.contracts import Values
from funding.selectors.budgets import budget_words
from funding.selectors.contracts import contract_rules, fault_sentence, parties_now
from portal.kernel.templatetags.ui import NOTHING, cn_date, wan
from portal.kernel.workflow import Reason

K = AmendmentKind
PARTS = {K.TARGETS: ("targets",), K.BUDGET: ("budget",), K.MEMBERS: ("parties", "budget")}


def amendments(user: Any) -> QuerySet[Amendment]:
    """Amendments with what a page shows of them."""
    rows = Amendment.objects.visible_to(user)
    return rows.select_related(
        "contract__award__consortium__lead", "contract__award__application__call__rules", "proposed_by", "checked_by",
        "decided_by",
    )  # fmt: skip


def replaced_by(contract: Contract, kind: str) -> Values:
    """What stands in the contract where an amendment of this kind changes it."""
    if kind == K.EXTENSION:
        return {"ends_on": contract.ends_on.isoformat()}
    return {part: contract.terms.get(part, []) for part in PARTS[AmendmentKind(kind)]}


def completed(contract: Contract, kind: str, changes: Mapping[str, Any]) -> Values:
    """What an amendment changes: where members come or go, the parties follow from the members of today."""
    if kind != K.MEMBERS:
        return dict(changes)
    return {"parties": parties_now(contract, changes["budget"]), "budget": changes["budget"]}


# --- the rules ---------------------------------------------------------------------------------
def wrong_with(contract: Contract, kind: str, changes: Mapping[str, Any]) -> Reason | None:
    """Why the rules do not allow it; None where they do."""
    if changes == replaced_by(contract, kind):
        return _("This changes nothing.")
    if kind == K.EXTENSION:
        return _wrong_end(contract, date.fromisoformat(changes["ends_on"]))
    if kind == K.MEMBERS and (wrong := _wrong_members(contract, changes)):
        return wrong
    faults = contracts.faults(contract.terms | dict(changes))
    return " ".join(fault_sentence(one) for one in faults if one.part in PARTS[AmendmentKind(kind)]) or None


def _wrong_end(contract: Contract, ends_on: date) -> Reason | None:
    rules = contract_rules(contract.award)
    latest = contracts.months_later(contract.ends_on, rules.extension_months)
    so_far = contract.amendments.filter(kind=K.EXTENSION, status=AmendmentStatus.IN_FORCE).count()
    if so_far >= rules.extensions:
        return ngettext(
            "By the rules of the call a contract is extended %(n)s time at most.",
            "By the rules of the call a contract is extended %(n)s times at most.",
            rules.extensions,
        ) % {"n": rules.extensions}
    if not contract.ends_on < ends_on <= latest:
        return _("The new end lies after %(now)s, and not after %(latest)s.") % {
            "now": cn_date(contract.ends_on), "latest": cn_date(latest),
        }  # fmt: skip
    return None


def _wrong_members(contract: Contract, changes: Mapping[str, Any]) -> Reason | None:
    """The parties are the members of today, others than before, and who has left gets no more than it had."""
    before, after = contract.terms.get("parties", []), changes["parties"]
    if after != completed(contract, K.MEMBERS, changes)["parties"]:
        return _("The members have changed since; withdraw this amendment and propose it anew.")
    if _duties(before) == _duties(after):
        return _("The parties stay the same; propose an adjustment of the budget.")
    for one in (row for row in before if row["id"] not in _duties(after)):
        had, _own = contracts.of_organisation(contract.terms["budget"], one["id"])
        gets, _own = contracts.of_organisation(changes["budget"], one["id"])
        if gets > had:
            return _("%(name)s has left and gets no more of the grant than it had.") % {"name": one["name"]}
    return None


def _duties(parties: Iterable[Values]) -> dict[str, str]:
    return {one["id"]: one["duties"] for one in parties}


# --- in words ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """What stood, and what is to stand there."""

    what: str
    old: str
    new: str


def differences(amendment: Amendment) -> list[Difference]:
    """What changes, line by line."""
    if amendment.kind == K.EXTENSION:
        days = [cn_date(date.fromisoformat(one["ends_on"])) for one in (amendment.replaced, amendment.changes)]
        return [Difference(str(_("End of the contract")), *days)]
    words = {K.TARGETS: _target_words, K.BUDGET: _budget_words, K.MEMBERS: _member_words}[AmendmentKind(amendment.kind)]
    old, new = words(amendment.replaced), words(amendment.changes)
    return [
        Difference(key, old.get(key, NOTHING), new.get(key, NOTHING))
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]


def _target_words(terms: Mapping[str, Any]) -> dict[str, str]:
    return {
        one["name"]: " ".join([*(f"{year}: {figure}" for year, figure in sorted(one["years"].items()) if figure),
                               one["unit"]])
        for one in terms["targets"]
    }  # fmt: skip


def _member_words(terms: Mapping[str, Any]) -> dict[str, str]:
    party = pgettext("contract", "Party")
    rows = {f"{party} · {one['name']}": str(one["duties"] or ParticipationRole(one["role"]).label)
            for one in terms["parties"]}  # fmt: skip
    return rows | _budget_words(terms)


def _budget_words(terms: Mapping[str, Any]) -> dict[str, str]:
    rows = budget_words(terms["budget"])
    return {name: wan(contracts.row_total(row)) for name, row in rows.items()}
