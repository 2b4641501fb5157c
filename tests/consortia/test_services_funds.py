"""Funds and their investments."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.models import Fund, Investment
from consortia.services.funds import (
    add_fund,
    add_investment,
    remove_fund,
    remove_investment,
    update_fund,
    update_investment,
)
from portal.kernel.audit import trail
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.personas import Personas

OTHERS = ["rival", "university_confirmer", "officer", "leader"]


def _fund(people: Personas, **facts: Any) -> Fund:
    return Fund(
        name="样例基金", manager=facts.pop("manager", people.fund), scale=Decimal(10_000_000),
        paid_in=facts.pop("paid_in", Decimal(4_000_000)),
    )  # fmt: skip


def _investment(**facts: Any) -> Investment:
    return Investment(**{"target": "样例被投企业", "amount": Decimal(300), "date": date(2026, 6, 1), **facts})


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


def test_a_fund_invests_in_sub_fields_of_its_own(people: Personas) -> None:
    consortium = ready_consortium(people)
    made = add_fund(
        consortium=consortium, fund=_fund(people), actor=people.lead, at=NOON, sub_fields=[consortium.sub_field]
    )

    update_fund(fund=made, actor=people.lead, at=NOON)

    assert list(made.sub_fields.all()) == [consortium.sub_field]
    update_fund(fund=made, actor=people.lead, at=NOON, sub_fields=[])
    assert made.sub_fields.count() == 0


def test_investments_come_to_sums(people: Personas) -> None:
    consortium = ready_consortium(people)
    fund = add_fund(consortium=consortium, fund=_fund(people), actor=people.lead, at=NOON)
    first = add_investment(fund=fund, investment=_investment(landed=True), actor=people.lead, at=NOON)
    add_investment(fund=fund, investment=_investment(amount=Decimal(50)), actor=people.lead, at=NOON)

    assert (fund.invested, fund.landed) == (Decimal(350), Decimal(300))
    first.amount = Decimal(100)
    update_investment(investment=first, actor=people.lead, at=NOON)
    assert (fund.invested, fund.landed) == (Decimal(150), Decimal(100))
    remove_investment(investment=first, actor=people.lead, at=NOON)
    assert (fund.invested, fund.landed) == (Decimal(50), Decimal(0))
    assert [entry.action for entry in trail(consortium)][:4] == [
        "remove_investment", "update_investment", "add_investment", "add_investment",
    ]  # fmt: skip


def test_nothing_is_invested_tomorrow(people: Personas) -> None:
    fund = add_fund(consortium=ready_consortium(people), fund=_fund(people), actor=people.lead, at=NOON)

    with pytest.raises(ValidationError) as refusal:
        add_investment(fund=fund, investment=_investment(date=date(2026, 11, 19)), actor=people.lead, at=NOON)

    assert list(refusal.value.message_dict) == ["date"]


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_lead_records(people: Personas, who: str) -> None:
    consortium, actor = ready_consortium(people), getattr(people, who)
    fund = add_fund(consortium=consortium, fund=_fund(people), actor=people.lead, at=NOON)
    investment = add_investment(fund=fund, investment=_investment(), actor=people.lead, at=NOON)
    acts: list[tuple[Any, dict[str, Any]]] = [
        (add_fund, {"consortium": consortium, "fund": _fund(people)}),
        (update_fund, {"fund": fund}),
        (remove_fund, {"fund": fund}),
        (add_investment, {"fund": fund, "investment": _investment()}),
        (update_investment, {"investment": investment}),
        (remove_investment, {"investment": investment}),
    ]

    for act, subject in acts:
        with pytest.raises(PermissionDenied):
            act(**subject, actor=actor, at=NOON)

    assert (consortium.funds.count(), fund.investments.count()) == (1, 1)
