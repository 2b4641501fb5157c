"""What the city of the demo wants to reach: fifty consortia, then a hundred."""

from datetime import date
from decimal import Decimal

from members.enums import Role
from reports.enums import TargetMetric
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.services.targets import correct_target, set_target

M = TargetMetric
LAST_YEAR = {M.CONSORTIA: "50", M.SUB_FIELDS: "12", M.PAID: "1500000"}
THIS_YEAR = {M.CONSORTIA: "100", M.SUB_FIELDS: "16", M.PAID: "2000000", M.PROJECTS: "80"}
MORE = Decimal(1_800_000)


def set_targets(cast: Cast, year: int) -> None:
    """Targets of two years; one was raised in the middle of the year."""
    set_so_far = {
        (metric, of): set_target(
            metric=metric, year=of, value=Decimal(value), document=f"样例科创委〔{of}〕3号 年度重点工作任务",
            actor=cast.bureau[Role.OFFICER], at=moment(date(of, 1, 20)),
        )
        for of, values in ((year - 1, LAST_YEAR), (year, THIS_YEAR))
        for metric, value in values.items()
    }  # fmt: skip
    correct_target(
        target=set_so_far[M.PAID, year - 1], value=MORE, document=f"样例科创委〔{year - 1}〕17号 年中调整",
        reason="样例：年中追加预算，年度拨付目标相应提高。", actor=cast.bureau[Role.HEAD],
        at=moment(date(year - 1, 7, 3)),
    )  # fmt: skip
