"""Giving and taking roles."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from members.enums import Role
from members.models import RoleGrant, User
from members.services.roles import give_colleague_role, grant_role, revoke_role
from portal.kernel import notifications
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.members import make_district, make_user
from tests.personas import Personas
from tests.races import at_once, refusals


def grant_of(user: User, role: Role) -> RoleGrant:
    return RoleGrant.objects.in_force().get(user=user, role=role)


# --- granting ----------------------------------------------------------------------------------
def test_the_security_administrator_grants_a_role(people: Personas) -> None:
    clerk = make_user("clerk", "样例科员丙")

    grant = grant_role(user=clerk, role=Role.OFFICER, actor=people.security_admin, at=NOON, note="样人〔2026〕1号")

    assert clerk.roles == {Role.OFFICER}
    assert (grant.granted_by, grant.granted_at) == (people.security_admin, NOON)
    entry = trail(clerk).get()
    assert (entry.action, entry.note) == ("grant_role", "样人〔2026〕1号")
    assert entry.facts == {"role": "OFFICER", "organisation": None, "district": None}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "You now hold the role “District recommender”. Kunshan"),
        ("zh-hans", "您已被授予“区县推荐人”角色。昆山市"),
    ],
)
def test_the_person_is_told_in_its_language(people: Personas, language: str, sentence: str) -> None:
    clerk = make_user("clerk", "样例区员丙")
    with translation.override("en"):
        grant_role(
            user=clerk, role=Role.DISTRICT_OFFICER, actor=people.security_admin, at=NOON, district=make_district()
        )

    with translation.override(language):
        assert notifications.text(Notification.objects.get(recipient=clerk)) == sentence


@pytest.mark.parametrize("name", ["lead_admin", "officer", "leader", "system_admin", "audit_admin", "district_officer"])
def test_nobody_else_grants_roles_of_the_administration(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        grant_role(user=make_user("clerk", "样例科员丙"), role=Role.OFFICER, actor=getattr(people, name), at=NOON)


def test_nobody_grants_to_oneself(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        grant_role(user=people.security_admin, role=Role.AUDIT_ADMIN, actor=people.security_admin, at=NOON)


@pytest.mark.parametrize(
    ("person", "role"),
    [("lead", Role.OFFICER), ("officer", Role.SYSTEM_ADMIN), ("system_admin", Role.LEADER), ("officer", Role.OFFICER)],
)
def test_roles_that_do_not_go_together_are_refused(people: Personas, person: str, role: Role) -> None:
    user = getattr(people, person)
    before = user.roles

    with pytest.raises(TransitionRefused):
        grant_role(user=user, role=role, actor=people.security_admin, at=NOON)
    assert {grant.role for grant in RoleGrant.objects.filter(user=user)} == before


def test_only_somebody_of_the_pool_gets_the_role_of_an_expert(people: Personas) -> None:
    user = make_user("new-expert", "专家丙01")
    with pytest.raises(TransitionRefused):
        grant_role(user=user, role=Role.EXPERT, actor=people.security_admin, at=NOON)

    revoke_role(grant=grant_of(people.expert, Role.EXPERT), actor=people.security_admin, at=NOON)
    people.expert.__dict__.pop("grants", None)
    grant_role(user=people.expert, role=Role.EXPERT, actor=people.security_admin, at=NOON)
    assert people.expert.roles == {Role.EXPERT}


def test_a_role_can_be_granted_again_after_it_was_revoked(people: Personas) -> None:
    clerk = make_user("clerk", "样例科员丙", Role.OFFICER)
    revoke_role(grant=grant_of(clerk, Role.OFFICER), actor=people.security_admin, at=NOON)
    clerk.__dict__.pop("grants", None)

    grant_role(user=clerk, role=Role.OFFICER, actor=people.security_admin, at=NOON)

    assert RoleGrant.objects.filter(user=clerk).count() == 2
    assert clerk.roles == {Role.OFFICER}


@pytest.mark.django_db(transaction=True)
def test_of_two_incompatible_roles_granted_at_once_one_stands() -> None:
    clerk = make_user("clerk", "样例科员丙")

    results = at_once(
        *(
            lambda role=role: grant_role(user=User.objects.get(pk=clerk.pk), role=role, actor=None, at=NOON)
            for role in (Role.OFFICER, Role.SYSTEM_ADMIN)
        )
    )

    assert refusals(results) == 1
    assert RoleGrant.objects.filter(user=clerk).count() == 1


# --- among colleagues --------------------------------------------------------------------------
def give(people: Personas, **changes: Any) -> RoleGrant:
    facts: dict[str, Any] = {
        "organisation": people.lead_org,
        "user": people.lead,
        "role": Role.SIGNATORY,
        "actor": people.lead_admin,
        "at": NOON,
    }
    return give_colleague_role(**{**facts, **changes})


def test_an_administrator_gives_a_colleague_one_more_role(people: Personas) -> None:
    give(people)

    assert people.lead.holds(Role.SIGNATORY, organisation=people.lead_org.pk)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.EXPERT, Role.SYSTEM_ADMIN])
def test_an_administrator_gives_roles_of_the_organisation_only(people: Personas, role: Role) -> None:
    with pytest.raises(TransitionRefused):
        give(people, role=role)


def test_strangers_get_no_role_without_an_invitation(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        give(people, user=people.rival)


@pytest.mark.parametrize("name", ["lead", "rival", "security_admin", "officer"])
def test_only_administrators_of_the_organisation_give_its_roles(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        give(people, actor=getattr(people, name))


# --- revoking ----------------------------------------------------------------------------------
def test_an_administrator_revokes_the_role_of_a_colleague(people: Personas) -> None:
    grant = grant_of(people.lead, Role.APPLICANT)

    revoke_role(grant=grant, actor=people.lead_admin, at=NOON, note="moved on")

    grant.refresh_from_db()
    assert grant.revoked_at == NOON
    assert User.objects.get(pk=people.lead.pk).roles == set()
    assert trail(people.lead).get().note == "moved on"


def test_a_role_is_revoked_once(people: Personas) -> None:
    grant = grant_of(people.lead, Role.APPLICANT)
    revoke_role(grant=grant, actor=people.lead_admin, at=NOON)

    with pytest.raises(TransitionRefused):
        revoke_role(grant=grant, actor=people.lead_admin, at=NOON)


def test_an_organisation_keeps_its_last_administrator(people: Personas) -> None:
    grant = grant_of(people.lead_admin, Role.ORG_ADMIN)

    with pytest.raises(TransitionRefused):
        revoke_role(grant=grant, actor=people.lead_admin, at=NOON)

    give(people, role=Role.ORG_ADMIN)
    revoke_role(grant=grant, actor=people.lead_admin, at=NOON)
    assert grant_of(people.lead, Role.ORG_ADMIN).organisation == people.lead_org


def test_a_deactivated_administrator_does_not_count(people: Personas) -> None:
    make_user("sleeping", "样例管理乙", (Role.ORG_ADMIN, people.lead_org), is_active=False)

    with pytest.raises(TransitionRefused):
        revoke_role(grant=grant_of(people.lead_admin, Role.ORG_ADMIN), actor=people.lead_admin, at=NOON)


@pytest.mark.parametrize(("person", "role"), [("system_admin", Role.SYSTEM_ADMIN), ("audit_admin", Role.AUDIT_ADMIN)])
def test_the_portal_keeps_its_last_administrator_of_each_kind(people: Personas, person: str, role: Role) -> None:
    with pytest.raises(TransitionRefused):
        revoke_role(grant=grant_of(getattr(people, person), role), actor=people.security_admin, at=NOON)


def test_the_security_administrator_does_not_revoke_the_own_role(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        revoke_role(grant=grant_of(people.security_admin, Role.SECURITY_ADMIN), actor=people.security_admin, at=NOON)


@pytest.mark.parametrize("name", ["lead", "signatory", "rival", "officer", "system_admin", "audit_admin"])
def test_nobody_else_revokes(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        revoke_role(grant=grant_of(people.lead_confirmer, Role.CONFIRMER), actor=getattr(people, name), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_revoke_each_other_at_once_leave_one() -> None:
    people = Personas()
    other = make_user("admin2", "样例管理乙", (Role.ORG_ADMIN, people.lead_org))
    first, second = grant_of(people.lead_admin, Role.ORG_ADMIN), grant_of(other, Role.ORG_ADMIN)

    results = at_once(
        lambda: revoke_role(grant=second, actor=people.lead_admin, at=NOON),
        lambda: revoke_role(grant=first, actor=other, at=NOON),
    )

    assert refusals(results) == 1
    assert RoleGrant.objects.in_force().filter(organisation=people.lead_org, role=Role.ORG_ADMIN).count() == 1
