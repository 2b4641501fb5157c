"""The expert pool: who its people are, where they worked, and who is on the way in."""

from __future__ import annotations

import random
from datetime import date, timedelta

from members.enums import ExpertKind, HnteField, LeadClass, OrganisationType, Region, Role, TitleLevel
from members.models import Employment, Expert, Organisation, User
from members.rules.experts import CHECKLIST
from members.rules.notice import current_version
from members.services.experts import apply_expert, check_expert, record_expert, suspend_expert
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

HOUSES = ("样例材料研究院", "样例装备研究所", "样例会计师事务所", "样例投资管理公司", "样例律师事务所", "样例工程学会")
POSITIONS = ("研究员", "教授级高级工程师", "副总工程师", "合伙人", "首席专家")
OVERDUE = 9  # every ninth expert has not confirmed its data for more than a year
OUTSIDE = 4
FROM_A_LEAD = 7  # of so many experts one comes from the lead of a consortium
CANDIDATES = 3
WITHOUT_ACCOUNT = 7  # every so many experts have not stated one for their fees


def introduce(cast: Cast, today: date) -> None:
    """Titles, fields, ages and careers of the sixty; one suspended, three people who want to join."""
    rng = random.Random(513)
    for number, expert in enumerate(cast.experts, 1):
        _describe(expert, number, rng, today)
    _careers(cast.experts, rng, today)
    suspend_expert(
        expert=cast.experts[40], reason="一年内三次未按期提交评审意见。", until=today + timedelta(days=60),
        actor=cast.bureau[Role.HEAD], at=moment(today - timedelta(days=30)),
    )  # fmt: skip
    _newcomers(cast, today)


def _describe(expert: Expert, number: int, rng: random.Random, today: date) -> None:
    expert.hnte_fields = sorted(rng.sample(HnteField.values, 2))
    expert.title_level = TitleLevel.ASSOCIATE if number % 3 else TitleLevel.SENIOR
    expert.born = today.year - rng.randint(38, 63)
    expert.region = Region.CITY if number % OUTSIDE else Region.OUTSIDE
    ago = rng.randint(370, 420) if number % OVERDUE == 0 else rng.randint(20, 340)
    expert.refreshed_at = moment(today - timedelta(days=ago))
    if number % WITHOUT_ACCOUNT:
        expert.bank_name, expert.bank_account = "样例银行苏州分行", f"622200000000{number:04d}"
        expert.consent_version, expert.consented_at = current_version(), expert.refreshed_at
    expert.save()


def _careers(experts: list[Expert], rng: random.Random, today: date) -> None:
    """A former and a present employer each; some have left the lead of a consortium not long ago."""
    leads = iter(Organisation.objects.exclude(lead_class=LeadClass.NONE).order_by("uscc"))
    rows = []
    for number, expert in enumerate(experts, 1):
        moved = date(today.year - rng.randint(3, 9), 7, 1)
        former, present = rng.sample(HOUSES, 2)
        lead = next(leads) if number % FROM_A_LEAD == 0 else None
        if lead:
            moved = date(today.year - 1, 3, 1)
        rows.append(Employment(
            expert=expert, organisation=lead, name="" if lead else former, position=rng.choice(POSITIONS),
            since=date(moved.year - rng.randint(4, 12), 7, 1), until=moved - timedelta(days=1),
        ))  # fmt: skip
        rows.append(Employment(
            expert=expert, organisation=expert.employer, name="" if expert.employer else present,
            position=rng.choice(POSITIONS), since=moved,
        ))  # fmt: skip
    Employment.objects.bulk_create(rows)


def _newcomers(cast: Cast, today: date) -> None:
    """One waits for its employer's word, one for the check of the entry, one for the admission."""
    officer, at = cast.bureau[Role.OFFICER], moment(today - timedelta(days=4))
    homes = cast.pool[OrganisationType.INSTITUTE][:CANDIDATES]
    experts = [_apply(cast.of(home), home.uscc or "", number, today) for number, home in enumerate(homes)]
    for expert in experts[1:]:
        record_expert(expert=expert, source="单位推荐函，纸质存档。", actor=officer, at=at)
    check_expert(expert=experts[-1], ticked=list(CHECKLIST), note="", actor=officer, at=at)


def _apply(person: User, code: str, number: int, today: date) -> Expert:
    employer = {"code": code, "name": "", "position": POSITIONS[number], "since": date(today.year - 6, 3, 1)}
    return apply_expert(
        actor=person, at=moment(today - timedelta(days=9 - number)), employer=employer, kind=ExpertKind.INDUSTRY,
        hnte_fields=[HnteField.MATERIALS], fields=[], title_level=TitleLevel.ASSOCIATE, born=today.year - 45,
        region=Region.CITY, yearly_limit=6,
    )  # fmt: skip
