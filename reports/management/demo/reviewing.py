"""What happens in a review beside the scoring: doubts, scoring again, a panel that talks and is summed up."""

from datetime import date, timedelta
from decimal import Decimal

from funding.enums import ReviewMode, ReviewStatus
from funding.models import Application, Review
from funding.selectors.panels import lead_review
from funding.selectors.reviews import automatic_of
from funding.services.disputes import (
    ask_reopening,
    dismiss_dispute,
    dispute_fact,
    grant_reopening,
    uphold_dispute,
)
from funding.services.invitations import remind_expert
from funding.services.panels import consolidate, discuss
from funding.services.reviews import accept_review
from funding.services.scores import Entry, hand_in_review, save_scores
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast


def begin(application: Application, day: date) -> None:
    """An expert has declared, scored two indicators, and doubts what the portal computed."""
    review = application.reviews.filter(status=ReviewStatus.ASSIGNED).select_related("expert__user").first()
    if review is None:
        return
    expert = review.expert.user
    accept_review(review=review, actor=expert, at=moment(day))
    save_scores(
        review=review, actor=expert, at=moment(day), opinion="样例：总体可行，待核对附件后补充。",
        entries={"T1": Entry(Decimal("6.5"), "指标可测，对标合理。"), "T2": Entry(Decimal(4), "风险对策偏弱。")},
        remark="样例：建议核对附件二的合同金额。",
    )  # fmt: skip
    grounds = "样例：牵头企业当年已入选省级百强榜，平台所用类别为上一年度。"
    dispute_fact(review=review, indicator="L1", grounds=grounds, actor=expert, at=moment(day))


def remind(cast: Cast, application: Application, day: date) -> None:
    """The desk reminds the one who has not answered the invitation."""
    review = application.reviews.filter(status=ReviewStatus.ASSIGNED).first()
    if review is not None:
        remind_expert(review=review, actor=cast.bureau[Role.ACCEPTANCE], at=moment(day, 16))


def ask_again(cast: Cast, application: Application, day: date) -> None:
    """The officer asks to let an expert score again; the supervisor has not decided."""
    review = application.reviews.filter(status=ReviewStatus.SUBMITTED).first()
    if review is not None:
        reason = "样例：该专家反映评分时附件三尚未扫描完成，未能查看。"
        ask_reopening(review=review, reason=reason, actor=cast.bureau[Role.OFFICER], at=moment(day))


def score_again(cast: Cast, application: Application, day: date) -> None:
    """A review was reopened by the supervisor, and handed in again with one score changed."""
    review = _handed_in(application)[0]
    reason = "样例：专家来函说明一项指标误填，申请更正。"
    asked = ask_reopening(review=review, reason=reason, actor=cast.bureau[Role.OFFICER], at=moment(day))
    supervisor = cast.bureau[Role.SUPERVISOR]
    grant_reopening(reopening=asked, actor=supervisor, at=moment(day, 14), answer="样例：情况属实，同意。")
    review.refresh_from_db()
    scores = {row.indicator: row.score or Decimal() for row in review.scores.all()}
    entries = {
        code: Entry(score, "依据充分，指标可考核。") for code, score in scores.items()
        if code not in automatic_of(application)
    }  # fmt: skip
    entries["T2"] = Entry(max(scores["T2"] - Decimal("0.5"), Decimal()), "样例：更正，风险对策尚欠具体。")
    hand_in_review(
        review=review, actor=review.expert.user, entries=entries, opinion=review.opinion,
        suggested_tier=review.suggested_tier, at=moment(day + timedelta(days=1)),
    )  # fmt: skip


def doubt(cast: Cast, application: Application, day: date, *, holds: bool) -> None:
    """What the portal computed was disputed, and an officer has answered."""
    review, officer = _handed_in(application)[1], cast.bureau[Role.OFFICER]
    dispute = dispute_fact(
        review=review, indicator="M2", grounds="样例：两家成员实为同一控制人，产业链环节不应重复计。",
        actor=review.expert.user, at=moment(day),
    )  # fmt: skip
    at = moment(day + timedelta(days=1))
    if not holds:
        dismiss_dispute(dispute=dispute, answer="样例：经核对两家成员各自独立，维持原分。", actor=officer, at=at)
        return
    uphold_dispute(
        dispute=dispute, corrected=max(dispute.computed - 1, Decimal()), evidence="样例：股权登记表第2页。",
        answer="样例：属实，已按一个环节重算。", actor=officer, at=at,
    )  # fmt: skip


def sum_up(application: Application, day: date, *, finish: bool = True) -> None:
    """The experts exchange a word on one criterion; the lead reviewer writes what comes of it."""
    lead = lead_review(application)
    if lead is None or application.call.review_mode != ReviewMode.LEAD_REVIEWER:
        return
    reviews = _handed_in(application)
    for hour, review, text in zip((9, 10, 11), reversed(reviews), TALK, strict=False):
        discuss(review=review, indicator="T2", text=text, actor=review.expert.user, at=moment(day, hour))
    consolidate(
        review=lead, opinion=SUMMARY, explanation=SPREAD, finish=finish, actor=lead.expert.user, at=moment(day, 16)
    )


TALK = (
    "样例：中试阶段的风险预案偏弱，我扣在可行性一项。",
    "样例：同意，但备选路线已在任务三中写明，我扣得少些。",
    "样例：建议在任务书中补充第三方测试的时间节点。",
)
SUMMARY = "样例：专家组一致认为关键技术清单目标清晰、可测量，成员分工与资源匹配；中试风险预案应在任务书中补充。"
SPREAD = "样例：差异主要来自对中试风险的判断，讨论后各专家均维持本人评分。"


def _handed_in(application: Application) -> list[Review]:
    rows = application.reviews.filter(status=ReviewStatus.SUBMITTED).select_related("expert__user")
    return list(rows.order_by("ordinal"))
