"""Contracts: signed by the lead, countersigned by the bureau."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import ConsortiumStatus
from consortia.services.consortia import start_consortium, upgrade_consortium
from consortia.services.life import Paper
from funding.enums import Action, ApplicationKind, TrancheCondition
from funding.models import Award, Contract
from funding.services.telling import tell_lead, tell_role
from funding.services.tranches import meet_condition
from funding.workflow import CONTRACT
from members.enums import Role
from members.models import User
from portal.kernel.audit import sha256


def sign_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """The lead's signatory accepts the frozen terms."""
    facts = {"sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.SIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.signed_by, locked.signed_at = actor, at
        consortium = locked.award.consortium
        tell_role(Role.HEAD, consortium=consortium, kind="funding.contract_signed", subject=locked, at=at)
    return contract


def countersign_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """The contract takes effect: the consortium starts to operate, or rises, and the first tranche may be requested."""
    facts = {"sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.COUNTERSIGN, actor=actor, at=at, note=note, facts=facts) as locked:
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
        lead = locked.award.consortium.lead
        locked.earlier = [*locked.earlier, _version(locked, at)]
        named = locked.terms["consortium"] | {"lead": lead.name, "lead_id": str(lead.pk)}
        locked.terms = locked.terms | {"consortium": named}
        locked.sha256 = sha256(locked.terms)
        locked.signed_by = locked.signed_at = locked.countersigned_by = locked.countersigned_at = None
        tell_lead(consortium=locked.award.consortium, kind="funding.contract_offered", subject=locked, at=at)
    return contract


def _version(contract: Contract, at: datetime) -> dict[str, Any]:
    """What stood until now; who signed it stands in the trail."""
    return {
        "sha256": contract.sha256,
        "terms": contract.terms,
        "effective": contract.countersigned_at.isoformat() if contract.countersigned_at else None,
        "until": at.isoformat(),
    }
