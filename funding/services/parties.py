"""What the parties of a contract do: confirm their parts, sign, send it back; and being reminded."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Acceptance, Amendment, Contract, ContractParty
from funding.selectors.parties import (
    acts_in,
    asked,
    missing_consents,
    overdue_parties,
    party_in_hand,
    people_for,
    people_of,
    what_waits,
)
from funding.services.telling import lead_people, tell, tell_lead, tell_role
from funding.workflow import CONTRACT
from members.enums import Role
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

DONE = _("Your organisation has done this already.")
TWO_SIDES = _("You have signed this contract for another party; nobody signs it on two sides.")
TODAY = _("This party was reminded today already.")
KINDS = {"confirm": "funding.contract_to_confirm", "sign": "funding.contract_offered"}


def seat_parties(*, contract: Contract, at: datetime) -> None:
    """The parties of the terms take their places, nothing confirmed or signed; the contract is locked by the caller."""
    named = [one["id"] for one in contract.terms["parties"]]
    contract.parties.exclude(organisation__in=named).delete()
    contract.parties.update(confirmed_by=None, confirmed_at=None, signed_by=None, signed_at=None, reminded_at=None)
    for ordinal, pk in enumerate(named, 1):
        ContractParty.objects.update_or_create(
            contract=contract, organisation_id=pk, defaults={"ordinal": ordinal}, create_defaults={
                "ordinal": ordinal, "created_at": at,
            },
        )  # fmt: skip
    tell_parties(contract=contract, kind=KINDS["confirm"], at=at)


def tell_parties(*, contract: Contract, kind: str, at: datetime, subject: Any = None) -> None:
    """Tell everybody who acts for a party, about the contract or something that hangs on it."""
    consortium = contract.award.consortium
    for party in contract.parties.select_related("contract__award__consortium"):
        tell(recipients=people_of(party), consortium=consortium, kind=kind, subject=subject or contract, at=at)


def tell_asked(*, case: Amendment | Acceptance, kind: str, at: datetime) -> None:
    """Tell everybody who can consent for an organisation that is asked to."""
    for one in asked(case):
        people = people_for(case.contract, one.pk)
        tell(recipients=people, consortium=case.award.consortium, kind=kind, subject=case, at=at)


def tell_all_sides(*, contract: Contract, kind: str, at: datetime, subject: Any = None) -> None:
    """Tell everybody who acts for a party and whoever writes for the lead, each once."""
    consortium = contract.award.consortium
    people = {one.pk: one for party in contract.parties.select_related("contract__award__consortium")
              for one in people_of(party)}  # fmt: skip
    people |= {one.pk: one for one in lead_people(consortium=consortium)}
    tell(recipients=people.values(), consortium=consortium, kind=kind, subject=subject or contract, at=at)


def confirm_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """A party confirms its duties and its money; after the last one all of them sign."""
    facts: dict[str, str] = {"sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.CONFIRM_CONTRACT, actor=actor, at=at, note=note, facts=facts) as locked:
        party = _in_hand(locked, actor)
        facts["party"] = party.organisation.name
        party.confirmed_by, party.confirmed_at = actor, at
        party.save(update_fields=["confirmed_by", "confirmed_at"])
        if not locked.parties.filter(confirmed_at=None).exists():
            tell_parties(contract=locked, kind=KINDS["sign"], at=at)
    return contract


def sign_contract(*, contract: Contract, actor: User, at: datetime, note: str = "") -> Contract:
    """A party's signatory accepts the frozen terms; after the last one it is the bureau's turn."""
    facts: dict[str, str] = {"sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.SIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        party = _in_hand(locked, actor)
        if locked.parties.filter(signed_by=actor).exists():
            raise TransitionRefused(TWO_SIDES)
        facts["party"] = party.organisation.name
        if party.confirmed_at is None:  # a new lead takes over what was confirmed, and signs it at once
            party.confirmed_by, party.confirmed_at = actor, at
        party.signed_by, party.signed_at = actor, at
        party.save()
        consortium = locked.award.consortium
        if party.organisation_id == consortium.lead_id:
            locked.signed_by, locked.signed_at = actor, at
        if not locked.parties.filter(signed_at=None).exists():
            tell_role(Role.HEAD, consortium=consortium, kind="funding.contract_signed", subject=locked, at=at)
    return contract


def _in_hand(contract: Contract, actor: User) -> ContractParty:
    party = party_in_hand(contract, actor)
    if party is None:
        raise TransitionRefused(DONE)
    return party


def return_contract(*, contract: Contract, actor: User, reason: str, at: datetime) -> Contract:
    """A party sends the contract back: it becomes a draft again, as a new version; what was signed is void."""
    facts = {"version": contract.version, "sha256": contract.sha256}
    with CONTRACT.moving(contract, Action.RETURN_CONTRACT, actor=actor, at=at, note=reason, facts=facts) as locked:
        locked.earlier = [*locked.earlier, version_of(contract=locked, at=at)]
        locked.version += 1
        locked.signed_by = locked.signed_at = locked.offered_by = locked.offered_at = None
        locked.parties.update(confirmed_by=None, confirmed_at=None, signed_by=None, signed_at=None, reminded_at=None)
        consortium = locked.award.consortium
        tell_role(Role.OFFICER, consortium=consortium, kind="funding.contract_returned", subject=locked, at=at)
        tell_lead(consortium=consortium, kind="funding.contract_returned", subject=locked, at=at)
    return contract


def version_of(*, contract: Contract, at: datetime) -> dict[str, object]:
    """What stood until now; who signed it stands in the trail as well."""
    signed = contract.parties.exclude(signed_at=None).select_related("organisation", "signed_by")
    return {
        "version": contract.version,
        "sha256": contract.sha256,
        "terms": contract.terms,
        "effective": _in_effect_from(contract),
        "ends_on": contract.ends_on.isoformat(),
        "until": at.isoformat(),
        "signatures": [
            {"party": one.organisation.name, "by": str(one.signed_by), "at": one.signed_at.isoformat()}
            for one in signed
            if one.signed_at
        ],
    }


def _in_effect_from(contract: Contract) -> str | None:
    """From when on the version in hand counts: its signature, or the end of the one that an amendment replaced."""
    if contract.countersigned_at is None:
        return None
    signed = contract.countersigned_at.isoformat()
    before: str = contract.earlier[-1]["until"] if contract.earlier else signed
    return max(signed, before)


# --- consents ----------------------------------------------------------------------------------
def give_consent(
    *, case: Amendment | Acceptance, actor: User, at: datetime, kind: str, done: Any, facts: dict[str, str]
) -> None:
    """A party that the person acts for agrees; after the last one the officer is told. The caller locks `case`."""
    mine, missing = acts_in(actor, case), missing_consents(case)
    party = next((one for one in missing if one.pk in mine), None)
    if party is None:
        raise TransitionRefused(done)
    others = case.contract.parties.filter(signed_by=actor).exclude(organisation=party)
    if others.exists() or case.consents.filter(given_by=actor).exists():
        raise TransitionRefused(TWO_SIDES)
    facts["party"] = party.name
    case.consents.create(organisation=party, given_by=actor, given_at=at, created_at=at)
    if len(missing) == 1:
        tell_role(Role.OFFICER, consortium=case.award.consortium, kind=kind, subject=case, at=at)


# --- reminders ---------------------------------------------------------------------------------
def remind_party(*, party: ContractParty, actor: User, at: datetime) -> ContractParty:
    """Remind those who act for a party, once a day at most."""
    with transaction.atomic():
        locked = _locked(party)
        require(actor, "funding.remind_party", locked.contract)
        if not what_waits(locked.contract, locked):
            raise TransitionRefused(DONE)
        if locked.reminded_at and timezone.localdate(locked.reminded_at) >= timezone.localdate(at):
            raise TransitionRefused(TODAY)
        _remind(locked, actor, at)
    return locked


def remind_late_parties(*, at: datetime) -> int:
    """Remind, once, each party whose time is over; how many there were."""
    return sum(_remind_once(party, at) for party in overdue_parties(at) if party.reminded_at is None)


@transaction.atomic
def _remind_once(party: ContractParty, at: datetime) -> bool:
    locked = _locked(party)
    if locked.reminded_at or not what_waits(locked.contract, locked):
        return False
    _remind(locked, None, at)
    return True


def _locked(party: ContractParty) -> ContractParty:
    rows = ContractParty.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("contract__award__consortium", "contract__award__application").get(pk=party.pk)


def _remind(party: ContractParty, by: User | None, at: datetime) -> None:
    contract = party.contract
    party.reminded_at = at
    party.save(update_fields=["reminded_at"])
    kind = KINDS[what_waits(contract, party)]
    tell(recipients=people_of(party), consortium=contract.award.consortium, kind=kind, subject=contract, at=at)
    facts = {"party": party.organisation.name}
    audit.record(actor=by, action=Action.REMIND_PARTY, subject=contract, at=at, facts=facts)
