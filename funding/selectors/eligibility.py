"""The facts that the eligibility rules look at."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK, ConsortiumStatus, ParticipationRole
from consortia.models import Consortium
from consortia.selectors import consortium_facts
from funding.enums import ApplicationStatus
from funding.models import Application, Call
from funding.rules import automatic, eligibility
from funding.rules.kinds import kind_obstacles
from members.enums import IdScheme, IntegrityLevel, OrganisationStatus
from members.models import IntegrityRecord

SERIOUS = {IntegrityLevel.SERIOUS, IntegrityLevel.GRAVE}


def eligibility_facts(
    call: Call, consortium: Consortium, tier: str, facts: Mapping[str, Any], on: date
) -> eligibility.Facts:
    """From `facts` (consortium_facts, live or frozen), and from today's integrity records and other consortia."""
    members = [member["organisation"] for member in facts["members"]]
    partners = [member["organisation"] for member in facts["members"] if member["role"] != ParticipationRole.LEAD]
    levels = integrity_levels([facts["lead"]["id"], *(member["id"] for member in members)], on)
    lead = levels.get(facts["lead"]["id"], set())
    agreement = facts["agreement"]
    return eligibility.Facts(
        lead_type=facts["lead"]["type"],
        form=facts["consortium"]["form"],
        lead_in_city=facts["lead"]["district"] is not None,
        lead_barred=bool(lead & SERIOUS),
        lead_reprimanded=bool(lead - SERIOUS),
        barred_members=tuple(row["name"] for row in partners if levels.get(row["id"], set()) & SERIOUS),
        led_in_sub_field=led_in_sub_field(consortium),
        members=len(members),
        members_without_code=tuple(row["name"] for row in members if row["id_scheme"] != IdScheme.USCC),
        clauses=frozenset(agreement["clauses"]) if agreement else None,
        technologies=len(facts["technologies"]),
        has_capital=has_capital(facts),
        tier=tier,
        years=_years(facts["lead"]["years"]),
        taxonomy=str(call.taxonomy or ""),
        sub_field_listed=listed_in(call, consortium),
    )


def listed_in(call: Call, consortium: Consortium) -> bool:
    """Whether the version of the taxonomy that the call goes by has the sub-field; yes where it names none."""
    return not call.taxonomy or call.taxonomy.entries.filter(sub_field=consortium.sub_field_id).exists()


def has_capital(facts: Mapping[str, Any]) -> bool:
    """A fund, a joint platform, or a member that brings capital."""
    stated = automatic.facts_of(facts)
    return stated.has_capital or not automatic.CAPITAL.isdisjoint(stated.types)


def _years(rows: list[dict[str, Any]]) -> tuple[eligibility.Year, ...]:
    years = (eligibility.Year(row["year"], Decimal(row["revenue"]), Decimal(row["rd_expense"])) for row in rows)
    return tuple(sorted(years, key=lambda one: one.year, reverse=True))


def integrity_levels(organisations: Iterable[str], on: date) -> dict[str, set[str]]:
    """The levels of the records in force on this day, by organisation."""
    levels: dict[str, set[str]] = {}
    rows = IntegrityRecord.objects.in_force(on).filter(organisation__in=list(map(UUID, organisations)))
    for organisation, level in rows.values_list("organisation_id", "level"):
        levels.setdefault(str(organisation), set()).add(level)
    return levels


def led_in_sub_field(consortium: Consortium) -> int:
    """How many consortia of this sub-field the lead leads (at work or applying), this one included."""
    applying = Application.objects.without_ended().values("consortium")
    return (
        Consortium.objects.filter(lead=consortium.lead_id, sub_field=consortium.sub_field_id)
        .filter(Q(pk=consortium.pk) | Q(status__in=AT_WORK) | Q(status=ConsortiumStatus.PREPARING, pk__in=applying))
        .count()
    )


def start_obstacles(call: Call, consortium: Consortium, tier: str, at: datetime) -> list[str | Promise]:
    """Why this consortium cannot start an application in this call now."""
    started = Application.everything.filter(consortium=consortium, call__rehearsal=call.rehearsal)
    running = started.without_ended().exclude(status=ApplicationStatus.APPROVED).first()
    reasons = [
        None if call.is_open(at) else _("The call is not open."),
        _("The application %(number)s is still running.") % {"number": running.number} if running else None,
        None if consortium.lead.status == OrganisationStatus.ACTIVE else _("The lead is suspended or deregistered."),
    ]
    facts = eligibility_facts(call, consortium, tier, consortium_facts(consortium), timezone.localdate(at))
    barred = [finding.text for finding in eligibility.hard(eligibility.check(facts, call.rules.data))]
    return [reason for reason in reasons if reason] + wrong_kind(call, consortium, tier) + barred


def wrong_kind(call: Call, consortium: Consortium, tier: str) -> list[str | Promise]:
    """Why this consortium, as it stands, cannot ask for this tier in this call."""
    return kind_obstacles(
        takes=call.kinds, status=consortium.status, tier=consortium.tier, leaving=bool(consortium.leaving_since),
        asked=tier,
    )  # fmt: skip
