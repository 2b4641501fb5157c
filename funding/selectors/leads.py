"""What applications and awards have to do with who leads: named in them, and in the way of another lead."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consortia.enums import ParticipationRole
from consortia.models import Consortium, LeadChange
from consortia.selectors.leadchanges import BARS, CONSEQUENCES, OBSTACLES
from consortia.selectors.underway import BEING_WRITTEN, HANDED_IN
from funding.enums import ApplicationStatus, TrancheStatus
from funding.models import Application, Contract, Tranche
from funding.models.application import WITH_LEAD
from funding.rules.eligibility import lead_kinds, lead_types
from members.models import Organisation
from portal.kernel.workflow import Reason

A, T = ApplicationStatus, TrancheStatus
ON_ITS_WAY = [T.REQUESTED, T.VERIFIED, T.REVIEWED, T.APPROVED]


def contract_lead(contract: Contract) -> str:
    """The id of the lead that signs: in the terms, for those offered before they named it the one that applied."""
    named: str | None = contract.terms["consortium"].get("lead_id")
    snapshot: dict[str, Any] = contract.award.application.snapshot or {}
    return named or str(snapshot.get("lead", {}).get("id", contract.award.consortium.lead_id))


def names_present_lead(contract: Contract) -> bool:
    """Whether the lead of the contract is the one of today."""
    return contract_lead(contract) == str(contract.award.consortium.lead_id)


def agreement_names_present_lead(consortium: Consortium) -> bool:
    """Whether the version in force names the lead of today."""
    agreement = consortium.agreements.in_force()
    named = agreement.content["schedules"]["members"] if agreement else []
    leads = {row["id"] for row in named if row["role"] == ParticipationRole.LEAD}
    present = consortium.participations.present().filter(organisation=consortium.lead_id)
    return leads == {str(row.pk) for row in present}


def applications_in_the_way(change: LeadChange, _at: datetime) -> list[Reason]:
    """What was handed in names the lead so far, and is decided as it was handed in."""
    rows = Application.objects.filter(consortium=change.consortium_id).without_ended()
    said = _("The application %(number)s was handed in under the lead so far; it has to be decided or withdrawn first.")
    return [said % {"number": row.number} for row in rows.exclude(status__in=[*WITH_LEAD, A.APPROVED])]


def handed_in(consortium: Consortium) -> list[Reason]:
    """What is judged, or waits for its contract, names the members as they were."""
    rows = Application.objects.filter(consortium=consortium).without_ended().exclude(status__in=WITH_LEAD)
    said = _("The application %(number)s was handed in; until it has ended the consortium stays as it is.")
    return [said % {"number": row.number} for row in rows]


def being_written(consortium: Consortium) -> list[Reason]:
    """Drafts, and what was returned for correction."""
    rows = Application.objects.filter(consortium=consortium, status__in=WITH_LEAD)
    return [_("The application %(number)s has to be withdrawn first.") % {"number": row.number} for row in rows]


def barred_by_calls(consortium: Consortium, organisation: Organisation) -> list[Reason]:
    """What was granted or is being asked for stays with those who may lead by the rules of its call."""
    rows = Application.objects.filter(consortium=consortium).without_ended()
    said = _("By the rules of the call of application %(number)s only these may lead: %(kinds)s.")
    return [
        said % {"number": row.number, "kinds": lead_kinds(row.call.rules.data)}
        for row in rows.select_related("call__rules")
        if organisation.type not in lead_types(row.call.rules.data)
    ]


def tranches_in_the_way(change: LeadChange, _at: datetime) -> list[Reason]:
    """Money on its way goes to the account of the lead so far."""
    rows = Tranche.objects.filter(award__consortium=change.consortium_id, status__in=ON_ITS_WAY)
    said = _("Tranche %(n)s of %(amount)s yuan is on its way to the lead so far; it has to be paid or returned first.")
    return [said % {"n": row.sequence, "amount": f"{row.amount:,.2f}"} for row in rows]


def contracts_to_amend(change: LeadChange, _at: datetime) -> list[Reason]:
    """What is paid stays; what is still to be paid waits for the amended contract."""
    rows = Contract.objects.filter(award__consortium=change.consortium_id)
    said = _(
        "The project contract %(number)s has to be amended for the new lead; until then no tranche is requested or "
        "approved. What was paid stays, and further tranches go to the account of the new lead."
    )
    return [said % {"number": row.number} for row in rows]


BARS.append(barred_by_calls)
OBSTACLES += [applications_in_the_way, tranches_in_the_way]
CONSEQUENCES.append(contracts_to_amend)
HANDED_IN.append(handed_in)
BEING_WRITTEN.append(being_written)
