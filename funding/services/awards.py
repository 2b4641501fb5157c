"""Awards: made when an application is approved, together with the draft of the contract and the plan of tranches."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import TrancheCondition
from funding.models import Application, Award, Tranche
from funding.services.drafting import draft_contract
from funding.services.ledger import commit_award
from members.models import User
from portal.kernel.workflow import TransitionRefused

CENT = Decimal("0.01")
NO_LINE = _("The call draws on no budget line yet: finance names one on the page of the budget.")


def create_award(*, application: Application, actor: User, document_number: str, at: datetime) -> Award:
    """Grant what was decided, commit the money, draft the contract and plan the tranches; in the caller's transaction.

    Raises TransitionRefused when the budget line of the call has not so much left.
    """
    if application.is_rehearsal:
        raise ValueError(f"{application.number} is a rehearsal")
    if application.decided_amount is None:
        raise ValueError(f"{application.number} has no decided amount")
    line = application.call.line if application.decided_amount else None
    if application.decided_amount and line is None:
        raise TransitionRefused(NO_LINE)
    award = Award.objects.create(
        application=application,
        consortium=application.consortium,
        line=line,
        year=application.call.year,
        tier=application.decided_tier,
        amount=application.decided_amount,
        document_number=document_number,
        approved_by=actor,
        approved_on=timezone.localdate(at),
    )
    plan_tranches(award=award)
    if line:
        commit_award(award=award, actor=actor, at=at)
    draft_contract(award=award, at=at)
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
