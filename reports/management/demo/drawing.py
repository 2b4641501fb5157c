"""Draws of experts: prepared by the desk, witnessed by the supervisor, one exception."""

from collections.abc import Sequence
from datetime import date, timedelta

from funding.models import Application
from funding.services.draws import Beacon, draw_experts, prepare_draw, witness_draw
from funding.services.experts import agree_experts, propose_experts
from members.enums import Role
from members.models import Expert
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

SEATS = 3
SOURCE = "样例公开数列（演示用，并非真实开奖结果）"
DAY = timedelta(days=1)


def draw(cast: Cast, application: Application, day: date) -> Application:
    """Three experts by a draw that took two days; its randomness is a made-up row of numbers."""
    desk, supervisor = cast.bureau[Role.ACCEPTANCE], cast.bureau[Role.SUPERVISOR]
    beacon = Beacon(SOURCE, moment(day - DAY, 21))
    found = prepare_draw(
        application=application, seats=SEATS, beacon=beacon, actor=desk, at=moment(day - 2 * DAY)
    )  # fmt: skip
    witness_draw(draw=found, actor=supervisor, at=moment(day - 2 * DAY, 15))
    draw_experts(draw=found, randomness=numbers(application), actor=supervisor, at=moment(day, 9))
    application.refresh_from_db()
    return application


def numbers(application: Application) -> str:
    """Six numbers and one more, out of the number of the application."""
    seed = int("".join(sign for sign in application.number if sign.isdigit()))
    row = sorted({(seed * step * step + 7 * step) % 33 + 1 for step in range(1, 40)})[seed % 5 :: 4][:6]
    return f"{' '.join(f'{one:02d}' for one in row)} + {seed % 16 + 1:02d}"


def wait(cast: Cast, application: Application, today: date) -> None:
    """A draw that the supervisor is still to witness."""
    beacon = Beacon(SOURCE, moment(today + 3 * DAY, 21))
    prepare_draw(
        application=application, seats=SEATS, beacon=beacon, actor=cast.bureau[Role.ACCEPTANCE], at=moment(today - DAY)
    )


def name(cast: Cast, application: Application, day: date, experts: Sequence[Expert]) -> Application:
    """Named instead of drawn, with the supervisor's consent."""
    reason = "该领域在库专家均须回避，经研究由下列专家评审（样例）。"
    naming = propose_experts(
        application=application, experts=experts, reason=reason, actor=cast.bureau[Role.ACCEPTANCE],
        at=moment(day - DAY),
    )  # fmt: skip
    agree_experts(naming=naming, actor=cast.bureau[Role.SUPERVISOR], at=moment(day), note="同意，已核对回避情况。")
    application.refresh_from_db()
    return application
