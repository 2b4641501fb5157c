"""Acceptance: requested with a final report, confirmed by the parties, checked, assessed, decided; contracts expire."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, Conclusion, TrancheCondition
from funding.models import Acceptance, Contract, Tranche
from funding.selectors.contracts import contract_rules
from funding.selectors.endings import (
    ended_contracts,
    last_day_of,
    statement_of,
    what_bars_acceptance,
)
from funding.services.parties import give_consent, tell_all_sides, tell_asked
from funding.services.telling import tell_lead, tell_role
from funding.services.tranches import CLOSED_WITH, close_tranche, meet_condition
from funding.workflow import ACCEPTANCE, CONTRACT
from members.enums import Role
from members.models import User
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.notifications import register
from portal.kernel.workflow import TransitionRefused

KIND = "funding.acceptance"
files.LIMITS[KIND] = files.Limit(20 * 1024 * 1024, (".pdf",))
UNDER_WAY = _("The acceptance of this project, an amendment or a termination of its contract is under way already.")
CONFIRMED = _("Your organisation has confirmed already.")
DAY_WRONG = _("The opinion was given between the request and today.")
register("funding.acceptance_requested", _("Please confirm your part of the final report of “%(name)s”."), urgent=True)
register("funding.acceptance_to_check", _("Acceptance of “%(name)s” was requested; please check the file."))
register("funding.acceptance_returned", _("The request for acceptance of “%(name)s” was returned."), urgent=True)
register("funding.acceptance_to_decide", _("The acceptance of “%(name)s” waits for the decision."))
register("funding.acceptance_decided", _("The acceptance of “%(name)s” is decided; please read the conclusion."))
register("funding.contract_expired", _("The contract of “%(name)s” has expired without acceptance."), urgent=True)


def request_acceptance(
    *, contract: Contract, summary: str, results: Sequence[Mapping[str, Any]], report: File[bytes],
    accounts: File[bytes], actor: User, at: datetime,
) -> Acceptance:  # fmt: skip
    """The lead hands in the final report within the window after the end; every party is asked to confirm its part."""
    with transaction.atomic():
        rows = Contract.objects.select_for_update(of=("self",), no_key=True)
        locked = rows.select_related("award__consortium", "award__application__call__rules").get(pk=contract.pk)
        require(actor, "funding.request_acceptance", locked)
        if reasons := what_bars_acceptance(locked, timezone.localdate(at)):
            raise TransitionRefused(*reasons)
        owner = locked.award.consortium.lead_id
        acceptance = Acceptance(
            contract=locked, summary=summary.strip(), results=[dict(one) for one in results],
            statement=statement_of(locked.award), requested_by=actor, created_at=at,
            report=files.store(report, actor=actor, kind=KIND, at=at, owner=owner),
            accounts=files.store(accounts, actor=actor, kind=KIND, at=at, owner=owner),
        )  # fmt: skip
        _insert(acceptance)
        facts = {"report": acceptance.report.sha256, "accounts": acceptance.accounts.sha256}
        audit.record(actor=actor, action=Action.REQUEST_ACCEPTANCE, subject=acceptance, at=at, facts=facts)
        tell_asked(case=acceptance, kind="funding.acceptance_requested", at=at)
    return acceptance


def _insert(acceptance: Acceptance) -> None:
    """Two may request at once: only the database sees both."""
    try:
        with transaction.atomic():
            acceptance.save(force_insert=True)
    except IntegrityError as error:
        if "one_open_acceptance" in str(error):
            raise TransitionRefused(UNDER_WAY) from None
        raise


def confirm_acceptance(*, acceptance: Acceptance, actor: User, at: datetime, note: str = "") -> Acceptance:
    """A party confirms its part, by whoever signs for it; after the last one it is the officer's turn."""
    facts: dict[str, str] = {}
    with ACCEPTANCE.moving(
        acceptance, Action.CONFIRM_ACCEPTANCE, actor=actor, at=at, note=note, facts=facts
    ) as locked:  # fmt: skip
        give_consent(case=locked, actor=actor, at=at, kind="funding.acceptance_to_check", done=CONFIRMED, facts=facts)
    return acceptance


def check_acceptance(*, acceptance: Acceptance, actor: User, at: datetime, note: str = "") -> Acceptance:
    """The officer finds the file complete; the statement is frozen with what is accepted by now."""
    with ACCEPTANCE.moving(acceptance, Action.CHECK_ACCEPTANCE, actor=actor, at=at, note=note) as locked:
        locked.checked_by, locked.checked_at = actor, at
        locked.statement = statement_of(locked.award)
    return acceptance


def assess_acceptance(
    *, acceptance: Acceptance, opinion_form: str, meeting: str, opinion_on: date, experts: str, opinion: str,
    advice: str, upload: File[bytes], actor: User, at: datetime,
) -> Acceptance:  # fmt: skip
    """Record what a panel, or experts in writing, think of it. Raises ValidationError by field."""
    facts = {"advice": advice, "form": opinion_form, "on": opinion_on}
    with ACCEPTANCE.moving(acceptance, Action.ASSESS_ACCEPTANCE, actor=actor, at=at, facts=facts) as locked:
        if not timezone.localdate(locked.created_at) <= opinion_on <= timezone.localdate(at):
            raise ValidationError({"opinion_on": DAY_WRONG})
        locked.opinion_form, locked.meeting, locked.opinion_on = opinion_form, meeting.strip(), opinion_on
        locked.experts, locked.opinion, locked.advice = experts.strip(), opinion.strip(), advice
        locked.opinion_file = files.store(upload, actor=actor, kind=KIND, at=at)
        locked.assessed_by, locked.assessed_at = actor, at
        consortium, told = locked.award.consortium, "funding.acceptance_to_decide"
        tell_role(Role.HEAD, Role.LEADER, consortium=consortium, kind=told, subject=locked, at=at)
    return acceptance


def decide_acceptance(
    *, acceptance: Acceptance, conclusion: str, document_number: str, actor: User, at: datetime, note: str = ""
) -> Acceptance:  # fmt: skip
    """Somebody who did not handle the case concludes; the contract is closed, the last tranche due or cancelled."""
    with ACCEPTANCE.moving(acceptance, Action.DECIDE_ACCEPTANCE, actor=actor, at=at, note=note) as locked:
        locked.decided_by, locked.decided_at = actor, at
        locked.conclusion, locked.document_number = conclusion, document_number.strip()
        tranches = list(_waiting_tranches(locked))
        with CONTRACT.moving(locked.contract, Action.COMPLETE_CONTRACT, actor=actor, at=at, note=note):
            pass
        tell_all_sides(contract=locked.contract, kind="funding.acceptance_decided", at=at, subject=locked)
    _settle_tranches(acceptance, tranches, actor, at)
    return acceptance


def _waiting_tranches(acceptance: Acceptance) -> Any:
    rows = Tranche.objects.filter(award=acceptance.award, condition=TrancheCondition.ACCEPTANCE)
    return rows.filter(status__in=CLOSED_WITH, condition_met_on=None).select_for_update(of=("self",), no_key=True)


def _settle_tranches(acceptance: Acceptance, tranches: list[Tranche], actor: User, at: datetime) -> None:
    pays = acceptance.conclusion in contract_rules(acceptance.award).acceptance_pays
    for tranche in tranches:
        if pays:
            meet_condition(tranche=tranche, actor=actor, met_on=timezone.localdate(at), at=at)
        else:
            reason = str(Conclusion(acceptance.conclusion).label)
            close_tranche(tranche=tranche, actor=actor, reason=reason, at=at)


def return_acceptance(*, acceptance: Acceptance, actor: User, reason: str, at: datetime) -> Acceptance:
    """The file is not complete, or the opinion asks for more: the lead requests anew, with more days to do so."""
    with ACCEPTANCE.moving(acceptance, Action.RETURN_ACCEPTANCE, actor=actor, at=at, note=reason) as locked:
        locked.ended_at = at
        tell_lead(consortium=locked.award.consortium, kind="funding.acceptance_returned", subject=locked, at=at)
    return acceptance


def withdraw_acceptance(*, acceptance: Acceptance, actor: User, reason: str, at: datetime) -> Acceptance:
    """The lead takes the request back."""
    with ACCEPTANCE.moving(acceptance, Action.WITHDRAW_ACCEPTANCE, actor=actor, at=at, note=reason) as locked:
        locked.ended_at = at
    return acceptance


# --- the clock ---------------------------------------------------------------------------------
def expire_contracts(*, at: datetime) -> int:
    """Contracts whose window is over without a request expire; how many did."""
    return sum(_expire(contract, at) for contract in ended_contracts(timezone.localdate(at)).order_by("pk"))


def _expire(contract: Contract, at: datetime) -> bool:
    if last_day_of(contract) >= timezone.localdate(at):
        return False
    try:
        with CONTRACT.moving(contract, Action.EXPIRE_CONTRACT, actor=None, at=at) as locked:
            consortium = locked.award.consortium
            tell_all_sides(contract=locked, kind="funding.contract_expired", at=at)
            tell_role(Role.OFFICER, consortium=consortium, kind="funding.contract_expired", subject=locked, at=at)
    except TransitionRefused:  # somebody was faster
        return False
    return True
