"""A project contract as a document: what stands in it, who has it made, from when on."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from funding.enums import ContractStatus
from funding.models import ContractParty
from portal.kernel.audit import sha256
from portal.kernel.capitals import capitals
from portal.kernel.models import Job
from portal.kernel.workflow import TransitionRefused
from reports import pdf
from reports.models import ContractDocument
from reports.services.contracts import order_contract
from reports.tasks import contract_html
from tests.clock import NOON
from tests.factories.funding import make_contract
from tests.personas import Personas


def made(people: Personas, status: str = ContractStatus.EFFECTIVE, language: str = "en") -> ContractDocument:
    contract = make_contract(people, status=status)
    return order_contract(contract=contract, language=language, actor=people.officer, at=NOON)


def test_terms_signatures_and_hash_stand_in_it(people: Personas) -> None:
    document = made(people)
    contract = document.contract

    html = contract_html(document)

    assert document.snapshot_hash == sha256(document.snapshot)
    for text in (
        contract.number, contract.sha256, contract.terms["award"]["document"], capitals(contract.award.amount),
        people.lead_org.name, people.signatory.name, people.head.name,
    ):  # fmt: skip
        assert text in html
    assert "for signature" not in html


def test_who_has_not_signed_has_a_line_for_it(people: Personas) -> None:
    contract = make_contract(people, status=ContractStatus.OFFERED)
    ContractParty.objects.create(contract=contract, organisation=people.university, ordinal=2)
    document = order_contract(contract=contract, language="en", actor=people.lead, at=NOON)

    html = contract_html(document)

    assert html.count("(signature and seal)") == 3
    assert (people.university.name in html, "for signature" in html) == (True, True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_becomes_a_document_in_both_languages(people: Personas, language: str) -> None:
    assert pdf.lay_out(contract_html(made(people, language=language))).pages >= 3


def test_the_same_contract_gives_the_same_document(people: Personas) -> None:
    document = made(people)

    again = order_contract(contract=document.contract, language="en", actor=people.lead, at=NOON)

    assert (again, ContractDocument.objects.count(), Job.objects.count()) == (document, 1, 1)


def test_a_draft_is_not_printed(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        made(people, ContractStatus.DRAFT)


@pytest.mark.parametrize("name", ["rival", "expert", "system_admin", "university_confirmer"])
def test_a_stranger_has_none_made(people: Personas, name: str) -> None:
    contract = make_contract(people)

    with pytest.raises(PermissionDenied):
        order_contract(contract=contract, language="en", actor=getattr(people, name), at=NOON)


def test_by_the_page(people: Personas, sign_in: Any) -> None:
    contract = make_contract(people)
    page = reverse("reports:contract-documents", args=[contract.pk])

    answer = sign_in(people.lead).post(page, {"language": "zh-hans"})

    document = ContractDocument.objects.get()
    assert (answer.status_code, document.language, document.requested_by) == (302, "zh-hans", people.lead)
    assert sign_in(people.officer).get(page).context["documents"].get() == document
    assert sign_in(people.rival).get(page).status_code == 404
    assert sign_in(people.rival).get(document.get_absolute_url()).status_code == 404
