"""The pages of one consortium: who gets them, what they offer, and that they stay cheap."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from consortia.models import Fund, Platform
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    make_task,
    make_technology,
    ready_consortium,
)
from tests.factories.members import make_organisation
from tests.personas import Personas

S = ConsortiumStatus
SignIn = Callable[..., Client]
TABS = ["detail", "members", "technologies", "tasks", "outcomes", "agreement", "history"]
INSIDE = ["lead", "signatory", "university_confirmer", "officer", "leader", "district_officer", "supervisor"]
OUTSIDE = ["rival", "other_district_officer", "expert", "system_admin", "audit_admin"]


def _tab(tab: str, consortium: object) -> str:
    return reverse(f"consortia:consortium-{tab}", args=[consortium.pk])  # type: ignore[attr-defined]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("status", [S.PREPARING, S.OPERATING, S.REVOKED])
def test_every_tab_in_every_stage(people: Personas, sign_in: SignIn, tab: str, status: str) -> None:
    consortium = ready_consortium(people, status=status)
    Platform.objects.create(consortium=consortium, kind="INCUBATOR", name="样例孵化器", builder=people.supplier)
    Fund.objects.create(consortium=consortium, name="样例基金", manager=people.fund, scale=Decimal(10))

    for who in INSIDE:
        assert sign_in(getattr(people, who)).get(_tab(tab, consortium)).status_code == 200


@pytest.mark.parametrize("tab", TABS)
def test_a_bare_consortium_has_every_tab(people: Personas, sign_in: SignIn, tab: str) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, role="LEAD")

    assert sign_in(people.lead).get(_tab(tab, consortium)).status_code == 200


def test_every_tab_names_itself_in_the_title(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    client, tabs = sign_in(people.lead), [*TABS, "seven", "cooperation", "liaison", "life"]

    pages = [client.get(_tab(tab, consortium)).content.decode() for tab in tabs]

    titles = {page.partition("<title>")[2].partition("</title>")[0].partition(consortium.name)[0] for page in pages}
    assert len(titles) == len(tabs)


@pytest.mark.parametrize("tab", [*TABS, "preparation", "update"])
@pytest.mark.parametrize("who", OUTSIDE)
def test_outsiders_see_nothing(people: Personas, sign_in: SignIn, tab: str, who: str) -> None:
    assert sign_in(getattr(people, who)).get(_tab(tab, ready_consortium(people))).status_code == 404


def test_what_is_not_there_is_a_404(people: Personas, sign_in: SignIn) -> None:
    assert sign_in(people.officer).get(reverse("consortia:consortium-detail", args=[uuid4()])).status_code == 404


def test_the_preparation_is_for_the_lead(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    make_agreement(consortium, people.lead, signed=False, version=2)
    address = _tab("preparation", consortium)

    response = sign_in(people.lead).get(address)

    assert [item.step for item in response.context["preparation"].missing] == ["agreement"]
    assert sign_in(people.university_confirmer).get(address).status_code == 403
    assert sign_in(people.officer).get(address).status_code == 403


EDITS_WHILE_ALIVE = {
    "invite", "draft_agreement", "add_background", "update_background", "remove_background", "add_outcome",
    "update_outcome", "remove_outcome", "attach_evidence", "remove_evidence", "add_adoption", "remove_adoption",
    "add_platform", "update_platform", "remove_platform", "add_fund", "update_fund", "remove_fund", "add_investment",
    "update_investment", "remove_investment", "add_builder", "update_builder", "remove_builder", "add_service",
    "update_service", "remove_service", "set_shares", "name_contact",
}  # fmt: skip
EDITS_PREPARING = EDITS_WHILE_ALIVE | {
    "update_consortium", "add_technology", "update_technology", "remove_technology", "add_task",
    "update_task", "remove_task", "add_milestone", "update_milestone", "remove_milestone",
}  # fmt: skip
EDITS_AT_WORK = EDITS_WHILE_ALIVE | {
    "amend_consortium", "propose_direct", "propose_link", "record_project", "record_readiness",
}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status", "edits", "actions"),
    [
        ("lead", S.PREPARING, EDITS_PREPARING, ["abandon"]),
        ("lead", S.OPERATING, EDITS_AT_WORK, []),
        ("lead", S.GRADUATED, set(), []),
        ("university_confirmer", S.PREPARING, set(), []),
        ("signatory", S.OPERATING, {"request_exit", "propose_link"}, []),
        ("officer", S.OPERATING, {"open_exit", "verify_outcome", "doubt_outcome"}, []),
        ("head", S.OPERATING, set(), ["rectify", "upgrade", "downgrade", "graduate", "exit", "revoke"]),
        ("head", S.RECTIFYING, set(), ["resume", "exit", "revoke"]),
        ("leader", S.RECTIFYING, set(), ["resume", "exit", "revoke"]),
        ("leader", S.PREPARING, set(), ["start"]),
    ],
)
def test_what_the_page_offers(
    people: Personas, sign_in: SignIn, who: str, status: str, edits: set[str], actions: list[str]
) -> None:
    response = sign_in(getattr(people, who)).get(_tab("detail", ready_consortium(people, status=status)))

    assert (response.context["edits"], response.context["actions"]) == (edits, actions)


def test_a_member_is_asked_for_its_confirmation(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status="INVITED")

    response = sign_in(people.university_confirmer).get(_tab("detail", consortium))

    assert response.context["unconfirmed"] == [member]


@pytest.mark.parametrize("tab", TABS)
def test_the_number_of_queries_does_not_grow(people: Personas, sign_in: SignIn, tab: str) -> None:
    client = sign_in(people.officer)
    consortium = ready_consortium(people, status=S.OPERATING)
    one = _queries(client, _tab(tab, consortium))
    for _ in range(3):
        make_participation(consortium, make_organisation(), people.lead, ip_share=Decimal(1))
        make_technology(consortium)
        make_task(consortium)

    assert _queries(client, _tab(tab, consortium)) == one


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_version_of_the_agreement_is_a_page_of_its_own(people: Personas, sign_in: SignIn) -> None:
    agreement = ready_consortium(people).agreements.get()
    address = reverse("consortia:agreement-detail", args=[agreement.pk])

    response = sign_in(people.university_confirmer).get(address)

    assert (response.context["object"], len(response.context["document"].clauses)) == (agreement, 17)
    assert sign_in(people.rival).get(address).status_code == 404
