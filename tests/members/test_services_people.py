"""Accounts: made, switched off and on; officials, experts, demo people."""

from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from members.enums import ExpertKind, Role
from members.models import User
from members.services.people import (
    create_expert,
    create_official,
    create_user,
    deactivate_user,
    enrol_demo_second_factor,
    reactivate_user,
)
from portal.kernel import jobs
from portal.kernel.audit import trail
from portal.kernel.models import Job
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.members import make_district, make_user
from tests.personas import Personas
from tests.races import at_once


def actions(user: User) -> list[str]:
    return list(trail(user).order_by("id").values_list("action", flat=True))


# --- accounts ----------------------------------------------------------------------------------
def test_the_system_administrator_makes_an_account_and_a_mail_says_how_to_begin(people: Personas) -> None:
    user = create_user(
        email="New@Sample.test", name="样例新人", title="业务处室", language="en", actor=people.system_admin, at=NOON
    )

    assert (user.email, user.title, user.roles) == ("new@sample.test", "业务处室", set())
    assert not user.has_usable_password()
    assert actions(user) == ["create_user"]
    jobs.run(Job.objects.get().pk, NOON)
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["new@sample.test"], "Your account on the innovation consortia portal")
    assert letter.body.count("http://127.0.0.1:8000/account/password/reset/") == 1


@pytest.mark.parametrize("name", ["security_admin", "audit_admin", "officer", "lead_admin"])
def test_nobody_else_makes_accounts(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        create_user(email="new@sample.test", name="样例新人", actor=getattr(people, name), at=NOON)


def test_an_address_is_taken_once(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        create_user(email=people.lead.email.upper(), name="样例新人", actor=people.system_admin, at=NOON)
    assert list(refusal.value.error_dict) == ["email"]


def test_the_installation_makes_officials_with_their_roles(db: None) -> None:
    user = create_official(
        email="o@sample.test", name="样例科员", roles=[Role.OFFICER, Role.HEAD], actor=None, at=NOON, title="处长"
    )

    assert user.roles == {Role.OFFICER, Role.HEAD}
    assert user.title == "处长"
    assert actions(user) == ["create_user", "grant_role", "grant_role"]


def test_a_district_officer_gets_the_district(db: None) -> None:
    user = create_official(
        email="d@sample.test", name="样例区员", roles=[Role.DISTRICT_OFFICER], actor=None, at=NOON,
        district=make_district("320581"),
    )  # fmt: skip

    assert user.district_ids == {"320581"}


def test_roles_that_exclude_each_other_make_no_official(db: None) -> None:
    with pytest.raises(TransitionRefused):
        create_official(
            email="o@sample.test", name="样例科员", roles=[Role.OFFICER, Role.AUDIT_ADMIN], actor=None, at=NOON
        )
    assert User.objects.count() == 0


def test_an_expert_is_made_with_what_it_judges(people: Personas) -> None:
    expert = create_expert(
        email="e@sample.test", name="专家甲", kind=ExpertKind.FINANCE, fields={"N01", "E02"}, actor=None, at=NOON,
        employer=people.university, language="en",
    )  # fmt: skip

    expert.refresh_from_db()
    assert (expert.kind, expert.fields, expert.employer) == (ExpertKind.FINANCE, ["E02", "N01"], people.university)
    assert (expert.user.roles, expert.user.language) == ({Role.EXPERT}, "en")


# --- the demo ----------------------------------------------------------------------------------
def test_a_demo_person_gets_a_second_factor_once(db: None) -> None:
    user = User.objects.create_user(email="demo@sample.test", name="样例演示", is_demo=True)

    enrol_demo_second_factor(user=user)
    enrol_demo_second_factor(user=user)

    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).count() == 1


def test_nobody_else_gets_a_second_factor_from_outside(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        enrol_demo_second_factor(user=people.lead)
    assert not Authenticator.objects.filter(user=people.lead).exists()


# --- switching off and on ----------------------------------------------------------------------
def test_somebody_is_locked_out_and_let_in_again(people: Personas) -> None:
    deactivate_user(user=people.officer, actor=people.system_admin, at=NOON, note="on leave")
    people.officer.refresh_from_db()
    assert not people.officer.is_active

    reactivate_user(user=people.officer, actor=people.system_admin, at=NOON, note="back")
    people.officer.refresh_from_db()
    assert people.officer.is_active
    assert [(entry.action, entry.note) for entry in trail(people.officer).order_by("id")] == [
        ("deactivate_user", "on leave"),
        ("reactivate_user", "back"),
    ]


def test_the_second_click_is_refused(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        reactivate_user(user=people.officer, actor=people.system_admin, at=NOON)
    deactivate_user(user=people.officer, actor=people.system_admin, at=NOON)
    with pytest.raises(TransitionRefused):
        deactivate_user(user=people.officer, actor=people.system_admin, at=NOON)


@pytest.mark.parametrize("name", ["security_admin", "audit_admin", "leader", "lead_admin"])
def test_nobody_else_switches_accounts(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        deactivate_user(user=people.officer, actor=getattr(people, name), at=NOON)


@pytest.mark.parametrize("name", ["audit_admin", "leader", "lead_admin"])
def test_only_keepers_let_somebody_in_again(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        reactivate_user(user=people.officer, actor=getattr(people, name), at=NOON)


def test_nobody_locks_out_oneself(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        deactivate_user(user=people.system_admin, actor=people.system_admin, at=NOON)


@pytest.mark.parametrize(
    ("person", "role"), [("security_admin", Role.SECURITY_ADMIN), ("audit_admin", Role.AUDIT_ADMIN)]
)
def test_the_last_administrator_of_a_kind_stays(people: Personas, person: str, role: Role) -> None:
    with pytest.raises(TransitionRefused):
        deactivate_user(user=getattr(people, person), actor=people.system_admin, at=NOON)

    make_user("second", "样例管理员乙", role)
    deactivate_user(user=getattr(people, person), actor=people.system_admin, at=NOON)
    assert not User.objects.get(pk=getattr(people, person).pk).is_active


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("person", "role", "home"),
    [("audit_admin", Role.AUDIT_ADMIN, None), ("lead_admin", Role.ORG_ADMIN, "lead_org")],
)
def test_the_last_two_are_not_locked_out_at_once(people: Personas, person: str, role: Role, home: str | None) -> None:
    second = make_user("second", "样例管理员乙", (role, getattr(people, home)) if home else role)
    keeper = people.system_admin
    two = [getattr(people, person), second]

    results = at_once(*(partial(deactivate_user, user=user, actor=keeper, at=NOON) for user in two))

    assert [type(result) for result in results if isinstance(result, Exception)] == [TransitionRefused]
    assert User.objects.filter(pk__in=[user.pk for user in two], is_active=True).count() == 1
