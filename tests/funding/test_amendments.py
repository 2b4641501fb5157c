"""Amendments of contracts: what may be asked for, who consents, checks and decides, and what becomes of the terms."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from funding.enums import AmendmentKind, AmendmentStatus, BudgetCategory, BudgetSource, ContractStatus
from funding.models import Amendment, AmendmentConsent, Contract, ContractParty
from funding.rules import contracts
from funding.rules.contracts import target
from funding.selectors.amendments import differences
from funding.selectors.contracts import budget_row, members_changed, parties_now
from funding.selectors.parties import missing_consents, to_consent
from funding.services.amendments import (
    check_amendment,
    consent_amendment,
    decide_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from members.enums import Role
from portal.kernel.audit import sha256
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_participation
from tests.factories.funding import make_contract
from tests.factories.members import give
from tests.funding.steps import kinds
from tests.personas import Personas
from tests.races import at_once, refusals

C, K, S = ContractStatus, AmendmentKind, AmendmentStatus
pytestmark = pytest.mark.usefixtures("english")


def effective(people: Personas) -> Contract:
    """A contract of lead and university with a target and a budget, signed by all."""
    contract = make_contract(people)
    amount = contract.award.amount
    year = str(contract.starts_on.year)
    budget = [
        budget_row(str(people.lead_org.pk), people.lead_org.name, BudgetSource.GRANT, BudgetCategory.BUSINESS,
                   {year: amount}),
    ]  # fmt: skip
    terms = contract.terms | {"budget": budget, "targets": [target("样例指标", "件", "", {year: "2"}, "")]}
    Contract.objects.filter(pk=contract.pk).update(terms=terms, sha256=sha256(terms))
    ContractParty.objects.create(
        contract=contract, organisation=people.university, ordinal=2, confirmed_by=people.university_confirmer,
        confirmed_at=NOON, signed_by=people.university_confirmer, signed_at=NOON,
    )  # fmt: skip
    return Contract.objects.get(pk=contract.pk)


def later(contract: Contract, months: int = 12) -> dict[str, str]:
    return {"ends_on": contracts.months_later(contract.ends_on, months).isoformat()}


def proposed(people: Personas, contract: Contract, **facts: Any) -> Amendment:
    given = {
        "kind": K.EXTENSION, "changes": later(contract), "reason": "设备到货推迟。", "actor": people.lead, "at": NOON
    }  # fmt: skip
    return propose_amendment(contract=contract, **given | facts)


def consented(people: Personas, contract: Contract, **facts: Any) -> Amendment:
    amendment = proposed(people, contract, **facts)
    for person in (people.signatory, people.university_confirmer):
        consent_amendment(amendment=amendment, actor=person, at=NOON)
    return amendment


def decided(people: Personas, contract: Contract, **facts: Any) -> Amendment:
    amendment = consented(people, contract, **facts)
    check_amendment(amendment=amendment, actor=people.officer, at=NOON)
    decide_amendment(amendment=amendment, actor=people.head, at=NOON)
    return amendment


# --- the way -----------------------------------------------------------------------------------
def test_an_extension_is_consented_checked_decided_and_makes_a_new_version(people: Personas) -> None:
    contract = effective(people)
    before = contract.sha256

    amendment = decided(people, contract)

    contract.refresh_from_db()
    end = date.fromisoformat(amendment.changes["ends_on"])
    assert (amendment.status, contract.status, contract.version, contract.ends_on) == (S.IN_FORCE, C.EFFECTIVE, 2, end)
    assert contract.terms["years"][-1] == str(end.year)
    assert [(one["version"], one["sha256"]) for one in contract.earlier] == [(1, before)]
    assert contract.sha256 == sha256(contract.terms) != before
    assert [one.what for one in differences(amendment)] == ["End of the contract"]


def test_other_targets_and_another_budget_say_what_changes(people: Personas) -> None:
    contract = effective(people)
    year = str(contract.starts_on.year)
    targets = [target("样例指标", "件", "", {year: "3"}, ""), target("样例新指标", "项", "", {year: "1"}, "")]
    first = decided(people, contract, kind=K.TARGETS, changes={"targets": targets})
    assert [(one.what, one.new) for one in differences(first)] == [
        ("样例指标", f"{year}: 3 件"), ("样例新指标", f"{year}: 1 项")
    ]  # fmt: skip
    half = contract.award.amount / 2
    rows = [
        budget_row(str(one.pk), one.name, BudgetSource.GRANT, BudgetCategory.BUSINESS, {year: half})
        for one in (people.lead_org, people.university)
    ]

    decided(people, Contract.objects.get(pk=contract.pk), kind=K.BUDGET, changes={"budget": rows})

    contract.refresh_from_db()
    assert (contract.version, contract.terms["parties"][0]["grant"]) == (3, f"{half:.2f}")
    assert contract.terms["targets"] == targets
    assert contract.earlier[1]["effective"] == NOON.isoformat()


# --- what the rules allow ----------------------------------------------------------------------
def test_not_longer_and_not_oftener_than_the_rules_allow(people: Personas) -> None:
    contract = effective(people)
    for changes in (later(contract, 13), later(contract, 0), later(contract, -1)):
        with pytest.raises(ValidationError):
            proposed(people, contract, changes=changes)
    decided(people, contract)

    with pytest.raises(ValidationError, match="extended 1 time at most"):
        proposed(people, Contract.objects.get(pk=contract.pk))


def test_the_grant_stays_the_award_and_something_changes(people: Personas) -> None:
    contract = effective(people)
    less = [{**contract.terms["budget"][0], "amounts": {"2026": "1.00"}}]

    for kind, changes in (
        (K.BUDGET, {"budget": less}), (K.TARGETS, {"targets": []}), (K.TARGETS, {"targets": contract.terms["targets"]})
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            proposed(people, contract, kind=kind, changes=changes)


def test_only_what_is_effective_is_amended_one_thing_after_the_other(people: Personas) -> None:
    signed = make_contract(people, status=C.SIGNED)
    with pytest.raises(TransitionRefused):
        proposed(people, signed)
    contract = effective(people)
    proposed(people, contract)

    with pytest.raises(TransitionRefused):
        proposed(people, contract)


def test_what_was_amended_meanwhile_is_not_decided(people: Personas) -> None:
    contract = effective(people)
    amendment = consented(people, contract)
    Contract.objects.filter(pk=contract.pk).update(sha256="0" * 64)

    with pytest.raises(TransitionRefused):
        check_amendment(amendment=Amendment.objects.get(pk=amendment.pk), actor=people.officer, at=NOON)


# --- who ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["rival", "university_confirmer", "officer", "head"])
def test_only_the_lead_proposes(people: Personas, name: str) -> None:
    contract = effective(people)

    with pytest.raises(PermissionDenied):
        proposed(people, contract, actor=getattr(people, name))


def test_each_party_consents_once_by_its_own_people(people: Personas) -> None:
    amendment = proposed(people, effective(people))
    consent_amendment(amendment=amendment, actor=people.signatory, at=NOON)

    with pytest.raises(TransitionRefused):
        consent_amendment(amendment=amendment, actor=people.signatory, at=NOON)
    for person in (people.lead, people.rival, people.officer):
        with pytest.raises(PermissionDenied):
            consent_amendment(amendment=amendment, actor=person, at=NOON)
    with pytest.raises(TransitionRefused):
        check_amendment(amendment=amendment, actor=people.officer, at=NOON)
    assert amendment.status == S.PROPOSED


def test_nobody_checks_and_decides(people: Personas) -> None:
    amendment = consented(people, effective(people))
    check_amendment(amendment=amendment, actor=people.officer, at=NOON)

    for person in (people.officer, people.finance, people.lead):
        with pytest.raises(PermissionDenied):
            decide_amendment(amendment=amendment, actor=person, at=NOON)
    Amendment.objects.filter(pk=amendment.pk).update(checked_by=people.head)
    with pytest.raises(PermissionDenied):
        decide_amendment(amendment=Amendment.objects.get(pk=amendment.pk), actor=people.head, at=NOON)


def test_refused_or_withdrawn_it_changes_nothing_and_the_next_may_come(people: Personas) -> None:
    contract = effective(people)
    refuse_amendment(
        amendment=proposed(people, contract), actor=people.university_confirmer, reason="任务未受影响。", at=NOON
    )
    for who in (people.lead, people.university_confirmer):  # each once
        assert kinds(who).count("funding.amendment_refused") == 1
    amendment = proposed(people, contract)
    with pytest.raises(PermissionDenied):
        withdraw_amendment(amendment=amendment, actor=people.university_confirmer, reason="样例", at=NOON)
    withdraw_amendment(amendment=amendment, actor=people.lead, reason="改为下年申请。", at=NOON)

    for who in (people.lead, people.university_confirmer):
        assert kinds(who).count("funding.amendment_withdrawn") == 1
    contract.refresh_from_db()
    assert (contract.version, contract.earlier) == (1, [])
    assert proposed(people, contract).status == S.PROPOSED


# --- races and the database --------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once(people: Personas) -> None:
    contract = effective(people)
    amendment = consented(people, contract)
    check_amendment(amendment=amendment, actor=people.officer, at=NOON)

    results = at_once(*(
        partial(decide_amendment, amendment=Amendment.objects.get(pk=amendment.pk), actor=person, at=NOON)
        for person in (people.head, people.leader)
    ))  # fmt: skip

    contract.refresh_from_db()
    assert (refusals(results), contract.version, len(contract.earlier)) == (1, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_two_propose_at_once(people: Personas) -> None:
    contract = effective(people)

    results = at_once(*(
        partial(proposed, people, Contract.objects.get(pk=contract.pk), actor=person)
        for person in (people.lead, people.signatory)
    ))  # fmt: skip

    assert (refusals(results), Amendment.objects.count()) == (1, 1)


def test_the_database_refuses(people: Personas) -> None:
    amendment = consented(people, effective(people))
    rows = Amendment.objects.filter(pk=amendment.pk)
    breaches: dict[str, dict[str, Any]] = {
        "amendment_in_force_means_by_whom": {"status": S.IN_FORCE},
        "two_decide_an_amendment": {"checked_by": people.head, "decided_by": people.head},
    }

    for name, facts in breaches.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**facts)
    with pytest.raises(IntegrityError, match="party_consents_once"), transaction.atomic():
        AmendmentConsent.objects.create(
            amendment=amendment, organisation=people.lead_org, given_by=people.signatory, given_at=NOON
        )
    with pytest.raises(IntegrityError, match="one_open_amendment"), transaction.atomic():
        Amendment.objects.create(
            contract=amendment.contract, kind=K.BUDGET, reason="样例", changes={}, replaced={}, base="",
            proposed_by=people.lead,
        )  # fmt: skip


# --- pages -------------------------------------------------------------------------------------
def enter(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.mark.parametrize("kind", ["targets", "budget"])
def test_a_page_of_rows_proposes_what_was_typed_over(people: Personas, kind: str) -> None:
    contract = effective(people)
    client = enter(people.lead)
    address = reverse("funding:amendment-propose", args=[contract.pk, kind])
    form = client.get(address).context["form"]
    sent = {cell.html_name: str(value) for cell in form if (value := cell.value()) is not None}
    over = {"r0_name": "样例新名"} if kind == "targets" else {"r0_category": BudgetCategory.LABOUR}

    assert client.post(address, sent | {"reason": "样例"}).status_code == 200  # nothing changes
    answer = client.post(address, sent | over | {"reason": "样例"})

    amendment = Amendment.objects.get()
    assert (answer.status_code, amendment.kind, len(differences(amendment))) == (302, kind.upper(), 2)


def test_by_the_pages_from_the_lead_to_the_head(people: Personas, sign_in: Any) -> None:
    contract = effective(people)
    address = reverse("funding:amendment-propose", args=[contract.pk, "extension"])
    assert enter(people.lead).post(address, later(contract, 24) | {"reason": "样例"}).status_code == 200
    assert enter(people.lead).post(address, later(contract) | {"reason": "样例"}).status_code == 302
    amendment = Amendment.objects.get()
    assert enter(people.rival).get(amendment.get_absolute_url()).status_code == 404
    assert enter(people.lead).get(reverse("funding:amendment-propose", args=[contract.pk, "x"])).status_code == 404

    for name, person in (
        ("consent", people.signatory), ("consent", people.university_confirmer), ("check", people.officer)
    ):  # fmt: skip
        answer = enter(person).post(reverse(f"funding:amendment-{name}", args=[amendment.pk]), {"note": ""})
        assert answer.status_code == 302, (name, answer.context)
    page = sign_in(people.head).get(amendment.get_absolute_url())
    assert [one["url"] for one in page.context["actions"]] == ["funding:amendment-decide", "funding:amendment-refuse"]
    answer = sign_in(people.head).post(reverse("funding:amendment-decide", args=[amendment.pk]), {"note": ""})
    amendment.refresh_from_db()
    assert (answer.status_code, amendment.status) == (302, S.IN_FORCE)
    assert "version 1" in enter(people.lead).get(contract.get_absolute_url()).content.decode()


def test_refused_and_withdrawn_by_the_pages(people: Personas) -> None:
    contract = effective(people)
    for name, person in (("refuse", people.university_confirmer), ("withdraw", people.lead)):
        amendment = proposed(people, contract)
        answer = enter(person).post(reverse(f"funding:amendment-{name}", args=[amendment.pk]), {"reason": "样例"})
        assert answer.status_code == 302
    assert set(Amendment.objects.values_list("status", flat=True)) == {S.REFUSED, S.WITHDRAWN}


# --- other members -----------------------------------------------------------------------------
def with_other_members(people: Personas) -> tuple[Contract, list[dict[str, Any]]]:
    """A contract whose university has left while a rival has joined, and the budget that follows from it."""
    contract = effective(people)
    consortium, grant = contract.award.consortium, contract.award.amount
    consortium.participations.exclude(organisation__in=[people.lead_org, people.university]).delete()
    terms = contract.terms | {"parties": parties_now(contract, contract.terms["budget"])}
    Contract.objects.filter(pk=contract.pk).update(terms=terms)
    consortium.participations.filter(organisation=people.university).delete()
    make_participation(consortium, people.rival_org, people.lead)
    year = str(contract.starts_on.year)
    budget = [
        budget_row(str(one.pk), one.name, BudgetSource.GRANT, BudgetCategory.BUSINESS, {year: grant / 2})
        for one in (people.lead_org, people.rival_org)
    ]
    return Contract.objects.get(pk=contract.pk), budget


def test_who_joined_becomes_a_party_by_its_consent_and_who_left_is_none(people: Personas) -> None:
    contract, budget = with_other_members(people)
    amendment = proposed(people, contract, kind=K.MEMBERS, changes={"budget": budget})

    assert [one.pk for one in missing_consents(amendment)] == [people.lead_org.pk, people.rival_org.pk]
    assert list(to_consent(people.rival, Role.SIGNATORY)) == [amendment]
    assert not to_consent(people.university_confirmer, Role.CONFIRMER)
    with pytest.raises(PermissionDenied):
        consent_amendment(amendment=amendment, actor=people.university_confirmer, at=NOON)
    for person in (people.signatory, people.rival):
        consent_amendment(amendment=amendment, actor=person, at=NOON)
    check_amendment(amendment=amendment, actor=people.officer, at=NOON)
    decide_amendment(amendment=amendment, actor=people.head, at=NOON)

    contract.refresh_from_db()
    half = f"{contract.award.amount / 2:.2f}"
    assert [(one["id"], one["grant"]) for one in contract.terms["parties"]] == [
        (str(people.lead_org.pk), half), (str(people.rival_org.pk), half)
    ]  # fmt: skip
    seats = contract.parties.values_list("organisation", "signed_by")
    assert list(seats) == [
        (people.lead_org.pk, people.signatory.pk), (people.rival_org.pk, people.rival.pk)
    ]  # fmt: skip
    assert [one["party"] for one in contract.earlier[0]["signatures"]][-1] == people.university.name
    assert not members_changed(contract)


def test_a_change_of_members_needs_other_members_and_gives_nothing_to_who_left(people: Personas) -> None:
    contract, budget = with_other_members(people)
    gone = budget_row(
        str(people.university.pk), people.university.name, BudgetSource.GRANT, BudgetCategory.LABOUR,
        {str(contract.starts_on.year): contract.award.amount / 2},
    )  # fmt: skip
    with pytest.raises(ValidationError, match="has left and gets no more"):
        proposed(people, contract, kind=K.MEMBERS, changes={"budget": [budget[0], gone]})
    contract.award.consortium.participations.filter(organisation=people.rival_org).delete()
    make_participation(contract.award.consortium, people.university, people.lead)

    with pytest.raises(ValidationError, match="parties stay the same"):
        proposed(people, contract, kind=K.MEMBERS, changes={"budget": [budget[0], gone]})


def test_members_that_change_once_more_stop_it(people: Personas) -> None:
    contract, budget = with_other_members(people)
    amendment = proposed(people, contract, kind=K.MEMBERS, changes={"budget": budget})
    for person in (people.signatory, people.rival):
        consent_amendment(amendment=amendment, actor=person, at=NOON)
    make_participation(contract.award.consortium, people.university, people.lead)

    with pytest.raises(TransitionRefused, match="members have changed since"):
        check_amendment(amendment=amendment, actor=people.officer, at=NOON)


def test_nobody_consents_on_two_sides(people: Personas) -> None:
    contract, budget = with_other_members(people)
    amendment = proposed(people, contract, kind=K.MEMBERS, changes={"budget": budget})
    give(people.signatory, Role.SIGNATORY, people.rival_org)
    consent_amendment(amendment=amendment, actor=people.signatory, at=NOON)

    with pytest.raises(TransitionRefused, match="two sides"):
        consent_amendment(amendment=amendment, actor=people.signatory, at=NOON)


def test_the_page_offers_the_members_of_today_and_the_list_shows_the_amendment(people: Personas) -> None:
    contract, _budget = with_other_members(people)
    address = reverse("funding:amendment-propose", args=[contract.pk, "members"])
    client = enter(people.lead)
    assert "other members now" in client.get(contract.get_absolute_url()).content.decode()
    form = client.get(address).context["form"]
    sent = {cell.html_name: str(value) for cell in form if (value := cell.value()) is not None}

    answer = client.post(address, sent | {"r0_organisation": str(people.rival_org.pk), "reason": "样例"})

    amendment = Amendment.objects.get()
    assert (answer.status_code, amendment.kind) == (302, K.MEMBERS)
    changed = {one.what: one.new for one in differences(amendment)}
    assert changed[f"Party · {people.university.name}"] == "—"
    assert changed[f"Party · {people.rival_org.name}"] == "承担样机研制。"
    for person, seen in ((people.officer, 1), (people.lead, 1), (people.rival, 1), (people.expert, None)):
        page = enter(person).get(reverse("funding:amendment-list"))
        assert (len(page.context["rows"]) if page.status_code == 200 else None) == seen
