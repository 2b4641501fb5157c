"""Amendments of contracts: proposed, consented to, checked, decided; decided ones make a new version of the terms."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, AmendmentKind, ContractStatus
from funding.models import Amendment, Contract, ContractParty
from funding.rules import contracts
from funding.selectors.amendments import completed, replaced_by, wrong_with
from funding.selectors.endings import is_under_way
from funding.services.parties import give_consent, tell_all_sides, tell_asked, tell_parties, version_of
from funding.services.telling import tell_role
from funding.workflow import AMENDMENT, CONTRACT
from members.enums import Role
from members.models import User
from portal.kernel import audit
from portal.kernel.audit import plain, sha256
from portal.kernel.authz import require
from portal.kernel.notifications import register
from portal.kernel.workflow import TransitionRefused

UNDER_WAY = _("An amendment, the acceptance or the termination of this contract is under way already.")
CONSENTED = _("Your organisation has consented already.")
NOT_EFFECTIVE = _("Only an effective contract is amended.")
register("funding.amendment_proposed", _("Please consent to the amendment of the contract of “%(name)s”."), urgent=True)
register("funding.amendment_to_check", _("All parties consent to an amendment of “%(name)s”; please check it."))
register("funding.amendment_to_decide", _("An amendment of the contract of “%(name)s” waits for the decision."))
register("funding.amendment_in_force", _("The contract of “%(name)s” was amended."))
register("funding.amendment_withdrawn", _("The amendment of the contract of “%(name)s” was withdrawn."))
register("funding.amendment_refused", _("The amendment of the contract of “%(name)s” was refused."), urgent=True)


def propose_amendment(
    *, contract: Contract, kind: AmendmentKind, changes: Mapping[str, Any], reason: str, actor: User, at: datetime
) -> Amendment:
    """The lead says what is to change and why. Raises ValidationError where the rules do not allow it."""
    with transaction.atomic():
        locked = _locked(contract)
        require(actor, "funding.propose_amendment", locked)
        if locked.status != ContractStatus.EFFECTIVE:
            raise TransitionRefused(NOT_EFFECTIVE)
        if is_under_way(locked):
            raise TransitionRefused(UNDER_WAY)
        asked = plain(completed(locked, kind, changes))
        if wrong := wrong_with(locked, kind, asked):
            raise ValidationError({"ends_on": str(wrong)} if kind == AmendmentKind.EXTENSION else str(wrong))
        amendment = Amendment(
            contract=locked, kind=kind, reason=reason.strip(), changes=asked, replaced=replaced_by(locked, kind),
            base=locked.sha256, proposed_by=actor, created_at=at,
        )  # fmt: skip
        _insert(amendment)
        facts = {"kind": kind, "changes": asked, "base": locked.sha256}
        audit.record(
            actor=actor, action=Action.PROPOSE_AMENDMENT, subject=amendment, at=at, note=reason.strip(), facts=facts
        )
        tell_asked(case=amendment, kind="funding.amendment_proposed", at=at)
    return amendment


def _locked(contract: Contract) -> Contract:
    rows = Contract.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("award__consortium", "award__application__call__rules").get(pk=contract.pk)


def _insert(amendment: Amendment) -> None:
    """Two may propose at once: only the database sees both."""
    try:
        with transaction.atomic():
            amendment.save(force_insert=True)
    except IntegrityError as error:
        if "one_open_amendment" in str(error):
            raise TransitionRefused(UNDER_WAY) from None
        raise


def consent_amendment(*, amendment: Amendment, actor: User, at: datetime, note: str = "") -> Amendment:
    """A party agrees, by whoever signs for it."""
    facts: dict[str, str] = {"base": amendment.base}
    with AMENDMENT.moving(amendment, Action.CONSENT_AMENDMENT, actor=actor, at=at, note=note, facts=facts) as locked:
        give_consent(case=locked, actor=actor, at=at, kind="funding.amendment_to_check", done=CONSENTED, facts=facts)
    return amendment


def check_amendment(*, amendment: Amendment, actor: User, at: datetime, note: str = "") -> Amendment:
    """The officer has looked at it and passes it on."""
    with AMENDMENT.moving(amendment, Action.CHECK_AMENDMENT, actor=actor, at=at, note=note) as locked:
        locked.checked_by, locked.checked_at = actor, at
        consortium = locked.award.consortium
        tell_role(Role.HEAD, consortium=consortium, kind="funding.amendment_to_decide", subject=locked, at=at)
    return amendment


def decide_amendment(*, amendment: Amendment, actor: User, at: datetime, note: str = "") -> Amendment:
    """The amended terms are in force: a new version, the one before is kept."""
    with AMENDMENT.moving(amendment, Action.DECIDE_AMENDMENT, actor=actor, at=at, note=note) as locked:
        locked.decided_by, locked.decided_at = actor, at
        _take_up(locked, actor, at)
        tell_parties(contract=locked.contract, kind="funding.amendment_in_force", at=at)
    return amendment


def _take_up(amendment: Amendment, actor: User, at: datetime) -> None:
    facts: dict[str, Any] = {"amendment": str(amendment.pk), "earlier": amendment.contract.sha256}
    with CONTRACT.moving(amendment.contract, Action.TAKE_UP_AMENDMENT, actor=actor, at=at, facts=facts) as contract:
        if contract.sha256 != amendment.base:
            raise TransitionRefused(_("The contract has changed since."))
        contract.earlier = [*contract.earlier, version_of(contract=contract, at=at)]
        contract.version += 1
        _apply(contract, amendment)
        contract.sha256 = facts["sha256"] = sha256(contract.terms)
        if amendment.kind == AmendmentKind.MEMBERS:
            _seat_members(contract, amendment, at)


def _apply(contract: Contract, amendment: Amendment) -> None:
    terms = contract.terms | {"version": contract.version}
    if amendment.kind == AmendmentKind.EXTENSION:
        contract.ends_on = date.fromisoformat(amendment.changes["ends_on"])
        years = contracts.years_of(contract.starts_on, contract.ends_on)
        terms |= {"years": years, "ends_on": amendment.changes["ends_on"]}
    else:
        terms |= amendment.changes
    if amendment.kind == AmendmentKind.BUDGET:
        terms["parties"] = contracts.with_money(terms.get("parties", []), terms["budget"])
    contract.terms = terms


def _seat_members(contract: Contract, amendment: Amendment, at: datetime) -> None:
    """Who left is no party any more; the consent of whoever joins is its confirmation and its signature."""
    given = {one.organisation_id: one for one in amendment.consents.all()}
    contract.parties.exclude(organisation__in=given).delete()
    for ordinal, one in enumerate(amendment.changes["parties"], 1):
        consent = given[UUID(one["id"])]
        by, on = consent.given_by, consent.given_at
        ContractParty.objects.update_or_create(
            contract=contract, organisation_id=one["id"], defaults={"ordinal": ordinal}, create_defaults={
                "ordinal": ordinal, "created_at": at, "confirmed_by": by, "confirmed_at": on, "signed_by": by,
                "signed_at": on,
            },
        )  # fmt: skip


def refuse_amendment(*, amendment: Amendment, actor: User, reason: str, at: datetime) -> Amendment:
    """A party or an official says no, and why."""
    with AMENDMENT.moving(amendment, Action.REFUSE_AMENDMENT, actor=actor, at=at, note=reason) as locked:
        tell_all_sides(contract=locked.contract, kind="funding.amendment_refused", subject=locked, at=at)
    return amendment


def withdraw_amendment(*, amendment: Amendment, actor: User, reason: str, at: datetime) -> Amendment:
    """The lead thought better of it."""
    with AMENDMENT.moving(amendment, Action.WITHDRAW_AMENDMENT, actor=actor, at=at, note=reason) as locked:
        tell_all_sides(contract=locked.contract, kind="funding.amendment_withdrawn", subject=locked, at=at)
    return amendment
