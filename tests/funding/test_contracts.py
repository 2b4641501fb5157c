"""Contracts: drafted from the application, mended by the officer, offered, and whether their figures add up."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from consortia.enums import Tier
from funding.enums import Action, ApplicationStatus, BudgetCategory, BudgetSource, ContractStatus, TrancheCondition
from funding.models import Contract, Recusal
from funding.rules import contracts
from funding.services.awards import create_award
from funding.services.drafting import Instalment, offer_contract, set_frame, set_plan, set_targets
from funding.workflow import TRANCHE
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_budget_item, make_contract, make_tranche
from tests.personas import Personas

C, T = ContractStatus, TrancheCondition


def drafted(people: Personas, **facts: Any) -> Contract:
    """The draft of an award of 1.55 million, of 1.8 million applied for over two years."""
    application = make_application(people, ApplicationStatus.APPROVED, **facts)
    lead = application.consortium.lead_id
    make_budget_item(application, lead, BudgetSource.GRANT, {2026: 1_000_000, 2027: 800_000})
    make_budget_item(application, lead, BudgetSource.OWN, {2026: 500_000}, category=BudgetCategory.LABOUR)
    freeze(application)
    with transaction.atomic():
        award = create_award(application=application, actor=people.leader, document_number="样科〔2026〕9号", at=NOON)
    return award.contract


# --- rules -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months", "later"),
    [(date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2026, 12, 1), 12, date(2027, 12, 1)),
     (date(2024, 2, 29), 12, date(2025, 2, 28))],
)  # fmt: skip
def test_months_end_where_the_month_ends(day: date, months: int, later: date) -> None:
    assert contracts.months_later(day, months) == later


@pytest.mark.parametrize("award", ["1550000.00", "999999.99", "0.00", "1800000.01"])
def test_the_grant_applied_for_is_cut_to_the_award_to_the_cent(award: str) -> None:
    organisation = {"id": "1", "name": "样例"}
    rows = [
        {"organisation": organisation, "source": "GRANT", "amounts": {"2026": "333333.33", "2027": "1466666.67"}},
        {"organisation": organisation, "source": "OWN", "amounts": {"2026": "500000.00"}},
    ]

    found = contracts.scaled(rows, Decimal(award))

    assert contracts.from_source(found, "GRANT") == Decimal(award)
    assert (found[1]["total"], rows[0]["amounts"]["2026"]) == ("500000.00", "333333.33")


# --- the draft ---------------------------------------------------------------------------------
def test_the_draft_follows_from_the_application_and_adds_up(people: Personas) -> None:
    contract = drafted(people)
    terms = contract.terms

    assert (contract.status, contract.version, terms["years"]) == (C.DRAFT, 1, ["2026", "2027", "2028", "2029"])
    assert contracts.faults(terms) == []
    assert terms["shares"] | {"name": ""} == {
        "city": "1550000.00", "district": "775000.00", "percent": "50.00", "name": "",
    }  # fmt: skip
    assert {one["code"] for one in terms["targets"]} > {"patents", "transfers", "people"}
    assert terms["parties"][0]["grant"] == "1550000.00"
    assert terms["parties"][0]["id"] == str(people.lead_org.pk)
    assert len(terms["parties"]) > 1


def test_an_award_without_money_has_a_contract_without_tranches(people: Personas) -> None:
    contract = drafted(people, decided_tier=Tier.C, decided_amount=Decimal(0))

    assert (contract.terms["tranches"], contracts.faults(contract.terms)) == ([], [])


def test_an_old_application_without_a_budget_gives_the_grant_to_the_lead(people: Personas) -> None:
    application = make_application(people, ApplicationStatus.APPROVED)
    with transaction.atomic():
        award = create_award(application=application, actor=people.leader, document_number="样例1号", at=NOON)

    assert contracts.faults(award.contract.terms) == []


# --- mending -----------------------------------------------------------------------------------
def test_the_plan_is_mended_in_the_books_and_comes_to_the_award(people: Personas) -> None:
    contract = drafted(people)
    plan = [Instalment(Decimal(775_000), T.CONTRACT), Instalment(Decimal(465_000), T.EVALUATION)]

    with pytest.raises(ValidationError):
        set_plan(contract=contract, actor=people.officer, plan=plan, at=NOON)
    assert contract.award.tranches.count() == 2
    plan.append(Instalment(Decimal(310_000), T.ACCEPTANCE))
    set_plan(contract=contract, actor=people.officer, plan=plan, at=NOON)

    rows = list(contract.award.tranches.values_list("sequence", "percent", "condition"))
    assert rows == [(1, 50, "CONTRACT"), (2, 30, "EVALUATION"), (3, 20, "ACCEPTANCE")]
    assert [one["amount"] for one in contract.terms["tranches"]] == ["775000.00", "465000.00", "310000.00"]
    set_plan(contract=contract, actor=people.officer, plan=[Instalment(Decimal(1_550_000), T.CONTRACT)], at=NOON)
    assert contract.award.tranches.count() == 1


def test_a_plan_under_way_stays_as_it_is(people: Personas) -> None:
    contract = drafted(people)
    contract.award.tranches.filter(sequence=2).update(condition_met_on=NOON.date())

    with pytest.raises(TransitionRefused):
        set_plan(contract=contract, actor=people.officer, plan=[Instalment(Decimal(1_550_000), T.CONTRACT)], at=NOON)


def test_a_term_does_not_lose_figures(people: Personas) -> None:
    contract = drafted(people)
    facts = {"purpose": "样例", "district_percent": Decimal(30), "at": NOON, "actor": people.officer}

    with pytest.raises(ValidationError):
        set_frame(contract=contract, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31), **facts)
    with pytest.raises(ValidationError):
        set_frame(contract=contract, starts_on=date(2026, 12, 1), ends_on=date(2026, 11, 30), **facts)
    set_frame(contract=contract, starts_on=date(2026, 12, 1), ends_on=date(2030, 1, 31), **facts)

    assert (contract.terms["years"][-1], contract.terms["shares"]["district"]) == ("2030", "465000.00")


@pytest.mark.parametrize("name", ["lead", "finance", "head", "leader", "district_officer"])
def test_only_an_officer_drafts(people: Personas, name: str) -> None:
    contract = drafted(people)

    with pytest.raises(PermissionDenied):
        set_targets(contract=contract, actor=getattr(people, name), targets=[], at=NOON)


def test_an_officer_who_keeps_away_does_not_draft(people: Personas) -> None:
    contract = drafted(people)
    Recusal.objects.create(
        application=contract.award.application, person=people.officer, ground="样例", declared_by=people.officer,
        recused_at=NOON,
    )  # fmt: skip

    with pytest.raises(PermissionDenied):
        offer_contract(contract=Contract.objects.get(pk=contract.pk), actor=people.officer, at=NOON)


def test_a_draft_that_does_not_add_up_is_not_offered(people: Personas) -> None:
    contract = drafted(people)
    set_targets(contract=contract, actor=people.officer, targets=[], at=NOON)

    with pytest.raises(TransitionRefused):
        offer_contract(contract=contract, actor=people.officer, at=NOON)


def test_it_is_offered_once_and_then_frozen(people: Personas) -> None:
    contract = drafted(people)
    offer_contract(contract=contract, actor=people.officer, at=NOON)

    assert contract.offered_by == people.officer
    with pytest.raises(TransitionRefused):
        offer_contract(contract=contract, actor=people.officer, at=NOON)
    with pytest.raises(TransitionRefused):
        set_targets(contract=contract, actor=people.officer, targets=[], at=NOON)


def test_the_database_keeps_who_offers_from_countersigning(people: Personas) -> None:
    contract = make_contract(people)

    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(offered_by=contract.countersigned_by_id)


def test_nothing_is_requested_before_the_contract_is_effective(people: Personas) -> None:
    tranche = make_tranche(people, make_contract(people, status=C.OFFERED).award)

    assert _("The contract is not effective yet.") in TRANCHE.obstacles(tranche, Action.REQUEST, NOON)


def enter(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


# --- pages -------------------------------------------------------------------------------------
def edit(person: Any, contract: Contract, part: str, **changes: str) -> Any:
    """The page as it is sent, with some cells typed over."""
    client: Client = enter(person)
    address = reverse("funding:contract-edit", args=[contract.pk, part])
    form = client.get(address).context["form"]
    sent = {cell.html_name: str(value) for cell in form if (value := cell.value()) is not None}
    return client.post(address, sent | changes)


def test_every_part_is_saved_as_it_stands(people: Personas) -> None:
    contract = drafted(people)
    before = contract.terms

    for part in ("frame", "targets", "budget", "tranches"):
        answer = edit(people.officer, contract, part)
        assert answer.status_code == 302, (part, answer.context["form"].errors)
    contract.refresh_from_db()

    assert {**contract.terms, "parties": 0} == {**before, "parties": 0}


def test_no_row_is_dropped_however_many_stand(people: Personas) -> None:
    contract = drafted(people)
    year = contract.terms["years"][0]
    many = [contracts.target(f"样例指标{n}", "件", "", {year: "1"}, "") for n in range(70)]
    Contract.objects.filter(pk=contract.pk).update(terms=contract.terms | {"targets": many})

    assert edit(people.officer, contract, "targets", r0_unit="项").status_code == 302

    contract.refresh_from_db()
    assert [one["name"] for one in contract.terms["targets"]] == [one["name"] for one in many]


def test_what_does_not_add_up_is_said_beside_the_cell_and_nothing_typed_is_lost(people: Personas) -> None:
    contract = drafted(people)

    answer = edit(people.officer, contract, "tranches", r1_percent="39", r1_condition="ACCEPTANCE")
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["r1_percent"])
    assert 'value="39"' in answer.content.decode()
    answer = edit(people.officer, contract, "tranches", r1_amount="10")
    assert list(answer.context["form"].errors) == ["r1_amount"]
    answer = edit(people.officer, contract, "budget", r0_2026="1")
    assert list(answer.context["form"].errors) == ["r0_2026"]
    answer = edit(people.officer, contract, "targets", r0_name="", r1_2027="a lot")
    assert {"r0_name", "r1_2027"} <= set(answer.context["form"].errors)


def test_a_part_that_there_is_not_is_not_found(people: Personas) -> None:
    contract = drafted(people)
    assert enter(people.officer).get(reverse("funding:contract-edit", args=[contract.pk, "x"])).status_code == 404
    answers = [
        enter(one).get(reverse("funding:contract-edit", args=[contract.pk, "frame"])).status_code
        for one in (people.lead, people.rival)
    ]
    assert answers == [403, 404]
