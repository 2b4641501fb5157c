"""Awards: made when an application is approved, together with the contract offer and the plan of tranches."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from consortia.models import Milestone
from funding.enums import TrancheCondition
from funding.models import Application, Award, Contract, Tranche
from funding.services.telling import tell_lead
from members.models import User
from portal.kernel.audit import plain, sha256
from portal.kernel.numbering import next_number

CENT = Decimal("0.01")


def create_award(*, application: Application, actor: User, document_number: str, at: datetime) -> Award:
    """Grant what was decided, offer the contract and plan the tranches; in the caller's transaction."""
    if application.is_rehearsal:
        raise ValueError(f"{application.number} is a rehearsal")
    if application.decided_amount is None:
        raise ValueError(f"{application.number} has no decided amount")
    award = Award.objects.create(
        application=application,
        consortium=application.consortium,
        year=application.call.year,
        tier=application.decided_tier,
        amount=application.decided_amount,
        document_number=document_number,
        approved_by=actor,
        approved_on=timezone.localdate(at),
    )
    plan_tranches(award=award)
    offer_contract(award=award, at=at)
    return award


def plan_tranches(*, award: Award) -> list[Tranche]:
    """Split the award by the plan of its call's rules; the last tranche takes the rest, so the sum is exact."""
    plan = award.application.call.rules.data["tranches"][award.tier] if award.amount else []
    left = award.amount
    tranches = []
    for sequence, (percent, condition) in enumerate(plan, 1):
        amount = left if sequence == len(plan) else (award.amount * Decimal(percent) / 100).quantize(CENT)
        left -= amount
        tranches.append(
            Tranche(
                award=award,
                sequence=sequence,
                percent=Decimal(percent),
                amount=amount,
                condition=TrancheCondition(condition),
            )
        )
    return Tranche.objects.bulk_create(tranches)


def offer_contract(*, award: Award, at: datetime) -> Contract:
    """Freeze the terms and offer them to the lead for signature."""
    rules = award.application.call.rules.data
    start = timezone.localdate(at)
    terms = plain(contract_terms(award=award))
    contract = Contract.objects.create(
        number=f"HT-{start.year}-{next_number(f'contract-{start.year}'):04d}",
        award=award,
        terms=terms,
        sha256=sha256(terms),
        starts_on=start,
        ends_on=_last_day(start, rules["periods"]["build_years"]),
    )
    tell_lead(consortium=contract.award.consortium, kind="funding.contract_offered", subject=contract, at=at)
    return contract


def contract_terms(*, award: Award) -> dict[str, Any]:
    """What both sides sign: parties, money, tranches, technologies and milestones as applied for."""
    consortium = award.consortium
    return {
        "consortium": {
            "code": consortium.code,
            "name": consortium.name,
            "lead": consortium.lead.name,
            "lead_id": str(consortium.lead_id),
        },
        "award": {"tier": award.tier, "amount": f"{award.amount:.2f}", "document": award.document_number},
        "tranches": [
            {
                "sequence": t.sequence,
                "percent": f"{t.percent:.4f}",
                "amount": f"{t.amount:.2f}",
                "condition": t.condition,
            }
            for t in award.tranches.all()
        ],
        "technologies": [
            {
                "name": t.name,
                "indicator": t.indicator,
                "unit": t.unit,
                "baseline": t.baseline,
                "target": t.target,
                "due": t.due,
            }
            for t in consortium.technologies.all()
        ],
        "milestones": [
            {"task": m.task.name, "name": m.name, "metric": m.metric, "target": m.target, "due": m.due}
            for m in Milestone.objects.filter(task__consortium=consortium).select_related("task")
        ],
        "application": award.application.snapshot_hash,
    }


def _last_day(first: date, years: int) -> date:
    """The day before the anniversary; that of a 29 February is the 1st of March."""
    year = first.year + years
    leaps = first.month == 2 and first.day == 29 and not isleap(year)
    anniversary = date(year, 3, 1) if leaps else first.replace(year=year)
    return anniversary - timedelta(days=1)
