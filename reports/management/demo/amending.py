"""Contracts that were amended: one extended, one with other targets that wait for the decision, one just proposed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from funding.enums import AmendmentKind, ContractStatus
from funding.models import Amendment, Contract
from funding.rules.contracts import months_later
from funding.selectors.parties import acts_in, missing_consents
from funding.services.amendments import check_amendment, consent_amendment, decide_amendment, propose_amendment
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

SINCE = timedelta(days=20)
LATE = "样例：关键设备交付推迟，中试线投运顺延，需延长合同期。"
OTHER = "样例：合作单位提出更多需求，拟调高该项指标的末年目标值。"


def amend(cast: Cast, today: date) -> None:
    """The three running contracts with the smallest numbers."""
    found = Contract.objects.filter(status=ContractStatus.EFFECTIVE, ends_on__gt=today).order_by("number")
    extended, checked, proposed = found.select_related("award__consortium__lead")[:3]
    day = today - SINCE
    first = _propose(cast, extended, AmendmentKind.EXTENSION, _later(extended, 12), day)
    _consent(cast, first, day)
    check_amendment(amendment=first, actor=cast.bureau[Role.OFFICER], at=moment(day, 14))
    decide_amendment(amendment=first, actor=cast.bureau[Role.HEAD], at=moment(day, 16))
    second = _propose(cast, checked, AmendmentKind.TARGETS, _higher(checked), day)
    _consent(cast, second, day)
    check_amendment(amendment=second, actor=cast.bureau[Role.OFFICER], at=moment(day, 15))
    _propose(cast, proposed, AmendmentKind.EXTENSION, _later(proposed, 6), day)


def _later(contract: Contract, months: int) -> dict[str, Any]:
    return {"ends_on": months_later(contract.ends_on, months).isoformat()}


def _higher(contract: Contract) -> dict[str, Any]:
    """One more of the first target that is a count: of others less may be better."""
    targets = contract.terms["targets"]
    counts = [n for n, one in enumerate(targets) if one["unit"].endswith("数")] or [0]
    place = max(counts, key=lambda n: max(year for year, figure in targets[n]["years"].items() if figure))
    years = targets[place]["years"]
    year = max(one for one, figure in years.items() if figure)
    raised = {**targets[place], "years": {**years, year: str(int(float(years[year])) + 1)}}
    return {"targets": [*targets[:place], raised, *targets[place + 1 :]]}


def _propose(cast: Cast, contract: Contract, kind: AmendmentKind, changes: dict[str, Any], day: date) -> Amendment:
    reason = LATE if kind == AmendmentKind.EXTENSION else OTHER
    return propose_amendment(
        contract=contract, kind=kind, changes=changes, reason=reason, actor=cast.of(contract.award.consortium.lead),
        at=moment(day, 9),
    )  # fmt: skip


def _consent(cast: Cast, amendment: Amendment, day: date) -> None:
    for one in missing_consents(amendment):
        person = cast.of(one)
        if acts_in(person, amendment):
            consent_amendment(amendment=amendment, actor=person, at=moment(day, 11))
