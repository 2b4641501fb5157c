"""F15, F17 and F19: what is left of ended projects, when a return counts, what experts are to get."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from funding.enums import BatchStatus, ReviewStatus, SessionKind, SessionStatus, TrancheStatus
from funding.models import Contract, RuleSet, SessionSeat
from funding.rules.fees import FEES, fees_of
from funding.services.payments import return_payment
from portal.kernel.models import ExportLog
from reports.exporters import BY_SLUG
from tests.clock import NOON
from tests.factories.funding import (
    make_application,
    make_award,
    make_contract,
    make_expenditure,
    make_recovery,
    make_review,
    make_session,
    make_tranche,
)
from tests.factories.payments import make_batch
from tests.personas import Personas
from tests.reports.test_exports import enter, lines, take
from tests.reports.test_funding_reports import page


def cells(slug: str, user: Any, query: str = "") -> list[dict[str, Any]]:
    """The rows of a report's page, by the names of its columns."""
    names = [column.name for column in BY_SLUG[slug].columns]
    found = page(user, slug, query).context["rows"]
    return [dict(zip(names, (text for _kind, text in row), strict=True)) for row in found]


def rests(user: Any) -> list[Any]:
    report = BY_SLUG["surplus"]
    return list(report.made(report.base(user)))


# --- F15 ---------------------------------------------------------------------------------------
@pytest.fixture
def ended(people: Personas) -> Contract:
    """An expired contract whose lead got money and has spent a part of it."""
    contract = make_contract(people)
    make_tranche(people, contract.award, TrancheStatus.PAID, amount=Decimal("1000.00"))
    make_expenditure(people, contract.award, amount=Decimal("300.10"))
    make_expenditure(people, contract.award, amount=Decimal("50.00"), source="OWN")
    make_expenditure(people, contract.award, amount=Decimal("60.00"), status="REFUSED")
    Contract.objects.filter(pk=contract.pk).update(status="EXPIRED")
    contract.refresh_from_db()
    return contract


def test_what_is_left_of_an_ended_project_is_to_be_claimed_back(people: Personas, ended: Contract) -> None:
    make_tranche(people, make_contract(people).award, TrancheStatus.PAID)  # goes on

    [row] = rests(people.finance)

    assert (row.received, row.spent, row.surplus) == (Decimal(1000), Decimal("300.10"), Decimal("699.90"))
    assert (row.handling, row.when, row.how) == ("To be claimed back", ended.ends_on, "Expired without acceptance")


def test_a_claim_says_that_it_is_claimed_back_unless_it_was_stopped(people: Personas, ended: Contract) -> None:
    make_recovery(people, ended.award, "STOPPED", amount=Decimal("5.00"), closed_by=people.leader, closed_at=NOON)
    [before] = rests(people.finance)
    make_recovery(people, ended.award, amount=Decimal("699.90"))

    [after] = rests(people.finance)

    assert (before.handling, before.claimed) == ("To be claimed back", 0)
    assert (after.handling, after.claimed, after.returned) == ("Claimed back", Decimal("699.90"), 0)


def test_the_rules_say_after_which_conclusion_a_surplus_stays(people: Personas, ended: Contract) -> None:
    [row] = rests(people.finance)
    row.conclusion = "PASSED"
    kept = row.handling
    row.award.application.call.rules.data = {**row.award.application.call.rules.data, "surplus": {"stays": []}}

    assert (kept, row.handling) == ("Stays with the organisation", "To be claimed back")


# --- F17 ---------------------------------------------------------------------------------------
def test_a_return_counts_in_the_year_in_which_it_came_back(people: Personas) -> None:
    tranche = make_tranche(people, status=TrancheStatus.PAID, paid_on=date(2025, 12, 30), amount=Decimal("1000.00"))
    return_payment(
        tranche=tranche, actor=people.finance, returned_on=date(2026, 1, 5), reason="样例：户名不符", at=NOON
    )

    [before, after] = cells("settlement", people.finance)
    [narrowed] = cells("settlement", people.finance, "year=2026")

    assert (before["year"], before["payments"], before["net_amount"], before["returned"]) == (
        "2025",
        "1",
        "0.10",
        "0.00",
    )
    assert (after["year"], after["payments"], after["amount_paid"], after["returned"]) == ("2026", "0", "0.00", "0.10")
    assert narrowed == after


# --- F19 ---------------------------------------------------------------------------------------
def test_the_tax_follows_the_steps() -> None:
    fees = fees_of({})

    taxes = {pay: fees.withheld(Decimal(pay)) for pay in (800, 801, 4000, 4001, 25_000, 25_001, 100_000)}

    assert taxes == {
        800: 0, 801: Decimal("0.20"), 4000: 640, 4001: Decimal("640.16"), 25_000: 4_000, 25_001: Decimal("4000.24"),
        100_000: 25_000,
    }  # fmt: skip


def test_an_expert_gets_reviews_and_sessions_of_a_month_together(people: Personas) -> None:
    case = make_application(people, "REVIEWING")
    first, second, third = people.experts
    for expert in (first, second):
        make_review(case, expert, people, ReviewStatus.SUBMITTED)
    make_review(case, third, people, ReviewStatus.ACCEPTED)
    held = make_session(people, case, status=SessionStatus.LOCKED)
    open_ = make_session(people, case, status=SessionStatus.INVITED, kind=SessionKind.SITE_VISIT)
    SessionSeat.objects.filter(session=held).exclude(person=second.user).update(signed_in_at=NOON)
    SessionSeat.objects.filter(session=open_).update(signed_in_at=NOON)
    data = {**case.call.rules.data, "fees": {"session": {"DEFENCE": "1600.00"}}}
    RuleSet.objects.filter(pk=case.call.rules_id).update(data=data)

    names = [row["expert"] for row in cells("expert-fees", people.finance)]

    review, session = Decimal(FEES["review"]), Decimal(1600)
    assert len(names) == 3  # the chair's seat is not an expert's
    assert all(name.endswith("**") for name in names)
    report = BY_SLUG["expert-fees"]
    pays = {pay.expert.user: (pay.amount, pay.tax) for pay in report.made(report.base(people.finance))}
    assert pays[first.user] == (review + session, (review + session - 800) / 5)
    assert pays[second.user] == (review, 0)
    assert pays[third.user] == (session, (session - 800) / 5)


def test_the_fees_of_experts_are_taken_with_a_purpose_only(people: Personas) -> None:
    case = make_application(people, "REVIEWING")
    make_review(case, people.experts[0], people, ReviewStatus.SUBMITTED)

    address = reverse("reports:export-take", args=["expert-fees"])
    bare = enter(people.finance).post(address, {"format": "csv", "purpose": ""})
    heading, row = lines(take(people.finance, "expert-fees", purpose="样例：发放评审费"))

    assert (bare.status_code, "purpose" in bare.context["form"].errors) == (200, True)
    assert row[heading.index("Amount before tax (yuan)")] == FEES["review"]
    assert people.experts[0].user.name not in str(row)
    assert ExportLog.objects.get().purpose == "样例：发放评审费"


# --- numbers of batches ------------------------------------------------------------------------
def test_a_number_of_a_batch_is_found_from_its_beginning(people: Personas) -> None:
    award = make_contract(people, make_award(people)).award
    batch = make_batch(people, make_tranche(people, award, TrancheStatus.APPROVED), status=BatchStatus.PREPARED)

    def found(words: str) -> int:
        return len(page(people.finance, "payment-orders", f"q={words}").context["rows"])

    assert [found(batch.number), found(batch.number[:-1].lower()), found(batch.number[1:])] == [1, 1, 0]
