"""Calls, applications, reviews, decisions, money: every step by the person whose step it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from consortia.enums import Tier
from consortia.models import Consortium
from funding.enums import CheckResult, ContractStatus, ReasonCode, ReviewStatus, TrancheStatus
from funding.models import Application, Award, Call, RecommendationList, Review, Tranche
from funding.rules.declarations import DECLARATIONS
from funding.rules.formal_check import vouched
from funding.rules.scoring import expert_indicators
from funding.rules.sections import TEXTS
from funding.selectors.budgets import sheet_of
from funding.selectors.checks import check_list
from funding.selectors.credit_checks import credit_list, records_in_force
from funding.selectors.reviews import assess, automatic_of
from funding.services.applications import edit_application, start_application, submit_application
from funding.services.budgets import edit_budget
from funding.services.calls import create_call, ensure_default_rules, publish_call
from funding.services.checks import check_application
from funding.services.clearing import clear_application, resume_application, suspend_application
from funding.services.contracts import countersign_contract
from funding.services.decisions import approve_application, decide_application, grade_application
from funding.services.drafting import offer_contract
from funding.services.notices import publicise_applications
from funding.services.parties import confirm_contract, sign_contract
from funding.services.recommendation_lists import close_recommendations
from funding.services.recommendations import recommend_application, return_application
from funding.services.reviews import accept_review
from funding.services.scores import Entry, hand_in_review
from funding.services.tranches import (
    approve_tranche,
    confirm_receipt,
    meet_condition,
    pay_tranche,
    request_tranche,
    review_tranche,
    verify_tranche,
)
from funding.services.writers import assign_section
from members.enums import Role
from members.models import Expert
from reports.management.demo import designing, drawing
from reports.management.demo.budgeting import budget_of
from reports.management.demo.calendar import Days, moment
from reports.management.demo.cast import Cast
from reports.management.demo.forming import ASKED
from reports.management.demo.script import Row

WAN = Decimal(10_000)
TENTH = Decimal("0.1")
TEXT = {
    "objective": (
        "面向{0}领域受制于人的环节，三年内完成样机、中试与首批应用，"
        "指标由第三方测试确认，服务本地产业链不少于三家企业。"
    ),
    "foundation": "牵头单位与高校院所连续三年联合开展技术攻关，共同拥有专利，已共建联合实验室，承担过省级以上项目。",
    "route": (
        "第一阶段完成关键材料与部件验证，第二阶段完成样机并通过第三方测试，"
        "第三阶段建成中试线并在用户侧验证；对主要风险准备两条备选路线。"
    ),
    "commercialisation": "首批产品面向本地整机企业应用，第二年形成小批量供货，第三年实现规模销售，产线设在本市。",
    "elements": "核心团队三十余人，依托联合实验室与中试平台，设立产业子基金，跟投成员企业。",
}
GUIDELINES = (
    "申报单位须为在本市注册的企业，联合高校院所、基金与上下游企业共同申报。各项权重与标准为建议值，以正式通知为准。"
)


def announce(cast: Cast, *, year: int, number: int, batch: int, days: Days, publish: bool = True, **terms: Any) -> Call:
    """An officer drafts and publishes a call."""
    officer = cast.bureau[Role.OFFICER]
    facts = {
        "year": year,
        "round": number,
        "batch": batch,
        "title": f"{year}年度第{'一二三'[number - 1]}批创新联合体申报（样例）",
        "guidelines": GUIDELINES,
        "opens_at": moment(days.opens, 9),
        "closes_at": moment(days.closes, 17),
        "budget": 3600 * WAN,
        "rules": ensure_default_rules(),
        **terms,
    }
    call = create_call(actor=officer, at=moment(days.opens - timedelta(days=10)), facts=facts)
    if publish:
        publish_call(
            call=call,
            actor=officer,
            at=moment(days.opens - timedelta(days=5)),
            document_number=f"样科〔{year}〕{batch}号",
        )
    return call


def write(cast: Cast, call: Call, consortium: Consortium, row: Row, day: date) -> Application:
    """The lead starts an application and writes every section."""
    person, at = cast.of(consortium.lead), moment(day)
    tier = Tier(row.tier or "B")
    application = start_application(call=call, consortium=consortium, actor=person, at=at, tier=tier)
    asked = max(ASKED.get(tier, Decimal(0)), row.granted)
    sections: dict[str, dict[str, object]] = {
        "basics": {"requested_tier": tier, "requested_amount": asked},
        **{section.code: {section.code: TEXT[section.code].format(row.field_name)} for section in TEXTS},
        "eligibility": {"justification": "个别指标略低于一般要求，牵头单位为该环节仅有的供应商，已附说明。"},
    }
    for section, values in sections.items():
        application = edit_application(application=application, actor=person, at=at, section=section, values=values)
    cells = budget_of(sheet_of(application), asked)
    application = edit_budget(application=application, actor=person, at=at, typed=cells)
    return designing.answer(cast, application, day)


def share(cast: Cast, application: Application, day: date) -> None:
    """The lead asks a member to write about the foundation of cooperation; it writes."""
    member = application.consortium.participations.exclude(organisation=application.consortium.lead_id)[0]
    writer, at = cast.of(member.organisation), moment(day)
    assign_section(
        application=application, section="foundation", people=[writer.pk], shown=[],
        actor=cast.of(application.consortium.lead), at=at,
    )  # fmt: skip
    text = f"{application.foundation}\n我单位与牵头单位共建的样例联合实验室已运行三年，完成联合课题四项。"
    edit_application(
        application=application, actor=writer, at=at + timedelta(hours=3), section="foundation",
        values={"foundation": text},
    )  # fmt: skip


def correct(cast: Cast, application: Application, day: date) -> None:
    """The district returns the route, the lead corrects it and the signatory submits again."""
    note = "技术路线中第二项任务的验收指标不可测量，请补充；其余部分无需修改。"
    return_application(
        application=application, actor=cast.district_officers[application.district_id], at=moment(day), note=note,
        parts=["route"], reasons=[ReasonCode.UNCLEAR, ReasonCode.UNMEASURABLE],
    )  # fmt: skip
    text = f"{application.route}\n第二项任务的验收指标：样机连续运行不少于2000小时，良品率不低于98%。"
    edit_application(
        application=application, actor=cast.of(application.consortium.lead), at=moment(day + timedelta(days=1)),
        section="route", values={"route": text},
    )  # fmt: skip
    submit(cast, application, day + timedelta(days=1))


def submit(cast: Cast, application: Application, day: date) -> Application:
    """The signatory submits."""
    person = cast.of(application.consortium.lead)
    return submit_application(
        application=application, actor=person, at=moment(day, 15), declarations=list(DECLARATIONS)
    )


def recommend(cast: Cast, application: Application, day: date) -> Application:
    """The district recommends."""
    officer = cast.district_officers[application.district_id]
    return recommend_application(application=application, actor=officer, at=moment(day), opinion="情况属实，同意推荐。")


def close_list(cast: Cast, listing: RecommendationList, day: date) -> None:
    """The district signs what it recommends."""
    officer = cast.district_officers[listing.district_id]
    close_recommendations(listing=listing, actor=officer, at=moment(day, 16))


def check(cast: Cast, application: Application, day: date) -> Application:
    """The officer passes the formal check."""
    at = moment(day)
    items = [
        {"code": item.code, "result": item.result or CheckResult.PASS.value, "note": "", "automatic": item.automatic}
        for item in check_list(application, at)
    ]
    return check_application(application=application, actor=cast.bureau[Role.OFFICER], at=at, items=items)


def clear(cast: Cast, application: Application, day: date) -> Application:
    """Supervision passes the credit check."""
    at = moment(day)
    items = vouched(credit_list(application, records_in_force(application, at)), "")
    supervisor = cast.bureau[Role.SUPERVISOR]
    return clear_application(application=application, actor=supervisor, at=at, items=items)


def suspend(cast: Cast, application: Application, day: date) -> Application:
    """Supervision lets one wait: somebody may be paid for the same content elsewhere."""
    note = "一家成员单位的在研市级项目与本申请内容相近，待其书面说明。"
    return suspend_application(
        application=application, actor=cast.bureau[Role.SUPERVISOR], at=moment(day), items=[], note=note,
        reasons=[ReasonCode.PAID_ELSEWHERE],
    )  # fmt: skip


def resume(cast: Cast, application: Application, day: date) -> Application:
    """The explanation holds."""
    note = "已收到书面说明，研究内容与经费不重叠。"
    return resume_application(application=application, actor=cast.bureau[Role.SUPERVISOR], at=moment(day), note=note)


def assign(cast: Cast, application: Application, day: date, experts: Sequence[Expert] = ()) -> Application:
    """The acceptance desk has three experts drawn, or names the ones given and the supervisor agrees."""
    return drawing.name(cast, application, day, experts) if experts else drawing.draw(cast, application, day)


# --- scores ------------------------------------------------------------------------------------
def score(application: Application, target: Decimal, day: date, *, besides: int = 0) -> None:
    """The experts declare and hand in scores whose mean is the script's; the last `besides` of them are still at it.

    Whoever has handed in already is left alone.
    """
    reviews = list(application.reviews.exclude(status=ReviewStatus.RECUSED).select_related("expert__user"))
    for review, total in list(zip(reviews, totals(target, len(reviews)), strict=True))[: len(reviews) - besides]:
        if review.status != ReviewStatus.ASSIGNED:
            continue
        accept_review(review=review, actor=review.expert.user, at=moment(day))
        hand_in_review(
            review=review,
            actor=review.expert.user,
            entries=entries(review, total),
            opinion="关键技术清单目标清晰、可测量，成员分工与资源匹配；建议加强中试阶段的风险预案。",
            suggested_tier=application.requested_tier,
            at=moment(day + timedelta(days=3)),
        )


def totals(mean: Decimal, count: int) -> list[Decimal]:
    """Totals in tenths around a mean, some points apart; their mean is as near to it as tenths allow."""
    spread = [Decimal(step) * Decimal("1.7") for step in range(-(count // 2), count - count // 2)]
    rough = [(mean + step).quantize(TENTH, ROUND_HALF_UP) for step in spread]
    rest = (mean * count - sum(rough)).quantize(TENTH, ROUND_HALF_UP)
    return [*rough[:-1], rough[-1] + rest]


def entries(review: Review, total: Decimal) -> dict[str, Entry]:
    """Scores that, with the automatic ones, add up to `total` where the rubric allows it."""
    left = total - sum(automatic_of(review.application).values())
    rubric = expert_indicators(review.application.call.rules.data)
    room = sum(one.maximum for one in rubric)
    share = min(max(left / room, Decimal(0)), Decimal(1))
    given: dict[str, Entry] = {}
    for one in rubric:
        room -= one.maximum
        exact = min(one.maximum, max(left - room, (one.maximum * share).quantize(TENTH)))
        points = exact if room else min(one.maximum, max(left, Decimal(0)))
        left -= points
        given[one.code] = Entry(points, "依据充分，指标可考核。")
    return given


# --- decision ----------------------------------------------------------------------------------
def grade(cast: Cast, application: Application, row: Row, day: date) -> Application:
    """The officer grades as the script says; where the rules propose otherwise, with a rationale."""
    found = assess(application)
    wanted = (row.tier, row.granted)
    follows = found is not None and (found.proposal.tier, found.proposal.amount) == wanted
    return grade_application(
        application=application,
        actor=cast.bureau[Role.OFFICER],
        tier=row.tier,
        amount=row.granted,
        rationale="" if follows else "综合预算与领域布局，按会前研究意见提出。",
        at=moment(day),
    )


def decide(cast: Cast, application: Application, row: Row, day: date) -> Application:
    """The leader decides as graded."""
    return decide_application(
        application=application,
        actor=cast.bureau[Role.LEADER],
        tier=row.tier,
        amount=row.granted,
        meeting=f"局长办公会纪要（样例）〔{day.year}〕{row.batch}号",
        at=moment(day),
    )


def publicise(cast: Cast, call: Call, applications: Iterable[Application], day: date, number: int = 1) -> None:
    """The officer publishes a list for objections."""
    chosen = list(applications)
    if chosen:
        publicise_applications(
            call=call,
            applications=chosen,
            title=f"{call.year}年度创新联合体拟立项公示（样例，第{call.batch}批之{number}）",
            document_number=f"样科公示〔{call.year}〕{call.batch}-{number}号",
            starts_on=day,
            actor=cast.bureau[Role.OFFICER],
            at=moment(day, 9),
        )


def approve(cast: Cast, application: Application, day: date) -> Award:
    """The leader approves; award and contract offer come with it."""
    approve_application(
        application=application,
        actor=cast.bureau[Role.LEADER],
        at=moment(day),
        document_number=f"样科立项〔{day.year}〕{application.call.batch}号",
    )
    return Award.objects.get(application=application)


def contract(cast: Cast, award: Award, day: date, *, until: str = ContractStatus.EFFECTIVE) -> None:
    """Offered, confirmed and signed by its parties, countersigned by the head: as far as `until` says."""
    if until == ContractStatus.DRAFT:
        return
    found = award.contract
    offer_contract(contract=found, actor=cast.bureau[Role.OFFICER], at=moment(day, 10))
    people = [cast.of(one.organisation) for one in found.parties.select_related("organisation")]
    if until == ContractStatus.CONFIRMING:
        confirm_contract(contract=found, actor=people[0], at=moment(day, 11))
        return
    for person in people:
        confirm_contract(contract=found, actor=person, at=moment(day, 11))
    for person in people:
        sign_contract(contract=found, actor=person, at=moment(day, 14))
    if until == ContractStatus.EFFECTIVE:
        countersign_contract(contract=found, actor=cast.bureau[Role.HEAD], at=moment(day, 15))


def meet(cast: Cast, tranche: Tranche, day: date) -> None:
    """The head notes that the condition was met by an evaluation on paper."""
    note = f"{day.year - 1}年度评价（书面）结果为合格以上，符合拨付条件。"
    meet_condition(tranche=tranche, actor=cast.bureau[Role.HEAD], met_on=day, at=moment(day), note=note)


# --- money -------------------------------------------------------------------------------------
def pay(cast: Cast, tranche: Tranche, day: date, *, until: str = TrancheStatus.CONFIRMED) -> None:
    """A tranche on its way, a step every few days, as far as `until`."""
    lead, officer = cast.of(tranche.award.consortium.lead), cast.bureau[Role.OFFICER]
    finance, leader = cast.bureau[Role.FINANCE], cast.bureau[Role.LEADER]
    paid_on = day + timedelta(days=12)
    voucher = f"YL-{paid_on:%Y%m%d}-{tranche.award.consortium.code[-4:]}-{tranche.sequence}"

    def after(days: int) -> dict[str, Any]:
        return {"tranche": tranche, "at": moment(day + timedelta(days=days))}

    steps = (
        (
            TrancheStatus.REQUESTED,
            lambda: request_tranche(
                actor=lead, statement="用于样机研制与第三方测试，自筹资金已按承诺到位。", **after(0)
            ),
        ),
        (TrancheStatus.VERIFIED, lambda: verify_tranche(actor=officer, **after(2))),
        (TrancheStatus.REVIEWED, lambda: review_tranche(actor=finance, **after(5))),
        (TrancheStatus.APPROVED, lambda: approve_tranche(actor=leader, **after(8))),
        (TrancheStatus.PAID, lambda: pay_tranche(actor=finance, voucher=voucher, paid_on=paid_on, **after(12))),
        (
            TrancheStatus.CONFIRMED,
            lambda: confirm_receipt(actor=lead, received_on=paid_on + timedelta(days=1), **after(14)),
        ),
    )
    for status, step in steps:
        step()
        if status == until:
            return
