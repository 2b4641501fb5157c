"""The annual evaluation of the demo, with scores as near to the script's as the rules allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from members.enums import Role
from portal.kernel.files import store_bytes
from reports.enums import ConsequenceKind, Grade
from reports.figures import Reading, indicators, jumped, number, score_sheet
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper
from reports.management.demo.proving import CAPTION
from reports.management.demo.script import Row
from reports.models import Appeal, Consequence, Evaluation, EvaluationCycle, GradeList
from reports.selectors.appeals import to_publicise
from reports.selectors.experts import candidates
from reports.selectors.facts import year_facts
from reports.selectors.selfreport import drawn_codes, metrics_of, previous_figures
from reports.services.appeals import appeal_grade, dismiss_appeal
from reports.services.consequences import Decision, decide_consequences
from reports.services.gradelists import Publication, finalise_list, publicise_grades
from reports.services.grading import Verdict, confirm_grade, grade_evaluation
from reports.services.publications import publish_report, withdraw_report
from reports.services.scoring import assign_expert, declare_no_conflict, score_evaluation
from reports.services.selfreports import attach_evidence, save_self_report, submit_self_report, verify_self_report

HUNDRED = Decimal(100)
STEPS = 400
SHOWN = 7  # public editions
WITHDRAWAL = "样例：一家成员单位的名称有误，改正后重新发布。"
CONTINUOUS = ("sales", "own_funds", "leverage", "joint_value", "sharing_hours", "local_supply", "taxes")
REASONS = {
    True: "本年进入应用与量产阶段，较上年明显增长，佐证材料已附。",
    False: "本年处于工艺切换期，较上年减少，下一年度计划恢复。",
}
SPECIAL_REASONS = {
    "milestones": "本年到期里程碑的数量和权重与上年不同，均按任务清单推进。",
    **dict.fromkeys(("patents", "standards", "products", "contracts"), "本年成果多在审查或登记中，办结后补充登记。"),
}
Distance = Callable[[dict[str, Decimal]], Decimal]
SUMMARY = (
    "本年度按任务清单推进攻关：完成样机研制并通过第三方测试，中试平台投入运行，与高校联合培养研究生，"
    "成员企业研发投入保持增长，产业子基金完成两笔跟投。"
)
GROUNDS = "本年度授权的一件发明专利登记日期晚于授权公告日，请核对是否应计入 G2.1。"
FINDING = "该专利授权公告日在下一年度，不计入本年度，评价结果不变。"
PROOF, FORGOTTEN = "样例佐证材料汇编", "seconded"
PROBLEMS = "关键原材料供应周期偏长，中试产能爬坡慢于计划；下一年度将引入第二供应商，并提前启动用户侧验证。"


def evaluate(cast: Cast, evaluation: Evaluation, row: Row, day: date, *, until: str = "confirm") -> None:
    """The way of one evaluation, as far as `until`."""
    for name, act in STEPS_OF_A_YEAR:
        act(cast, evaluation, row, day)
        evaluation.refresh_from_db()
        if name == until:
            return


def fill(cast: Cast, evaluation: Evaluation, row: Row, day: date) -> None:
    """The lead states the figures."""
    save_self_report(
        evaluation=evaluation,
        actor=cast.of(evaluation.consortium.lead),
        values=stated(evaluation, aim(evaluation, row)),
        summary=SUMMARY,
        problems=PROBLEMS,
        version=evaluation.version,
        at=moment(day),
    )
    prove(cast, evaluation, row, day)


def prove(cast: Cast, evaluation: Evaluation, row: Row, day: date) -> None:
    """One file proves every figure; in a second year some have forgotten one of them."""
    forgotten = FORGOTTEN if previous_figures(evaluation) and row.number % 3 == 1 else ""
    needed = [one["code"] for one in metrics_of(evaluation.cycle.rules.data) if one["evidence"]]
    lead, lines = cast.of(evaluation.consortium.lead), (evaluation.consortium.name, str(evaluation.cycle.year), CAPTION)
    file = store_bytes(
        paper(PROOF, lines), name=f"{PROOF}.pdf", mime="application/pdf", kind="evidence", at=moment(day), actor=lead
    )
    attach_evidence(
        evaluation=evaluation, actor=lead, attachment=file, label="样例：各项自报指标的佐证",
        metrics=[code for code in needed if code != forgotten], at=moment(day),
    )  # fmt: skip


def aim(evaluation: Evaluation, row: Row) -> Decimal:
    """The script's score; a second year comes out a little better or worse."""
    drift = Decimal(row.number * 7 % 9 - 4) if previous_figures(evaluation) else Decimal(0)
    return (row.evaluation or Decimal(78)) + drift


def file(cast: Cast, evaluation: Evaluation, _row: Row, day: date) -> None:
    """The lead files the self-report."""
    submit_self_report(
        evaluation=evaluation, actor=cast.of(evaluation.consortium.lead), at=moment(day + timedelta(days=3))
    )


def verify(cast: Cast, evaluation: Evaluation, _row: Row, day: date) -> None:
    """The district verifies."""
    officer = cast.district_officers[evaluation.consortium.district_id]
    verify_self_report(
        evaluation=evaluation,
        actor=officer,
        opinion="数据与佐证材料一致，予以核实。",
        checked=drawn_codes(evaluation),
        at=moment(day + timedelta(days=8)),
    )


def ask(cast: Cast, evaluation: Evaluation, row: Row, day: date) -> None:
    """The officer asks an expert without a tie."""
    free = list(candidates(evaluation, moment(day + timedelta(days=10))).order_by("user__email"))
    expert = free[row.number % len(free)]
    assign_expert(
        evaluation=evaluation, actor=cast.bureau[Role.OFFICER], expert=expert, at=moment(day + timedelta(days=10))
    )


def judge(cast: Cast, evaluation: Evaluation, row: Row, day: date) -> None:
    """The expert declares and scores."""
    expert = evaluation.expert
    if expert is None:
        raise LookupError("nobody was asked")
    declare_no_conflict(evaluation=evaluation, actor=expert.user, at=moment(day + timedelta(days=12)))
    scores = {
        code: {"score": str(points), "comment": "材料齐全，指标达成情况可核验。"}
        for code, points in judged(evaluation, aim(evaluation, row)).items()
    }
    score_evaluation(
        evaluation=evaluation,
        actor=expert.user,
        scores=scores,
        at=moment(day + timedelta(days=15)),
        opinion="攻关任务总体按计划推进，建议加快应用验证，完善知识产权共享台账。",
    )


def grade(cast: Cast, evaluation: Evaluation, _row: Row, day: date) -> None:
    """The officer grades by the rules."""
    grade_evaluation(
        evaluation=evaluation, actor=cast.bureau[Role.OFFICER], verdict=Verdict(), at=moment(day + timedelta(days=25))
    )


def confirm(cast: Cast, evaluation: Evaluation, _row: Row, day: date) -> None:
    """The head confirms, the lead learns its grade."""
    confirm_grade(evaluation=evaluation, actor=cast.bureau[Role.HEAD], at=moment(day + timedelta(days=27)))


def contest(cast: Cast, evaluation: Evaluation, day: date) -> Appeal:
    """The lead appeals."""
    lead = cast.of(evaluation.consortium.lead)
    return appeal_grade(evaluation=evaluation, actor=lead, grounds=GROUNDS, indicators=["G2.1"], at=moment(day, 16))


def answer(cast: Cast, appeal: Appeal, day: date) -> None:
    """The leader finds that the grade stands."""
    dismiss_appeal(appeal=appeal, actor=cast.bureau[Role.LEADER], finding=FINDING, at=moment(day))


def publish(cast: Cast, cycle: EvaluationCycle, day: date) -> GradeList:
    """A meeting decides on the grades that nobody can appeal against any more; the list is published."""
    said = Publication(
        title=f"{cycle.year}年度创新联合体评价结果公示（样例）",
        document_number=f"样例评价公示〔{day.year}〕1号",
        meeting_on=day - timedelta(days=1),
        meeting_number=f"样例会议纪要〔{day.year}〕21号",
        starts_on=day,
    )
    rows = cycle.evaluations.select_related("consortium__lead", "consortium__district")
    ready = list(to_publicise(rows, moment(day)))
    return publicise_grades(
        cycle=cycle, evaluations=ready, publication=said, actor=cast.bureau[Role.HEAD], at=moment(day)
    )


def finalise(cast: Cast, published: GradeList, day: date) -> None:
    """The head makes the grades final and the reports follow; two days later the leader accepts what the rules propose
    about money and rectification. Whether to invite to a higher tier stays open.
    """
    while finalise_list(grade_list=published, actor=cast.bureau[Role.HEAD], at=moment(day)):
        pass
    for evaluation in published.evaluations.select_related("consortium", "cycle"):
        rows = Consequence.objects.filter(evaluation=evaluation).exclude(kind=ConsequenceKind.UPGRADE)
        decide_consequences(
            evaluation=evaluation, decisions=[Decision(row, accepted=True) for row in rows],
            actor=cast.bureau[Role.LEADER], at=moment(day + timedelta(days=2)),
        )  # fmt: skip


def open_to_everybody(cast: Cast, published: GradeList, day: date) -> None:
    """The head publishes the reports of the best years; one of them is withdrawn because of a slip."""
    head = cast.bureau[Role.HEAD]
    best = published.evaluations.filter(grade__in=[Grade.EXCELLENT, Grade.GOOD]).order_by("consortium__code")[:SHOWN]
    editions = [publish_report(evaluation=one, actor=head, at=moment(day)) for one in best]
    withdraw_report(publication=editions[-1], actor=head, note=WITHDRAWAL, at=moment(day + timedelta(days=1)))


STEPS_OF_A_YEAR = (
    ("fill", fill),
    ("file", file),
    ("verify", verify),
    ("ask", ask),
    ("judge", judge),
    ("grade", grade),
    ("confirm", confirm),
)


# --- figures that give the score of the script --------------------------------------------------
def judged(evaluation: Evaluation, target: Decimal) -> dict[str, Decimal]:
    """What the expert gives: the target's share of each maximum, in halves; an excellent year a little more."""
    share = min(target / HUNDRED + (Decimal("0.1") if target >= 85 else 0), Decimal(1))
    return {
        one.code: (one.maximum * share * 2).quantize(Decimal(1)) / 2
        for one in indicators(evaluation.cycle.rules.data)
        if one.method == "expert"
    }


def stated(evaluation: Evaluation, target: Decimal) -> dict[str, dict[str, str]]:
    """Self-reported values whose score comes closest to the target; what changed much carries its reason."""
    rules = evaluation.cycle.rules.data
    facts = year_facts(evaluation.consortium, evaluation.cycle.window)
    metrics = [metric for metric in metrics_of(rules) if metric["source"] == "self"]
    expert = judged(evaluation, target)

    def distance(values: dict[str, Decimal]) -> Decimal:
        readings = {**facts, **{code: Reading(value, _target(facts, code)) for code, value in values.items()}}
        return target - score_sheet(rules, readings, expert).total

    low, high = 0, STEPS
    while high - low > 1:
        middle = (low + high) // 2
        if distance(_values(metrics, facts, Decimal(middle) / STEPS)) >= 0:
            low = middle
        else:
            high = middle
    values = _values(metrics, facts, Decimal(low) / STEPS)
    full = _values(metrics, facts, Decimal(1))
    for code in CONTINUOUS:
        if distance(values) > 0:
            values[code] = _raised(values, code, full[code], distance)
    reasons = explained(evaluation, {**{code: fact.value for code, fact in facts.items()}, **values})
    return {
        code: {"value": f"{values[code]:f}" if code in values else "", "target": "", "note": reasons.get(code, "")}
        for code in values.keys() | reasons.keys()
    }


def explained(evaluation: Evaluation, now: Mapping[str, Decimal | None]) -> dict[str, str]:
    """The reason of every figure that is far from last year's, by metric code."""
    before, rules = previous_figures(evaluation), evaluation.cycle.rules.data
    reasons = {}
    for metric in metrics_of(rules):
        code = metric["code"]
        value, last = now.get(code), number(before.get(code, {}).get("value"))
        if value is not None and last is not None and jumped(value, last, rules):
            reasons[code] = SPECIAL_REASONS.get(code) or REASONS[value > last]
    return reasons


def _raised(values: dict[str, Decimal], code: str, full: Decimal, distance: Distance) -> Decimal:
    """The value of one metric that takes the total up to the target, or all that it can give."""
    low, high = values[code], full
    if distance({**values, code: full}) >= 0:
        return full
    for _halving in range(16):
        middle = ((low + high) / 2).quantize(Decimal("0.01"))
        low, high = (middle, high) if distance({**values, code: middle}) >= 0 else (low, middle)
    return low


def _target(facts: dict[str, Reading], code: str) -> Decimal | None:
    return facts[code].target if code in facts else None


def _values(metrics: list[dict[str, Any]], facts: dict[str, Reading], share: Decimal) -> dict[str, Decimal]:
    whole = {
        "jobs",
        "joint_projects",
        "smes",
        "new_specialised",
        "cross_region",
        "incubated",
        "recognised",
        "talent",
        "trained",
        "seconded",
    }
    values = {}
    for metric in metrics:
        code = metric["code"]
        full = Decimal(metric["yardstick"] or 0) or _target(facts, code) or Decimal(100)
        value = full * share
        values[code] = value.quantize(Decimal(1)) if code in whole else value.quantize(Decimal("0.01"))
    return {**values, "execution": (Decimal(60) + 30 * share).quantize(Decimal("0.01")), "findings": Decimal(0)}
