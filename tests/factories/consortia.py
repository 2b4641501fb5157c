"""Consortia of the cast, straight into the database."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db.models import Model

from consortia.enums import (
    EXIT_ENDED,
    AgreementStatus,
    ChainPosition,
    Clause,
    ConsortiumStatus,
    ExitStatus,
    ExitTrigger,
    HandOver,
    LeadChangeGround,
    MilestoneStatus,
    ParticipationRole,
    ParticipationStatus,
    PlatformKind,
    TaxonomyStatus,
    Tier,
)
from consortia.models import (
    Agreement,
    AgreementSignature,
    CoBuilder,
    Consortium,
    ConsortiumLink,
    Departure,
    DepartureItem,
    DirectCondition,
    DirectRecognition,
    ExitCase,
    ItemConfirmation,
    KeyTechnology,
    LeadChange,
    Milestone,
    Outcome,
    Participation,
    Platform,
    ResearchTask,
    SubField,
    Taxonomy,
    TaxonomyEntry,
)
from consortia.rules.platforms import DirectStatus
from consortia.selectors.agreements import content_of
from consortia.selectors.parts import PartState, part_states, states_of
from members.models import Organisation, User
from portal.kernel.audit import sha256
from tests.clock import NOON
from tests.factories.members import make_district, make_organisation, once
from tests.personas import Personas

_numbers = count(1)


def meet(*_cast: User | Organisation) -> None:
    """Those named exist from here on: the cast is made on first use, and only who exists is told."""


def make_sub_field(code: str = "E01") -> SubField:
    """A sub-field of a published taxonomy."""
    names = {
        "cluster_zh": "电子信息",
        "cluster_en": "Electronics",
        "name_zh": "集成电路",
        "name_en": "Integrated circuits",
    }
    field: SubField = once(SubField, names, code=code)
    once(TaxonomyEntry, {}, taxonomy=make_taxonomy(), sub_field=field)
    return field


def make_taxonomy(version: int = 1, **facts: Any) -> Taxonomy:
    """A published version, valid for years."""
    facts.setdefault("status", TaxonomyStatus.PUBLISHED)
    facts = {"label": f"样例分类第{version}版", "valid_from": date(2020, 1, 1)} | facts
    taxonomy: Taxonomy = once(Taxonomy, facts, version=version)
    return taxonomy


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
        alignment=facts.pop("alignment", "对接国家战略需求。"),
        created_by=people.lead,
        **facts,
    )


def make_participation(consortium: Consortium, organisation: Organisation, by: User, **facts: Any) -> Participation:
    """A member; confirmed unless told otherwise."""
    participation = unsaved_participation(consortium, organisation, by, **facts)
    participation.save()
    confirm_as_it_stands(consortium)
    return participation


def unsaved_participation(consortium: Consortium, organisation: Organisation, by: User, **facts: Any) -> Participation:
    """The same, not yet in the database and with nothing confirmed."""
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
    elif participation.role != ParticipationRole.LEAD and participation.status == ParticipationStatus.INVITED:
        participation.invited_until = participation.invited_until or date(2099, 12, 31)
    return participation


UNSETTLED: set[Any] = set()  # consortia in the making, whose confirmations come at the end


@contextmanager
def confirmed_at_the_end(consortium: Consortium) -> Iterator[None]:
    """Whatever is made inside is confirmed once, afterwards: cheaper than after every piece."""
    UNSETTLED.add(consortium.pk)
    try:
        yield
    finally:
        UNSETTLED.discard(consortium.pk)
    confirm_as_it_stands(consortium)


def confirm_as_it_stands(consortium: Consortium) -> None:
    """Every confirmed member has confirmed every item as it reads at the moment."""
    if consortium.pk in UNSETTLED:
        return
    confirmed = list(consortium.participations.filter(status=ParticipationStatus.CONFIRMED))
    confirm(part_states(consortium, confirmed))


def confirm(states: Iterable[PartState]) -> list[ItemConfirmation]:
    """What is open of these parts is confirmed."""
    return ItemConfirmation.objects.bulk_create(
        ItemConfirmation(
            participation=state.participation, item=one.item, content=one.content, sha256=one.sha256,
            confirmed_by_id=state.participation.confirmed_by_id, confirmed_at=NOON,
        )
        for state in states
        for one in state.open
    )  # fmt: skip


def make_departure(consortium: Consortium, leaving: Organisation, asked_by: Organisation, **facts: Any) -> Departure:
    """A departure under way, without rows."""
    member = consortium.participations.get(organisation=leaving)
    consortium.participations.filter(pk=member.pk).update(status=ParticipationStatus.LEAVING)
    facts.setdefault("reason", "院系调整。")
    return Departure.objects.create(participation=member, asked_by=asked_by, **facts)


def hand_over_row(
    consortium: Consortium, leaving: Organisation, asked_by: Organisation, *, of: Any, **facts: Any
) -> DepartureItem:
    """A row of the open departure, which is made if there is none: `of` is what it hands over."""
    departure = Departure.objects.filter(participation__organisation=leaving).first()
    departure = departure or make_departure(consortium, leaving, asked_by)
    facts.setdefault("kind", HandOver.TASK)
    return DepartureItem.objects.create(
        departure=departure, object_id=of.pk, label="样机研制", sha256="0" * 64, **facts
    )


TEXTS = {clause.value: f"样例条款：{clause.value}。" for clause in Clause}


def make_agreement(
    consortium: Consortium, by: User, *, signed: bool = True, version: int = 1, **facts: Any
) -> Agreement:
    """A version with every clause, signed by every present member unless told otherwise; earlier ones yield to it."""
    agreement = unsaved_agreement(consortium, by, signed=signed, version=version, **facts)
    yields = [AgreementStatus.SIGNING, *([AgreementStatus.EFFECTIVE] if signed else [])]
    consortium.agreements.filter(status__in=yields).update(status=AgreementStatus.SUPERSEDED, ended_on=NOON.date())
    agreement.save()
    for participation in consortium.participations.present() if signed else ():
        sign_for(agreement, participation, by)
    return agreement


def unsaved_agreement(
    consortium: Consortium,
    by: User,
    *,
    whole: Consortium | None = None,
    signed: bool = True,
    version: int = 1,
    **facts: Any,
) -> Agreement:
    """The same, not yet in the database and without signatures."""
    agreement = Agreement(
        consortium=consortium,
        version=version,
        clauses=facts.pop("clauses", TEXTS),
        expires_on=facts.pop("expires_on", date(2029, 12, 31)),
        changes=facts.pop("changes", "样例修改。" if version > 1 else ""),
        drafted_by=by,
        **facts,
    )
    agreement.content = content_of(agreement, whole)
    agreement.sha256, agreement.sent_at = sha256(agreement.content), NOON
    agreement.status = AgreementStatus.EFFECTIVE if signed else AgreementStatus.SIGNING
    agreement.effective_on = NOON.date() if signed else None
    return agreement


def sign_for(agreement: Agreement, participation: Participation, by: User) -> AgreementSignature:
    """A signature given in the portal."""
    signature = unsaved_signature(agreement, participation, by)
    signature.save()
    return signature


def unsaved_signature(agreement: Agreement, participation: Participation, by: User) -> AgreementSignature:
    """The same, not yet in the database."""
    return AgreementSignature(
        agreement=agreement, participation=participation, signed_by=by, signed_at=NOON, signed_on=NOON.date(),
        signatory=by.name, sha256=agreement.sha256,
    )  # fmt: skip


def make_technology(consortium: Consortium, **facts: Any) -> KeyTechnology:
    """A key technology, from TRL 4 to 7."""
    technology = unsaved_technology(consortium, **facts)
    technology.save()
    confirm_as_it_stands(consortium)
    return technology


def unsaved_technology(consortium: Consortium, **facts: Any) -> KeyTechnology:
    """The same, not yet in the database and not confirmed."""
    facts.setdefault("owner", consortium.lead)
    return KeyTechnology(
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
    task, steps = unsaved_task(consortium, consortium.tasks.count() + 1, milestones, **facts)
    task.save()
    Milestone.objects.bulk_create(steps)
    confirm_as_it_stands(consortium)
    return task


def unsaved_task(
    consortium: Consortium, number: int, milestones: int, **facts: Any
) -> tuple[ResearchTask, list[Milestone]]:
    """The same, not yet in the database and not confirmed."""
    start = facts.pop("start", date(2026, 1, 1))
    task = ResearchTask(
        consortium=consortium,
        number=number,
        name="样机研制",
        lead=facts.pop("lead", consortium.lead),
        start=start,
        end=start + timedelta(days=720),
        budget_grant=Decimal(500_000),
        budget_own=Decimal(1_500_000),
        **facts,
    )
    return task, [_step(task, number, reached=number * 2 <= milestones) for number in range(1, milestones + 1)]


def _step(task: ResearchTask, number: int, *, reached: bool) -> Milestone:
    return Milestone(
        task=task,
        name=f"节点{number}",
        metric="样机台数",
        target=Decimal(2),
        due=task.start + timedelta(days=180 * number),
        status=MilestoneStatus.REACHED if reached else MilestoneStatus.PLANNED,
        actual=Decimal(2) if reached else None,
        reached_on=task.start + timedelta(days=150) if reached else None,
    )


def ready_consortium(people: Personas, **facts: Any) -> Consortium:
    """A consortium fit to apply: five confirmed members, signed agreement, three technologies, one task.

    It is written in one go, without reading anything back: almost every test has one.
    """
    consortium = make_consortium(people, **facts)
    places = [
        (people.university, ChainPosition.RESEARCH),
        (people.fund, ChainPosition.CAPITAL),
        (people.supplier, ChainPosition.UPSTREAM),
        (people.other_supplier, ChainPosition.DOWNSTREAM),
    ]
    lead = {"role": ParticipationRole.LEAD, "ip_share": Decimal(50)}
    members = [
        unsaved_participation(consortium, consortium.lead, people.lead, **lead),
        *(unsaved_participation(consortium, one, people.lead, chain_position=place) for one, place in places),
    ]
    technologies = [unsaved_technology(consortium) for _number in range(3)]
    task, steps = unsaved_task(consortium, 1, 2)
    for rows in (members, technologies, [task], steps):
        type(rows[0])._base_manager.bulk_create(rows)  # type: ignore[attr-defined]
    whole = _put_together(consortium, members, technologies, task, steps)
    confirm(states_of(members, [task], technologies))
    agreement = unsaved_agreement(consortium, people.lead, whole=whole)
    agreement.save()
    AgreementSignature.objects.bulk_create(unsaved_signature(agreement, one, people.lead) for one in members)
    return consortium


def _put_together(
    consortium: Consortium,
    members: list[Participation],
    technologies: list[KeyTechnology],
    task: ResearchTask,
    steps: list[Milestone],
) -> Consortium:
    """A copy of the new consortium that knows its rows, as `load_whole` would give it."""
    whole = copy(consortium)
    whole._prefetched_objects_cache = {}
    whole.present_members = members  # type: ignore[attr-defined]
    for one in members:
        one.newest_confirmations = []  # type: ignore[attr-defined]
    _know(task, milestones=steps)
    _know(whole, technologies=technologies, tasks=[task])
    _know(whole, **dict.fromkeys(("cross_fields", "agreements", "platforms", "funds", "outcomes", "seven_ones"), ()))
    return whole


def _know(thing: Model, **related: Sequence[Model]) -> None:
    """As if these had been prefetched."""
    for name, rows in related.items():
        queryset = getattr(thing, name).all()
        queryset._result_cache, queryset._prefetch_done = list(rows), True
        thing.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset


def make_lead_change(people: Personas, consortium: Consortium, by: User, **facts: Any) -> LeadChange:
    """A proposal that people.supplier leads; the lead's own unless told otherwise."""
    facts.setdefault("ground", LeadChangeGround.HANDED_OVER)
    facts.setdefault("asked_by", consortium.lead)
    return LeadChange.objects.create(
        consortium=consortium, old_lead=consortium.lead, new_lead=facts.pop("new_lead", people.supplier),
        reason="样例事由。", proposed_by=by, **facts,
    )  # fmt: skip


def make_link(proposer: Consortium, partner: Consortium, by: User, **facts: Any) -> ConsortiumLink:
    """A proposal of complementary fields, unless told otherwise."""
    facts = {
        "kind": "FIELDS", "subject": "样例跨领域协同", "goal": "样例目标。", "start": date(2026, 12, 1),
        "end": date(2027, 12, 1),
    } | facts  # fmt: skip
    return ConsortiumLink.objects.create(proposer=proposer, partner=partner, proposed_by=by, **facts)


def make_exit_case(consortium: Consortium, by: User, **facts: Any) -> ExitCase:
    """A case opened by `by`; the consortium is marked as the service would."""
    facts.setdefault("trigger", ExitTrigger.UNQUALIFIED)
    if facts.get("status", ExitStatus.OPENED) not in EXIT_ENDED:
        Consortium.objects.filter(pk=consortium.pk).update(leaving_since=NOON.date())
        consortium.leaving_since = NOON.date()
    return ExitCase.objects.create(
        number=f"TC-2026-{9000 + next(_numbers)}", consortium=consortium, grounds="样例事由。", opened_by=by, **facts
    )


def make_platform(consortium: Consortium, **facts: Any) -> Platform:
    """A station of the lead and the first other member, each with a half, in operation for two years."""
    facts = {"kind": PlatformKind.ACADEMICIAN, "opened_on": date(2024, 11, 1), "share": Decimal(50)} | facts
    facts = {"name": f"样例平台{next(_numbers)}", "area": 1200, "equipment_value": Decimal(12_000_000)} | facts
    platform = Platform.objects.create(consortium=consortium, builder=consortium.lead, **facts)
    other = consortium.participations.present().exclude(organisation=consortium.lead).order_by("created_at").first()
    if other:
        CoBuilder.objects.create(platform=platform, organisation=other.organisation, share=Decimal(50))
    return platform


CHECKLIST = (("有管理章程", "Has statutes", True), ("有网站", "Has a site", False))


def make_direct(platform: Platform, by: User, **facts: Any) -> DirectRecognition:
    """A platform proposed by `by`, with two conditions, one of which is required."""
    facts = {"number": f"ZR-2026-{9000 + next(_numbers)}", "grounds": "样例理由。", "years": 3} | facts
    case = DirectRecognition.objects.create(platform=platform, proposed_by=by, **facts)
    for position, (zh, en, hard) in enumerate(CHECKLIST, 1):
        DirectCondition.objects.create(recognition=case, position=position, text_zh=zh, text_en=en, hard=hard)
    return case


def recognised_facts(by: User) -> dict[str, Any]:
    """What a case knows that was recognised by `by` a year ago."""
    return {
        "status": DirectStatus.RECOGNISED, "decided_by": by, "document_number": "样科认〔2025〕1号",
        "meeting": "样例局务会", "meeting_on": date(2025, 11, 1), "valid_from": date(2025, 11, 10),
        "valid_until": date(2028, 11, 10), "reason": "符合条件。",
    }  # fmt: skip


def rival_consortium(people: Personas, **facts: Any) -> Consortium:
    """A consortium of the rival with one member of its own."""
    consortium = make_consortium(people, lead=people.rival_org, **facts)
    with confirmed_at_the_end(consortium):
        make_participation(consortium, people.rival_org, people.rival, role=ParticipationRole.LEAD)
        make_participation(consortium, make_organisation(), people.rival)
    return consortium


KIND_FACTS: dict[str, dict[str, Any]] = {
    "PATENT": {"patent_type": "INVENTION"},
    "STANDARD": {"identifier": "T/YL 001—2026", "standard_level": "GROUP", "standard_role": "LEAD"},
    "SOFTWARE": {"identifier": "2026SR0000001"},
    "PRODUCT": {"market": "B"},
    "BREAKTHROUGH": {"breakthrough_level": "FIRST", "statement": "样例突破"},
    "AWARD": {"award_level": "MUNICIPAL"},
}


def unsaved_outcome(owner: Organisation, kind: str = "PATENT", **facts: Any) -> Outcome:
    """An outcome with what its kind needs; a patent is granted on its date."""
    day = facts.pop("date", date(2026, 5, 1))
    if kind == "PATENT":
        facts.setdefault("granted_on", day)
        facts.setdefault("applied_on", day - timedelta(days=300))
    facts = {"name": "样例成果", "identifier": "ZL202610000001.9", **KIND_FACTS.get(kind, {}), **facts}
    return Outcome(kind=kind, owner=owner, date=day, **facts)


def make_outcome(consortium: Consortium, kind: str = "PATENT", **facts: Any) -> Outcome:
    """A recorded outcome of the lead unless told otherwise."""
    outcome = unsaved_outcome(facts.pop("owner", consortium.lead), kind, consortium=consortium, **facts)
    outcome.save()
    return outcome
