"""Contracts that end early: asked for, put forward, decided; open tranches are cancelled and money is claimed back."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, RecoveryGround, TerminationKind, TerminationStatus
from funding.models import Award, Contract, Termination, Tranche
from funding.selectors.endings import claims_of, what_bars_termination
from funding.services.parties import tell_all_sides
from funding.services.recoveries import enter_claim
from funding.services.telling import tell_lead, tell_role
from funding.services.tranches import CLOSED_WITH, close_tranche
from funding.workflow import CONTRACT, TERMINATION
from members.enums import Role
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import register
from portal.kernel.workflow import TransitionRefused

UNDER_WAY = _("The termination of this contract is under way already.")
register("funding.termination_asked", _("The lead of “%(name)s” asks to terminate the contract; please look into it."))
register("funding.termination_to_decide", _("The termination of the contract of “%(name)s” waits for the decision."))
register("funding.contract_terminated", _("The contract of “%(name)s” was terminated."), urgent=True)
register("funding.termination_refused", _("The contract of “%(name)s” is not terminated."), urgent=True)


def ask_termination(*, contract: Contract, reason: str, actor: User, at: datetime) -> Termination:
    """The lead asks for it, with a reason."""
    with transaction.atomic():
        locked = _locked(contract, actor, "funding.ask_termination")
        termination = Termination(contract=locked, reason=reason.strip(), started_by=actor, created_at=at)
        _insert(termination)
        audit.record(actor=actor, action=Action.ASK_TERMINATION, subject=termination, at=at, note=reason)
        tell_role(
            Role.OFFICER, consortium=locked.award.consortium, kind="funding.termination_asked", subject=termination,
            at=at,
        )  # fmt: skip
    return termination


def propose_termination(*, contract: Contract, kind: str, reason: str, actor: User, at: datetime) -> Termination:
    """An officer proposes it."""
    with transaction.atomic():
        locked = _locked(contract, actor, "funding.propose_termination")
        termination = Termination(
            contract=locked, kind=kind, reason=reason.strip(), status=TerminationStatus.PROPOSED, started_by=actor,
            put_forward_by=actor, put_forward_at=at, created_at=at,
        )  # fmt: skip
        _insert(termination)
        facts = {"kind": kind}
        audit.record(
            actor=actor, action=Action.PROPOSE_TERMINATION, subject=termination, at=at, note=reason, facts=facts
        )
        _tell_deciders(termination, at)
    return termination


def _locked(contract: Contract, actor: User, permission: str) -> Contract:
    rows = Contract.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("award__consortium", "award__application__call__rules").get(pk=contract.pk)
    require(actor, permission, locked)
    if reasons := what_bars_termination(locked):
        raise TransitionRefused(*reasons)
    return locked


def _insert(termination: Termination) -> None:
    """Two may begin at once: only the database sees both."""
    try:
        with transaction.atomic():
            termination.save(force_insert=True)
    except IntegrityError as error:
        if "one_open_termination" in str(error):
            raise TransitionRefused(UNDER_WAY) from None
        raise


def put_forward_termination(
    *, termination: Termination, kind: str, findings: str, actor: User, at: datetime
) -> Termination:  # fmt: skip
    """The officer has looked into what the lead asks for, and says whose fault it is."""
    facts = {"kind": kind}
    with TERMINATION.moving(
        termination, Action.PUT_FORWARD_TERMINATION, actor=actor, at=at, note=findings, facts=facts
    ) as locked:  # fmt: skip
        locked.kind, locked.findings = kind, findings.strip()
        locked.put_forward_by, locked.put_forward_at = actor, at
        _tell_deciders(locked, at)
    return termination


def _tell_deciders(termination: Termination, at: datetime) -> None:
    consortium, kind = termination.award.consortium, "funding.termination_to_decide"
    tell_role(Role.HEAD, Role.LEADER, consortium=consortium, kind=kind, subject=termination, at=at)


def decide_termination(
    *, termination: Termination, document_number: str, actor: User, at: datetime, note: str = ""
) -> Termination:  # fmt: skip
    """The contract ends: open tranches are cancelled, and what is to be paid back is proposed as claims."""
    facts: dict[str, Any] = {}
    with TERMINATION.moving(
        termination, Action.DECIDE_TERMINATION, actor=actor, at=at, note=note, facts=facts
    ) as locked:  # fmt: skip
        locked.decided_by, locked.decided_at, locked.document_number = actor, at, document_number.strip()
        rows = Award.objects.select_for_update(of=("self",), no_key=True)
        award = rows.select_related("consortium__lead", "application__call__rules", "line").get(pk=locked.award.pk)
        tranches = list(
            Tranche.objects.filter(award=award, status__in=CLOSED_WITH).select_for_update(of=("self",), no_key=True)
        )  # rows before the audit lock
        with CONTRACT.moving(locked.contract, Action.TERMINATE_CONTRACT, actor=actor, at=at, note=note):
            pass
        for tranche in tranches:
            close_tranche(tranche=tranche, actor=actor, reason=str(TerminationKind(locked.kind).label), at=at)
        locked.claims = facts["claims"] = _claim_back(locked, award, actor, at)
        tell_all_sides(contract=locked.contract, kind="funding.contract_terminated", at=at, subject=locked)
    return termination


def _claim_back(termination: Termination, award: Award, actor: User, at: datetime) -> list[dict[str, str]]:
    """In the name of the officer who put the termination forward, so that a leader may approve each claim."""
    found = []
    for claim in claims_of(award, termination.kind):
        one = claim.share.organisation
        reason = gettext("Contract %(number)s was terminated by %(document)s.") % {
            "number": termination.contract.number, "document": termination.document_number,
        }  # fmt: skip
        recovery = enter_claim(
            award=award, organisation=one, ground=RecoveryGround.TERMINATED, reason=reason, amount=claim.amount,
            proposer=termination.put_forward_by or actor, actor=actor, at=at,
        )  # fmt: skip
        found.append({
            "id": str(one.pk), "name": one.name, "held": f"{claim.share.held:.2f}",
            "accepted": f"{claim.share.accepted:.2f}", "waiting": f"{claim.share.waiting:.2f}",
            "amount": f"{claim.amount:.2f}", "number": recovery.number, "recovery": str(recovery.pk),
        })  # fmt: skip
    return found


def refuse_termination(*, termination: Termination, actor: User, reason: str, at: datetime) -> Termination:
    """The contract goes on."""
    with TERMINATION.moving(termination, Action.REFUSE_TERMINATION, actor=actor, at=at, note=reason) as locked:
        tell_lead(consortium=locked.award.consortium, kind="funding.termination_refused", subject=locked, at=at)
    return termination


def withdraw_termination(*, termination: Termination, actor: User, reason: str, at: datetime) -> Termination:
    """The lead thought better of it."""
    with TERMINATION.moving(termination, Action.WITHDRAW_TERMINATION, actor=actor, at=at, note=reason):
        pass
    return termination
