"""Consortia being formed: members asked and confirmed, agreement signed, technologies and tasks listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import cycle
from typing import Any

from consortia.enums import (
    ChainAction,
    ChainPosition,
    ConsortiumType,
    FundRole,
    Layer,
    Market,
    MilestoneStatus,
    OutcomeKind,
    PatentType,
    PipelineStage,
    PlatformKind,
    ProblemClass,
    StandardLevel,
    StandardRole,
)
from consortia.models import (
    Agreement,
    BackgroundIp,
    Consortium,
    Fund,
    Investment,
    KeyTechnology,
    Milestone,
    Outcome,
    Platform,
    ResearchTask,
)
from consortia.rules.identifiers import check_sign
from consortia.rules.profile import Direction, IndustryClass
from consortia.rules.registers import RecognitionLevel, Scale
from consortia.rules.work import Openness, ResearchType, TaskClass
from consortia.selectors.agreements import standard_wording
from consortia.services.agreements import Draft, draft_agreement, send_agreement
from consortia.services.background import add_background
from consortia.services.consortia import create_consortium
from consortia.services.funds import add_fund, add_investment
from consortia.services.outcomes import add_outcome
from consortia.services.participations import Part, confirm_participation, invite_member
from consortia.services.platforms import add_platform
from consortia.services.tasks import add_milestone, add_task, miss_milestone, reach_milestone
from consortia.services.technologies import add_technology
from members.enums import LeadClass, OrganisationType
from members.models import Organisation
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast, lead_organisation, state_years
from reports.management.demo.catalogue import MILESTONES, PARTNERS, TASKS
from reports.management.demo.script import Row
from reports.management.demo.technologies import TECHNOLOGIES

T = OrganisationType
WAN = Decimal(10_000)
SHORTEST = 990  # days from the first plan to the last milestone
ASKED = {"A": 190 * WAN, "B": 95 * WAN}
PLATFORMS = (
    (PlatformKind.JOINT_LAB, "联合实验室"),
    (PlatformKind.PILOT_LINE, "中试线"),
    (PlatformKind.INCUBATOR, "专业孵化器"),
    (PlatformKind.POSTDOC, "博士后工作站"),
)


@dataclass
class Stage:
    """What the story carries from act to act."""

    cast: Cast
    years: list[int]


def form(stage: Stage, row: Row, day: date, *, confirmed: int | None = None) -> Consortium:
    """Found the lead and its consortium; `confirmed` members answer (all unless told otherwise)."""
    lead = found_lead(stage, row)
    person, at = stage.cast.of(lead), moment(day)
    partners = members(stage.cast, row)
    rest = Decimal(100) - sum((part.ip_share for _organisation, part in partners), Decimal(0))
    consortium = create_consortium(
        consortium=Consortium(
            name=row.name,
            lead=lead,
            sub_field_id=row.field,
            district=stage.cast.districts[row.district],
            type=ConsortiumType.STRATEGIC if row.type == "战略引领型" else ConsortiumType.MARKET,
            mission=f"聚焦{row.field_name}，联合产业链上下游与高校院所，三年内突破一批关键核心技术并实现产业化。",
            chief_scientist=f"样例首席{row.number:02d}",
            governance="设理事会与秘书处，首席科学家对技术路线有决定权，每季度召开一次进度会。",
            alignment=f"对接国家战略性新兴产业布局与省重点产业链，服务{row.field_name}强链补链。",
            directions=[Direction.FRONTIER.value, Direction.values[1 + row.number % 2]],
            chain_action=ChainAction.values[row.number % 4],
            industry_class=IndustryClass.values[row.number % 3],
            decision_body="理事会，三分之二以上表决通过",
            secretariat="牵头单位研发管理部",
            exit_plan="第三年起以产业收入与基金反哺研发，不再依赖财政资金。",
        ),
        part=Part(
            chain_position=ChainPosition.MIDSTREAM,
            duties="牵头组织攻关，负责总体设计、集成与产业化。",
            cash=1200 * WAN,
            in_kind=600 * WAN,
            ip_share=rest,
            benefit_share=rest,
            person_months=240,
        ),
        actor=person,
        at=at,
    )
    for organisation, part in partners:
        invite_member(consortium=consortium, organisation=organisation, part=part, actor=person, at=at)
    list_work(stage, consortium, row, day)
    agreement = agree(consortium, person, day)
    answering = list(consortium.participations.select_related("organisation"))[:confirmed]
    for participation in answering:
        confirm_participation(
            participation=participation,
            actor=stage.cast.of(participation.organisation),
            at=moment(day + timedelta(days=2)),
            agreement=agreement,
        )
    return consortium


def agree(consortium: Consortium, person: Any, day: date) -> Agreement:
    """The first version in our wording, with a patent that the lead brings along, sent to the members."""
    brought = BackgroundIp(
        owner=consortium.lead, title="样例核心装置及其控制方法", number=f"ZL2020{day:%m%d}{consortium.code[-4:]}.6",
        terms="攻关任务范围内无偿使用；任务以外的使用另行签订许可合同。",
    )  # fmt: skip
    add_background(consortium=consortium, background=brought, actor=person, at=moment(day))
    until = date(day.year + 5, 12, 31)
    draft = Draft(standard_wording(consortium, expires_on=until), until)
    agreement = draft_agreement(consortium=consortium, draft=draft, actor=person, at=moment(day))
    return send_agreement(agreement=agreement, actor=person, at=moment(day))


def found_lead(stage: Stage, row: Row) -> Organisation:
    """The lead enterprise with figures that fit its score."""
    strong = row.score is not None and row.score >= 75
    classes = [LeadClass.LISTED, LeadClass.CHAMPION] if strong else [LeadClass.SEGMENT, LeadClass.HNTE]
    lead = lead_organisation(
        stage.cast,
        row.lead,
        row.uscc,
        stage.cast.districts[row.district],
        lead_class=LeadClass.TOP500 if row.tier == "A" else classes[row.number % 2],
        shown_as=row.shown_as,
    )
    state_years([lead], stage.years, row.rng, strong=strong)
    return lead


def members(cast: Cast, row: Row) -> list[tuple[Organisation, Part]]:
    """Members from the pool, each with what it promises; nobody twice."""
    chosen = [
        *row.rng.sample(cast.pool[T.ENTERPRISE], row.enterprises - 1),
        *row.rng.sample(cast.pool[T.UNIVERSITY], row.universities),
        *row.rng.sample(cast.pool[T.INSTITUTE], row.institutes),
        *row.rng.sample(cast.pool[T.FUND], row.funds),
    ]
    if row.number == 22:
        chosen.append(cast.pool[T.OFFSHORE_CENTRE][0])
    share = (Decimal(60) / len(chosen)).quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    links = cycle([ChainPosition.UPSTREAM, ChainPosition.DOWNSTREAM, ChainPosition.MIDSTREAM, ChainPosition.SERVICE])
    parts = cycle(PARTNERS)
    return [(organisation, _part(organisation, share, next(links), next(parts), row)) for organisation in chosen]


def _part(organisation: Organisation, share: Decimal, link: ChainPosition, work: str, row: Row) -> Part:
    kinds = {
        T.UNIVERSITY: (ChainPosition.RESEARCH, "承担机理研究与人才培养。", 0, 120),
        T.INSTITUTE: (ChainPosition.RESEARCH, "承担工艺验证与中试。", 50, 150),
        T.FUND: (ChainPosition.CAPITAL, "设立专项子基金并跟投。", 1500, 0),
        T.OFFSHORE_CENTRE: (ChainPosition.PLATFORM, "提供境外测试与技术对接。", 0, 60),
    }
    position, duties, cash, months = kinds.get(T(organisation.type), (link, f"承担{work}的开发与配套。", 200, 80))
    layer = Layer.CORE if organisation.type in {T.UNIVERSITY, T.FUND} else row.rng.choice([Layer.CLOSE, Layer.GENERAL])
    return Part(
        chain_position=position,
        duties=duties,
        layer=layer,
        cash=cash * WAN,
        in_kind=80 * WAN,
        ip_share=share,
        benefit_share=share,
        person_months=months,
    )


# --- the work ----------------------------------------------------------------------------------
def list_work(stage: Stage, consortium: Consortium, row: Row, day: date) -> None:
    """Three technologies, three tasks with three milestones each, a platform, and a fund for most.

    The tasks spend what the members promised and what is granted, or else asked for, and last into the story's year.
    """
    person, at = stage.cast.of(consortium.lead), moment(day)
    pace = max((date(max(stage.years) + 1, 6, 30) - day).days, SHORTEST) / SHORTEST
    own, grant = _thirds(_promised(consortium)), _thirds(row.granted or ASKED.get(row.tier, Decimal(0)))
    technologies = [
        add_technology(consortium=consortium, technology=one, actor=person, at=at)
        for one in _technologies(consortium, row, day)
    ]
    for number, (title, technology) in enumerate(zip(TASKS, technologies, strict=True)):
        start = day + timedelta(days=round(pace * (120 + 240 * number)))
        task = ResearchTask(
            name=title,
            technology=technology,
            lead=consortium.lead,
            task_class=TaskClass.values[number % 3],
            research_type=ResearchType.values[(number + 1) % 3],
            risk=Scale.values[(number + row.number) % 3],
            stage=PipelineStage.TRANSFER if number == 0 else PipelineStage.RESEARCH,
            start=start,
            end=start + timedelta(days=round(pace * 420)),
            budget_grant=grant[number],
            budget_own=own[number],
        )
        if number == 0 and row.number % 3 != 2:
            level = RecognitionLevel.values[row.number % 3]
            task.project_level, task.as_consortium = level, level == RecognitionLevel.NATIONAL
            task.project_number = f"样例科计〔{day.year}〕{row.number:03d}号"
        add_task(consortium=consortium, task=task, actor=person, at=at)
        for step, (name, metric, target) in enumerate(MILESTONES, 1):
            due = start + timedelta(days=round(pace * 130 * step))
            milestone = Milestone(name=name, metric=metric, target=Decimal(target), weight=step, due=due)
            add_milestone(task=task, milestone=milestone, actor=person, at=at)
    _institutions(stage, consortium, row, day)


def _promised(consortium: Consortium) -> Decimal:
    return sum(consortium.participations.values_list("cash", flat=True), Decimal(0))


def _thirds(amount: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """A sum in three parts of whole 万元; the last takes the rest."""
    part = (amount / 3 / WAN).quantize(Decimal(1), ROUND_FLOOR) * WAN
    return part, part, amount - 2 * part


def _technologies(consortium: Consortium, row: Row, day: date) -> list[KeyTechnology]:
    classes = cycle(ProblemClass)
    return [
        KeyTechnology(
            name=name,
            problem_class=(problem := next(classes)),
            benchmark=f"国际先进水平 {target} {unit}",
            openness=Openness.SECRET if problem == ProblemClass.BOTTLENECK else Openness.PUBLIC,
            gap=f"国际先进水平已达到 {target} {unit}，国内尚处于样机阶段。",
            indicator=indicator,
            unit=unit,
            baseline=Decimal(start),
            target=Decimal(target),
            trl_start=4,
            trl_now=4 + row.number % 3,
            trl_target=7 + row.number % 2,
            owner=consortium.lead,
            due=day + timedelta(days=1000),
        )
        for name, indicator, unit, start, target in row.rng.sample(TECHNOLOGIES[row.field], 3)
    ]


def _institutions(stage: Stage, consortium: Consortium, row: Row, day: date) -> None:
    person, at = stage.cast.of(consortium.lead), moment(day)
    kinds = [PLATFORMS[0], PLATFORMS[1 + row.number % 3]]
    for number, (kind, name) in enumerate(kinds[: 1 + ((row.evaluation or 0) >= 70)]):
        platform = Platform(
            kind=kind,
            name=f"{row.field_name}{name}",
            builder=consortium.lead,
            area=800 + 60 * row.number,
            opened_on=day - timedelta(days=200 - 90 * number),
        )
        add_platform(consortium=consortium, platform=platform, actor=person, at=at)
    excellent = (row.evaluation or 0) >= 85
    if row.funds and (row.number % 4 or excellent):
        fund = Fund(
            name=f"样例{row.field_name}产业子基金",
            role=FundRole.INITIATOR if excellent else FundRole.PARTICIPANT,
            manager=_capital(consortium),
            scale=5000 * WAN,
            paid_in=(5000 if excellent else 2000 + 60 * row.number) * WAN,
        )
        add_fund(consortium=consortium, fund=fund, actor=person, at=at, sub_fields=[consortium.sub_field])
        investment = Investment(target=f"样例{row.field_name}初创企业", amount=600 * WAN, date=at.date(), landed=True)
        add_investment(fund=fund, investment=investment, actor=person, at=at)


def _capital(consortium: Consortium) -> Organisation:
    return consortium.participations.filter(organisation__type=T.FUND).select_related("organisation").get().organisation


# --- years of work -----------------------------------------------------------------------------
def work(
    stage: Stage, consortium: Consortium, row: Row, until: date, *, since: date = date.min, grace: int = 25
) -> None:
    """Reach or miss the milestones that were due and are still planned, but for those of the last `grace` days.

    Nothing is reached before `since`.
    """
    person = stage.cast.of(consortium.lead)
    due = (
        Milestone.objects.filter(task__consortium=consortium, due__lt=until, status=MilestoneStatus.PLANNED)
        .select_related("task__consortium")
        .order_by("due")
    )
    for number, milestone in enumerate(due):
        late = row.evaluation is not None and row.evaluation < 60 and number % 2
        if late or milestone.due > until - timedelta(days=grace):
            at = moment(min(milestone.due + timedelta(days=10), until))
            if late:
                miss_milestone(milestone=milestone, actor=person, at=at, note="样机测试未达标，已制定追赶计划。")
            continue
        reached = max(milestone.due - timedelta(days=6), since)
        reach_milestone(
            milestone=milestone,
            actual=milestone.target,
            reached_on=reached,
            actor=person,
            at=moment(reached + timedelta(days=1)),
            note="第三方报告已归档。",
        )


YIELD = ((77, (5, 1, 2, 2)), (70, (3, 1, 1, 1)), (60, (2, 0, 1, 1)), (0, (1, 0, 0, 0)))
KINDS = (
    (OutcomeKind.PATENT, "一种{0}方法及装置", "ZL{1}1{2:07d}", 0),
    (OutcomeKind.STANDARD, "{0}技术规范", "T/YL {2:03d}—{1}", 0),
    (OutcomeKind.PRODUCT, "{0}首批产品", "YP-{1}-{2:04d}", 420),
    (OutcomeKind.CONTRACT, "{0}技术开发合同", "{1}3205{2:06d}", 260),
)
MORE: dict[OutcomeKind, dict[str, Any]] = {
    OutcomeKind.PATENT: {"patent_type": PatentType.INVENTION},
    OutcomeKind.STANDARD: {"standard_level": StandardLevel.GROUP, "standard_role": StandardRole.LEAD},
    OutcomeKind.PRODUCT: {"market": Market.BUSINESS, "first_set": True},
}


def _with_check(number: str) -> str:
    """A patent's number with its check digit; others as they are."""
    return f"{number}.{check_sign(number[2:])}" if number.startswith("ZL") else number


STAGES = (PipelineStage.RESEARCH, PipelineStage.TRANSFER, PipelineStage.INCUBATION)


def harvest(stage: Stage, consortium: Consortium, row: Row, year: int, until: date) -> None:
    """The outcomes of one year, more of them the better the year."""
    person = stage.cast.of(consortium.lead)
    technologies = list(consortium.technologies.values_list("name", flat=True))
    counts = next(counts for floor, counts in YIELD if (row.evaluation or 0) >= floor)
    for (kind, title, number, amount), count in zip(KINDS, counts, strict=True):
        for n in range(count):
            day = min(date(year, 3 + 2 * (n % 5), 5 + row.number % 20), until)
            serial = year % 100 * 1000 + row.number * 10 + n
            outcome = Outcome(
                kind=kind,
                name=title.format(technologies[n % len(technologies)]),
                identifier=_with_check(number.format("", year, serial)),
                owner=consortium.lead,
                date=day,
                amount=amount * WAN,
                task=consortium.tasks.first(),
                offered=kind in {OutcomeKind.PATENT, OutcomeKind.PRODUCT},
                stage=STAGES[n % 2 if kind == OutcomeKind.PATENT else 2],
                **MORE.get(kind, {}),
            )
            if kind == OutcomeKind.PATENT:
                outcome.granted_on, outcome.applied_on = day, day - timedelta(days=540)
            add_outcome(consortium=consortium, outcome=outcome, actor=person, at=moment(day))
