"""Money and another lead: what is in the way, what follows, and how a contract is amended."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import ConsortiumStatus, ParticipationRole
from consortia.models import Agreement, Consortium
from consortia.selectors.leadchanges import consequences, nothing_is_under_way
from consortia.services.leadchanges import propose_lead_change
from funding.enums import ApplicationStatus, ContractStatus, TrancheStatus
from funding.models import Contract, Tranche
from funding.services.contracts import amend_contract, countersign_contract
from funding.services.parties import sign_contract
from funding.services.tranches import request_tranche
from members.enums import Role
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_agreement, make_lead_change
from tests.factories.funding import make_application, make_contract, make_tranche
from tests.factories.members import give
from tests.personas import Personas

A, T, C = ApplicationStatus, TrancheStatus, ContractStatus
pytestmark = pytest.mark.usefixtures("english")


def swapped(people: Personas, contract: Contract) -> Contract:
    """The supplier leads now, in the agreement too."""
    consortium = contract.award.consortium
    parts = consortium.participations.present()
    parts.filter(role=ParticipationRole.LEAD).update(role=ParticipationRole.MEMBER)
    parts.filter(organisation=people.supplier).update(role=ParticipationRole.LEAD)
    Consortium.objects.filter(pk=consortium.pk).update(lead=people.supplier, status=ConsortiumStatus.OPERATING)
    for role in (Role.APPLICANT, Role.SIGNATORY):
        give(people.supplier_confirmer, role, people.supplier)
    return Contract.objects.get(pk=contract.pk)


def agreed(people: Personas, contract: Contract) -> Agreement:
    return make_agreement(contract.award.consortium, people.lead, version=2)


def at_work(people: Personas, status: str = C.EFFECTIVE) -> Contract:
    contract = make_contract(people, status=status)
    facts = {"status": ConsortiumStatus.OPERATING, "tier": "B", "recognised_on": NOON.date()}
    Consortium.objects.filter(pk=contract.award.consortium_id).update(**facts)
    return Contract.objects.get(pk=contract.pk)


def reasons(refusal: Any) -> list[str]:
    return [str(reason) for reason in refusal.value.reasons]


# --- in the way --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "blocks"),
    [(A.DRAFT, False), (A.RETURNED, False), (A.WITHDRAWN, False), (A.REJECTED, False), (A.SUBMITTED, True),
     (A.REVIEWING, True), (A.DECIDED, True), (A.PUBLICISED, True), (A.APPROVED, False)],
)  # fmt: skip
def test_an_application_that_was_handed_in_blocks(people: Personas, status: str, blocks: bool) -> None:
    application = make_application(people, status)
    change = make_lead_change(people, application.consortium, people.lead)

    reason = nothing_is_under_way(change, NOON)

    handed_in = f"The application {application.number} was handed in under the lead so far"
    said = f"{handed_in}; it has to be decided or withdrawn first."
    assert (None if reason is None else str(reason)) == (said if blocks else None)


@pytest.mark.parametrize(
    ("status", "blocks"),
    [(T.PLANNED, False), (T.REQUESTED, True), (T.APPROVED, True), (T.PAID, False), (T.ON_HOLD, False)],
)
def test_money_on_its_way_blocks(people: Personas, status: str, blocks: bool) -> None:
    tranche = make_tranche(people, status=status)
    change = make_lead_change(people, tranche.award.consortium, people.lead)

    assert (nothing_is_under_way(change, NOON) is not None) == blocks


@pytest.mark.parametrize(("status", "free"), [(A.APPROVED, False), (A.DRAFT, False), (A.WITHDRAWN, True)])
def test_who_may_not_lead_by_the_rules_of_a_call_takes_over_nothing_of_it(
    people: Personas, status: str, free: bool
) -> None:
    application = make_application(people, status)
    people.university.district = people.lead_org.district
    people.university.save()
    consortium = application.consortium
    consortium.participations.filter(organisation=people.university).update(status="CONFIRMED")

    def propose() -> None:
        propose_lead_change(
            consortium=consortium, new_lead=people.university, ground="HANDED_OVER", actor=people.lead, at=NOON,
            note="由高校牵头。",
        )  # fmt: skip

    if free:
        propose()
        assert consortium.lead_changes.get().new_lead == people.university
        return
    with pytest.raises(ValidationError) as error:
        propose()
    said = f"By the rules of the call of application {application.number} only these may lead: Enterprise."
    assert error.value.message_dict == {"new_lead": [said]}


def test_what_has_to_follow_is_said_before(people: Personas) -> None:
    contract = at_work(people)
    change = make_lead_change(people, contract.award.consortium, people.lead)

    (said,) = consequences(change, NOON)
    assert str(said).split(";")[0] == (f"The project contract {contract.number} has to be amended for the new lead")


# --- the money waits for the amended contract --------------------------------------------------
def test_nothing_is_requested_before_the_contract_is_amended(people: Personas) -> None:
    contract = at_work(people)
    tranche = make_tranche(people, contract.award)
    swapped(people, contract)

    with pytest.raises(TransitionRefused) as refusal:
        request_tranche(
            tranche=Tranche.objects.get(pk=tranche.pk), actor=people.supplier_confirmer, statement="用于研发。", at=NOON
        )

    assert reasons(refusal) == [
        "The lead has changed since: the contract has to be amended for 样例上游材料有限公司 first."
    ]


def test_a_contract_is_amended_signed_anew_and_the_money_goes_on(people: Personas) -> None:
    before = at_work(people)
    tranche = make_tranche(people, before.award)
    contract = swapped(people, before)
    agreed(people, contract)

    amend_contract(contract=contract, actor=people.officer, at=NOON, note="牵头单位变更。")
    assert (contract.status, contract.terms["consortium"]["lead"]) == (C.OFFERED, people.supplier.name)
    assert [one["sha256"] for one in contract.earlier] == [before.sha256]
    assert contract.terms["milestones"] == before.terms["milestones"]
    with pytest.raises(TransitionRefused):
        request_tranche(
            tranche=Tranche.objects.get(pk=tranche.pk), actor=people.supplier_confirmer, statement="研发。", at=NOON
        )
    with pytest.raises(PermissionDenied):
        sign_contract(contract=contract, actor=people.signatory, at=NOON)
    sign_contract(contract=contract, actor=people.supplier_confirmer, at=NOON)
    countersign_contract(contract=contract, actor=people.head, at=NOON)

    assert contract.status == C.EFFECTIVE
    fresh = Tranche.objects.get(pk=tranche.pk)
    request_tranche(tranche=fresh, actor=people.supplier_confirmer, statement="用于研发。", at=NOON)
    assert (fresh.status, fresh.award.consortium.lead) == (T.REQUESTED, people.supplier)


def test_first_the_members_agree(people: Personas) -> None:
    contract = swapped(people, at_work(people))

    with pytest.raises(TransitionRefused) as refusal:
        amend_contract(contract=contract, actor=people.officer, at=NOON)

    assert reasons(refusal) == ["First all members sign an agreement that names the new lead."]


def test_without_another_lead_there_is_nothing_to_amend(people: Personas) -> None:
    with pytest.raises(TransitionRefused) as refusal:
        amend_contract(contract=at_work(people), actor=people.officer, at=NOON)

    assert reasons(refusal) == ["The contract names the present lead."]


@pytest.mark.parametrize("who", ["lead", "supplier_confirmer", "rival", "finance", "district_officer"])
def test_only_the_officer_amends(people: Personas, who: str) -> None:
    contract = swapped(people, at_work(people))
    agreed(people, contract)

    with pytest.raises(PermissionDenied):
        amend_contract(contract=contract, actor=getattr(people, who), at=NOON)


def test_nobody_signs_what_names_another_lead(people: Personas) -> None:
    contract = swapped(people, at_work(people, C.OFFERED))

    with pytest.raises(TransitionRefused):
        sign_contract(contract=contract, actor=people.signatory, at=NOON)


def test_the_page_says_what_has_to_happen(people: Personas, sign_in: Any) -> None:
    contract = swapped(people, at_work(people))
    client = sign_in(people.officer)

    page = client.get(contract.get_absolute_url())
    assert (page.context["outdated"], [one["url"] for one in page.context["actions"]]) == (
        True,
        ["funding:contract-amend"],
    )
    agreed(people, contract)
    client.post(f"{contract.get_absolute_url()}amend/", {"note": "牵头单位变更。"})

    assert client.get(contract.get_absolute_url()).context["outdated"] is False
