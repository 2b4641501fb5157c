"""Similarity: an application of this year has taken over a passage of an earlier one; another pair is judged."""

from datetime import date, timedelta

from funding.enums import SimilarityVerdict
from funding.models import Application, SimilarityFinding
from funding.selectors.similarity import compare, uncompared
from funding.services.applications import edit_application
from funding.services.similarity import judge_similarity, order_comparison, store_comparison, store_passages
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

LENDER, TWIN = 29, 30  # of the script
PASSAGE = (
    "针对样例部件在高低温循环下漂移过大的问题，项目组搭建了一百二十组对照试验，"
    "逐项排查材料批次、封装应力和驱动波形的影响，确认封装应力为主要来源；据此提出双层缓冲结构，"
    "首轮样件在零下四十度至八十五度区间内漂移降低三分之二，重复性误差控制在千分之三以内。"
)
RULES = (
    "联合体成员共用一套样例测试规程：每批样件随机抽取三十件，由两家成员各测一次，结果相差超过"
    "百分之二的送第三方复测，复测结论为准。"
)


def lend(cast: Cast, application: Application, number: int, day: date) -> None:
    """Two of last year's describe a rule that their members share; one tells of an experiment as well."""
    if number in {LENDER, TWIN}:
        _add(cast, application, f"{RULES}{PASSAGE}" if number == LENDER else RULES, day)


def borrow(cast: Cast, application: Application, day: date) -> None:
    """The experiment of another consortium, a few words changed."""
    text = PASSAGE.replace("项目组搭建了一百二十组", "我们完成了一百组").replace("三分之二", "六成以上")
    _add(cast, application, text, day)


def _add(cast: Cast, application: Application, text: str, day: date) -> None:
    route = f"{application.route}\n{text}"
    edit_application(
        application=application, actor=cast.of(application.consortium.lead), at=moment(day), section="route",
        values={"route": route},
    )  # fmt: skip


def compare_all(cast: Cast, today: date) -> None:
    """What the worker would find; a rule that two consortia share is found to be unobjectionable."""
    applications = list(uncompared().select_related("call__rules").order_by("submitted_at"))
    for application in applications:
        store_passages(application=application, snapshot_hash=application.snapshot_hash)
    for application in applications:
        at = moment(today - timedelta(days=3))
        job = order_comparison(application=application, at=at)
        store_comparison(
            application=application, comparison=compare(application), snapshot_hash=application.snapshot_hash,
            key=job.key, at=at,
        )  # fmt: skip
    twins = SimilarityFinding.objects.filter(own=False, passages__text__contains=RULES[:20])
    for finding in twins.distinct():
        judge_similarity(
            finding=finding, actor=cast.bureau[Role.OFFICER], at=moment(today - timedelta(days=2)),
            verdict=SimilarityVerdict.UNOBJECTIONABLE, reason="两家联合体共用同一测试规程，已核对规程原文。",
        )  # fmt: skip
