"""Entries of the registers, demands, visits and issues, straight into the database."""

from datetime import date
from decimal import Decimal
from typing import Any

from consortia.enums import Layer, Progress, SevenOnes
from consortia.models import (
    AttractedEnterprise,
    Circular,
    Consortium,
    Contribution,
    Demand,
    DemandAnswer,
    Entry,
    Exchange,
    FollowUp,
    Issue,
    JointTraining,
    LiaisonVisit,
    Obligation,
    PlatformMatch,
    Recognition,
    Risk,
    SevenOnesItem,
    SharingRecord,
    SupplyLink,
    Talent,
)
from consortia.rules.sevenones import OneStatus
from members.enums import Role
from members.models import Organisation, User
from tests.clock import NOON
from tests.factories.members import make_user
from tests.personas import Personas


def unsaved_entry(slug: str, consortium: Consortium, people: Personas, **facts: Any) -> Entry:
    """An entry of the register, not stored; of the university where it belongs to a member."""
    home, host = people.university, people.lead_org
    part = consortium.participations.filter(organisation=home).first()
    made: dict[str, tuple[type[Entry], dict[str, Any]]] = {
        "talent": (Talent, {
            "mode": "AT_ENTERPRISE", "home": home, "host": host, "person_months": Decimal(12),
            "start": date(2026, 1, 1), "end": date(2026, 12, 31),
        }),
        "training": (JointTraining, {
            "degree": "DOCTOR", "headcount": 3, "home": home, "partner": host, "start": date(2026, 3, 1),
            "end": date(2029, 2, 28),
        }),
        "sharing": (SharingRecord, {
            "resource": "EQUIPMENT",
            "name": "样例电镜", "provider": home, "used_by": "样例企业", "quantity": Decimal(40),
            "date": date(2026, 5, 1),
        }),
        "recognition": (Recognition, {
            "kind": "PROVINCIAL_PILOT", "level": "PROVINCIAL", "name": "样例试点", "document_number": "样例〔2026〕1号",
            "date": date(2026, 4, 1),
        }),
        "contribution": (Contribution, {
            "participation": part, "kind": "CASH", "amount": Decimal(400_000), "received_on": date(2026, 6, 1),
        }),
        "exchange": (Exchange, {
            "kind": "MEETING", "topic": "样例例会", "layer": Layer.CORE, "with_layer": Layer.CLOSE,
            "date": date(2026, 2, 1),
        }),
        "supply": (SupplyLink, {
            "customer": home, "goods": "样例镜片", "supplier": host, "sourcing": "SINGLE",
        }),
        "attracted": (AttractedEnterprise, {
            "name": f"样例落户企业{AttractedEnterprise.objects.count()}", "introduced_by": home, "way": "SCIENCE",
            "chain_position": "UPSTREAM",
            "district": consortium.district, "investment": Decimal(5_000_000), "date": date(2026, 5, 1),
        }),
        "match": (PlatformMatch, {
            "platform": "样例实验室", "level": "NATIONAL", "need": "样例测试能力", "date": date(2026, 5, 1),
        }),
        "obligation": (Obligation, {
            "member": home, "clause": "confidentiality", "duty": "样例义务", "due": date(2026, 12, 31),
        }),
        "risk": (Risk, {
            "task": consortium.tasks.first(), "description": "样例风险", "response": "样例应对",
        }),
    }  # fmt: skip
    model, usual = made[slug]
    return model(consortium=consortium, **{**usual, **facts})


def make_entry(slug: str, consortium: Consortium, people: Personas, **facts: Any) -> Any:
    """The same, stored."""
    entry = unsaved_entry(slug, consortium, people, created_by=people.lead, **facts)
    entry.save()
    return entry


def make_demand(consortium: Consortium, by: User, **facts: Any) -> Demand:
    """A demand of the lead, answers until the end of 2027."""
    usual = {"poser": consortium.lead, "title": "样例难题", "question": "样例问题全文", "deadline": date(2027, 12, 31)}
    if facts.get("published"):
        usual["brief"] = "样例公开摘要"
    return Demand.objects.create(consortium=consortium, posed_by=by, **{**usual, **facts})


def make_answer(demand: Demand, organisation: Organisation, by: User) -> DemandAnswer:
    """A proposal; the demand is answered."""
    Demand.objects.filter(pk=demand.pk).update(status="ANSWERED")
    demand.refresh_from_db()
    return DemandAnswer.objects.create(demand=demand, organisation=organisation, proposal="样例方案", answered_by=by)


def make_liaison(consortium: Consortium | None = None, handle: str = "liaison") -> User:
    """A liaison officer, assigned to the consortium."""
    officer = make_user(handle, "样例专员甲", Role.LIAISON)
    if consortium:
        Consortium.objects.filter(pk=consortium.pk).update(liaison_officer=officer)
        consortium.refresh_from_db()
    return officer


def make_visit(consortium: Consortium, by: User, **facts: Any) -> LiaisonVisit:
    """A visit with its findings."""
    usual = {"date": date(2026, 10, 1), "participants": "样例牵头单位", "findings": "样例发现"}
    return LiaisonVisit.objects.create(consortium=consortium, recorded_by=by, **{**usual, **facts})


def make_follow_up(visit: LiaisonVisit, **facts: Any) -> FollowUp:
    """Something to be done by the end of 2027."""
    return FollowUp.objects.create(visit=visit, **{"text": "样例事项", "due": date(2027, 12, 31), **facts})


def make_issue(
    consortium: Consortium, organisation: Organisation, by: User, *parties: Organisation, **facts: Any
) -> Issue:
    """An issue that a member has raised."""
    usual = {"subject": "样例分歧", "statement": "样例经过", "created_at": NOON}
    issue = Issue.objects.create(consortium=consortium, raised_by=organisation, author=by, **{**usual, **facts})
    issue.parties.set(parties)
    return issue


def make_one(
    consortium: Consortium, by: User, *, item: str = SevenOnes.TECHNOLOGIES, year: int = 2026, **facts: Any
) -> SevenOnesItem:
    """One of the seven, claimed as built; with `judge` also verified by that person."""
    judge = facts.pop("judge", None)
    if judge:
        facts |= {"status": OneStatus.VERIFIED, "verified_by": judge, "verified_at": NOON}
        facts.setdefault("verified", facts.get("claimed", Progress.BUILT))
    facts = {"claimed": Progress.BUILT, "proposed": Progress.BUILT, "status": OneStatus.CLAIMED, **facts}
    return SevenOnesItem.objects.create(
        consortium=consortium, year=year, item=item, claimed_by=by, claimed_at=NOON, **facts
    )


def make_circular(consortium: Consortium, sender: User, *recipients: User) -> Circular:
    """A circular about one consortium."""
    circular = Circular.objects.create(subject="样例通知", text="样例内容。", audience=["LEADS"], sent_by=sender)
    circular.consortia.add(consortium)
    circular.recipients.set(recipients)
    return circular
