"""The health of a consortium: the bounds of every rule, and the figures that the database gives them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from consortia.enums import ConsortiumStatus, ParticipationStatus
from consortia.models import Consortium, SevenOnesYear
from consortia.rules.health import ARRIVED_RED, LATE_RED, SEVEN_GRACE, SILENT_AMBER, SILENT_RED, Signal, Vitals, health
from consortia.selectors.health import healths
from tests.clock import NOON
from tests.factories.books import make_one
from tests.factories.consortia import ready_consortium
from tests.personas import Personas

TODAY = date(2026, 6, 1)
YEAR = {"elapsed": 365, "period": 730, "promised": Decimal(1_000_000)}  # half the promises are due: 500,000


@pytest.mark.parametrize(
    ("vitals", "signal"),
    [
        (Vitals(), Signal.GREEN),
        (Vitals(late_milestones=1, days_late=1), Signal.AMBER),
        (Vitals(late_milestones=3, days_late=LATE_RED), Signal.AMBER),
        (Vitals(late_milestones=1, days_late=LATE_RED + 1), Signal.RED),
        (Vitals(silent_members=2, days_silent=SILENT_AMBER), Signal.GREEN),
        (Vitals(silent_members=2, days_silent=SILENT_AMBER + 1), Signal.AMBER),
        (Vitals(silent_members=1, days_silent=SILENT_RED + 1), Signal.RED),
        (Vitals(**YEAR, arrived=Decimal(250_000)), Signal.GREEN),
        (Vitals(**YEAR, arrived=Decimal("249999.99")), Signal.AMBER),
        (Vitals(**YEAR, arrived=500_000 * ARRIVED_RED), Signal.AMBER),
        (Vitals(**YEAR), Signal.RED),
        (Vitals(elapsed=180, period=730, promised=Decimal(1_000_000)), Signal.GREEN),
        (Vitals(elapsed=900, period=730, promised=Decimal(100), arrived=Decimal(50)), Signal.GREEN),
        (Vitals(elapsed=365), Signal.GREEN),
        (Vitals(is_rectifying=True), Signal.RED),
        (Vitals(unclaimed=7, days_since_year=SEVEN_GRACE), Signal.GREEN),
        (Vitals(unclaimed=1, days_since_year=SEVEN_GRACE + 1), Signal.AMBER),
        (Vitals(days_since_year=SEVEN_GRACE + 1), Signal.GREEN),
    ],
)
def test_every_rule_has_its_bounds(vitals: Vitals, signal: Signal) -> None:
    assert health(vitals).signal == signal


def test_the_gravest_reason_comes_first_and_names_its_figures() -> None:
    with translation.override("zh-hans"):
        found = health(Vitals(late_milestones=2, days_late=9, silent_members=1, days_silent=50))

    assert [one.signal for one in found.reasons] == [Signal.RED, Signal.AMBER]
    assert [str(one.text) for one in found.reasons] == [
        "1 家成员未答复，最长已 50 天",
        "2 个里程碑逾期，最长 9 天",
    ]


@pytest.mark.django_db
def test_the_figures_come_from_milestones_and_members(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    last = max(one.due for task in consortium.tasks.all() for one in task.milestones.all())
    member = consortium.participations.exclude(role="LEAD").first()
    assert member is not None
    type(member).objects.filter(pk=member.pk).update(
        invited_at=NOON, confirmed_by=None, confirmed_at=None, status=ParticipationStatus.INVITED
    )

    found = healths([consortium], today=last + timedelta(days=1))[consortium.pk]

    assert found.signal == Signal.RED
    assert sorted(str(one.text).split()[1] for one in found.reasons if str(one.text)[0].isdigit()) == [
        "member", "milestone", "of", "of",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_not_claimed_for_the_last_year_is_said_until_the_year_is_closed(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING, recognised_on=date(2025, 12, 31))
    make_one(consortium, people.lead, year=2025)

    assert said(consortium, date(2026, 3, 31)) == []
    assert said(consortium, date(2026, 4, 2)) == ["6 of the Seven Ones of last year are not claimed"]
    assert said(consortium, date(2025, 12, 31)) == []
    SevenOnesYear.objects.create(year=2025, closed_by=people.head, closed_at=NOON)
    assert said(consortium, date(2026, 4, 2)) == []


def said(consortium: Consortium, today: date) -> list[str]:
    reasons = healths([consortium], today=today)[consortium.pk].reasons
    return [str(one.text) for one in reasons if "Seven" in str(one.text)]


@pytest.mark.django_db
def test_what_is_not_at_work_is_not_judged(people: Personas) -> None:
    assert healths([ready_consortium(people)], today=TODAY) == {}


@pytest.mark.django_db
def test_a_page_of_consortia_costs_five_queries(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)

    with CaptureQueriesContext(connection) as captured:
        healths([consortium] * 50, today=TODAY)

    assert len(captured) == 5
