"""Funding reports made files in the background: some ready, one to be signed, one too old, one stopped, one monthly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import reports.tasks  # noqa: F401  (its job is run here)
from members.enums import Role
from members.models import User
from portal.kernel import jobs
from reports.enums import Rhythm
from reports.exporters import BY_SLUG
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.models import ExportJob
from reports.services.exports import Asked, cancel_export, order_export, prune_exports
from reports.services.schedules import schedule_export

DAY = timedelta(days=1)
LONG_AGO = 20 * DAY


def have_made(cast: Cast, today: date) -> None:
    """What finance and the head had made."""
    finance, head = cast.bureau[Role.FINANCE], cast.bureau[Role.HEAD]
    _made(_ordered(finance, "settlement", "样例：季度对账", today - LONG_AGO))
    prune_exports(at=moment(today, 6))
    _made(_ordered(finance, "tranches", "样例：年终决算核对", today - DAY))
    _made(_ordered(head, "awards", "样例：局长办公会材料", today - 2 * DAY))
    _made(_ordered(finance, "payment-orders", "样例：送财政局签批", today - DAY, format="pdf"))
    stopped = _ordered(finance, "expenditures", "样例：抽查", today - DAY)
    monthly = BY_SLUG["execution"]
    schedule_export(
        export=monthly.export(monthly.base(finance), []), asked=_asked("样例：预算执行月报"), rhythm=Rhythm.MONTHLY,
        working_day=3, actor=finance, at=moment(today - DAY, 16),
    )  # fmt: skip
    cancel_export(order=stopped, actor=finance, at=moment(today - DAY, 16))


def _ordered(user: User, slug: str, purpose: str, day: date, **facts: Any) -> ExportJob:
    report = BY_SLUG[slug]
    asked = replace(_asked(purpose), **facts)
    return order_export(export=report.export(report.base(user), []), asked=asked, actor=user, at=moment(day, 15))


def _asked(purpose: str) -> Asked:
    return Asked(format="xlsx", language="zh-hans", query="", params={}, words=[], purpose=purpose)


def _made(order: ExportJob) -> None:
    jobs.run(order.job_id, order.job.run_after)
