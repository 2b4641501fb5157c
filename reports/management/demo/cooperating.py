"""What consortia do all year besides their tasks: talent, sharing, demands, contributions, visits, an issue."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from consortia.enums import JOINED, Layer
from consortia.models import (
    AttractedEnterprise,
    Consortium,
    Contribution,
    Demand,
    Entry,
    Exchange,
    FollowUp,
    Issue,
    JointTraining,
    LiaisonVisit,
    Obligation,
    Participation,
    PlatformMatch,
    Recognition,
    Risk,
    SharingRecord,
    SupplyLink,
    Talent,
)
from consortia.rules.registers import ContributionKind, RecognitionKind, RecognitionLevel
from consortia.services.demands import answer_demand, match_demand, pose_demand, publish_demand
from consortia.services.issues import mediate_issue, raise_issue
from consortia.services.liaison import add_follow_up, assign_liaison, finish_follow_up, record_visit
from consortia.services.registers import add_entry
from members.enums import OrganisationType, Role
from members.models import Organisation
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

RESEARCH = (OrganisationType.UNIVERSITY, OrganisationType.INSTITUTE)


def cooperate(cast: Cast, consortium: Consortium, number: int, today: date) -> None:
    """A year of one consortium; `number` makes consortia differ."""
    members = list(consortium.participations.filter(status__in=JOINED).select_related("organisation"))
    partner = next(row for row in members if row.organisation.type in RESEARCH)
    keep_registers(cast, consortium, partner, number, today)
    ask(cast, consortium, partner, number, today)
    accompany(cast, consortium, number, today)
    if number % 4 == 1:
        disagree(cast, consortium, partner, today)


def keep_registers(cast: Cast, consortium: Consortium, partner: Participation, number: int, today: date) -> None:
    """One entry or two in every register, written by the lead; a member states a contribution itself."""
    lead, home, task = consortium.lead, partner.organisation, consortium.tasks.first()
    begun = today - timedelta(days=240)
    entries: list[Entry] = [
        Talent(headcount=1 + number % 3, programme="GUSU", mode="AT_ENTERPRISE", home=home, host=lead, task=task,
               person_months=Decimal(12 + number % 7), start=begun, end=begun + timedelta(days=365)),
        Talent(headcount=2, mode="PART_TIME", home=home, host=lead, person_months=Decimal(6), start=begun,
               end=today + timedelta(days=60)),
        JointTraining(degree="DOCTOR", headcount=2 + number % 3, home=home, partner=lead, start=begun,
                      end=begun + timedelta(days=1095)),
        SharingRecord(resource="EQUIPMENT", name="样例高分辨电镜", provider=home, used_by=lead.name,
                      quantity=Decimal(80 + number), charge=Decimal(24_000), date=today - timedelta(days=60)),
        SharingRecord(resource="PLATFORM", name="样例中试平台", provider=lead, used_by="样例初创企业", unit="TIMES",
                      quantity=Decimal(3), date=today - timedelta(days=35)),
        Exchange(kind="MEETING", topic="核心层与紧密协作层季度协调会", layer=Layer.CORE, with_layer=Layer.CLOSE,
                 result="明确接口指标与样机交付节点。", date=today - timedelta(days=50)),
        Exchange(kind="DEVELOPMENT", topic="委托开发检测装置", layer=Layer.CORE, with_layer=Layer.GENERAL,
                 date=today - timedelta(days=90)),
        Obligation(member=home, clause="confidentiality", duty="联合研发资料不得向第三方披露", due=None),
        Obligation(member=home, clause="flow", duty="每季度开放检测平台不少于 60 小时", due=today - timedelta(days=45),
                   state="FULFILLED", settled_on=today - timedelta(days=50), remark="已开放 72 小时。"),
        Obligation(member=lead, clause="diffusion", duty="财政资金形成的成果向成员优先许可",
                   due=today + timedelta(days=120)),
        Risk(task=task, description="关键原材料供货周期延长", probability="MEDIUM", impact="HIGH",
             response="同步验证第二供应商，备足两个批次用量。"),
    ]  # fmt: skip
    entries += along_the_chain(consortium, home, number, today)
    if number % 3 == 0:
        entries.append(
            Recognition(kind=RecognitionKind.PROVINCIAL_PILOT, level=RecognitionLevel.PROVINCIAL, batch="首批",
                        name="省创新联合体建设试点", document_number=f"样例科发〔{today.year}〕{number + 1}号",
                        date=today - timedelta(days=120))
        )  # fmt: skip
    for entry in entries:
        _add(cast, consortium, entry, today - timedelta(days=30))
    given = Contribution(
        participation=partner, kind=ContributionKind.IN_KIND, amount=Decimal(300_000), note="检测设备机时与试验材料",
        received_on=today - timedelta(days=6),
    )  # fmt: skip
    given.consortium = consortium
    add_entry(entry=given, actor=cast.of(home), at=moment(today - timedelta(days=5)), beyond=True)


def along_the_chain(consortium: Consortium, home: Organisation, number: int, today: date) -> list[Entry]:
    """Supplies, an enterprise that settled here, a platform that is asked."""
    lead = consortium.lead
    return [
        SupplyLink(customer=lead, goods="样例特种气体", outside_supplier="样例气体供应商", sourcing="SINGLE",
                   is_domestic=number % 2 == 0, answer="两家国内供应商送样验证中。" if number % 3 else ""),
        SupplyLink(customer=lead, supplier=home, goods="样例检测标准件"),
        AttractedEnterprise(name=f"样例落户企业{number + 1}号", introduced_by=lead, way="BUSINESS",
                            chain_position="UPSTREAM",
                            district=consortium.district, park="样例创新园", investment=Decimal(8_000_000),
                            date=today - timedelta(days=150)),
        PlatformMatch(platform="样例材料科学实验室", level="NATIONAL", technology=consortium.technologies.first(),
                      need="使用大型表征装置，联合开展失效机理研究。", date=today - timedelta(days=75),
                      result="MATCHED" if number % 2 else "ASKED",
                      record="已签订机时共享备忘录。" if number % 2 else ""),
    ]  # fmt: skip


def _add(cast: Cast, consortium: Consortium, entry: Entry, day: date) -> None:
    entry.consortium = consortium
    add_entry(entry=entry, actor=cast.of(consortium.lead), at=moment(day))


def ask(cast: Cast, consortium: Consortium, partner: Participation, number: int, today: date) -> None:
    """The lead asks, some questions are shown to all, some are answered, some of these matched."""
    lead, home = cast.of(consortium.lead), cast.of(partner.organisation)
    day = today - timedelta(days=25)
    technology = consortium.technologies.all()[0]
    demand = Demand(
        poser=consortium.lead,
        title=f"{technology.name}的验证方法",
        question=f"现有方法不能在线评价{technology.name}的稳定性，需要一种可在产线上使用的无损检测方法。",
        deadline=today + timedelta(days=20 + number),
    )
    pose_demand(consortium=consortium, demand=demand, actor=lead, at=moment(day))
    if number % 2:
        brief = "寻求可在产线上使用的在线无损检测方法，愿意提供样件与试验场地。"
        publish_demand(demand=demand, brief=brief, named=number % 4 == 1, actor=lead, at=moment(day))
    if number % 3 != 2:
        proposal = "可提供基于光谱的在线检测方案，六周内给出原理样机。"
        answer = answer_demand(
            demand=demand, organisation=partner.organisation, proposal=proposal, actor=home,
            at=moment(day + timedelta(days=6)),
        )  # fmt: skip
        if number % 3 == 0:
            match_demand(answer=answer, actor=lead, at=moment(day + timedelta(days=12)))


def accompany(cast: Cast, consortium: Consortium, number: int, today: date) -> None:
    """The liaison officer comes; what follows is done, due or overdue."""
    officer, day = cast.bureau[Role.LIAISON], today - timedelta(days=20 + 15 * (number % 7))
    assign_liaison(
        consortia=[consortium], officer=officer, actor=cast.bureau[Role.HEAD], at=moment(today - timedelta(days=200))
    )
    visit = record_visit(
        consortium=consortium,
        visit=LiaisonVisit(
            kind="COORDINATION" if number % 3 == 1 else "VISIT", date=day, participants="牵头单位秘书处、高校课题组",
            findings="任务总体按节点推进；中试场地扩建审批需要协调，建议对接园区。",
        ),
        actor=officer,
        at=moment(day),
    )  # fmt: skip
    for text, days in (("协调中试场地扩建审批", 14), ("组织与检测机构的对接会", 32)):
        follow_up = FollowUp(text=text, due=day + timedelta(days=days))
        add_follow_up(visit=visit, follow_up=follow_up, actor=officer, at=moment(day))
        if number % 3 and days == 14:
            done = min(day + timedelta(days=10), today)
            finish_follow_up(follow_up=follow_up, actor=officer, at=moment(done), done_note="园区已受理。")


def disagree(cast: Cast, consortium: Consortium, partner: Participation, today: date) -> None:
    """A member raises an issue in confidence; it is being mediated."""
    day = today - timedelta(days=15)
    issue = Issue(
        raised_by=partner.organisation, subject="前景知识产权署名顺序",
        statement="双方对联合申请专利的署名顺序理解不一致，希望科技专员协助沟通。",
    )  # fmt: skip
    raise_issue(
        consortium=consortium, issue=issue, parties=[consortium.lead], actor=cast.of(partner.organisation),
        at=moment(day),
    )  # fmt: skip
    mediate_issue(
        issue=issue, text="已分别听取双方意见，约定月底前会商。", actor=cast.bureau[Role.LIAISON],
        at=moment(day + timedelta(days=4)),
    )  # fmt: skip
