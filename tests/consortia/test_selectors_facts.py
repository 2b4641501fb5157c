"""The facts that the rooms above freeze."""

import json
from decimal import Decimal

from pytest_django import DjangoAssertNumQueries

from consortia.enums import OutcomeKind, ParticipationStatus, PlatformKind
from consortia.models import Consortium, Fund, Platform
from consortia.selectors import consortium_facts
from consortia.selectors.agreements import content_of
from consortia.selectors.parts import part_states
from members.models import Organisation
from portal.kernel.audit import canonical, sha256
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_outcome,
    make_participation,
    make_task,
    make_technology,
    ready_consortium,
)
from tests.factories.members import make_organisation
from tests.personas import Personas

QUERIES = 20


def _with_results(consortium: Consortium, owner: Organisation, number: str = "ZL-0001") -> None:
    make_outcome(
        consortium, OutcomeKind.CONTRACT, identifier=number, owner=owner, amount=Decimal("12.5"),
        task=consortium.tasks.first(),
    )  # fmt: skip
    Platform.objects.create(
        consortium=consortium, kind=PlatformKind.INCUBATOR, name="样例孵化器", builder=owner, area=2400
    )
    Fund.objects.create(consortium=consortium, name="样例基金一期", manager=owner, scale=Decimal(30_000_000))


def test_the_facts_name_every_part(people: Personas) -> None:
    consortium = ready_consortium(people)
    _with_results(consortium, people.supplier)

    facts = consortium_facts(consortium)

    assert sorted(facts) == [
        "agreement", "consortium", "funds", "lead", "members", "outcomes", "platforms", "seven_ones",
        "tasks", "technologies",
    ]  # fmt: skip
    assert facts["consortium"]["code"] == consortium.code
    assert facts["consortium"]["sub_field"]["zh"] == "集成电路"
    assert [row["year"] for row in facts["lead"]["years"]] == [2023, 2024, 2025]
    assert facts["lead"]["years"][0]["revenue"] == "2500000000.00"
    assert [row["organisation"]["group"] for row in facts["members"]] == ["chain", "univ", "fund", "chain", "chain"]
    assert {row["signed"] for row in facts["members"]} == {True}
    assert (facts["agreement"]["version"], len(facts["agreement"]["signatures"])) == (1, 5)
    assert len(facts["agreement"]["clauses"]) == 17
    assert [len(row["milestones"]) for row in facts["tasks"]] == [2]
    assert facts["funds"][0]["scale"] == "30000000.00"
    assert facts["outcomes"][0]["amount"] == "12.50"
    assert facts["platforms"][0]["opened_on"] is None


def test_the_facts_survive_json_and_hash_the_same_twice(people: Personas) -> None:
    consortium = ready_consortium(people)
    _with_results(consortium, people.supplier)

    facts = consortium_facts(consortium)

    assert json.loads(canonical(facts)) == facts
    assert sha256(consortium_facts(consortium)) == sha256(facts)


def test_a_bare_consortium_has_no_agreement_and_empty_lists(people: Personas) -> None:
    consortium = make_consortium(people)

    facts = consortium_facts(consortium)

    assert facts["agreement"] is None
    assert [facts[part] for part in ("members", "technologies", "tasks", "platforms", "funds", "outcomes")] == [[]] * 6


def test_who_declined_or_left_is_no_member(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead, status=ParticipationStatus.DECLINED)
    make_participation(consortium, people.fund, people.lead, status=ParticipationStatus.LEFT)
    make_participation(consortium, people.supplier, people.lead, status=ParticipationStatus.INVITED)

    facts = consortium_facts(consortium)

    assert [(row["organisation"]["name"], row["status"]) for row in facts["members"]] == [
        ("样例上游材料有限公司", "INVITED")
    ]


def test_a_change_of_one_commitment_changes_the_hash(people: Personas) -> None:
    consortium = ready_consortium(people)
    before = sha256(consortium_facts(consortium))
    consortium.participations.filter(organisation=people.university).update(cash=Decimal("1000000.01"))

    assert sha256(consortium_facts(consortium)) != before


def test_the_number_of_queries_does_not_grow(
    people: Personas, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = make_consortium(people)
    make_participation(small, people.lead_org, people.lead)
    make_agreement(small, people.lead)
    make_technology(small)
    make_task(small)
    _with_results(small, people.supplier, "ZL-0001")
    large = ready_consortium(people)
    _with_results(large, people.supplier, "ZL-0002")
    for number in range(3):
        make_participation(large, make_organisation(), people.lead, ip_share=Decimal(1))
        make_task(large)
        _with_results(large, people.supplier, f"ZL-1{number}")

    with django_assert_num_queries(QUERIES):
        consortium_facts(small)
    with django_assert_num_queries(QUERIES):
        consortium_facts(large)


def test_the_sample_written_in_one_go_is_what_reading_it_back_gives(people: Personas) -> None:
    agreement = ready_consortium(people).agreements.get()

    assert agreement.content == content_of(agreement)
    assert [state.open for state in part_states(agreement.consortium)] == [()] * 5
    assert agreement.signatures.count() == 5
