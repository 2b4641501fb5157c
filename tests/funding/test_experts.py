"""Who may review: the pool, the reasons against, the draw."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from consortia.enums import ParticipationStatus
from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Review
from funding.selectors.experts import candidates, eligible
from funding.services.experts import add_experts, assign_experts, release_expert
from members.enums import ExpertKind, ExpertStatus, Role
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_participation, rival_consortium
from tests.factories.funding import make_application, make_review
from tests.factories.members import give, make_expert, make_organisation
from tests.funding.steps import bar
from tests.personas import Personas

S = ApplicationStatus
WHY = "熟悉该领域，且与各成员无关联。"
pytestmark = pytest.mark.usefixtures("english")


def checked(people: Personas, **facts: Any) -> Any:
    return make_application(people, S.CHECKED, **facts)


def reasons(application: Any, expert: Any) -> Any:
    found = next(one for one in candidates(application, NOON) if one.expert == expert)
    return [str(reason) for reason in found.reasons]


def assign(people: Personas, application: Any, experts: Any, actor: Any = None, note: str = WHY) -> Any:
    return assign_experts(
        application=application, experts=experts, actor=actor or people.acceptance, at=NOON, note=note
    )


# --- who is eligible ---------------------------------------------------------------------------
def test_an_expert_without_a_conflict_is_eligible(people: Personas) -> None:
    experts, application = people.experts, checked(people)

    assert [one.expert for one in eligible(application, NOON).values()] == experts
    assert reasons(application, experts[0]) == []


def test_the_employer_must_not_take_part(people: Personas) -> None:
    application = checked(people)

    assert reasons(application, people.conflicted_expert) == ["Belongs to the lead or a member of this consortium"]


def test_a_member_that_has_left_still_bars_its_people(people: Personas) -> None:
    application = checked(people)
    gone = make_organisation()
    make_participation(application.consortium, gone, people.lead, status=ParticipationStatus.LEFT)

    assert reasons(application, make_expert("gone", "专家丙01", employer=gone)) == [
        "Belongs to the lead or a member of this consortium"
    ]


FORMER = ["Worked for the lead or a member in the past years"]


@pytest.mark.parametrize(
    ("until", "found"),
    [(date(2023, 11, 18), FORMER), (date(2023, 11, 17), []), (date(2026, 11, 1), FORMER)],
)
def test_a_former_employer_bars_for_three_years(people: Personas, until: date, found: list[str]) -> None:
    application, expert = checked(people), make_expert("moved", "专家丙07")
    expert.employments.create(organisation=people.supplier, since=date(2015, 1, 1), until=until)

    assert reasons(application, expert) == found


def test_the_call_says_for_how_many_years(people: Personas) -> None:
    application, expert = checked(people), make_expert("moved", "专家丙07")
    expert.employments.create(organisation=people.supplier, since=date(2015, 1, 1), until=date(2023, 1, 1))
    rules = application.call.rules
    rules.data["panel"]["former_years"] = 5
    rules.save()

    assert reasons(application, expert) == FORMER


def test_an_employer_outside_the_portal_is_known_by_its_name(people: Personas) -> None:
    application, expert = checked(people), make_expert("moved", "专家丙07")
    expert.employments.create(name=people.supplier.name, since=date(2015, 1, 1), until=date(2025, 1, 1))

    assert reasons(application, expert) == FORMER


def test_a_former_employer_elsewhere_bars_nobody(people: Personas) -> None:
    application, expert = checked(people), make_expert("moved", "专家丙07")
    expert.employments.create(organisation=people.rival_org, since=date(2015, 1, 1), until=date(2025, 1, 1))

    assert reasons(application, expert) == []


def test_who_acts_for_a_member_in_the_portal_is_barred(people: Personas) -> None:
    application = checked(people)
    expert = make_expert("acting", "专家丙02")
    give(expert.user, Role.CONFIRMER, people.supplier)

    assert reasons(application, expert) == ["Belongs to the lead or a member of this consortium"]


def test_the_people_of_a_competitor_are_barred(people: Personas) -> None:
    application = checked(people)
    rival = rival_consortium(people)
    make_application(people, S.SUBMITTED, consortium=rival, call=application.call)
    expert = make_expert("rivalling", "专家丙03", employer=people.rival_org)

    assert reasons(application, expert) == ["Belongs to another application in this call"]


def test_a_competitor_that_has_ended_bars_nobody(people: Personas) -> None:
    application = checked(people)
    make_application(people, S.REJECTED, consortium=rival_consortium(people), call=application.call)

    assert reasons(application, make_expert("rivalling", "专家丙04", employer=people.rival_org)) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"status": ExpertStatus.REMOVED, "ground": "样例"}, ["Not active in the expert pool"]),
        ({"status": ExpertStatus.SUSPENDED, "ground": "样例"}, ["Not active in the expert pool"]),
        ({"fields": ["B01"]}, ["Works in other fields"]),
        ({"fields": ["B01"], "kind": ExpertKind.FINANCE}, []),
        ({"fields": [], "kind": ExpertKind.INVESTMENT}, []),
        ({"fields": ["E01"], "kind": ExpertKind.LEGAL}, []),
    ],
)
def test_pool_and_field(people: Personas, facts: Any, expected: Any) -> None:
    assert reasons(checked(people), make_expert("one", "专家丙05", **facts)) == expected


def test_without_the_role_nobody_reviews(people: Personas) -> None:
    application, expert = checked(people), make_expert("former", "专家丙06")
    expert.user.role_grants.update(revoked_at=NOON)

    assert reasons(application, expert) == ["Not active in the expert pool"]


def test_the_people_of_a_barred_employer_do_not_review(people: Personas) -> None:
    application, employer = checked(people), make_organisation()
    bar(employer)

    assert reasons(application, make_expert("barred", "专家丙09", employer=employer)) == [
        "Its employer is barred by an integrity record"
    ]


def test_whoever_reached_the_limit_of_the_year_is_given_no_more(people: Personas) -> None:
    application, expert = checked(people), make_expert("busy", "专家丙11", yearly_limit=1)
    rival = make_application(people, S.REVIEWING, consortium=rival_consortium(people), call=application.call)
    make_review(rival, expert, people)

    assert reasons(application, expert) == ["Has reached its limit of reviews this year"]


def test_an_official_never_reviews(people: Personas) -> None:
    application, expert = checked(people), make_expert("official", "专家丙07")
    give(expert.user, Role.OFFICER)

    assert reasons(application, expert) == ["Works as an official"]


def test_one_expert_may_have_several_reasons_against_it(people: Personas) -> None:
    application = checked(people)
    expert = make_expert(
        "three", "专家丙08", employer=people.university, status=ExpertStatus.REMOVED, ground="样例", fields=["B01"]
    )

    assert len(reasons(application, expert)) == 3


def test_the_pool_is_read_in_a_constant_number_of_queries(people: Personas, django_assert_num_queries: Any) -> None:
    application = checked(people)
    make_expert("first", "专家丙10")
    with django_assert_num_queries(15):
        candidates(application, NOON)
    for number in range(5):
        make_expert(f"more{number}", f"专家丙2{number}", employer=people.university)
    with django_assert_num_queries(15):
        candidates(application, NOON)


# --- assigning ---------------------------------------------------------------------------------
def test_assigning_begins_the_review_and_tells_the_experts(people: Personas) -> None:
    application = checked(people)

    assign(people, application, people.experts)

    reviews = list(application.reviews.all())
    assert application.status == S.REVIEWING
    assert [(review.ordinal, review.expert, review.status) for review in reviews] == [
        (n, expert, ReviewStatus.ASSIGNED) for n, expert in enumerate(people.experts, 1)
    ]
    assert sorted(Notification.objects.values_list("recipient__email", "kind", "url")) == sorted(
        (review.expert.user.email, "funding.review_assigned", review.get_absolute_url()) for review in reviews
    )


@pytest.mark.parametrize("note", ["", "  "])
def test_inviting_needs_a_reason(people: Personas, note: str) -> None:
    application = checked(people)

    with pytest.raises(TransitionRefused, match=r"Please give a reason\."):
        assign(people, application, people.experts, note=note)
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["officer", "head", "leader", "supervisor", "finance", "expert", "lead", "system_admin"]
)
def test_only_the_acceptance_desk_assigns(people: Personas, name: Any) -> None:
    application = checked(people, checked_by=people.second_officer)
    experts = people.experts

    with pytest.raises(PermissionDenied, match=r"funding\.assign_experts"):
        assign(people, application, experts, actor=getattr(people, name))
    assert Review.objects.count() == 0


def test_who_checked_the_case_does_not_choose_its_experts(people: Personas) -> None:
    application = checked(people, checked_by=people.acceptance)

    with pytest.raises(PermissionDenied, match=r"funding\.assign_experts"):
        assign(people, application, people.experts)


def test_a_conflicted_expert_is_never_assigned(people: Personas) -> None:
    application = checked(people)

    with pytest.raises(TransitionRefused) as refused:
        assign(people, application, [*people.experts, people.conflicted_expert])

    assert refused.value.reasons == ["Not eligible: 专家乙01."]
    assert (Review.objects.count(), application.status) == (0, S.CHECKED)


def test_nobody_is_assigned_twice(people: Personas) -> None:
    first = people.experts[0]

    with pytest.raises(TransitionRefused, match="chosen twice"):
        assign(people, checked(people), [first, first, people.experts[1]])


def test_fewer_than_the_rules_require_is_refused(people: Personas) -> None:
    with pytest.raises(TransitionRefused, match="3"):
        assign(people, checked(people), people.experts[:2])


def test_the_second_click_is_refused(people: Personas) -> None:
    application = checked(people)
    assign(people, application, people.experts)

    with pytest.raises(TransitionRefused):
        assign(people, application, people.experts)
    assert Review.objects.count() == 3


def test_an_expert_is_added_for_one_who_stepped_back(people: Personas) -> None:
    application = make_application(people, S.REVIEWING)
    for expert in people.experts[:2]:
        make_review(application, expert, people)
    make_review(application, people.experts[2], people, ReviewStatus.RECUSED)
    newcomer = make_expert("newcomer", "专家丁01")

    add_experts(application=application, experts=[newcomer], actor=people.acceptance, at=NOON, note=WHY)

    assert application.status == S.REVIEWING
    assert application.reviews.get(expert=newcomer).ordinal == 4


def test_who_stepped_back_is_not_added_again(people: Personas) -> None:
    application = make_application(people, S.REVIEWING)
    make_review(application, people.experts[0], people, ReviewStatus.RECUSED)

    with pytest.raises(TransitionRefused):
        add_experts(application=application, experts=[people.experts[0]], actor=people.acceptance, at=NOON, note=WHY)


def test_adding_nobody_is_refused(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        add_experts(
            application=make_application(people, S.REVIEWING), experts=[], actor=people.acceptance, at=NOON, note=WHY
        )


def test_a_silent_expert_is_released_and_told(people: Personas) -> None:
    review = make_review(make_application(people, S.REVIEWING), people.experts[0], people)

    release_expert(review=review, actor=people.acceptance, note="多次联系未果。", at=NOON)

    assert review.status == ReviewStatus.RECUSED
    assert Notification.objects.get().recipient == people.expert


def test_who_has_handed_in_cannot_be_released(people: Personas) -> None:
    review = make_review(make_application(people, S.REVIEWING), people.experts[0], people, ReviewStatus.SUBMITTED)

    with pytest.raises(TransitionRefused):
        release_expert(review=review, actor=people.acceptance, note="", at=NOON)
