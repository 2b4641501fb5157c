"""What the pages read: registry, own consortia, overview, changes, history, candidates."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from consortia.enums import (
    Action,
    ChainPosition,
    ConsortiumStatus,
    MilestoneStatus,
    ParticipationRole,
    ParticipationStatus,
    PartItem,
)
from consortia.models import Consortium, Milestone
from consortia.selectors import (
    Mix,
    candidates,
    events,
    mixes,
    overview,
    own_participations,
    part_state,
    published_by_district,
    trail_of,
)
from consortia.services.consortia import rectify_consortium
from consortia.services.editing import note_edit
from consortia.services.participations import (
    Part,
    confirm_participation,
    decline_participation,
    invite_member,
    revise_participation,
)
from consortia.services.tasks import reach_milestone
from members.enums import OrganisationType, Role
from members.models import User
from tests.clock import NOON
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    make_task,
    make_technology,
    ready_consortium,
    rival_consortium,
)
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

S = ConsortiumStatus
P = ParticipationStatus
TODAY = date(2026, 11, 18)
PART = Part(chain_position=ChainPosition.RESEARCH, duties="承担机理研究。", cash=Decimal(500_000), ip_share=Decimal(4))


# --- registry ----------------------------------------------------------------------------------
def test_mixes_count_present_members_by_kind_in_one_query(
    people: Personas, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    consortium, bare = ready_consortium(people), make_consortium(people)
    make_participation(consortium, make_organisation(type=OrganisationType.BANK), people.lead, status=P.INVITED)
    make_participation(consortium, make_organisation(type=OrganisationType.ASSOCIATION), people.lead)
    make_participation(consortium, make_organisation(), people.lead, status=P.LEFT)

    with django_assert_num_queries(1):
        found = mixes([consortium, bare])

    assert found == {consortium.pk: Mix(lead=1, univ=1, fund=2, chain=2, serv=1), bare.pk: Mix()}
    assert found[consortium.pk].total == 7


def test_published_consortia_by_district(people: Personas) -> None:
    make_district("320581")
    make_consortium(people, status=S.OPERATING)
    make_consortium(people, status=S.GRADUATED)
    make_consortium(people)

    assert {row.pk: row.published for row in published_by_district()} == {"320583": 2, "320581": 0}


def test_what_waits_for_a_lead(people: Personas, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, status=P.INVITED, role=ParticipationRole.LEAD)
    make_participation(consortium, people.university, people.lead, status=P.INVITED)
    assert people.lead.roles == {Role.APPLICANT}

    with django_assert_num_queries(1):
        [row] = own_participations(people.lead)

    assert (row.must_confirm, row.must_sign, row.prepares, row.unconfirmed) == (True, None, True, 2)
    assert (row.lacks_agreement, row.lacks_technologies, row.lacks_tasks) == (True, True, True)


def test_what_waits_for_a_member(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead)
    make_agreement(consortium, people.lead)
    make_agreement(consortium, people.lead, signed=False, version=2)

    [row] = own_participations(people.university_confirmer)

    assert (row.must_confirm, row.must_sign, row.prepares, row.lacks_agreement) == (False, 2, False, False)


def test_nothing_waits_when_all_is_done_or_over(people: Personas) -> None:
    ready_consortium(people, status=S.OPERATING)
    ended = make_consortium(people, status=S.EXITED)
    make_participation(ended, people.university, people.lead, status=P.INVITED)
    make_participation(make_consortium(people), people.university, people.lead, status=P.LEFT)

    rows = own_participations(people.university_confirmer)

    assert [(row.must_confirm, row.must_sign) for row in rows] == [(False, None), (False, None)]


def test_a_rival_has_only_its_own(people: Personas) -> None:
    ready_consortium(people)
    theirs = rival_consortium(people)

    assert [row.consortium for row in own_participations(people.rival)] == [theirs]


def test_candidates_by_code_or_name_without_members(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead)
    wanted = make_organisation("样例衡准检测")

    assert list(candidates(consortium, "衡准")) == [wanted]
    assert list(candidates(consortium, f" {wanted.uscc.lower()} ")) == [wanted]
    assert list(candidates(consortium, "理工")) == []


# --- overview ----------------------------------------------------------------------------------
def test_the_figures_of_a_consortium(people: Personas) -> None:
    view = overview(ready_consortium(people, status=S.OPERATING), today=TODAY)

    assert (len(view.members), len(view.partners), view.confirmed, view.signed) == (5, 4, 5, 5)
    assert view.mix == Mix(lead=1, univ=1, fund=1, chain=2)
    assert (view.cash, view.in_kind, view.commitment) == (Decimal(5_000_000), Decimal(0), Decimal(5_000_000))
    assert (view.ip_share, view.person_months, view.build_months) == (Decimal(90), 0, (21, 36))
    assert [(one.done, one.late) for one in view.tasks] == [(0.5, 0)]
    assert view.on_time == 1
    assert view.scorecard("zh").total == 7


def test_a_task_is_late_by_its_oldest_open_milestone(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    Milestone.objects.filter(status=MilestoneStatus.PLANNED).update(due=TODAY - timedelta(days=23))

    view = overview(consortium, today=TODAY)

    assert ([one.late for one in view.late_tasks], view.on_time) == ([23], 0)


def test_plans_are_not_late_before_the_start(people: Personas) -> None:
    consortium = ready_consortium(people)
    Milestone.objects.update(due=TODAY - timedelta(days=23))

    assert overview(consortium, today=TODAY).late_tasks == []


def test_a_bare_consortium_has_zeros(people: Personas) -> None:
    view = overview(make_consortium(people), today=TODAY)

    assert (view.members, view.commitment, view.tasks, view.build_months, view.agreement, view.rows) == (
        [], Decimal(0), [], (0, 0), None, [],
    )  # fmt: skip


def test_the_build_period_neither_begins_before_nor_goes_on_after(people: Personas) -> None:
    consortium = make_consortium(people, status=S.OPERATING)  # 2025-03-01 to 2028-02-29

    assert overview(consortium, today=date(2024, 1, 1)).build_months == (0, 36)
    assert overview(consortium, today=date(2030, 1, 1)).build_months == (36, 36)


@pytest.mark.parametrize("more", [0, 3])
def test_the_overview_asks_a_constant_number_of_queries(
    people: Personas, django_assert_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    consortium = ready_consortium(people)
    for _ in range(more):
        make_participation(consortium, make_organisation(), people.lead, ip_share=Decimal(1))
        make_task(consortium)

    with django_assert_num_queries(16):
        view = overview(consortium, today=TODAY)
        _ = (view.rows, view.mix, view.tasks, view.scorecard("zh"), view.commitment)


# --- changes -----------------------------------------------------------------------------------
def test_changes_since_the_last_confirmation(people: Personas) -> None:
    consortium = make_consortium(people)
    member = invite_member(consortium=consortium, organisation=people.university, part=PART, actor=people.lead, at=NOON)
    assert [one.changes for one in part_state(member).items] == [[]] * 4
    confirm_participation(participation=member, actor=people.university_confirmer, at=NOON)
    revised = replace(PART, cash=Decimal(700_000), ip_share=Decimal("6.5"))
    revise_participation(participation=member, part=revised, actor=people.lead, at=NOON)

    found = [(one.label, one.before, one.after) for state in part_state(member).items for one in state.changes]

    assert found == [
        ("Cash commitment", "50.00 ×10k yuan", "70.00 ×10k yuan"), ("IP share (%)", "4.00%", "6.50%"),
    ]  # fmt: skip


def test_changes_of_the_work_task_by_task(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead)
    kept, gone = make_task(consortium, lead=people.university), make_technology(consortium, owner=people.university)
    step = kept.milestones.last()
    gone.delete()
    kept.milestones.filter(pk=step.pk).update(target=Decimal(3))
    kept.milestones.exclude(pk=step.pk).delete()

    found = [(one.label, one.before, one.after) for one in part_state(member).item(PartItem.WORK).changes]

    assert found == [
        ("节点1", "样机台数: 2, due 2026-06-30", "—"),
        ("节点2 · Target", "2", "3"),
        (gone.name, "热容量: 8 MHU, TRL 7, due 2027-12-31", "—"),
    ]


# --- history -----------------------------------------------------------------------------------
def _told(consortium: Consortium, reader: User) -> list[tuple[str, str, str]]:
    return [(one.who, one.text, one.note) for one in events(trail_of(consortium), consortium, reader)]


def test_the_history_names_people_to_their_own_and_to_officials_only(people: Personas) -> None:
    consortium = make_consortium(people)
    member = invite_member(consortium=consortium, organisation=people.university, part=PART, actor=people.lead, at=NOON)
    invited = "invited 样例理工大学"
    decline_participation(participation=member, actor=people.university_confirmer, at=NOON, note="与规划不符。")

    assert _told(consortium, people.officer) == [
        ("样例确认乙 · 样例理工大学", "declined to take part", "与规划不符。"),
        ("样例申报甲 · 样例领航科技有限公司", invited, ""),
    ]
    assert _told(consortium, people.lead) == [
        ("样例理工大学", "declined to take part", "与规划不符。"),
        ("样例申报甲 · 样例领航科技有限公司", invited, ""),
    ]
    assert _told(consortium, people.fund_confirmer) == [
        ("样例理工大学", "declined to take part", ""),
        ("样例领航科技有限公司", invited, ""),
    ]


def test_what_nobody_did_stands_in_the_history_without_a_person(people: Personas) -> None:
    consortium = make_consortium(people)
    note_edit(consortium=consortium, action=Action.TAKE_EFFECT, actor=None, at=NOON, facts={"version": 1})

    assert _told(consortium, people.officer) == [
        ("样例领航科技有限公司", "agreement version 1 came into force", ""),
    ]  # fmt: skip


def test_decisions_of_the_bureau_and_milestones_belong_to_the_history(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    milestone = Milestone.objects.get(status=MilestoneStatus.PLANNED)
    reach_milestone(milestone=milestone, actual=Decimal(2), reached_on=TODAY, actor=people.lead, at=NOON)
    rectify_consortium(consortium=consortium, actor=people.leader, at=NOON, note="限期整改。")

    assert _told(consortium, people.lead) == [
        ("Municipal science and technology bureau", "ordered rectification", "限期整改。"),
        ("样例申报甲 · 样例领航科技有限公司", "recorded the milestone “节点2” as reached", ""),
    ]


def test_the_history_of_another_consortium_stays_apart(people: Personas) -> None:
    mine, other = make_consortium(people), make_consortium(people)
    invite_member(consortium=other, organisation=people.university, part=PART, actor=people.lead, at=NOON)

    assert _told(mine, people.officer) == []
