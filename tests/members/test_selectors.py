"""Who acts in which role, where."""

from typing import Any

from members.enums import Role
from members.selectors import holders, holders_by_organisation
from tests.clock import NOON
from tests.factories.consortia import meet
from tests.factories.members import give, make_user
from tests.personas import Personas


def test_the_holders_of_a_role_are_those_who_hold_it_now(people: Personas) -> None:
    grant = people.second_officer.role_grants.get()
    grant.revoked_at = NOON
    grant.save()
    people.finance.is_active = False
    people.finance.save()
    meet(people.head, people.leader)

    assert list(holders(Role.OFFICER, Role.FINANCE)) == []
    assert list(holders(Role.OFFICER, Role.HEAD)) == [people.head]


def test_who_holds_several_of_the_roles_is_named_once(people: Personas) -> None:
    give(people.signatory, Role.APPLICANT, people.lead_org)

    assert list(holders(Role.APPLICANT, Role.SIGNATORY)) == [people.signatory]


def test_holders_at_a_place(people: Personas) -> None:
    cast = [people.lead, people.rival, people.district_officer, people.other_district_officer]

    assert list(holders(Role.APPLICANT, organisation=people.lead_org)) == [people.lead]
    assert set(holders(Role.APPLICANT, organisation__in=[people.lead_org.pk, people.rival_org.pk])) == set(cast[:2])
    assert list(holders(Role.DISTRICT_OFFICER, district="320583")) == [people.district_officer]


def test_a_role_elsewhere_does_not_count_here(people: Personas) -> None:
    both = make_user("both", "样例兼任甲", (Role.CONFIRMER, people.lead_org), (Role.APPLICANT, people.rival_org))

    assert list(holders(Role.APPLICANT, organisation=people.lead_org)) == []
    assert list(holders(Role.APPLICANT, organisation=people.rival_org)) == [both]


def test_holders_by_organisation(people: Personas, django_assert_num_queries: Any) -> None:
    confirmers = [people.university_confirmer, people.fund_confirmer]
    gone = people.supplier_confirmer.role_grants.get()
    gone.revoked_at = NOON
    gone.save()
    places = [people.university.pk, people.fund.pk, people.supplier.pk]

    with django_assert_num_queries(1):
        found = holders_by_organisation(Role.CONFIRMER, places)

    assert found == {people.university.pk: confirmers[:1], people.fund.pk: confirmers[1:]}
