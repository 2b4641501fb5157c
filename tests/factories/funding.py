"""Calls, applications and money of the cast, straight into the database, in any state."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

import funding.tasks  # noqa: F401  (its jobs are run here)
from consortia.enums import Tier
from consortia.models import Consortium
from funding.enums import (
    ApplicationStatus,
    AppropriationKind,
    AppropriationStatus,
    BudgetCategory,
    BudgetSource,
    CallStatus,
    ContractStatus,
    ExpenditureStatus,
    ExpertMode,
    MeetingChoice,
    ObjectorKind,
    RecoveryStatus,
    ReviewStatus,
    SeatRole,
    SessionKind,
    SessionStatus,
    TrancheCondition,
    TrancheStatus,
)
from funding.models import (
    Acceptance,
    Application,
    Appropriation,
    Assignment,
    Award,
    BudgetAmount,
    BudgetItem,
    BudgetLine,
    Call,
    CallQuestion,
    Compensation,
    Contract,
    ContractParty,
    DecisionMeeting,
    Draw,
    Expenditure,
    Objection,
    OtherSubsidy,
    Payment,
    Programme,
    PublicNotice,
    Recovery,
    Review,
    ReviewScore,
    ReviewSession,
    RuleSet,
    Scenario,
    SessionSeat,
    SessionSlot,
    SharedPassage,
    SimilarityCheck,
    SimilarityFinding,
    Tranche,
)
from funding.models.call import LAST_BATCH
from funding.models.contract import UNSIGNED, WAS_EFFECTIVE
from funding.rules.defaults import DEFAULT_RULES
from funding.selectors.boards import Setting, panels
from funding.selectors.budgets import members_of
from funding.selectors.contracts import contract_terms
from funding.selectors.meetings import minutes_hash
from funding.selectors.snapshots import compose
from funding.services.assignments import prepare_assignment
from funding.services.draws import Beacon, prepare_draw, witness_draw
from funding.services.ledger import appropriate, commit_award, disburse, release_commitment
from funding.services.meetings import Attendance, close_meeting, record_attendance, record_ballot
from funding.services.scenarios import Drafted, freeze_scenario
from members.models import Expert
from portal.kernel import jobs
from portal.kernel.audit import sha256
from portal.kernel.models import Job
from tests.clock import DAY, HOUR, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.members import once
from tests.personas import Personas

_numbers = count(1)
S = ApplicationStatus
ORDER = [
    S.DRAFT,
    S.SUBMITTED,
    S.RECOMMENDED,
    S.CREDIT_CHECKING,
    S.CHECKED,
    S.REVIEWING,
    S.GRADED,
    S.DECIDED,
    S.PUBLICISED,
    S.APPROVED,
]


def make_rules() -> RuleSet:
    """The default rule set."""
    facts = {"name": "样例规则", "data": deepcopy(DEFAULT_RULES), "sha256": sha256(DEFAULT_RULES)}
    rules: RuleSet = once(RuleSet, facts, code=DEFAULT_RULES["code"])
    return rules


def make_call(people: Personas, **facts: Any) -> Call:
    """A published call, open at NOON for two more weeks; it invites its experts, which takes one step less."""
    number = next(_numbers) + (LAST_BATCH if facts.get("rehearsal") else 0)
    facts.setdefault("status", CallStatus.PUBLISHED)
    facts.setdefault("year", 2026)
    facts.setdefault("credit_step", False)  # a plain call does without, as it does without a defence
    facts.setdefault("expert_mode", ExpertMode.INVITED)
    return Call.objects.create(
        round=facts.pop("round", number),
        batch=facts.pop("batch", number),
        title=facts.pop("title", f"样例申报批次{number}"),
        document_number=facts.pop("document_number", f"样科〔2026〕{number}号"),
        opens_at=facts.pop("opens_at", NOON - 14 * DAY),
        closes_at=facts.pop("closes_at", NOON + 14 * DAY),
        budget=facts.pop("budget", Decimal(36_000_000)),
        rules=make_rules(),
        created_by=people.officer,
        **facts,
    )


@transaction.atomic
def make_line(people: Personas, amount: Decimal = Decimal(10) ** 10, **facts: Any) -> BudgetLine:
    """A budget line with this much on it; that of 2026 unless told otherwise."""
    programme = once(Programme, {"name": "样例专项资金"}, code="YL")
    year, subject = facts.pop("year", 2026), facts.pop("subject", "2060499")
    name = {"name": facts.pop("name", "样例创新联合体专项资金")}
    line: BudgetLine = once(BudgetLine, name, programme=programme, year=year, subject=subject)
    if amount and not line.accounts.exists():
        given = Appropriation.objects.create(
            line=line, kind=AppropriationKind.INITIAL, amount=amount, document_number=f"样财〔{year}〕1号",
            decided_on=timezone.localdate(NOON - 100 * DAY), status=AppropriationStatus.CONFIRMED,
            recorded_by=people.finance, recorded_at=NOON, confirmed_by=people.leader, confirmed_at=NOON,
        )  # fmt: skip
        appropriate(appropriation=given, actor=people.leader, at=NOON)
    return line


def make_appropriation(people: Personas, amount: Decimal = Decimal(1_000_000)) -> Appropriation:
    """An adjustment of the line of 2026 that waits for confirmation."""
    return Appropriation.objects.create(
        line=make_line(people), kind=AppropriationKind.ADJUSTMENT, amount=amount, reason="样例追加",
        document_number=f"样财〔2026〕追加{next(_numbers)}号", decided_on=timezone.localdate(NOON),
        recorded_by=people.finance, recorded_at=NOON,
    )  # fmt: skip


def make_question(people: Personas, call: Call, **facts: Any) -> CallQuestion:
    """A question of the lead that nobody has answered yet."""
    facts.setdefault("text", "样例问题：境外成员单位如何填报？")
    return CallQuestion.objects.create(call=call, organisation=people.lead_org, asked_by=people.lead, **facts)


def make_notice(people: Personas, call: Call, **facts: Any) -> PublicNotice:
    """A public notice that ended the day before NOON, unless told otherwise."""
    today = timezone.localdate(NOON)
    return PublicNotice.objects.create(
        call=call,
        title=facts.pop("title", "样例拟立项公示"),
        document_number=facts.pop("document_number", f"样科公示〔2026〕{next(_numbers)}号"),
        starts_on=facts.pop("starts_on", today - timedelta(days=7)),
        ends_on=facts.pop("ends_on", today - timedelta(days=1)),
        sha256=sha256([]),
        published_by=people.officer,
        published_at=NOON - 7 * DAY,
        **facts,
    )


def make_application(
    people: Personas,
    status: str = S.DRAFT,
    *,
    consortium: Consortium | None = None,
    call: Call | None = None,
    **facts: Any,
) -> Application:
    """An application for tier A with the facts that its status demands."""
    consortium = consortium or ready_consortium(people)
    call = call or make_call(people)
    application = Application(
        number=facts.pop("number", f"2026-{next(_numbers):04d}"),
        call=call,
        consortium=consortium,
        district=consortium.district,
        requested_tier=facts.pop("requested_tier", Tier.A),
        requested_amount=facts.pop("requested_amount", Decimal(1_800_000)),
        created_by=people.lead,
        status=status,
        objective="攻克关键核心技术。",
        foundation="已合作三年。",
        route="分三步实施。",
        commercialisation="首批应用两家。",
        elements="团队三十人。",
    )
    _add_facts(people, application)
    for name, value in facts.items():
        setattr(application, name, value)
    application.save()
    if application.is_editable:
        fill_budget(application)
    return application


def fill_budget(application: Application) -> None:
    """A budget that fits: the lead spends the grant, every member what it has promised, all of it in the first year."""
    lead = application.consortium.lead_id
    own = [(one.organisation_id, BudgetSource.OWN, one.cash) for one in members_of(application) if one.cash]
    wanted = [(lead, BudgetSource.GRANT, application.requested_amount), *own]
    items = BudgetItem.objects.bulk_create(
        BudgetItem(
            application=application, organisation_id=organisation, source=source, category=BudgetCategory.EQUIPMENT
        )
        for organisation, source, _amount in wanted
    )
    BudgetAmount.objects.bulk_create(
        BudgetAmount(item=item, year=application.call.year, amount=amount)
        for item, (_organisation, _source, amount) in zip(items, wanted, strict=True)
    )


def make_budget_item(
    application: Application, organisation: Any, source: str, amounts: dict[int, Any], **facts: Any
) -> BudgetItem:
    """An item of equipment, unless told otherwise."""
    facts.setdefault("category", BudgetCategory.EQUIPMENT)
    item = BudgetItem.objects.create(
        application=application, organisation_id=getattr(organisation, "pk", organisation), source=source, **facts
    )
    BudgetAmount.objects.bulk_create(BudgetAmount(item=item, year=y, amount=amount) for y, amount in amounts.items())
    return item


def freeze(application: Application) -> Application:
    """Give a submitted application the snapshot that its consortium would have today."""
    application.snapshot = compose(application)
    application.snapshot_hash = sha256(application.snapshot)
    application.save()
    return application


def make_finding(application: Application, other: Application, **facts: Any) -> SimilarityFinding:
    """A passage of the application that stands in the other one, too."""
    check = SimilarityCheck.objects.create(
        application=application, key=f"sample:{next(_numbers)}", snapshot_hash=application.snapshot_hash, method=1,
        checked_at=NOON, compared=1, characters=900, shared=30,
    )  # fmt: skip
    finding = SimilarityFinding.objects.create(comparison=check, other=other, shared=30, **facts)
    text = "第一阶段完成关键材料与部件验证，第二阶段完成样机并通过第三方测试。"
    SharedPassage.objects.create(
        finding=finding, ordinal=0, section="application.route", start=0, text=text, other_section="application.route",
        other_start=12, other_text=f"样例：{text}", runs=[[0, len(text), 3, len(text) + 3]], likeness=Decimal("0.970"),
    )  # fmt: skip
    return finding


def make_objection(application: Application, **facts: Any) -> Objection:
    """An open objection of a person."""
    facts.setdefault("number", f"YY-2026-{next(_numbers):04d}")
    facts.setdefault("name", "样例异议人")
    facts.setdefault("contact", "0512-00000000")
    return Objection.objects.create(
        application=application, kind=ObjectorKind.PERSON, grounds="所列专利并非该联合体成员所有，请核实。",
        received_at=NOON, **facts,
    )  # fmt: skip


def _reached(status: str, milestone: str) -> bool:
    aliases = {
        S.RETURNED: S.SUBMITTED,
        S.NOT_RECOMMENDED: S.SUBMITTED,
        S.REJECTED: S.RECOMMENDED,
        S.SUSPENDED: S.CREDIT_CHECKING,
        S.OBJECTED: S.PUBLICISED,
        S.NOT_APPROVED: S.GRADED,
        S.WITHDRAWN: S.DRAFT,
    }
    status = aliases.get(S(status), S(status))
    return ORDER.index(status) >= ORDER.index(S(milestone))


def _suspend(people: Personas, application: Application) -> None:
    if application.status == S.SUSPENDED:
        application.credit_by, application.credit_at = people.supervisor, NOON - 7 * DAY
        application.credit_note = "信用信息待核实。"


def _tell(application: Application) -> None:
    if _reached(application.status, S.PUBLICISED) or application.status == S.NOT_APPROVED:
        application.told_at = NOON - 7 * DAY


def _publicise(people: Personas, application: Application) -> None:
    application.notice = make_notice(people, application.call)
    if application.call.line is None and not application.call.rehearsal:
        application.call.line = make_line(people)
        application.call.save(update_fields=["line"])


def _add_facts(people: Personas, application: Application) -> None:
    status = application.status
    _suspend(people, application)
    if _reached(status, S.SUBMITTED):
        application.submitted_by, application.submitted_at = people.signatory, NOON - 10 * DAY
        application.snapshot = {"sample": True}
        application.snapshot_hash = sha256(application.snapshot)
    if _reached(status, S.RECOMMENDED):
        application.recommended_by, application.recommended_at = people.district_officer, NOON - 9 * DAY
        application.opinion = "同意推荐。"
    if _reached(status, S.CREDIT_CHECKING):
        application.checked_by, application.checked_at = people.officer, NOON - 8 * DAY
    if _reached(status, S.GRADED):
        application.graded_by, application.graded_at = people.officer, NOON - 7 * DAY
        application.score = Decimal("86.50")
        application.proposed_tier, application.proposed_amount = Tier.A, Decimal(1_550_000)
    if _reached(status, S.DECIDED):
        application.decided_by, application.decided_at = people.leader, NOON - 7 * DAY
        application.decided_tier, application.decided_amount = Tier.A, Decimal(1_550_000)
        application.meeting = "样例会议纪要〔2026〕1号"
    if _reached(status, S.PUBLICISED):
        _publicise(people, application)
    _tell(application)
    if _reached(status, S.APPROVED):
        application.approved_by, application.approved_at = people.leader, NOON


def make_draw(people: Personas, *, witnessed: bool = False, application: Any = None, seats: int = 3) -> Draw:
    """A draw prepared a day before NOON for the three experts of the cast; its randomness is public an hour before."""
    drawn = application or make_application(people, S.CHECKED, call=make_call(people, expert_mode=ExpertMode.DRAWN))
    assert people.experts
    beacon = Beacon("样例公开数列", NOON - timedelta(hours=1))
    draw = prepare_draw(application=drawn, seats=seats, beacon=beacon, actor=people.acceptance, at=NOON - DAY)
    if witnessed:
        witness_draw(draw=draw, actor=people.supervisor, at=NOON - timedelta(hours=20))
    return draw


def make_assignment(people: Personas, applications: Any = (), seats: int = 3, *, worked_out: bool = True) -> Assignment:
    """An assignment for these applications of one call, else for one where experts are invited."""
    chosen = list(applications) or [
        make_application(people, S.CHECKED, call=make_call(people, expert_mode=ExpertMode.INVITED))
    ]
    assert people.experts
    made = prepare_assignment(
        call=chosen[0].call, applications=chosen, seats=seats, actor=people.acceptance, at=NOON - DAY
    )
    if worked_out:
        jobs.run(Job.objects.get(key=made.job).pk, NOON - DAY)
        made.refresh_from_db()
    return made


def make_scenario(people: Personas, *, call: Any = None) -> Scenario:
    """A frozen board of one graded case of the lead."""
    case = freeze(make_application(people, S.GRADED, call=call or make_call(people)))
    for expert in people.experts:
        make_review(case, expert, people, ReviewStatus.SUBMITTED)
    found = panels(Call.everything.select_related("rules").get(pk=case.call_id), people.officer)
    drafted = Drafted(Setting(found.terms.lines, found.terms.weights), "样例方案", {}, "样例理由")
    return freeze_scenario(call=case.call, drafted=drafted, actor=people.officer, at=NOON)


def make_meeting(people: Personas, scenario: Scenario, *, closed: bool = True) -> DecisionMeeting:
    """The minutes of the meeting on a list put forward: two leaders for it, the head there, finance away."""
    here = [people.leader, people.second_leader, people.head]
    attendance = Attendance(NOON - HOUR, "样例第一会议室", people.leader, [*here, people.finance], here)
    meeting = record_attendance(scenario=scenario, attendance=attendance, actor=people.secretary, at=NOON)
    choices = dict.fromkeys(here[:2], MeetingChoice.FOR)
    record_ballot(scenario=scenario, application=None, choices=choices, actor=people.secretary, at=NOON)
    if closed:
        seen = minutes_hash(DecisionMeeting.objects.get(pk=meeting.pk))
        close_meeting(scenario=scenario, seen=seen, actor=people.leader, at=NOON)
    return DecisionMeeting.objects.get(pk=meeting.pk)


def make_session(
    people: Personas, *cases: Application, status: str = SessionStatus.INVITED, **facts: Any
) -> ReviewSession:
    """A session that began an hour before NOON, chaired by the head; the experts of the cases have seats."""
    number = next(_numbers)
    told = status in {SessionStatus.INVITED, SessionStatus.LOCKED}
    locked = {"chair_locked_at": NOON, "secretary_locked_at": NOON, "minutes_hash": "0" * 64}
    session = ReviewSession.objects.create(
        **{
            "number": f"MS{number:06d}", "call": cases[0].call, "kind": SessionKind.DEFENCE, "status": status,
            "starts_at": NOON - HOUR, "minutes": 20, "place": "样例会议室", "arranged_by": people.acceptance,
            "invited_at": NOON - DAY if told else None,
            "reason": "样例" if status == SessionStatus.CANCELLED else "",
            **(locked if status == SessionStatus.LOCKED else {}), **facts,
        }
    )  # fmt: skip
    experts = Review.objects.filter(application__in=cases).values_list("expert__user", flat=True).distinct()
    seats = dict.fromkeys(experts, SeatRole.EXPERT) | {
        people.head.pk: SeatRole.CHAIR, people.secretary.pk: SeatRole.SECRETARY,
    }  # fmt: skip
    SessionSeat.objects.bulk_create(
        SessionSeat(session=session, person_id=person, role=role) for person, role in seats.items()
    )
    for position, case in enumerate(cases, 1):
        SessionSlot.objects.create(session=session, application=case, kind=session.kind, position=position)
    return session


def make_review(
    application: Application, expert: Expert, people: Personas, status: str = ReviewStatus.ASSIGNED, **facts: Any
) -> Review:
    """An expert's review with the facts that its status demands; handed in with 86.50."""
    review = Review(
        application=application,
        expert=expert,
        ordinal=application.reviews.count() + 1,
        status=status,
        assigned_by=people.acceptance,
        assigned_at=NOON - 5 * DAY,
    )
    if status != ReviewStatus.ASSIGNED:
        review.declared_at = NOON - 4 * DAY
    if status == ReviewStatus.SUBMITTED:
        review.submitted_at, review.total, review.suggested_tier = NOON - 3 * DAY, Decimal("86.50"), Tier.A
        review.opinion = "技术路线清晰，团队配置合理，同意支持。"
    for name, value in facts.items():
        setattr(review, name, value)
    review.save()
    if status == ReviewStatus.SUBMITTED:
        ReviewScore.objects.bulk_create(
            ReviewScore(review=review, indicator=one["code"], score=Decimal(one["max"]) * Decimal("0.9"))
            for dimension in application.call.rules.data["dimensions"]
            for one in dimension["indicators"]
            if one["method"] == "expert"
        )
    return review


@transaction.atomic
def make_award(people: Personas, application: Application | None = None, **facts: Any) -> Award:
    """The award of an approved application."""
    application = application or make_application(people, S.APPROVED)
    amount = facts.pop("amount", application.decided_amount)
    line = facts.pop("line", None) or application.call.line or make_line(people)
    award = Award.objects.create(
        application=application,
        line=line if amount else None,
        consortium=application.consortium,
        year=application.call.year,
        tier=facts.pop("tier", application.decided_tier),
        amount=amount,
        document_number="样科〔2026〕9号",
        approved_by=people.leader,
        approved_on=timezone.localdate(NOON),
        **facts,
    )
    if amount:
        commit_award(award=award, actor=people.leader, at=NOON)
    return award


def make_contract(people: Personas, award: Award | None = None, status: str = ContractStatus.EFFECTIVE) -> Contract:
    """The contract of an award in any state."""
    award = award or make_award(people)
    start, end = timezone.localdate(NOON), timezone.localdate(NOON + 1000 * DAY)
    budget = (award.application.snapshot or {}).get("budget", [])
    terms = contract_terms(award, start, end) | {"budget": budget}
    contract = Contract(
        number=f"HT-2026-{next(_numbers):04d}",
        award=award,
        terms=terms,
        sha256=sha256(terms),
        starts_on=start,
        ends_on=end,
        status=status,
    )
    if status not in UNSIGNED:
        contract.signed_by, contract.signed_at = people.signatory, NOON
    if status in WAS_EFFECTIVE:
        contract.countersigned_by, contract.countersigned_at = people.head, NOON
    contract.save()
    _seat(people, contract)
    return contract


def _seat(people: Personas, contract: Contract) -> None:
    """The lead as the only party, as far as the status demands."""
    if contract.status == ContractStatus.DRAFT:
        return
    facts: dict[str, Any] = {"ordinal": 1}
    if contract.status != ContractStatus.CONFIRMING:
        facts |= {"confirmed_by": people.signatory, "confirmed_at": NOON}
    if contract.signed_by_id:
        facts |= {"signed_by_id": contract.signed_by_id, "signed_at": contract.signed_at}
    ContractParty.objects.create(contract=contract, organisation=contract.award.consortium.lead, **facts)


def _share(award: Award) -> Decimal:
    """60 % for the first tranche, half of what is left for each further one."""
    planned = sum(award.tranches.exclude(status=TrancheStatus.CANCELLED).values_list("amount", flat=True), Decimal())
    return ((award.amount - planned) * Decimal("0.5" if planned else "0.6")).quantize(Decimal("0.01"))


def make_expenditure(people: Personas, award: Award | None = None, **facts: Any) -> Expenditure:
    """A voucher of the lead under an award with a contract, accepted or refused by the officer where told so."""
    award = award or make_contract(people).award
    number = next(_numbers)
    status = facts.get("status", ExpenditureStatus.RECORDED)
    if status in {ExpenditureStatus.ACCEPTED, ExpenditureStatus.REFUSED}:
        facts = {"judged_by": people.officer, "judged_at": NOON} | facts
    if status == ExpenditureStatus.REFUSED:
        facts = {"reason": "样例：票据不清。"} | facts
    given: dict[str, Any] = {
        "organisation": people.lead_org, "day": timezone.localdate(NOON), "category": BudgetCategory.EQUIPMENT,
        "source": BudgetSource.GRANT, "amount": Decimal("1130.00"), "description": "样例：示波器",
        "voucher": f"记-{number}", "recorded_by": people.lead, "created_at": NOON,
    }  # fmt: skip
    return Expenditure.objects.create(award=award, **given | facts)


def make_subsidy(people: Personas, **facts: Any) -> OtherSubsidy:
    """What the lead had from another programme in this year, registered by the lead."""
    given: dict[str, Any] = {
        "credit_code": people.lead_org.uscc, "holder": people.lead_org.name, "department": "样例：省科技厅",
        "programme": "样例：重点研发", "project": f"样例：另一个项目 {next(_numbers)}", "year": NOON.year,
        "amount": Decimal("500000.00"), "recorded_by": people.lead, "created_at": NOON,
    }  # fmt: skip
    return OtherSubsidy.objects.create(**given | facts)


def make_acceptance(people: Personas, contract: Contract, *, report: Any, **facts: Any) -> Acceptance:
    """A request for acceptance that waits for the parties."""
    given = {
        "summary": "样例：任务完成。", "results": [], "statement": [], "report": report, "accounts": report,
        "requested_by": people.lead, "created_at": NOON,
    }  # fmt: skip
    return Acceptance.objects.create(contract=contract, **given | facts)


def make_recovery(people: Personas, award: Award, status: str = RecoveryStatus.NOTICED, **facts: Any) -> Recovery:
    """A claim of one yuan against the lead; noticed unless it is only open. Its award need not be paid."""
    noticed = {
        "approved_by": people.leader, "document_number": "样科〔2026〕追1号", "noticed_on": timezone.localdate(NOON),
        "due_on": timezone.localdate(NOON),
    }  # fmt: skip
    given: dict[str, Any] = {
        "number": f"ZJ-样例-{next(_numbers)}", "organisation": award.consortium.lead, "ground": "VIOLATION",
        "reason": "样例：支出不符合规定。", "amount": Decimal("1.00"), "proposed_by": people.officer,
        "created_at": NOON,
    }  # fmt: skip
    more = {} if status == RecoveryStatus.OPEN else noticed
    return Recovery.objects.create(award=award, status=status, **given | more | facts)


def make_compensation(people: Personas, award: Award, status: str = "FILED", **facts: Any) -> Compensation:
    """A request of the lead for a loss of 1,000,000 yuan, as far as the status demands."""
    checked = {"accepted": Decimal(1_000_000), "checked_by": people.officer, "checked_at": NOON}
    decided = checked | {"granted": Decimal(300_000), "decided_by": people.head, "decided_at": NOON}
    more: dict[str, dict[str, Any]] = {
        "FILED": {}, "CHECKED": checked, "GRANTED": decided, "PAID": decided | {"paid": Decimal(300_000)},
        "WITHDRAWN": {"reason": "样例"}, "REFUSED": {"decided_by": people.head, "decided_at": NOON, "reason": "样例"},
    }  # fmt: skip
    number = next(_numbers)
    given: dict[str, Any] = {
        "number": f"FX-样例-{number}", "organisation": award.consortium.lead, "technology": f"样例技术{number}",
        "stage": "pilot", "occurred_on": timezone.localdate(NOON), "loss": Decimal(1_000_000), "cause": "样例",
        "demand": "样例", "percent": Decimal(30), "cap": Decimal(500_000), "filed_by": people.lead, "created_at": NOON,
    }  # fmt: skip
    return Compensation.objects.create(award=award, status=status, **given | more[status] | facts)


@transaction.atomic
def make_tranche(
    people: Personas, award: Award | None = None, status: str = TrancheStatus.PLANNED, **facts: Any
) -> Tranche:
    """The first tranche of 60 % in any state, its condition met."""
    award = award or make_contract(people).award
    paid_on = facts.pop("paid_on", timezone.localdate(NOON))
    order = [
        TrancheStatus.REQUESTED,
        TrancheStatus.VERIFIED,
        TrancheStatus.REVIEWED,
        TrancheStatus.APPROVED,
        TrancheStatus.PAID,
        TrancheStatus.CONFIRMED,
    ]
    on_the_way = {TrancheStatus.BATCHED, TrancheStatus.SENT, TrancheStatus.RETURNED}
    reached = TrancheStatus.APPROVED if status in on_the_way else TrancheStatus(status)
    done = order[: order.index(reached) + 1] if reached in order else []
    tranche = Tranche(
        award=award,
        sequence=facts.pop("sequence", award.tranches.count() + 1),
        percent=Decimal(60),
        amount=facts.pop("amount", None) or _share(award),
        condition=facts.pop("condition", TrancheCondition.CONTRACT),
        condition_met_on=facts.pop("condition_met_on", timezone.localdate(NOON)),
        status=status,
    )
    who = {
        TrancheStatus.REQUESTED: ("requested", people.lead),
        TrancheStatus.VERIFIED: ("verified", people.officer),
        TrancheStatus.REVIEWED: ("reviewed", people.finance),
        TrancheStatus.APPROVED: ("approved", people.leader),
    }
    for step in done:
        if step in who:
            name, person = who[step]
            setattr(tranche, f"{name}_by", person)
            setattr(tranche, f"{name}_at", NOON)
    for name, value in facts.items():
        setattr(tranche, name, value)
    tranche.save()
    if TrancheStatus.PAID in done:
        payment = Payment.objects.create(
            tranche=tranche,
            standing=tranche,
            amount=tranche.amount,
            paid_on=paid_on,
            voucher=f"PZ-{next(_numbers):05d}",
            recorded_by=people.finance,
            recorded_at=NOON,
        )
        disburse(payment=payment, actor=people.finance, at=NOON)
    if status == TrancheStatus.CANCELLED:
        release_commitment(tranche=tranche, actor=people.officer, at=NOON)
    return tranche
