"""Evaluation years, evaluations and reports of the cast, straight into the database, in any state."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from consortia.enums import (
    ConsortiumStatus,
    MilestoneStatus,
    OutcomeKind,
    ParticipationRole,
    PlatformKind,
    ProblemClass,
)
from consortia.models import Consortium, Fund, KeyTechnology, Milestone, Platform, ResearchTask
from funding.enums import ObjectorKind, TrancheCondition, TrancheStatus
from funding.models import RuleSet
from funding.services.scenarios import approve_scenario, put_forward_scenario
from members.enums import OrganisationType
from members.models import YearFigures
from portal.kernel.audit import sha256
from portal.kernel.files import store_bytes
from reports.enums import AppealKind, EvaluationStatus, Grade
from reports.models import (
    Appeal,
    Evaluation,
    EvaluationCycle,
    Evidence,
    GradeList,
    MinutesDocument,
    Report,
)
from reports.rules import DEFAULT_EVALUATION
from reports.selectors.scores import sheet_json, sheet_of
from reports.selectors.selfreport import filing_snapshot, metrics_of
from reports.services.minutes import order_minutes
from tests.clock import NOON
from tests.factories.consortia import (
    confirmed_at_the_end,
    make_agreement,
    make_consortium,
    make_outcome,
    make_participation,
    ready_consortium,
    unsaved_participation,
)
from tests.factories.funding import make_contract, make_meeting, make_scenario, make_tranche
from tests.factories.members import make_organisation
from tests.personas import Personas

S = EvaluationStatus
ORDER = [S.FILLING, S.SUBMITTED, S.VERIFIED, S.SCORED, S.GRADED, S.FEEDBACK, S.PUBLICISED, S.FINAL]
BESIDE = {S.APPEALED: S.FEEDBACK}  # as far as which one such an evaluation has come
EXPERT_ITEMS = ("G1.2", "G1.3")


def make_cycle(people: Personas, year: int = 2026, **facts: Any) -> EvaluationCycle:
    """The evaluation of a year, open at NOON."""
    return EvaluationCycle.objects.get_or_create(
        year=year,
        defaults={
            "opens_on": date(2026, 11, 1), "due_on": date(2026, 12, 15), "rules": rules_of_before(),
            "opened_by": people.officer, **facts,
        },
    )[0]  # fmt: skip


def rules_of_before() -> RuleSet:
    """Rules that ask for no evidence and draw nothing, as years that were opened under the first default have them."""
    data = deepcopy(DEFAULT_EVALUATION) | {"code": "EVAL-DEFAULT-1"}
    for metric in metrics_of(data):
        metric.pop("evidence")
    data.pop("sampling")
    facts = {"name": data["zh"], "data": data, "sha256": sha256(data)}
    return RuleSet.objects.get_or_create(code=data["code"], defaults=facts)[0]


def stated_values(cycle: EvaluationCycle, share: Decimal = Decimal("0.9")) -> dict[str, dict[str, str]]:
    """Every stated metric at a share of its yardstick, rounded, against the whole of it."""
    values = {}
    for metric in metrics_of(cycle.rules.data):
        if metric["source"] == "self":
            aim = Decimal(metric["yardstick"] or 100)
            reached = (aim * share).to_integral_value()
            values[metric["code"]] = {"value": f"{reached:f}", "target": f"{aim:f}", "note": ""}
    values["findings"] = {"value": "0", "target": "", "note": ""}
    return values


def expert_scores() -> dict[str, dict[str, str]]:
    """What a content expert hands in."""
    return {code: {"score": "4.0", "comment": "指标基本达成，证明材料完整。"} for code in EXPERT_ITEMS}


def make_evaluation(
    people: Personas, status: str = S.FILLING, *, consortium: Consortium | None = None, **facts: Any
) -> Evaluation:
    """The evaluation of an operating consortium with the facts that its status demands."""
    consortium = consortium or ready_consortium(people, status=ConsortiumStatus.OPERATING)
    cycle = facts.pop("cycle", None) or make_cycle(people)
    evaluation = Evaluation(
        cycle=cycle, consortium=consortium, status=S.FILLING, summary="本年度完成样机研制。",
        values=facts.pop("values", None) or stated_values(cycle),
    )  # fmt: skip
    evaluation.save()
    reached = BESIDE.get(S(status), status)
    _add_facts(people, evaluation, ORDER.index(S(reached)) if reached in ORDER else 0)
    evaluation.status = status
    for name, value in facts.items():
        setattr(evaluation, name, value)
    evaluation.save()
    return evaluation


def _add_facts(people: Personas, evaluation: Evaluation, reached: int) -> None:
    if reached >= ORDER.index(S.SUBMITTED):
        evaluation.submitted_by, evaluation.submitted_at = people.lead, NOON
        evaluation.snapshot = filing_snapshot(evaluation)
        evaluation.snapshot_hash = sha256(evaluation.snapshot)
    if reached >= ORDER.index(S.VERIFIED):
        evaluation.verified_by, evaluation.verified_at = people.district_officer, NOON
        evaluation.verification = "数据与证明材料一致。"
        evaluation.expert, evaluation.declared_at = people.experts[0], NOON
    if reached >= ORDER.index(S.SCORED):
        evaluation.scores, evaluation.scored_at = {"expert": expert_scores()}, NOON
        evaluation.expert_opinion = "攻关进展明显，建议加强成果转化与产业链协同。"
    if reached >= ORDER.index(S.GRADED):
        evaluation.sheet = sheet_json(sheet_of(evaluation))
        evaluation.total, evaluation.grade = Decimal("86.00"), Grade.EXCELLENT
        evaluation.graded_by, evaluation.graded_at = people.officer, NOON
    if reached >= ORDER.index(S.FEEDBACK):
        evaluation.confirmed_by, evaluation.confirmed_at = people.head, NOON
        evaluation.appeal_until = date(2026, 11, 25)
    if reached >= ORDER.index(S.PUBLICISED):
        on = GradeList.objects.filter(cycle=evaluation.cycle).first()
        evaluation.grade_list = on or make_grade_list(people, evaluation.cycle)
    if reached >= ORDER.index(S.FINAL):
        evaluation.finalised_by, evaluation.finalised_at = people.head, NOON


def make_grade_list(people: Personas, cycle: EvaluationCycle, **facts: Any) -> GradeList:
    """A list that was published long ago and is over, without rows."""
    number = GradeList.objects.count() + 1
    return GradeList.objects.create(
        cycle=cycle, title="年度评价结果公示（样例）", document_number=f"样例公示〔2026〕{number}号",
        meeting_on=date(2026, 10, 8), meeting_number="样例会议〔2026〕9号",
        starts_on=facts.pop("starts_on", date(2026, 10, 9)), ends_on=facts.pop("ends_on", date(2026, 10, 15)),
        rows=facts.pop("rows", []), sha256="0" * 64, published_by=people.head, published_at=NOON, **facts,
    )  # fmt: skip


def make_appeal(people: Personas, evaluation: Evaluation | None = None, **facts: Any) -> Appeal:
    """An open appeal of the lead against a grade that somebody else gave and the head confirmed."""
    evaluation = evaluation or make_evaluation(people, S.APPEALED)
    kind = facts.pop("kind", AppealKind.APPEAL)
    whose = {"filed_by": people.lead} if kind == AppealKind.APPEAL else {
        "objector": ObjectorKind.PERSON, "name": "样例异议人", "contact": "objector@example.org",
    }  # fmt: skip
    return Appeal.objects.create(
        number=f"SS-2026-{Appeal.objects.count() + 9000}", evaluation=evaluation, kind=kind,
        total=evaluation.total, grade=evaluation.grade, graded_by=evaluation.graded_by,
        confirmed_by=evaluation.confirmed_by, grounds="专利授权证明材料未被计入，请复核。",
        answer_due=date(2026, 12, 4), created_at=NOON, **whose, **facts,
    )  # fmt: skip


def make_report(people: Personas, evaluation: Evaluation | None = None, **facts: Any) -> Report:
    """A queued report without a job."""
    evaluation = evaluation or make_evaluation(people, S.FINAL)
    snapshot = facts.pop("snapshot", {"sample": True})
    return Report.objects.create(
        number=facts.pop("number", f"PJ-2026-{Report.objects.count() + 9000}"), evaluation=evaluation,
        snapshot=snapshot,
        template_version=facts.pop("template_version", "1"), snapshot_hash=sha256(snapshot),
        is_final=facts.pop("is_final", True), requested_by=facts.pop("requested_by", people.head), **facts,
    )  # fmt: skip


# --- a whole year with everything in it --------------------------------------------------------
MEMBERS = (
    ("样例理工大学微电子学院", OrganisationType.UNIVERSITY, "CORE", "RESEARCH",
     "承担器件机理、工艺仿真与可靠性基础研究，联合培养研究生。"),
    ("样例材料研究院", OrganisationType.INSTITUTE, "CORE", "RESEARCH", "负责高纯衬底与外延材料攻关，提供中试线。"),
    ("样例产业创新基金", OrganisationType.FUND, "CLOSE", "CAPITAL", "设立专项子基金，跟投成果转化项目。"),
    ("样例上游衬底材料有限公司", OrganisationType.ENTERPRISE, "CORE", "UPSTREAM", "衬底材料稳定供货与国产化替代验证。"),
    ("样例精密装备有限公司", OrganisationType.ENTERPRISE, "CLOSE", "UPSTREAM", "长晶炉与检测装备研制。"),
    ("样例封装测试有限公司", OrganisationType.ENTERPRISE, "CORE", "MIDSTREAM", "功率模块封装与可靠性测试。"),
    ("样例新能源车电驱有限公司", OrganisationType.ENTERPRISE, "CORE", "DOWNSTREAM", "提供应用场景与整车验证。"),
    ("样例检测认证中心", OrganisationType.PUBLIC_SERVICE, "GENERAL", "SERVICE", "标准研制与第三方检测。"),
)  # fmt: skip
TECHNOLOGIES = (
    ("八英寸碳化硅衬底低缺陷生长", "BOTTLENECK", "微管密度", "个/cm²", "0.5", "0.1", 4, 6, 8),
    ("高压沟槽型器件栅氧可靠性", "KEY", "栅氧寿命", "h", "20000", "100000", 3, 5, 7),
    ("双面散热功率模块封装", "KEY", "热阻", "K/W", "0.18", "0.11", 5, 7, 8),
    ("电驱系统高频集成控制", "FRONTIER", "开关频率", "kHz", "20", "60", 4, 5, 7),
    ("晶圆级缺陷在线检测", "KEY", "检测节拍", "片/h", "6", "20", 3, 4, 7),
)
TASKS = ("低缺陷衬底制备", "沟槽器件与工艺", "功率模块与可靠性", "整车应用验证")
OUTCOMES = (
    (OutcomeKind.PATENT, "一种碳化硅晶体生长温场结构", "ZL202610000001.9", "0"),
    (OutcomeKind.PATENT, "沟槽栅功率器件及其制备方法", "ZL202610000002.3", "0"),
    (OutcomeKind.PATENT, "双面散热功率模块封装结构", "ZL202610000003.8", "0"),
    (OutcomeKind.PATENT, "晶圆缺陷在线检测方法与系统", "ZL202610000004.2", "0"),
    (OutcomeKind.STANDARD, "碳化硅衬底表面缺陷检测规范", "T/YL 0012—2026", "0"),
    (OutcomeKind.PRODUCT, "1200 V 碳化硅功率模块", "CP-2026-001", "36500000"),
    (OutcomeKind.PRODUCT, "八英寸导电型衬底", "CP-2026-002", "12800000"),
    (OutcomeKind.CONTRACT, "电驱控制器联合开发合同", "JS2026320599001", "4200000"),
    (OutcomeKind.CONTRACT, "外延工艺技术转让合同", "JS2026320599002", "1800000"),
    (OutcomeKind.BREAKTHROUGH, "八英寸衬底微管密度降至 0.12 个/cm²", "TP-2026-01", "0"),
    (OutcomeKind.PAPER, "沟槽器件栅氧退化机理研究", "10.0000/sample.2026.01", "0"),
)  # fmt: skip


def rich_consortium(people: Personas) -> Consortium:
    """A consortium as full as a good one after three years."""
    consortium = make_consortium(
        people, name="样例阳澄第三代半导体创新联合体", status=ConsortiumStatus.OPERATING, chief_scientist="样例首席甲",
        mission="面向新能源汽车与智能电网对高压功率器件的需求，由链主企业牵头，联合高校院所与上下游企业，"
        "攻克八英寸衬底、沟槽型器件和双面散热模块等关键核心技术，形成从材料、器件、模块到整车应用的完整创新链。",
        governance="设理事会为决策机构，牵头单位任理事长单位；设技术委员会，由首席科学家主持技术路线决策；"
        "设秘书处负责日常运行与资金管理。\n重大事项由理事会三分之二以上成员表决通过，成员退出须提前三个月书面提出并完成清算。",
    )  # fmt: skip
    make_participation(consortium, consortium.lead, people.lead, role=ParticipationRole.LEAD, cash=Decimal(12_000_000))
    for name, kind, layer, position, duties in MEMBERS:
        member = make_organisation(name, type=kind)
        participation = make_participation(
            consortium, member, people.lead, layer=layer, chain_position=position, cash=Decimal(1_500_000)
        )
        participation.duties = duties
        participation.save()
    make_agreement(consortium, people.lead)
    _add_work(consortium)
    _add_means(consortium)
    for one in consortium.participations.all():
        YearFigures.objects.get_or_create(
            organisation=one.organisation, year=2026,
            defaults={
                "revenue": Decimal(2_800_000_000), "rd_expense": Decimal(163_500_000), "staff": 900, "rd_staff": 190,
            },
        )  # fmt: skip
    return consortium


def _add_work(consortium: Consortium) -> None:
    technologies = [
        KeyTechnology.objects.create(
            consortium=consortium, name=name, problem_class=ProblemClass(kind), gap="与国际先进水平相差一代。",
            indicator=indicator, unit=unit, baseline=Decimal(baseline), target=Decimal(target), trl_start=start,
            trl_now=now, trl_target=aim, owner=consortium.lead, due=date(2027, 12, 31),
        )
        for name, kind, indicator, unit, baseline, target, start, now, aim in TECHNOLOGIES
    ]  # fmt: skip
    for number, name in enumerate(TASKS, 1):
        begin = date(2025, 3, 1) + timedelta(days=60 * number)
        task = ResearchTask.objects.create(
            consortium=consortium, number=number, name=name, technology=technologies[number - 1], lead=consortium.lead,
            start=begin, end=begin + timedelta(days=760), budget_grant=Decimal(400_000), budget_own=Decimal(5_200_000),
        )  # fmt: skip
        for n in range(4):
            due = date(2025, 11, 30) + timedelta(days=120 * n + 20 * number)
            reached = n < 3 and (number, n) != (4, 2)
            Milestone.objects.create(
                task=task, name=f"{name}第{n + 1}阶段", metric="阶段指标达成率（%）", target=Decimal(100),
                weight=1 + n % 2, due=due,
                status=MilestoneStatus.REACHED if reached else MilestoneStatus.PLANNED,
                actual=Decimal(100) if reached else Decimal(65) if n == 2 else None,
                reached_on=due - timedelta(days=8) if reached else None,
            )  # fmt: skip


def _add_means(consortium: Consortium) -> None:
    for n, (kind, name, identifier, amount) in enumerate(OUTCOMES):
        make_outcome(
            consortium, kind, name=name, identifier=identifier, date=date(2026, 2, 10) + timedelta(days=25 * n),
            amount=Decimal(amount),
        )  # fmt: skip
    for kind, name, area, opened in (
        (PlatformKind.JOINT_LAB, "宽禁带半导体联合实验室", 1800, date(2025, 9, 1)),
        (PlatformKind.PILOT_LINE, "功率模块中试线", 3200, date(2026, 5, 20)),
        (PlatformKind.INCUBATOR, "第三代半导体专业孵化器", 5600, None),
    ):
        Platform.objects.create(
            consortium=consortium, kind=kind, name=name, builder=consortium.lead, area=area, opened_on=opened
        )
    manager = consortium.participations.get(organisation__type=OrganisationType.FUND).organisation
    Fund.objects.create(
        consortium=consortium,
        name="样例第三代半导体专项子基金",
        manager=manager,
        scale=Decimal(200_000_000),
        paid_in=Decimal(120_000_000),
    )


def rich_evaluation(people: Personas, status: str = S.FINAL, **facts: Any) -> Evaluation:
    """The evaluation of the rich consortium, with last year's behind it and the money of an award beside it."""
    consortium = facts.pop("consortium", None) or rich_consortium(people)
    before = make_cycle(people, 2025, opens_on=date(2025, 11, 1), due_on=date(2025, 12, 15))
    make_evaluation(
        people, S.FINAL, consortium=consortium, cycle=before, values=stated_values(before, Decimal("0.7")),
        total=Decimal("79.40"), grade=Grade.GOOD,
    )  # fmt: skip
    _pay(people, consortium)
    evaluation = make_evaluation(people, S.FILLING, consortium=consortium)
    _write(people, evaluation)
    _add_facts(people, evaluation, ORDER.index(S(status)))
    evaluation.status = status
    if evaluation.sheet:
        evaluation.total, evaluation.grade = sheet_of(evaluation).total, Grade.EXCELLENT
    for name, value in facts.items():
        setattr(evaluation, name, value)
    evaluation.save()
    return evaluation


def crowded_evaluation(people: Personas, members: int, status: str = S.FINAL) -> Evaluation:
    """The evaluation of a consortium of so many members, each with two years of figures, an outcome and a platform."""
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    with confirmed_at_the_end(consortium):
        for number in range(consortium.participations.count(), members):
            member = make_organisation(f"样例第{number}成员单位")
            unsaved_participation(consortium, member, people.lead, ip_share=Decimal(0)).save()
    for number, one in enumerate(consortium.participations.select_related("organisation")):
        member = one.organisation
        make_outcome(consortium, owner=member, name=f"样例成果{number}", identifier=f"ZL2026{number:08}.1")
        Platform.objects.create(
            consortium=consortium, kind=PlatformKind.JOINT_LAB, name=f"样例平台{number}", builder=member, area=90
        )
        for year in (2025, 2026):
            YearFigures.objects.get_or_create(
                organisation=one.organisation, year=year,
                defaults={
                    "revenue": Decimal(2_000_000), "rd_expense": Decimal(100_000), "staff": 90, "rd_staff": 19,
                },
            )  # fmt: skip
    _pay(people, consortium)
    return make_evaluation(people, status, consortium=consortium)


def _pay(people: Personas, consortium: Consortium) -> None:
    contract = make_contract(people)
    award = contract.award
    award.consortium = consortium
    award.save()
    make_tranche(people, award, TrancheStatus.CONFIRMED)
    make_tranche(
        people, award, TrancheStatus.PLANNED, condition=TrancheCondition.EVALUATION, condition_met_on=None,
        percent=Decimal(40), amount=award.amount * Decimal("0.4"),
    )  # fmt: skip


def _write(people: Personas, evaluation: Evaluation) -> None:
    evaluation.summary = (
        "本年度联合体围绕八英寸衬底、沟槽器件与双面散热模块三条主线推进攻关，完成十一项里程碑，建成功率模块中试线，"
        "首批模块在两家整车企业完成装车验证。\n全年召开理事会四次、技术委员会六次，新增发明专利四件，主导团体标准一项，"
        "技术合同登记额六百万元；专项子基金完成两笔投资，带动社会资本投入。"
    )
    evaluation.problems = (
        "整车验证周期长，第四项任务第三阶段里程碑滞后约两个月，拟增加一条验证线并调整年度计划，力争次年二季度完成。"
    )
    evaluation.values["local_supply"] = {"value": "46", "target": "40", "note": "新增两家本地供应商。"}
    evaluation.values.pop("trained")
    attachment = _proof(people)
    Evidence.objects.create(
        evaluation=evaluation, attachment=attachment, metric="sales", label="新产品销售收入专项审计报告"
    )


def _proof(people: Personas) -> Any:
    return store_bytes(
        b"%PDF-1.7 sample", name="专项审计报告.pdf", mime="application/pdf", kind="evidence", at=NOON, actor=people.lead
    )


def make_minutes(people: Personas, *, met: bool = False) -> MinutesDocument:
    """The minutes of a list of one case that two leaders approved, in English, not made yet; `met`: with its votes."""
    scenario = put_forward_scenario(
        scenario=make_scenario(people), meeting="样例会议〔2026〕7号", actor=people.head, at=NOON
    )
    if met:
        make_meeting(people, scenario)
    for leader in (people.leader, people.second_leader):
        approve_scenario(scenario=scenario, seen=scenario.sha256, actor=leader, at=NOON)
    return order_minutes(scenario=scenario, language="en", actor=people.officer, at=NOON)
