"""The call that is open today, and the rehearsal beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from consortia.enums import Tier
from consortia.models import Consortium
from funding.enums import ExpertMode
from funding.models import Application, Call
from funding.selectors.eligibility import start_obstacles
from portal.kernel.authz import may
from reports.management.demo import applying, comparing, designing, forming, guarding, inviting
from reports.management.demo.advising import advise
from reports.management.demo.calendar import Days, batch_days, lately, moment
from reports.management.demo.case import Case
from reports.management.demo.cast import Cast
from reports.management.demo.forming import Stage
from reports.management.demo.script import Row, fresh_rows

RISING = 3
QUOTAS = {"320509": 5, "320581": 6, "320582": 6, "320583": 8, "320585": 4}


def open_call(stage: Stage, year: int, today: date, cultivated: list[Case]) -> None:
    """The call that is open: one forming, one writing, one with the district, one with the bureau, three to rise."""
    cast, opens = stage.cast, today - timedelta(days=20)
    days = batch_days(2026, 2, today)
    days = Days(**{**vars(days), "opens": opens, "closes": today + timedelta(days=20)})
    form = designing.design(cast, opens - timedelta(days=12))
    terms: dict[str, Any] = {"quotas": QUOTAS, "takes_upgrade": True, "grace_minutes": 15, "form_version": form,
                             "expert_mode": ExpertMode.INVITED}  # fmt: skip
    call = applying.announce(cast, year=year, number=2, batch=8, days=days, **terms)
    for row in fresh_rows(year, 8):
        if row.state == "FORMING":
            show_members(cast, forming.form(stage, row, lately(today), confirmed=4))
            continue
        consortium = forming.form(stage, row, opens + timedelta(days=2))
        application = applying.write(cast, call, consortium, row, opens + timedelta(days=6))
        if row.state == "DRAFT":
            applying.share(cast, application, opens + timedelta(days=7))
            guarding.avoid(cast, application, opens + timedelta(days=7))
            continue
        if row.state == "RECOMMENDED":
            comparing.borrow(cast, application, opens + timedelta(days=8))
            guarding.avoid(cast, application, opens + timedelta(days=9))
        applying.submit(cast, application, opens + timedelta(days=10))
        if row.state == "SUSPENDED":
            suspend(cast, application, opens)
        elif row.state != "RECOMMENDED":
            rehearse(cast, year, days, consortium, row)
        else:
            applying.correct(cast, application, opens + timedelta(days=12))
            applying.recommend(cast, application, opens + timedelta(days=15))
    rising = rise(cast, call, cultivated, opens)
    for application in rising[1:]:  # of the first supervision has still to look at the credit
        applying.clear(cast, application, today - timedelta(days=3))
    inviting.wait(cast, rising[1:], today)
    advise(cast, call, today)


def suspend(cast: Cast, application: Application, opens: date) -> None:
    """Supervision lets it wait for an explanation."""
    applying.recommend(cast, application, opens + timedelta(days=12))
    applying.check(cast, application, opens + timedelta(days=14))
    applying.suspend(cast, application, opens + timedelta(days=16))


def rise(cast: Cast, call: Call, cultivated: list[Case], opens: date) -> list[Application]:
    """Some of the cultivation pool apply for tier B; their applications, formally checked."""
    at = moment(opens + timedelta(days=8))
    return [_rise(cast, call, case, opens) for case in islice(_fit(cast, call, cultivated, at), RISING)]


def _fit(cast: Cast, call: Call, cultivated: list[Case], at: datetime) -> Iterator[Case]:
    """Those whose lead is still the one of the script, and may apply."""
    for case in cultivated:
        case.consortium.refresh_from_db()
        person = cast.people.get(case.consortium.lead_id)
        writes = person is not None and may(person, "funding.start_application", case.consortium)
        if writes and not start_obstacles(call, case.consortium, Tier.B, at):
            yield case


def _rise(cast: Cast, call: Call, case: Case, opens: date) -> Application:
    row = replace(case.row, tier="B", granted=Decimal(0))
    application = applying.write(cast, call, case.consortium, row, opens + timedelta(days=8))
    applying.submit(cast, application, opens + timedelta(days=11))
    applying.recommend(cast, application, opens + timedelta(days=14))
    return applying.check(cast, application, opens + timedelta(days=16))


def rehearse(cast: Cast, year: int, days: Days, consortium: Consortium, row: Row) -> None:
    """Beside it one practises: a consortium submitted in a rehearsal, and the district has still to answer."""
    days = Days(**{**vars(days), "opens": days.opens + timedelta(days=3)})
    call = applying.announce(
        cast, year=year, number=1, batch=1, days=days, rehearsal=True, title=f"{year}年度创新联合体申报演练（样例）"
    )
    application = applying.write(cast, call, consortium, row, days.opens + timedelta(days=1))
    applying.submit(cast, application, days.opens + timedelta(days=2))


def show_members(cast: Cast, consortium: Consortium) -> None:
    """Two members that have not answered yet can be signed in as."""
    for participation in consortium.participations.filter(confirmed_at=None).select_related("organisation")[:2]:
        person = cast.of(participation.organisation)
        person.is_demo, person.title = True, "待确认的成员单位"
        person.save(update_fields=["is_demo", "title"])
