"""Every party of a contract confirms its part, then all sign, and the bureau last."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from funding.enums import Action, ContractStatus
from funding.models import Contract, ContractParty
from funding.selectors.parties import readiness, waiting_parties
from funding.services.contracts import countersign_contract
from funding.services.drafting import offer_contract, set_targets
from funding.services.parties import (
    confirm_contract,
    remind_late_parties,
    remind_party,
    return_contract,
    sign_contract,
)
from members.enums import Role
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_contract
from tests.factories.members import make_user
from tests.personas import Personas
from tests.races import at_once, refusals

C = ContractStatus
pytestmark = pytest.mark.usefixtures("english")


def offered(people: Personas) -> Contract:
    """Lead, university and supplier have parts of it; nobody has confirmed."""
    contract = make_contract(people, status=C.DRAFT)
    rows = [(people.lead_org, "LEAD"), (people.university, "RESEARCH"), (people.supplier, "MEMBER")]
    parties = [
        {"id": str(one.pk), "name": one.name, "role": role, "duties": "样例", "grant": "0.00", "own": "0.00"}
        for one, role in rows
    ]
    Contract.objects.filter(pk=contract.pk).update(
        status=C.CONFIRMING, offered_by=people.officer, offered_at=NOON, terms={**contract.terms, "parties": parties}
    )
    for ordinal, (one, _role) in enumerate(rows, 1):
        ContractParty.objects.create(contract=contract, organisation=one, ordinal=ordinal)
    return Contract.objects.get(pk=contract.pk)


def signers(people: Personas) -> list[Any]:
    return [people.signatory, people.university_confirmer, people.supplier_confirmer]


def take(service: Any, contract: Contract, *actors: Any) -> None:
    for actor in actors:
        service(contract=contract, actor=actor, at=NOON)


def to_sign(people: Personas) -> Contract:
    contract = offered(people)
    take(confirm_contract, contract, *signers(people))
    return contract


def enter(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


# --- the way -----------------------------------------------------------------------------------
def test_the_parties_of_the_terms_take_their_places(people: Personas) -> None:
    contract = make_contract(people, status=C.DRAFT)
    set_targets(contract=contract, actor=people.officer, at=NOON,
                targets=[{"name": "样例", "code": "patents", "unit": "件", "years": {"2026": "1"}}])  # fmt: skip
    terms = contract.terms | {"tranches": [], "award": contract.terms["award"] | {"amount": "0.00"}, "budget": []}
    Contract.objects.filter(pk=contract.pk).update(terms=terms)
    Notification.objects.all().delete()
    people.signatory  # noqa: B018

    offer_contract(contract=contract, actor=people.officer, at=NOON)

    assert contract.status == C.CONFIRMING
    named = [one["id"] for one in contract.terms["parties"]]
    assert [str(one) for one in contract.parties.values_list("organisation", flat=True)] == named
    assert people.signatory.pk in Notification.objects.values_list("recipient", flat=True)


def test_all_confirm_then_all_sign_and_the_bureau_last(people: Personas) -> None:
    contract = offered(people)

    take(confirm_contract, contract, people.supplier_confirmer, people.signatory)
    assert contract.status == C.CONFIRMING
    with pytest.raises(TransitionRefused):
        sign_contract(contract=contract, actor=people.signatory, at=NOON)
    take(confirm_contract, contract, people.university_confirmer)
    assert contract.status == C.OFFERED
    take(sign_contract, contract, people.signatory, people.university_confirmer)
    assert (contract.status, contract.signed_by) == (C.OFFERED, people.signatory)
    with pytest.raises(TransitionRefused):
        countersign_contract(contract=contract, actor=people.head, at=NOON)
    take(sign_contract, contract, people.supplier_confirmer)
    assert contract.status == C.SIGNED
    countersign_contract(contract=contract, actor=people.head, at=NOON)

    assert contract.status == C.EFFECTIVE
    entries = AuditEntry.objects.filter(action=Action.SIGN).order_by("id")
    assert [one.facts["party"] for one in entries] == [
        people.lead_org.name, people.university.name, people.supplier.name,
    ]  # fmt: skip


@pytest.mark.parametrize("service", [confirm_contract, sign_contract])
def test_a_second_click_does_nothing(people: Personas, service: Any) -> None:
    contract = offered(people) if service is confirm_contract else to_sign(people)
    take(service, contract, people.signatory)
    trail = AuditEntry.objects.count()

    with pytest.raises(TransitionRefused) as refusal:
        take(service, contract, people.signatory)

    assert "Your organisation has done this already." in str(refusal.value.reasons[0])
    assert AuditEntry.objects.count() == trail


@pytest.mark.parametrize("name", ["lead", "lead_confirmer", "fund_confirmer", "rival", "officer", "head", "leader"])
@pytest.mark.parametrize("service", [confirm_contract, sign_contract])
def test_only_who_acts_for_a_party_does(people: Personas, name: str, service: Any) -> None:
    contract = offered(people) if service is confirm_contract else to_sign(people)

    with pytest.raises(PermissionDenied):
        take(service, contract, getattr(people, name))


def test_nobody_signs_for_two_parties(people: Personas) -> None:
    contract = offered(people)
    both = make_user("both", "样例两处", (Role.CONFIRMER, people.university), (Role.CONFIRMER, people.supplier))
    take(confirm_contract, contract, people.signatory, both, both)
    take(sign_contract, contract, both)

    with pytest.raises(TransitionRefused):
        take(sign_contract, contract, both)


def test_what_was_sent_back_is_a_draft_and_all_that_was_signed_void(people: Personas) -> None:
    contract = to_sign(people)
    take(sign_contract, contract, people.signatory)

    return_contract(contract=contract, actor=people.supplier_confirmer, reason="指标口径有误。", at=NOON)

    assert (contract.status, contract.version, contract.signed_by) == (C.DRAFT, 2, None)
    assert not contract.parties.exclude(confirmed_at=None, signed_at=None).exists()
    assert [(one["version"], [two["party"] for two in one["signatures"]]) for one in contract.earlier] == [
        (1, [people.lead_org.name])
    ]


# --- who is missing ----------------------------------------------------------------------------
def test_the_matrix_says_for_whom_it_waits_since_when(people: Personas) -> None:
    contract = offered(people)
    for person in signers(people):
        assert person.pk
    take(confirm_contract, contract, people.signatory)

    rows = readiness(contract)

    assert [(one.waits, one.people) for one in rows] == [
        ("", []), ("confirm", [people.university_confirmer]), ("confirm", [people.supplier_confirmer]),
    ]  # fmt: skip
    assert rows[1].since == NOON
    assert list(waiting_parties(people.university_confirmer, Role.CONFIRMER, C.CONFIRMING)) == [contract]
    assert not waiting_parties(people.signatory, Role.SIGNATORY, C.CONFIRMING).exists()


def test_a_party_is_reminded_once_a_day_and_when_it_is_late_once(people: Personas) -> None:
    contract = offered(people)
    party = contract.parties.get(organisation=people.university)
    assert people.university_confirmer.pk
    remind_party(party=party, actor=people.officer, at=NOON)

    with pytest.raises(TransitionRefused):
        remind_party(party=party, actor=people.officer, at=NOON)
    with pytest.raises(PermissionDenied):
        remind_party(party=party, actor=people.rival, at=NOON)

    assert Notification.objects.filter(recipient=people.university_confirmer).count() == 1
    assert remind_late_parties(at=NOON + DAY) == 0
    assert remind_late_parties(at=NOON + 60 * DAY) == 2  # the university was reminded
    assert remind_late_parties(at=NOON + 61 * DAY) == 0


# --- races -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_parties_that_sign_last_at_once_hand_over_once(people: Personas) -> None:
    contract = to_sign(people)
    take(sign_contract, contract, people.signatory)

    results = at_once(*(
        partial(sign_contract, contract=Contract.objects.get(pk=contract.pk), actor=person, at=NOON)
        for person in (people.university_confirmer, people.supplier_confirmer)
    ))  # fmt: skip

    contract.refresh_from_db()
    assert (refusals(results), contract.status) == (0, C.SIGNED)
    assert AuditEntry.objects.filter(action=Action.SIGN).count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_signs_while_another_sends_back(people: Personas) -> None:
    contract = to_sign(people)
    mine, other = (Contract.objects.get(pk=contract.pk) for _ in range(2))

    at_once(
        partial(sign_contract, contract=mine, actor=people.signatory, at=NOON),
        partial(return_contract, contract=other, actor=people.supplier_confirmer, reason="有误。", at=NOON),
    )

    contract.refresh_from_db()
    assert (contract.status, contract.parties.exclude(signed_at=None).count()) == (C.DRAFT, 0)


# --- the database ------------------------------------------------------------------------------
BREACHES = {
    "party_confirms_before_it_signs": {"signed_by": "university_confirmer", "signed_at": NOON},
    "party_confirmed_by_whom": {"confirmed_at": NOON},
    "party_signed_by_whom": {"confirmed_by": "university_confirmer", "confirmed_at": NOON, "signed_at": NOON},
    "one_person_signs_for_one_party": {
        "confirmed_by": "signatory", "confirmed_at": NOON, "signed_by": "signatory", "signed_at": NOON,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses(people: Personas, name: str) -> None:
    contract = to_sign(people)
    take(sign_contract, contract, people.signatory)
    rows = contract.parties.filter(organisation=people.university)
    rows.update(confirmed_by=None, confirmed_at=None)
    facts = {key: getattr(people, value) if isinstance(value, str) else value for key, value in BREACHES[name].items()}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**facts)


def test_a_party_stands_once(people: Personas) -> None:
    contract = offered(people)

    with pytest.raises(IntegrityError, match="party_once"), transaction.atomic():
        ContractParty.objects.create(contract=contract, organisation=people.supplier, ordinal=9)


# --- pages -------------------------------------------------------------------------------------
def test_by_the_pages(people: Personas) -> None:
    contract = offered(people)
    for person in signers(people):
        assert enter(person).post(reverse("funding:contract-confirm", args=[contract.pk]), {"agree": "on"}).url
    again = enter(people.signatory).post(reverse("funding:contract-confirm", args=[contract.pk]), {"agree": "on"})
    party = contract.parties.get(organisation=people.university)
    reminded = enter(people.officer).post(reverse("funding:party-remind", args=[party.pk]), follow=True)
    for person in signers(people):
        assert (
            enter(person).post(reverse("funding:contract-sign", args=[contract.pk]), {"agree": "on"}).status_code == 302
        )

    assert again.status_code == 409
    assert "The party was reminded." in reminded.content.decode()
    contract.refresh_from_db()
    assert contract.status == C.SIGNED
    answer = enter(people.supplier_confirmer).post(
        reverse("funding:contract-return", args=[contract.pk]), {"reason": "指标口径有误。"}
    )
    contract.refresh_from_db()
    assert (answer.status_code, contract.status) == (302, C.DRAFT)


def test_a_party_sees_it_a_stranger_does_not(people: Personas) -> None:
    contract = offered(people)
    addresses = [contract.get_absolute_url(), reverse("funding:contract-readiness", args=[contract.pk])]

    seen = {
        name: [enter(getattr(people, name)).get(address).status_code for address in addresses]
        for name in ("university_confirmer", "lead", "officer", "rival", "fund_confirmer")
    }

    assert seen == {
        "university_confirmer": [200, 200], "lead": [200, 200], "officer": [200, 200], "rival": [404, 404],
        "fund_confirmer": [404, 404],
    }  # fmt: skip
    answer = enter(people.rival).post(reverse("funding:contract-confirm", args=[contract.pk]), {"agree": "on"})
    assert answer.status_code == 404
