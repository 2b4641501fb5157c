"""Invitations: sent by mail, good for a week, used once."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import resolve
from django.utils import translation

from members.enums import Role
from members.models import Invitation, RoleGrant, User
from members.rules.tokens import token_hash
from members.services.invitations import (
    VALID_FOR,
    accept_invitation,
    invite_colleague,
    join_by_invitation,
    withdraw_invitation,
)
from portal.kernel import jobs, notifications
from portal.kernel.audit import trail
from portal.kernel.models import Job, Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, HOUR, NOON
from tests.factories.members import make_user
from tests.letters import newest_link
from tests.personas import PASSWORD, Personas
from tests.races import at_once, refusals

ROLES = [Role.APPLICANT, Role.CONFIRMER]


def invite(people: Personas, **changes: Any) -> Invitation:
    facts: dict[str, Any] = {
        "organisation": people.lead_org,
        "email": "Colleague@Sample.test",
        "name": "样例同事",
        "roles": ROLES,
        "actor": people.lead_admin,
        "at": NOON,
    }
    return invite_colleague(**{**facts, **changes})


def join(invitation: Invitation, **changes: Any) -> User:
    facts: dict[str, Any] = {"name": "样例同事", "password": PASSWORD, "language": "en", "at": NOON + HOUR}
    return join_by_invitation(invitation=invitation, **{**facts, **changes})


def token_in_mail(job: Job) -> str:
    """The token that the mail's link holds."""
    path = newest_link()
    match = resolve(path)
    assert match.view_name == "members:invitation-accept"
    return str(match.kwargs["token"])


# --- sending -----------------------------------------------------------------------------------
def test_only_the_hash_of_the_token_stands_in_the_invitation(people: Personas) -> None:
    invitation = invite(people)

    token = token_in_mail(Job.objects.get())
    assert invitation.token_hash == token_hash(token)
    assert re.fullmatch(r"[0-9a-f]{64}", invitation.token_hash)
    assert len(token) >= 40
    assert (invitation.email, invitation.roles) == ("colleague@sample.test", [Role.APPLICANT, Role.CONFIRMER])
    assert invitation.expires_at == NOON + VALID_FOR
    assert [entry.action for entry in trail(people.lead_org)] == ["invite_colleague"]


@pytest.mark.parametrize(
    ("language", "subject", "lines"),
    [
        (
            "en",
            "Invitation to act for 样例领航科技有限公司",
            ["Good day, 样例同事,", "- Lead applicant", "- Member confirmer"],
        ),
        ("zh-hans", "邀请您代表样例领航科技有限公司办理业务", ["样例同事，您好：", "- 牵头申报人", "- 成员确认人"]),
    ],
)
def test_the_mail_is_in_the_language_of_the_inviter(
    people: Personas, language: str, subject: str, lines: list[str]
) -> None:
    people.lead_admin.language = language
    invite(people)
    job = Job.objects.get()

    with translation.override("en" if language != "en" else "zh-hans"):
        jobs.run(job.pk, NOON)

    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["colleague@sample.test"], subject)
    assert [line for line in lines if line not in letter.body.splitlines()] == []
    assert letter.body.count(f"http://127.0.0.1:8000{newest_link()}") == 1


def test_asked_again_the_newest_mail_counts(people: Personas) -> None:
    first = invite(people)
    old = first.token_hash

    second = invite(people, roles=[Role.SIGNATORY], at=NOON + DAY)

    assert second.pk == first.pk
    assert second.token_hash != old
    assert (second.roles, second.expires_at) == ([Role.SIGNATORY], NOON + DAY + VALID_FOR)
    assert Job.objects.count() == 2


def test_somebody_who_holds_the_roles_already_is_not_invited(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        invite(people, email=people.lead.email, roles=[Role.APPLICANT])

    assert invite(people, email=people.lead.email, roles=ROLES).email == people.lead.email


@pytest.mark.parametrize("name", ["lead", "signatory", "rival", "officer", "security_admin"])
def test_only_administrators_of_the_organisation_invite(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        invite(people, actor=getattr(people, name))
    assert Invitation.objects.count() == 0


# --- joining -----------------------------------------------------------------------------------
def test_an_invited_person_joins_with_a_new_account(people: Personas) -> None:
    invitation = invite(people)

    user = join(invitation)

    assert (user.email, user.language) == ("colleague@sample.test", "en")
    assert user.roles == {Role.APPLICANT, Role.CONFIRMER}
    assert user.organisation_ids == {people.lead_org.pk}
    invitation.refresh_from_db()
    assert invitation.accepted_at == NOON + HOUR
    assert RoleGrant.objects.filter(user=user, granted_by=people.lead_admin).count() == 2
    notice = Notification.objects.get(recipient=people.lead_admin)
    assert notifications.text(notice) == "样例同事已接受您的邀请，加入样例领航科技有限公司。"


def test_a_weak_password_is_refused_and_the_invitation_stays_open(people: Personas) -> None:
    invitation = invite(people)

    with pytest.raises(ValidationError) as refusal:
        join(invitation, password="weak")

    assert list(refusal.value.error_dict) == ["password"]
    assert User.objects.filter(email="colleague@sample.test").count() == 0
    assert Invitation.objects.pending().count() == 1


def test_somebody_with_an_account_accepts_with_it(people: Personas) -> None:
    user = make_user("colleague", "样例同事", (Role.CONFIRMER, people.university))
    invitation = invite(people)

    accept_invitation(invitation=invitation, actor=user, at=NOON)

    assert user.organisation_ids == {people.university.pk, people.lead_org.pk}
    with pytest.raises(TransitionRefused):
        join(invite(people))


def test_a_role_that_is_held_already_is_no_obstacle(people: Personas) -> None:
    user = make_user("colleague", "样例同事", (Role.CONFIRMER, people.lead_org))

    accept_invitation(invitation=invite(people), actor=user, at=NOON)

    assert user.roles == {Role.APPLICANT, Role.CONFIRMER}


def test_nobody_else_can_accept(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        accept_invitation(invitation=invite(people), actor=people.rival, at=NOON)


def test_an_official_cannot_join_an_organisation(people: Personas) -> None:
    invitation = invite(people, email=people.officer.email)

    with pytest.raises(TransitionRefused):
        accept_invitation(invitation=invitation, actor=people.officer, at=NOON)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


@pytest.mark.parametrize("late", [VALID_FOR, VALID_FOR + DAY])
def test_after_a_week_it_is_void(people: Personas, late: Any) -> None:
    invitation = invite(people)

    with pytest.raises(TransitionRefused):
        join(invitation, at=NOON + late)
    assert User.objects.filter(email="colleague@sample.test").count() == 0


def test_a_used_invitation_is_void(people: Personas) -> None:
    invitation = invite(people)
    user = join(invitation)

    with pytest.raises(TransitionRefused):
        accept_invitation(invitation=invitation, actor=user, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_link_at_once_one_joins() -> None:
    people = Personas()
    invitation = invite(people)

    results = at_once(lambda: join(invitation), lambda: join(invitation))

    assert refusals(results) == 1
    assert User.objects.filter(email="colleague@sample.test").count() == 1


# --- withdrawing -------------------------------------------------------------------------------
def test_a_withdrawn_invitation_is_void(people: Personas) -> None:
    invitation = invite(people)

    withdraw_invitation(invitation=invitation, actor=people.lead_admin, at=NOON)

    with pytest.raises(TransitionRefused):
        join(invitation)
    with pytest.raises(TransitionRefused):
        withdraw_invitation(invitation=invitation, actor=people.lead_admin, at=NOON)
    assert [entry.action for entry in trail(people.lead_org)] == ["withdraw_invitation", "invite_colleague"]


@pytest.mark.parametrize("name", ["lead", "rival", "officer", "security_admin"])
def test_only_administrators_of_the_organisation_withdraw(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        withdraw_invitation(invitation=invite(people), actor=getattr(people, name), at=NOON)
