"""What is still missing before a consortium can apply."""

import pytest
from pytest_django import DjangoAssertNumQueries

from consortia.enums import ParticipationStatus, PreparationStep
from consortia.models import Consortium
from consortia.selectors import preparation
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    make_task,
    make_technology,
    ready_consortium,
)
from tests.personas import Personas

S = PreparationStep


def _counts(consortium: Consortium) -> dict[str, tuple[int, int, tuple[str, ...]]]:
    return {item.step: (item.done, item.total, item.waiting) for item in preparation(consortium).items}


def test_a_new_consortium_lacks_everything(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, status=ParticipationStatus.INVITED, role="LEAD")

    lead = (people.lead_org.name,)

    assert _counts(consortium) == {
        S.MEMBERS: (0, 1, lead),
        S.AGREEMENT: (0, 1, lead),
        S.TECHNOLOGIES: (0, 1, lead),
        S.TASKS: (0, 1, lead),
    }
    assert preparation(consortium).complete is False
    assert [item.step for item in preparation(consortium).missing] == list(S)


def test_everything_done_is_complete(people: Personas) -> None:
    consortium = ready_consortium(people)

    assert _counts(consortium) == {
        S.MEMBERS: (5, 5, ()),
        S.AGREEMENT: (5, 5, ()),
        S.TECHNOLOGIES: (3, 3, ()),
        S.TASKS: (1, 1, ()),
    }
    assert preparation(consortium).complete is True
    assert preparation(consortium).missing == ()


def test_it_names_whose_turn_it_is(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, role="LEAD")
    make_agreement(consortium, people.lead)
    make_participation(consortium, people.university, people.lead, status=ParticipationStatus.INVITED)
    make_participation(consortium, people.fund, people.lead)
    make_participation(consortium, people.supplier, people.lead, status=ParticipationStatus.DECLINED)

    counts = _counts(consortium)

    assert counts[S.MEMBERS] == (2, 3, ("样例理工大学",))
    assert counts[S.AGREEMENT] == (1, 3, ("样例理工大学", "样例产业创新基金"))


def test_a_lead_alone_is_no_consortium(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, role="LEAD")

    item = preparation(consortium).item(S.MEMBERS)

    assert _counts(consortium)[S.MEMBERS] == (1, 1, ())  # it waits for nobody who has confirmed
    assert (item.complete, item.shortfall) == (False, "at least 2 members are needed")


def test_a_newer_version_needs_new_signatures(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_agreement(consortium, people.lead, signed=False, version=2)

    item = preparation(consortium).item(S.AGREEMENT)

    assert (item.done, item.total, len(item.waiting), item.complete) == (0, 5, 5, False)


def test_a_task_without_a_milestone_counts_as_missing(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_task(consortium, milestones=0)

    assert _counts(consortium)[S.TASKS] == (1, 2, (people.lead_org.name,))


@pytest.mark.parametrize("more", [0, 3])
def test_the_number_of_queries_is_constant(
    people: Personas, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    consortium = ready_consortium(people)
    for _ in range(more):
        make_technology(consortium)
        make_task(consortium)

    with django_assert_num_queries(7):
        preparation(consortium)
