"""Who still has to confirm or sign a contract, since when, and what each party is to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from funding.enums import AmendmentKind, AmendmentStatus, ContractStatus
from funding.models import Acceptance, Amendment, AmendmentConsent, Contract, ContractParty
from funding.models.amendment import asks
from funding.rules.contracts import Values
from funding.selectors.contracts import contract_rules
from members.enums import Role
from members.models import Organisation, User
from members.selectors import holders
from portal.kernel.calendar import add_working_days

C = ContractStatus


def roles_of(contract: Contract, organisation: Any) -> tuple[Role, ...]:
    """Who acts for a party: the lead's signatory; in a member whoever confirms for it, or signs."""
    if organisation == contract.award.consortium.lead_id:
        return (Role.SIGNATORY,)
    return (Role.CONFIRMER, Role.SIGNATORY)


def acts_for_party(user: Any, contract: Contract) -> set[UUID]:
    """The parties that a person confirms and signs for."""
    return _acts_for(user, contract, contract.parties.values_list("organisation", flat=True))


def _acts_for(user: Any, contract: Contract, organisations: Iterable[UUID]) -> set[UUID]:
    own = set(organisations) & set(user.organisation_ids)
    return {one for one in own if any(user.holds(role, organisation=one) for role in roles_of(contract, one))}


def party_in_hand(contract: Contract, user: Any) -> ContractParty | None:
    """The party of this person that has not confirmed, or not signed, yet."""
    waits = {C.CONFIRMING: Q(confirmed_at=None), C.OFFERED: Q(signed_at=None)}.get(C(contract.status))
    if waits is None:
        return None
    rows = contract.parties.filter(waits, organisation__in=acts_for_party(user, contract))
    return rows.select_related("organisation").first()


def people_of(party: ContractParty) -> QuerySet[User]:
    """Those who can act for it."""
    return people_for(party.contract, party.organisation_id)


def people_for(contract: Contract, organisation: UUID) -> QuerySet[User]:
    """Those who can act in a contract for an organisation that is, or is to become, a party."""
    return holders(*roles_of(contract, organisation), organisation=organisation)


def waiting_parties(user: Any, role: Role, status: ContractStatus) -> QuerySet[Contract]:
    """Contracts that a party in which this person holds the role has still to confirm, or to sign."""
    places = [place for held, place, _district in user.grants if held == role]
    waits = Q(confirmed_at=None) if status == C.CONFIRMING else Q(signed_at=None)
    rows = ContractParty.objects.filter(waits, organisation__in=places, contract__status=status)
    if role != Role.SIGNATORY:
        rows = rows.exclude(organisation=F("contract__award__consortium__lead"))
    return Contract.objects.filter(pk__in=rows.order_by().values("contract"))


# --- consents ----------------------------------------------------------------------------------
def asked(case: Amendment | Acceptance) -> list[Organisation]:
    """Who has to agree to an amendment, or to confirm its part of a final report: the parties; where the members
    change, those that the contract will have.
    """
    if isinstance(case, Amendment) and case.kind == AmendmentKind.MEMBERS:
        keys = [UUID(one["id"]) for one in case.changes["parties"]]
        found = Organisation.objects.in_bulk(keys)
        return [found[pk] for pk in keys]
    return [one.organisation for one in case.contract.parties.select_related("organisation")]


def missing_consents(case: Amendment | Acceptance) -> list[Organisation]:
    """Those of them that have not done so yet."""
    given = set(case.consents.order_by().values_list("organisation", flat=True))
    return [one for one in asked(case) if one.pk not in given]


def acts_in(user: Any, case: Amendment | Acceptance) -> set[UUID]:
    """Those of them that a person acts for."""
    return _acts_for(user, case.contract, [one.pk for one in asked(case)])


def to_consent(user: Any, role: Role) -> QuerySet[Amendment]:
    """Amendments that an organisation in which this person holds the role has still to agree to."""
    wanted = Q(pk__in=())
    for held, place, _district in user.grants:
        if held == role and place:
            given = AmendmentConsent.objects.filter(amendment=OuterRef("pk"), organisation=place)
            leads = Q(contract__award__consortium__lead=place)  # for it only the signatory acts
            wanted |= Q(asks(place), ~Exists(given), Q() if role == Role.SIGNATORY else ~leads)
    return Amendment.objects.filter(wanted, status=AmendmentStatus.PROPOSED)


# --- the matrix --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Readiness:
    """A party's row: what is done, what it waits for, since when, and who is to act."""

    party: ContractParty
    part: Values
    is_lead: bool
    has_account: bool | None  # None where no money goes to it
    waits: str  # "confirm", "sign" or nothing
    since: datetime | None
    due: date | None
    people: list[User]

    def is_late(self, on: date) -> bool:
        """Whether its time is over."""
        return self.due is not None and self.due < on


def readiness(contract: Contract) -> list[Readiness]:
    """The parties in their order."""
    parts = {one["id"]: one for one in contract.terms.get("parties", [])}
    rows = list(contract.parties.select_related("organisation", "confirmed_by", "signed_by"))
    for row in rows:
        row.contract = contract
    began = max((row.confirmed_at for row in rows if row.confirmed_at), default=None)
    return [_row(contract, row, parts.get(str(row.organisation_id), {}), began) for row in rows]


def _row(contract: Contract, party: ContractParty, part: Values, began: datetime | None) -> Readiness:
    waits = what_waits(contract, party)
    since = {"confirm": contract.offered_at, "sign": began}.get(waits)
    days = contract_rules(contract.award).confirm_days
    paid = Decimal(part.get("grant", 0)) or party.organisation_id == contract.award.consortium.lead_id
    return Readiness(
        party=party,
        part=part,
        is_lead=party.organisation_id == contract.award.consortium.lead_id,
        has_account=bool(party.organisation.bank_account) if paid else None,
        waits=waits,
        since=since,
        due=add_working_days(timezone.localdate(since), days) if since else None,
        people=list(people_of(party)) if waits else [],
    )


def what_waits(contract: Contract, party: ContractParty) -> str:
    """What the party has to do now."""
    if contract.status == C.CONFIRMING and party.confirmed_at is None:
        return "confirm"
    if contract.status == C.OFFERED and party.signed_at is None:
        return "sign"
    return ""


def overdue_parties(at: datetime) -> Iterable[ContractParty]:
    """Parties whose time to confirm or sign is over, in all contracts."""
    rows = Contract.objects.filter(status__in=[C.CONFIRMING, C.OFFERED])
    for contract in rows.select_related("award__consortium", "award__application__call__rules"):
        yield from (one.party for one in readiness(contract) if one.is_late(timezone.localdate(at)))
