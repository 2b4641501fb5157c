"""The story in its order: four years of calls, an evaluation, and the work that waits today."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from consortia.enums import AT_WORK, SOUND, ConsortiumStatus
from consortia.models import Consortium
from funding.enums import ExpertMode, ReviewMode, TrancheStatus
from funding.models import Call, Tranche
from funding.selectors.sessions import visit_due
from members.enums import Role
from members.services.organisations import update_organisation
from reports.enums import EvaluationStatus
from reports.management.demo import (
    amending,
    applying,
    appropriating,
    arriving,
    building,
    changing,
    cofunding,
    comparing,
    compensating,
    cooperating,
    declaring,
    defending,
    drawing,
    ending,
    evaluating,
    exemplary,
    forming,
    guarding,
    importing,
    inviting,
    leaving,
    linking,
    meeting,
    opening,
    paying,
    proving,
    publishing,
    reclaiming,
    relaying,
    reviewing,
    sevenones,
    taking,
    targeting,
)
from reports.management.demo.calendar import Days, batch_days, moment, shifted, story_year
from reports.management.demo.case import Case
from reports.management.demo.cast import Cast, found, hire, recruit
from reports.management.demo.forming import Stage
from reports.management.demo.pool import introduce
from reports.management.demo.script import Row, rows
from reports.management.demo.spending import spend
from reports.management.demo.standing import stand
from reports.management.demo.telling import tell_by_mail
from reports.models import Evaluation, EvaluationCycle
from reports.services.cycles import close_cycle, open_cycle

Tell = Callable[[str], object]
DECIDED_BY_LIST = 4  # the batch of which two leaders approved one list
UNCLOSED = "320509"  # the district that has still to close its list
SUSPENDED_ONCE = 30  # by the credit check
PROMPT, BEHIND = 67, 55  # from this score on milestones are reached in time; the others are so many days behind
STEP = Decimal(50_000)
RISING = 16  # out of the cultivation pool: decided for tier B, published, overturned
REPLACED = 30  # in this row an expert has a conflict and a substitute is called
INVITED = 5  # the batch whose experts were invited, all of them by one assignment
NOWADAYS: dict[str, Any] = {  # modes of the newest calls
    "review_mode": ReviewMode.LEAD_REVIEWER, "defence": True, "site_visit": True, "takes_upgrade": True,
}  # fmt: skip
GRADED, DEFENDING_LATER = 42, {6, 30}
SCORED_AGAIN, DOUBTED = 36, {4: False, 19: True}  # reviews reopened; computed facts disputed, and whether it holds
STEPPED_ASIDE, KEPT_AWAY = 13, 42


def play(today: date, tell: Tell) -> None:
    """Everything from the first call to this morning."""
    year = story_year(today)
    rng = random.Random(320500)
    tell("People and organisations")
    cast = hire(moment(date(year - 5, 9, 1)))
    years = list(range(year - 5, year))
    found(cast, rng, years)
    recruit(cast, rng, moment(date(year - 5, 10, 1)))
    stage = Stage(cast, years)
    cases: list[Case] = []
    for (number, part, batch), some in groupby(rows_by_batch(), key=lambda row: (row.year, row.round, row.batch)):
        tell(f"Batch {batch}")
        days = batch_days(number, part, today)
        terms = NOWADAYS if shifted(number, today) == year else {}
        if batch == INVITED:
            terms = {"expert_mode": ExpertMode.INVITED}
        appropriating.appropriate_year(cast, shifted(number, today), today)
        call = applying.announce(cast, year=shifted(number, today), number=part, batch=batch, days=days, **terms)
        rising = [case for case in cases if case.row.number == RISING] if call.takes_upgrade else []
        cases += run_batch(stage, call, list(some), days, today, rising)
    tell("The evaluation of last year")
    evaluate_last_year(stage, cases, year - 1, today)
    aftermath(cast, cases, today)
    tell("Verification, qualifications and integrity")
    stand(cast, today)
    introduce(cast, today)
    guard(cast, cases, today)
    tell("What waits today")
    appropriating.cut(cast, today)
    meeting.prepare(cast, cases[-1].application.call, today)
    second_tranches(cast, cases, today)
    relaying.pass_on(cast, today)
    cofunding.add(cast, today)
    compensating.compensate(cast, today)
    amending.amend(cast, today)
    spend(cast, today)
    reclaiming.reclaim(cast, today)
    ending.end(cast, today)
    reclaiming.object_to_claims(cast, today)
    declaring.register(cast, [case.consortium for case in cases if case.consortium.status in SOUND], today)
    this_year(stage, cases, year, today)
    leaving.unsettled(cast, [case.consortium for case in cases], today)
    unusual(cast, [case.consortium for case in cases if case.consortium.status in SOUND], today)
    opening.open_call(
        stage, year, today, [case for case in cases if case.consortium.status == ConsortiumStatus.CULTIVATION]
    )
    targeting.set_targets(cast, year)
    comparing.compare_all(cast, today)
    taking.have_made(cast, today)
    tell_by_mail(cast, today)


def rows_by_batch() -> list[Row]:
    """The script, earliest batch first."""
    return sorted(rows(), key=lambda row: (row.batch, row.number))


# --- a batch -----------------------------------------------------------------------------------
def run_batch(stage: Stage, call: Call, some: list[Row], days: Days, today: date, rising: list[Case]) -> list[Case]:
    """All consortia of a call, step by step, as far as each has come; also those that rise, which are no new ones."""
    cast = stage.cast
    cases = [_apply(stage, call, row, days) for row in some] + [_rise(stage, call, case, days) for case in rising]
    for case in cases:
        applying.recommend(cast, case.application, days.recommended)
        applying.check(cast, case.application, days.checked)
        check_credit(cast, case, days)
    close_lists(cast, call, days, today)
    if call.expert_mode == ExpertMode.INVITED:
        inviting.assign_together(cast, [case.application for case in cases], days.reviewed - timedelta(days=10))
    for case in cases:
        _review(cast, case, days, today)
    if call.defence:
        meet(cast, cases, days, today)
    grade_one(cast, cases, days)
    decided = [case for case in cases if case.row.tier]
    for case in decided:
        applying.grade(cast, case.application, _at_first(case.row), days.reviewed + timedelta(days=6))
        if call.batch != DECIDED_BY_LIST:
            applying.decide(cast, case.application, _at_first(case.row), days.decided)
    if call.batch == DECIDED_BY_LIST:
        meeting.meet(cast, call, days.decided)
    publishing.publish(cast, call, decided, days, today)
    return [case for case in cases if case.row.state != publishing.OVERTURNED]


def _at_first(row: Row) -> Row:
    """As it was decided, before an objection lowered it."""
    return replace(row, granted=row.granted + STEP) if row.number == publishing.LOWERED else row


def check_credit(cast: Cast, case: Case, days: Days) -> None:
    """One of them was suspended for some days."""
    if case.row.number == SUSPENDED_ONCE:
        declaring.declare_close(cast, case.application, days.checked)
        applying.suspend(cast, case.application, days.checked + timedelta(days=1))
        declaring.conclude(cast, case.application, days.checked + timedelta(days=2))
        applying.resume(cast, case.application, days.checked + timedelta(days=2))
    applying.clear(cast, case.application, days.checked + timedelta(days=3))


def close_lists(cast: Cast, call: Call, days: Days, today: date) -> None:
    """Every district signs its list; of the newest call one, whose officer can be signed in as, has still to do it."""
    late = UNCLOSED if call.year == story_year(today) else ""
    for listing in call.recommendation_lists.exclude(district=late):
        applying.close_list(cast, listing, days.recommended)


def _apply(stage: Stage, call: Call, row: Row, days: Days) -> Case:
    consortium = forming.form(stage, row, days.opens - timedelta(days=20))
    return _file(stage, call, consortium, row, days)


def _rise(stage: Stage, call: Call, case: Case, days: Days) -> Case:
    row = replace(
        case.row, tier="B", granted=Decimal(600_000), score=Decimal("75.60"), state=publishing.OVERTURNED, batch=7
    )
    return _file(stage, call, case.consortium, row, days)


def _file(stage: Stage, call: Call, consortium: Consortium, row: Row, days: Days) -> Case:
    application = applying.write(stage.cast, call, consortium, row, days.opens + timedelta(days=8))
    if row.number == STEPPED_ASIDE:
        guarding.avoid(stage.cast, application, days.opens + timedelta(days=9))
    comparing.lend(stage.cast, application, row.number, days.opens + timedelta(days=9))
    applying.submit(stage.cast, application, days.closes - timedelta(days=row.number % 9))
    return Case(row, consortium, application)


def _review(cast: Cast, case: Case, days: Days, today: date) -> None:
    """Those under review stand at different points: nobody asked, one still scoring, all in, graded."""
    place = {13: "asked", 6: "scoring"}.get(case.row.number, "scored")
    if place == "asked":
        guarding.judge(cast, case.application, today - timedelta(days=3))
        drawing.wait(cast, case.application, today)
        return
    shown = [expert for expert in cast.experts if expert.user.is_demo]
    experts = shown[:3] if place == "scoring" else ()
    asked = today - timedelta(days=5) if place == "scoring" else days.reviewed - timedelta(days=10)
    if case.application.call.expert_mode == ExpertMode.DRAWN:
        applying.assign(cast, case.application, asked, experts)
    if case.row.number in inviting.GROUNDS:
        inviting.decline(cast, case.application, asked + timedelta(days=2), *inviting.GROUNDS[case.row.number])
    mean = case.row.score or Decimal("79.40")
    if place == "scoring":
        applying.score(case.application, mean, asked + timedelta(days=1), besides=2)
        reviewing.begin(case.application, today - timedelta(days=1))
        reviewing.remind(cast, case.application, today - timedelta(days=1))
    elif case.row.number in inviting.LAPSED:
        applying.score(case.application, mean, asked + timedelta(days=5), besides=1)
        applying.score(case.application, mean, inviting.lapse(cast, case.application) + timedelta(days=1))
    else:
        applying.score(case.application, mean, asked + timedelta(days=5))
    talk(cast, case, place, days)


def talk(cast: Cast, case: Case, place: str, days: Days) -> None:
    """What the panel, the officers and the supervisor do with scores that are in."""
    number, application = case.row.number, case.application
    if number == SCORED_AGAIN:
        reviewing.score_again(cast, application, days.reviewed)
    if number in DOUBTED:
        reviewing.doubt(cast, application, days.reviewed, holds=DOUBTED[number])
    if place != "scoring":
        reviewing.sum_up(application, days.reviewed + timedelta(days=3), finish=number != REPLACED)
    if number == REPLACED:
        reviewing.ask_again(cast, application, days.reviewed + timedelta(days=4))


def grade_one(cast: Cast, cases: list[Case], days: Days) -> None:
    """One of those that are not decided is graded."""
    for case in cases:
        if case.row.number == GRADED:
            case.row.tier, case.row.granted = "B", Decimal(800_000)
            applying.grade(cast, case.application, case.row, days.reviewed + timedelta(days=6))
            case.row.tier = ""


def meet(cast: Cast, cases: list[Case], days: Days, today: date) -> None:
    """Who is decided or graded has defended its application; the others are invited."""
    waiting = [case.application for case in cases if case.row.number in DEFENDING_LATER]
    waiting_or_asked = {*DEFENDING_LATER, STEPPED_ASIDE}
    heard = [case.application for case in cases if case.row.number not in waiting_or_asked]
    seen = [
        case.application for case in cases if case.application in heard and visit_due(case.application, [case.row.tier])
    ]
    day = days.reviewed + timedelta(days=4)
    if seen:
        defending.visit(cast, seen, day - timedelta(days=1))
    defending.defend(cast, heard, day)
    for application in heard:
        defending.declare_all(application, day)
    session = defending.arrange(cast, waiting, today + timedelta(days=2), today - timedelta(days=3))
    defending.move(cast, session, today + timedelta(days=3), today - timedelta(days=2))


def guard(cast: Cast, cases: list[Case], today: date) -> None:
    """The register of relations, and officials who keep away."""
    by_number = {case.row.number: case.application for case in cases}
    guarding.bind(cast, [case.application for case in cases], today)
    guarding.limit(cast, today)
    guarding.keep_away(cast, by_number[STEPPED_ASIDE], by_number[KEPT_AWAY], today)


# --- the evaluation ----------------------------------------------------------------------------
def evaluate_last_year(stage: Stage, cases: list[Case], year: int, today: date) -> None:
    """Work and outcomes of the years before, then the evaluation from self-report to grade."""
    cast, first = stage.cast, date(year + 1, 1, 8)
    by_consortium = {case.consortium.pk: case for case in cases}
    for case in cases:
        if case.row.evaluation is not None:
            forming.work(stage, case.consortium, case.row, date(year, 12, 31))
            forming.harvest(stage, case.consortium, case.row, year, date(year, 12, 20))
    cycle = open_cycle(
        actor=cast.bureau[Role.OFFICER], year=year, opens_on=first, due_on=first + timedelta(days=50), at=moment(first)
    )
    told = []
    for evaluation in in_order(cycle):
        row = by_consortium[evaluation.consortium_id].row
        evaluating.evaluate(cast, evaluation, row, first + timedelta(days=4 + row.number % 20))
        told.append((evaluation, first + timedelta(days=4 + row.number % 20 + 28)))
    contested, day = told[1]
    evaluating.answer(cast, evaluating.contest(cast, contested, day), day + timedelta(days=6))
    published = evaluating.publish(cast, cycle, first + timedelta(days=66))
    evaluating.finalise(cast, published, first + timedelta(days=75))
    evaluating.open_to_everybody(cast, published, first + timedelta(days=80))
    exemplary.tell_cases(cast, published, first + timedelta(days=90))
    close_cycle(cycle=cycle, actor=cast.bureau[Role.HEAD], at=moment(first + timedelta(days=90)))


def aftermath(cast: Cast, cases: list[Case], today: date) -> None:
    """One graduated, one left without fault, one renamed its lead."""
    day = date(story_year(today), 5, 20)
    for case in cases:
        case.consortium.refresh_from_db()
        if case.row.state == "GRADUATED":
            leaving.graduate(cast, case.consortium, day)
        if case.row.state == "EXITED":
            leaving.leave(cast, case.consortium, day)
        if case.row.number == 22:
            lead = case.consortium.lead
            name = lead.name.replace("科技有限公司", "科技股份有限公司")
            update_organisation(organisation=lead, actor=cast.of(lead), at=moment(day), name=name)


# --- today -------------------------------------------------------------------------------------
ORDERED = 3  # tranches in batches that wait
QUEUE = (
    TrancheStatus.REQUESTED,
    TrancheStatus.VERIFIED,
    TrancheStatus.REVIEWED,
    TrancheStatus.APPROVED,
    TrancheStatus.PAID,
)


def second_tranches(cast: Cast, cases: list[Case], today: date) -> None:
    """Most second tranches are paid; the newest stand in the queue, one at each step."""
    waiting = (
        Tranche.objects.filter(
            sequence=2,
            condition_met_on__isnull=False,
            status=TrancheStatus.PLANNED,
            award__consortium__status__in=SOUND,
        )
        .select_related("award__consortium__lead")
        .order_by("award__consortium__code")
    )
    paid_from = date(story_year(today), 3, 25)
    found = list(waiting)
    for status, tranche in zip(QUEUE, found, strict=False):
        applying.pay(cast, tranche, today - timedelta(days=14), until=status)
    if ordered := found[len(QUEUE) : len(QUEUE) + ORDERED]:
        paying.order_today(cast, ordered, today)
    for number, tranche in enumerate(found[len(QUEUE) + ORDERED :]):
        if number % 4:
            applying.pay(cast, tranche, paid_from + timedelta(days=number))


def this_year(stage: Stage, cases: list[Case], year: int, today: date) -> None:
    """Work goes on, the evaluation of this year has begun; some have filed."""
    for case in cases:
        if case.row.evaluation is not None and case.consortium.status in SOUND:
            grace = 0 if case.row.evaluation >= PROMPT and case.row.number % 5 else BEHIND
            forming.work(stage, case.consortium, case.row, today, since=date(year, 1, 20), grace=grace)
            forming.harvest(stage, case.consortium, case.row, year, today - timedelta(days=35))
        if case.consortium.status in AT_WORK:
            arriving.arrive(stage.cast, case.consortium, case.row, today)
    cast = stage.cast
    for number, case in enumerate([case for case in cases if case.consortium.status in SOUND][:12]):
        cooperating.cooperate(cast, case.consortium, number, today)
        building.build(cast, case.consortium, number, today)
    linking.link(cast, [case.consortium for case in cases if case.consortium.status in SOUND], today)
    sevenones.keep_the_years(cast, [case.consortium for case in cases if case.consortium.status in SOUND], year, today)
    opened = today - timedelta(days=30)
    cycle = open_cycle(
        actor=cast.bureau[Role.OFFICER],
        year=year,
        opens_on=opened,
        due_on=today + timedelta(days=30),
        at=moment(opened),
    )
    by_consortium = {case.consortium.pk: case for case in cases}
    ways = ("file", "file", "verify", "ask", "judge", "grade", "fill", "confirm", "confirm")
    chosen = in_order(cycle)[: len(ways)]
    for evaluation, until in zip(chosen, ways, strict=False):
        evaluating.evaluate(
            cast, evaluation, by_consortium[evaluation.consortium_id].row, today - timedelta(days=28), until=until
        )
    if len(chosen) == len(ways):
        evaluating.contest(cast, chosen[-1], today - timedelta(days=1))


def in_order(cycle: EvaluationCycle) -> list[Evaluation]:
    """The evaluations that take place, by code."""
    rows = cycle.evaluations.filter(status=EvaluationStatus.FILLING)
    return list(rows.select_related("consortium__lead", "cycle__rules").order_by("consortium__code"))


def unusual(cast: Cast, consortia: list[Consortium], today: date) -> None:
    """What does not happen every day: evidence in doubt, leads and members that change, files for import."""
    proving.prove(cast, consortia, today)
    unpaid = [one for one in consortia if one.status == ConsortiumStatus.CULTIVATION]
    changing.change_leads(cast, unpaid[2:5], today)
    changing.let_go(cast, unpaid[5], today)
    importing.bring(cast, today)
