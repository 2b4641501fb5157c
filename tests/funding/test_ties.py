"""What the portal knows of ties, and what the pool makes of it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consortia.enums import FundKind, FundRole, OutcomeKind, PatentType
from consortia.models import CoOwner, Fund, Investment, Outcome
from funding.enums import Action, ApplicationStatus
from funding.models import Review
from funding.selectors.draws import TIED
from funding.selectors.draws import pool as pool_of_draw
from funding.selectors.experts import candidates, eligible
from funding.services.experts import assign_experts
from members.enums import ExpertStatus, Role
from members.models import Expert, Relation, RoleGrant, User
from members.rules.relations import RelationKind, RelationSource
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_participation, rival_consortium
from tests.factories.funding import make_application
from tests.factories.members import make_expert, make_organisation
from tests.personas import Personas

S = ApplicationStatus
TODAY = date(2026, 11, 18)
BOUND = "Is bound to the lead or a member of this consortium"
pytestmark = pytest.mark.usefixtures("english")


def checked(people: Personas, **facts: Any) -> Any:
    return make_application(people, S.CHECKED, **facts)


def relate(expert: Expert, kind: RelationKind, **facts: Any) -> Relation:
    return Relation.objects.create(
        expert=expert, kind=kind, source=RelationSource.SELF, recorded_by=expert.user, **facts
    )


def seen(application: Any, expert: Expert) -> tuple[list[str], str]:
    found = next(one for one in candidates(application, NOON) if one.expert == expert)
    return [str(reason) for reason in found.reasons], found.tie


# --- the register --------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [RelationKind.DIRECTOR, RelationKind.EQUITY, RelationKind.CONSULTANT])
def test_a_declared_relation_to_a_member_bars(people: Personas, kind: RelationKind) -> None:
    application, expert = checked(people), make_expert("tied", "专家丙01")
    relate(expert, kind, organisation=people.supplier)

    reasons, tie = seen(application, expert)

    assert reasons == [BOUND]
    assert tie.endswith("样例上游材料有限公司 (member)")
    assert expert.pk not in eligible(application, NOON)


def test_a_struck_relation_bars_nobody(people: Personas) -> None:
    application, expert = checked(people), make_expert("tied", "专家丙01")
    relate(
        expert, RelationKind.DIRECTOR, organisation=people.supplier, struck_at=NOON, struck_by=people.officer,
        struck_reason="样例：登记有误。",
    )  # fmt: skip

    assert seen(application, expert) == ([], "")


def test_kin_who_works_at_a_member_bars(people: Personas) -> None:
    application, expert = checked(people), make_expert("kin", "专家丙01")
    relate(expert, RelationKind.KINSHIP, person="样例亲属", organisation=people.university)

    assert seen(application, expert) == (
        [BOUND], "专家丙01 — is a relative of → 样例亲属 — belongs to → 样例理工大学 (member)"
    )  # fmt: skip


def test_a_name_alone_is_shown_and_bars_nobody(people: Personas) -> None:
    application, expert = checked(people), make_expert("named", "专家丙01")
    name = people.supplier_confirmer.name
    relate(expert, RelationKind.SUPERVISOR, person=name)

    reasons, tie = seen(application, expert)

    assert reasons == []
    assert tie.startswith(f"专家丙01 — is supervisor or student of → {name} — has the name of a person of → ")


def test_an_organisation_outside_the_portal_is_known_by_its_name(people: Personas) -> None:
    application, expert = checked(people), make_expert("tied", "专家丙01")
    relate(expert, RelationKind.EQUITY, name=people.fund.name, percent=Decimal("12.50"))

    assert seen(application, expert) == (
        [BOUND], "专家丙01 — holds shares in (12.5%) → 样例产业创新基金 (member)"
    )  # fmt: skip


# --- what the portal knows itself ----------------------------------------------------------------
def test_the_people_of_a_subsidiary_are_bound_to_its_parent(people: Personas) -> None:
    application, daughter = checked(people), make_organisation("样例子公司", parent=people.supplier)
    expert = make_expert("daughter", "专家丙01", employer=daughter)

    assert seen(application, expert) == (
        [BOUND], "专家丙01 — works for → 样例子公司 — is controlled by → 样例上游材料有限公司 (member)"
    )  # fmt: skip


def test_a_joint_patent_is_shown_for_three_years(people: Personas) -> None:
    application, partner = checked(people), make_organisation("样例合作研究所")
    expert = make_expert("partner", "专家丙01", employer=partner)
    patent = Outcome.objects.create(
        consortium=application.consortium, kind=OutcomeKind.PATENT, name="样例专利", identifier="CN114000001A",
        owner=people.supplier, patent_type=PatentType.INVENTION, applied_on=date(2025, 1, 1), date=date(2025, 1, 1),
    )  # fmt: skip
    CoOwner.objects.create(outcome=patent, organisation=partner)

    assert seen(application, expert) == (
        [], "专家丙01 — works for → 样例合作研究所 — until 2025: owns an outcome with → 样例上游材料有限公司 (member)"
    )  # fmt: skip
    Outcome.objects.update(applied_on=date(2020, 1, 1), date=date(2020, 1, 1))
    assert seen(application, expert) == ([], "")


def test_the_fund_of_an_expert_that_invested_in_a_member_is_shown(people: Personas) -> None:
    application, manager = checked(people), make_organisation("样例基金管理人")
    expert = make_expert("investing", "专家丙01", employer=manager)
    fund = Fund.objects.create(
        consortium=rival_consortium(people), name="样例基金", kind=FundKind.INDUSTRY, role=FundRole.PARTICIPANT,
        manager=manager, scale=Decimal(10),
    )  # fmt: skip
    Investment.objects.create(fund=fund, target=people.supplier.name, amount=Decimal(5), date=date(2025, 6, 1))

    reasons, tie = seen(application, expert)

    assert reasons == []
    assert tie.endswith("样例基金管理人 — since 2025: has invested in → 样例上游材料有限公司 (member)")


def test_who_applied_together_with_a_member_before_is_shown(people: Personas) -> None:
    application, rival = checked(people), rival_consortium(people)
    make_participation(rival, people.supplier, people.rival)
    make_application(people, S.REJECTED, consortium=rival)
    expert = make_expert("earlier", "专家丙01", employer=people.rival_org)

    reasons, tie = seen(application, expert)

    assert reasons == []
    assert tie == "专家丙01 — works for → 样例竞先科技有限公司 — applied together with → 样例上游材料有限公司 (member)"


def test_a_colleague_of_somebody_bound_is_free(people: Personas) -> None:
    application, elsewhere = checked(people), make_organisation("样例别处大学")
    bound = make_expert("bound", "专家丙01", employer=elsewhere)
    free = make_expert("free", "专家丙02", employer=elsewhere)
    relate(bound, RelationKind.DIRECTOR, organisation=people.supplier)

    assert free.pk in eligible(application, NOON)
    assert bound.pk not in eligible(application, NOON)


# --- choosing in spite of a tie ------------------------------------------------------------------
def tied_pool(people: Personas) -> tuple[Any, Expert]:
    application, expert = checked(people), make_expert("soft", "专家丙01")
    relate(expert, RelationKind.SUPERVISOR, person=people.supplier_confirmer.name)
    return application, expert


def test_whoever_is_bound_weakly_is_chosen_only_with_a_reason(people: Personas) -> None:
    application, expert = tied_pool(people)
    experts = [*people.experts, expert]

    with pytest.raises(TransitionRefused) as refused:
        assign_experts(application=application, experts=experts, actor=people.acceptance, at=NOON, note="  ")
    assert refused.value.reasons == ["Please say in the remark why you choose in spite of a tie: 专家丙01."]

    assign_experts(application=application, experts=experts, actor=people.acceptance, at=NOON, note="样例：仅同名。")

    entry = trail(application).get(action=Action.ASSIGN)
    assert entry.note == "样例：仅同名。"
    assert list(entry.facts["ties"]) == [str(expert.pk)]


def test_chance_never_takes_who_needs_a_reason(people: Personas) -> None:
    application, expert = tied_pool(people)
    _ = people.experts
    [found] = [one for one in pool_of_draw(application, NOON) if one.expert == expert]

    assert eligible(application, NOON)[expert.pk].needs_reason
    assert [str(one) for one in found.reasons] == [str(TIED), found.tie]


# --- always --------------------------------------------------------------------------------------
HARD = [kind for kind in RelationKind if kind != RelationKind.CO_INVENTOR]
relations = st.tuples(
    st.sampled_from(HARD), st.integers(0, 4), st.sampled_from(["organisation", "name", "person"]), st.integers(0, 5000)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(relations, max_size=4))
def test_a_conflicted_expert_is_never_eligible_drawn_or_assigned(people: Personas, facts: Any) -> None:
    """Whatever stands in the register: who is bound by what bars appears in no pool, no draw and no panel."""
    application = getattr(people, "_case", None) or checked(people)
    people._case = application  # type: ignore[attr-defined]
    expert = Expert.objects.filter(user__name="专家丙01").first() or make_expert("any", "专家丙01")
    Relation.objects.filter(expert=expert).delete()
    places = [people.lead_org, people.supplier, people.university, people.rival_org, people.other_supplier]
    members = {row.organisation_id for row in application.consortium.participations.all()} | {people.lead_org.pk}
    bars = False
    for kind, number, how, days in facts:
        place, until = places[number], TODAY - timedelta(days=days)
        personal = how == "person" and kind in {RelationKind.KINSHIP, RelationKind.SUPERVISOR}
        named = {"name": place.name} if how == "name" else {"organisation": place}
        relate(expert, kind, until=until, **named, **({"person": "样例某人"} if personal else {}))
        lasting = kind in {RelationKind.KINSHIP, RelationKind.SUPERVISOR} and not personal
        bars |= place.pk in members and (lasting or until >= date(2023, 11, 18))

    pool = eligible(application, NOON)

    assert (expert.pk in pool) != bars
    assert not bars or all(one.reasons for one in pool_of_draw(application, NOON) if one.expert == expert)
    if bars:
        with pytest.raises(TransitionRefused, match="Not eligible"):
            assign_experts(
                application=application, experts=[*people.experts, expert], actor=people.acceptance, at=NOON,
                note="样例",
            )  # fmt: skip
        assert not Review.objects.filter(expert=expert).exists()


def test_five_hundred_experts_cost_as_many_queries_as_one(people: Personas, django_assert_num_queries: Any) -> None:
    application = checked(people)
    users = User.objects.bulk_create(User(email=f"many{n}@sample.test", name=f"样例{n:03d}") for n in range(500))
    experts = Expert.objects.bulk_create(
        Expert(user=user, status=ExpertStatus.ACTIVE, admitted_at=NOON, fields=["A01"], employer=people.rival_org)
        for user in users
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=Role.EXPERT, granted_by=people.officer, granted_at=NOON) for user in users
    )
    Relation.objects.bulk_create(
        Relation(
            expert=expert, kind=RelationKind.DIRECTOR, organisation=people.supplier, source=RelationSource.BUREAU,
            recorded_by=people.officer,
        )
        for expert in experts[:250]
    )  # fmt: skip

    with django_assert_num_queries(15):
        found = candidates(application, NOON)

    assert sum(BOUND in map(str, one.reasons) for one in found) == 250
