"""Contracts: signed by the lead, countersigned by the bureau."""

from datetime import datetime

from django.utils import timezone

from consortia.services.consortia import start_consortium
from funding.enums import Action, TrancheCondition
from funding.models import Contract
from funding.services.telling import tell_lead, tell_role
from funding.services.tranches import meet_condition
from funding.workflow import CONTRACT
from members.enums import Role
from members.models import User


def sign_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """The lead's signatory accepts the frozen terms."""
    facts = {"sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.SIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.signed_by, locked.signed_at = actor, at
        consortium = locked.award.consortium
        tell_role(Role.HEAD, consortium=consortium, kind="funding.contract_signed", subject=locked, at=at)
    return contract


def countersign_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """The contract takes effect: the consortium starts to operate and the first tranche may be requested."""
    facts = {"sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.COUNTERSIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.countersigned_by, locked.countersigned_at = actor, at
        award = locked.award
        waiting = award.tranches.filter(condition=TrancheCondition.CONTRACT, condition_met_on=None)
        tranches = list(
            waiting.select_for_update(of=("self",))
        )  # rows before the audit lock, or two such acts deadlock
        start_consortium(
            consortium=award.consortium,
            actor=actor,
            tier=award.tier,
            recognised_on=award.approved_on,
            build_from=locked.starts_on,
            build_to=locked.ends_on,
            at=at,
        )
        for tranche in tranches:
            meet_condition(tranche=tranche, actor=actor, met_on=timezone.localdate(at), at=at)
        tell_lead(consortium=award.consortium, kind="funding.contract_effective", subject=locked, at=at)
    return contract
