"""Outcomes, joint platforms and funds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import translation

from consortia.enums import ConsortiumStatus, OutcomeKind, PlatformKind
from consortia.models import Fund, Outcome, Platform
from consortia.services.outcomes import (
    add_fund,
    add_outcome,
    add_platform,
    remove_fund,
    remove_outcome,
    remove_platform,
    update_fund,
    update_outcome,
    update_platform,
)
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_consortium, make_participation, make_task, ready_consortium
from tests.personas import Personas

S = ConsortiumStatus
OTHERS = ["rival", "university_confirmer", "officer", "leader"]
ALREADY = ["An outcome of this kind and number is recorded already."]


def _outcome(people: Personas, **facts: Any) -> Outcome:
    facts.setdefault("owner", people.lead_org)
    facts.setdefault("date", date(2026, 5, 1))
    facts.setdefault("identifier", "ZL202610000001")
    return Outcome(kind=OutcomeKind.PATENT, name="样例发明专利", **facts)


def _platform(people: Personas, **facts: Any) -> Platform:
    return Platform(
        kind=PlatformKind.PILOT_LINE,
        name="样例中试线",
        builder=facts.pop("builder", people.lead_org),
        area=800,
        **facts,
    )


def _fund(people: Personas, **facts: Any) -> Fund:
    return Fund(
        name="样例基金", manager=facts.pop("manager", people.fund), scale=Decimal(10_000_000),
        paid_in=facts.pop("paid_in", Decimal(4_000_000)),
    )  # fmt: skip


@pytest.mark.parametrize("status", [S.PREPARING, S.OPERATING, S.RECTIFYING])
def test_outcomes_are_recorded_while_alive(people: Personas, status: str) -> None:
    consortium = ready_consortium(people, status=status)

    made = add_outcome(consortium=consortium, outcome=_outcome(people), actor=people.lead, at=NOON)
    made.name = "样例发明专利（授权）"
    update_outcome(outcome=made, actor=people.lead, at=NOON)

    assert consortium.outcomes.get().name == "样例发明专利（授权）"
    remove_outcome(outcome=made, actor=people.lead, at=NOON)
    assert consortium.outcomes.count() == 0
    assert [entry.action for entry in trail(consortium)] == ["remove_outcome", "update_outcome", "add_outcome"]


@pytest.mark.parametrize("status", [S.GRADUATED, S.EXITED, S.REVOKED])
def test_nothing_is_recorded_after_the_end(people: Personas, status: str) -> None:
    consortium = ready_consortium(people, status=status)

    with pytest.raises(TransitionRefused):
        add_outcome(consortium=consortium, outcome=_outcome(people), actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        add_platform(consortium=consortium, platform=_platform(people), actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        add_fund(consortium=consortium, fund=_fund(people), actor=people.lead, at=NOON)


def test_an_outcome_is_claimed_once_in_the_whole_portal(people: Personas) -> None:
    first, second = ready_consortium(people), make_consortium(people)
    make_participation(second, people.lead_org, people.lead)
    add_outcome(consortium=first, outcome=_outcome(people), actor=people.lead, at=NOON)

    with pytest.raises(ValidationError) as refusal:
        add_outcome(consortium=second, outcome=_outcome(people), actor=people.lead, at=NOON)

    assert refusal.value.messages == ALREADY


@pytest.mark.django_db(transaction=True)
def test_two_consortia_claim_the_same_outcome_at_once() -> None:
    people = Personas()
    consortia = [make_consortium(people), make_consortium(people)]
    for consortium in consortia:
        make_participation(consortium, people.lead_org, people.lead)

    def claim(number: int) -> ValidationError | None:
        try:
            with translation.override("en"):
                add_outcome(consortium=consortia[number], outcome=_outcome(people), actor=people.lead, at=NOON)
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        refusals = [refusal for refusal in pool.map(claim, [0, 1]) if refusal]

    assert [refusal.messages for refusal in refusals] == [ALREADY]
    assert Outcome.objects.count() == 1


def test_an_outcome_belongs_to_a_member_a_task_and_the_past(people: Personas) -> None:
    consortium, elsewhere = ready_consortium(people), make_task(make_consortium(people))
    wrong = [{"owner": people.rival_org}, {"task": elsewhere}, {"date": date(2026, 11, 19)}]

    fields = []
    for facts in wrong:
        with pytest.raises(ValidationError) as refusal:
            add_outcome(consortium=consortium, outcome=_outcome(people, **facts), actor=people.lead, at=NOON)
        fields += list(refusal.value.message_dict)

    assert fields == ["owner", "task", "date"]


def test_platforms(people: Personas) -> None:
    consortium = ready_consortium(people)
    made = add_platform(consortium=consortium, platform=_platform(people), actor=people.lead, at=NOON)
    made.opened_on = date(2026, 11, 18)

    update_platform(platform=made, actor=people.lead, at=NOON)

    assert consortium.platforms.get().opened_on == date(2026, 11, 18)
    remove_platform(platform=made, actor=people.lead, at=NOON)
    assert consortium.platforms.count() == 0


def test_a_platform_is_built_by_a_member_and_not_opened_tomorrow(people: Personas) -> None:
    consortium = ready_consortium(people)

    for facts, field in (({"builder": people.rival_org}, "builder"), ({"opened_on": date(2026, 11, 19)}, "opened_on")):
        with pytest.raises(ValidationError) as refusal:
            add_platform(consortium=consortium, platform=_platform(people, **facts), actor=people.lead, at=NOON)
        assert list(refusal.value.message_dict) == [field]


def test_funds(people: Personas) -> None:
    consortium = ready_consortium(people)
    made = add_fund(consortium=consortium, fund=_fund(people), actor=people.lead, at=NOON)
    made.paid_in = Decimal(10_000_000)

    update_fund(fund=made, actor=people.lead, at=NOON)

    assert consortium.funds.get().paid_in == Decimal(10_000_000)
    remove_fund(fund=made, actor=people.lead, at=NOON)
    assert consortium.funds.count() == 0


def test_no_more_is_paid_in_than_the_fund_is_large(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        add_fund(
            consortium=ready_consortium(people), fund=_fund(people, paid_in=Decimal("10000000.01")), actor=people.lead,
            at=NOON,
        )  # fmt: skip

    assert list(refusal.value.message_dict) == ["paid_in"]


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_lead_records(people: Personas, who: str) -> None:
    consortium, actor = ready_consortium(people), getattr(people, who)
    outcome = add_outcome(consortium=consortium, outcome=_outcome(people), actor=people.lead, at=NOON)
    platform = add_platform(consortium=consortium, platform=_platform(people), actor=people.lead, at=NOON)
    fund = add_fund(consortium=consortium, fund=_fund(people), actor=people.lead, at=NOON)
    acts: list[tuple[Any, dict[str, Any]]] = [
        (add_outcome, {"consortium": consortium, "outcome": _outcome(people, identifier="ZL2")}),
        (update_outcome, {"outcome": outcome}),
        (remove_outcome, {"outcome": outcome}),
        (add_platform, {"consortium": consortium, "platform": _platform(people)}),
        (update_platform, {"platform": platform}),
        (remove_platform, {"platform": platform}),
        (add_fund, {"consortium": consortium, "fund": _fund(people)}),
        (update_fund, {"fund": fund}),
        (remove_fund, {"fund": fund}),
    ]

    for act, subject in acts:
        with pytest.raises(PermissionDenied):
            act(**subject, actor=actor, at=NOON)

    assert (consortium.outcomes.count(), consortium.platforms.count(), consortium.funds.count()) == (1, 1, 1)
