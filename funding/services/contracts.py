"""Contracts: countersigned by the bureau, and signed anew after the lead has changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import ConsortiumStatus
from consortia.services.consortia import start_consortium, upgrade_consortium
from consortia.services.life import Paper
from funding.enums import Action, ApplicationKind, TrancheCondition
from funding.models import Award, Contract, ContractParty
from funding.selectors.leads import contract_lead
from funding.services.parties import TWO_SIDES, tell_parties, version_of
from funding.services.telling import tell_lead
from funding.services.tranches import meet_condition
from funding.workflow import CONTRACT
from members.models import User
from portal.kernel.audit import sha256
from portal.kernel.workflow import TransitionRefused


def countersign_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """The contract takes effect: the consortium starts to operate, or rises, and the first tranche may be requested."""
    facts = {"sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.COUNTERSIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        if locked.parties.filter(signed_by=actor).exists():
            raise TransitionRefused(TWO_SIDES)
        locked.countersigned_by, locked.countersigned_at = actor, at
        award = locked.award
        waiting = award.tranches.filter(condition=TrancheCondition.CONTRACT, condition_met_on=None)
        tranches = list(
            waiting.select_for_update(of=("self",))
        )  # rows before the audit lock, or two such acts deadlock
        _recognise(locked, actor, at)
        for tranche in tranches:
            meet_condition(tranche=tranche, actor=actor, met_on=timezone.localdate(at), at=at)
        tell_lead(consortium=award.consortium, kind="funding.contract_effective", subject=locked, at=at)
    return contract


def _recognise(contract: Contract, actor: User, at: datetime) -> None:
    """A new consortium starts, one that applied for an upgrade rises; neither when the contract was only amended."""
    award = contract.award
    consortium = award.consortium
    if consortium.status == ConsortiumStatus.PREPARING:
        start_consortium(
            consortium=consortium, actor=actor, tier=award.tier, recognised_on=award.approved_on,
            build_from=contract.starts_on, build_to=contract.ends_on, at=at,
        )  # fmt: skip
    elif award.application.kind == ApplicationKind.UPGRADE and award.tier < consortium.tier:
        upgrade_consortium(
            consortium=consortium, actor=actor, tier=award.tier, at=at, paper=_paper(award),
            note=str(_("Upgrade by application %(number)s") % {"number": award.application.number}),
        )  # fmt: skip


def _paper(award: Award) -> Paper:
    decided_at = award.application.decided_at
    day = timezone.localdate(decided_at) if decided_at else award.approved_on
    return Paper(document_number=award.document_number, meeting=award.application.meeting, meeting_on=day)


def amend_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """Offer the same terms to the new lead for signature; the version before is kept."""
    facts: dict[str, Any] = {"earlier": contract.sha256}
    with CONTRACT.moving(contract, Action.AMEND, actor=actor, at=at, note=note, facts=facts) as locked:
        lead, before = locked.award.consortium.lead, contract_lead(locked)
        locked.earlier = [*locked.earlier, version_of(contract=locked, at=at)]
        locked.version += 1
        named = locked.terms["consortium"] | {"lead": lead.name, "lead_id": str(lead.pk)}
        locked.terms = locked.terms | {"consortium": named, "version": locked.version}
        locked.sha256 = sha256(locked.terms)
        locked.signed_by = locked.signed_at = locked.countersigned_by = locked.countersigned_at = None
        _seat_lead(locked, before, at)
        tell_parties(contract=locked, kind="funding.contract_offered", at=at)
    return contract


def _seat_lead(contract: Contract, before: str, at: datetime) -> None:
    """The new lead takes the place of the one before; what the others confirmed stays, all sign anew."""
    lead = contract.award.consortium.lead_id
    contract.parties.filter(organisation=UUID(before)).delete()
    contract.parties.update(signed_by=None, signed_at=None, reminded_at=None)
    facts: dict[str, Any] = {"ordinal": 0, "confirmed_by": None, "confirmed_at": None}
    ContractParty.objects.update_or_create(
        contract=contract, organisation_id=lead, defaults=facts, create_defaults=facts | {"created_at": at}
    )
