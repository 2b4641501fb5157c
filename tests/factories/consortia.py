"""Consortia of the cast, straight into the database."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from consortia.enums import (
    ChainPosition,
    Clause,
    ConsortiumStatus,
    MilestoneStatus,
    ParticipationRole,
    ParticipationStatus,
    Tier,
)
from consortia.models import (
    Agreement,
    AgreementSignature,
    Consortium,
    KeyTechnology,
    Milestone,
    Participation,
    ResearchTask,
    SubField,
)
from members.models import Organisation, User
from portal.kernel.audit import sha256
from tests.clock import NOON
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

_numbers = count(1)


def meet(*_cast: User | Organisation) -> None:
    """Those named exist from here on: the cast is made on first use, and only who exists is told."""


def make_sub_field(code: str = "E01") -> SubField:
    """A sub-field of the default taxonomy."""
    return SubField.objects.get_or_create(
        code=code,
        defaults={
            "cluster_zh": "电子信息",
            "cluster_en": "Electronics",
            "name_zh": "集成电路",
            "name_en": "Integrated circuits",
        },
    )[0]


def make_consortium(people: Personas, **facts: Any) -> Consortium:
    """A consortium of people.lead_org; pass status=OPERATING for one at work (tier B)."""
    number = next(_numbers)
    facts.setdefault("lead", people.lead_org)
    if facts.get("status", ConsortiumStatus.PREPARING) != ConsortiumStatus.PREPARING:
        facts.setdefault("tier", Tier.B)
        facts.setdefault("recognised_on", date(2025, 3, 1))
        facts.setdefault("build_from", date(2025, 3, 1))
        facts.setdefault("build_to", date(2028, 2, 29))
    return Consortium.objects.create(
        code=f"LHT-2026-{9000 + number}",
        name=facts.pop("name", f"样例创新联合体{number}"),
        sub_field=facts.pop("sub_field", None) or make_sub_field(),
        district=facts.pop("district", None) or make_district(),
        mission=facts.pop("mission", "攻克一批关键核心技术。"),
        created_by=people.lead,
        **facts,
    )


def make_participation(consortium: Consortium, organisation: Organisation, by: User, **facts: Any) -> Participation:
    """A member; confirmed unless told otherwise."""
    facts.setdefault("status", ParticipationStatus.CONFIRMED)
    facts.setdefault("chain_position", ChainPosition.MIDSTREAM)
    facts.setdefault("cash", Decimal(1_000_000))
    facts.setdefault("ip_share", Decimal(10))
    if facts["status"] == ParticipationStatus.DECLINED:
        facts.setdefault("decline_reason", "与本单位规划不符。")
    participation = Participation(
        consortium=consortium,
        organisation=organisation,
        invited_by=by,
        invited_at=NOON,
        duties="承担样机研制。",
        **facts,
    )
    if participation.status == ParticipationStatus.CONFIRMED:
        participation.confirmed_by, participation.confirmed_at = by, NOON
        participation.confirmed_hash = sha256(participation.canonical())
    participation.save()
    return participation


def make_agreement(consortium: Consortium, by: User, *, signed: bool = True, version: int = 1) -> Agreement:
    """A version with every clause, signed by every present member unless told otherwise."""
    text = f"样例组建协议第{version}版。"
    agreement = Agreement.objects.create(
        consortium=consortium,
        version=version,
        text=text,
        sha256=sha256(text),
        drafted_by=by,
        clauses=Clause.values,
    )
    for participation in consortium.participations.present() if signed else ():
        AgreementSignature.objects.create(
            agreement=agreement, participation=participation, signed_by=by, signed_at=NOON, sha256=agreement.sha256
        )
    return agreement


def make_technology(consortium: Consortium, **facts: Any) -> KeyTechnology:
    """A key technology, from TRL 4 to 7."""
    facts.setdefault("owner", consortium.lead)
    return KeyTechnology.objects.create(
        consortium=consortium,
        name=facts.pop("name", f"样例技术{next(_numbers)}"),
        gap="与国际先进水平相差一代。",
        indicator="热容量",
        unit="MHU",
        baseline=Decimal(5),
        target=Decimal(8),
        trl_start=4,
        trl_now=5,
        trl_target=7,
        due=date(2027, 12, 31),
        **facts,
    )


def make_task(consortium: Consortium, *, milestones: int = 2, **facts: Any) -> ResearchTask:
    """A research task with milestones, half of them reached."""
    start = facts.pop("start", date(2026, 1, 1))
    task = ResearchTask.objects.create(
        consortium=consortium,
        number=consortium.tasks.count() + 1,
        name="样机研制",
        lead=consortium.lead,
        start=start,
        end=start + timedelta(days=720),
        budget_grant=Decimal(500_000),
        budget_own=Decimal(1_500_000),
        **facts,
    )
    for n in range(milestones):
        reached = n * 2 < milestones
        Milestone.objects.create(
            task=task,
            name=f"节点{n + 1}",
            metric="样机台数",
            target=Decimal(2),
            due=start + timedelta(days=180 * (n + 1)),
            status=MilestoneStatus.REACHED if reached else MilestoneStatus.PLANNED,
            actual=Decimal(2) if reached else None,
            reached_on=start + timedelta(days=150) if reached else None,
        )
    return task


def ready_consortium(people: Personas, **facts: Any) -> Consortium:
    """A consortium fit to apply: five confirmed members, signed agreement, three technologies, one task."""
    consortium = make_consortium(people, **facts)
    make_participation(consortium, consortium.lead, people.lead, role=ParticipationRole.LEAD, ip_share=Decimal(50))
    members = [
        (people.university, ChainPosition.RESEARCH),
        (people.fund, ChainPosition.CAPITAL),
        (people.supplier, ChainPosition.UPSTREAM),
        (people.other_supplier, ChainPosition.DOWNSTREAM),
    ]
    for organisation, position in members:
        make_participation(consortium, organisation, people.lead, chain_position=position)
    make_agreement(consortium, people.lead)
    for _ in range(3):
        make_technology(consortium)
    make_task(consortium)
    return consortium


def rival_consortium(people: Personas, **facts: Any) -> Consortium:
    """A consortium of the rival with one member of its own."""
    consortium = make_consortium(people, lead=people.rival_org, **facts)
    make_participation(consortium, people.rival_org, people.rival, role=ParticipationRole.LEAD)
    make_participation(consortium, make_organisation(), people.rival)
    return consortium
