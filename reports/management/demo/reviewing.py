"""What stands open in a running review: a half-filled sheet, a disputed fact, the wish to score again."""

from datetime import date
from decimal import Decimal

from funding.enums import ReviewStatus
from funding.models import Application
from funding.services.disputes import ask_reopening, dispute_fact
from funding.services.reviews import accept_review
from funding.services.scores import Entry, save_scores
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


def ask_again(cast: Cast, application: Application, day: date) -> None:
    """The officer asks to let an expert score again; the supervisor has not decided."""
    review = application.reviews.filter(status=ReviewStatus.SUBMITTED).first()
    if review is not None:
        reason = "样例：该专家反映评分时附件三尚未扫描完成，未能查看。"
        ask_reopening(review=review, reason=reason, actor=cast.bureau[Role.OFFICER], at=moment(day))
