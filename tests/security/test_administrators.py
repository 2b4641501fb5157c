"""Three administrators who keep each other in check: cases Z-12 to Z-15, unused accounts, jobs without rights."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from members.enums import ADMINISTRATORS, Role
from members.models import RoleGrant, RoleProposal, User
from members.services.people import deactivate_user, reactivate_user
from members.services.proposals import GONE, OVER, confirm_proposal, decline_proposal, propose_administrator
from members.services.roles import grant_role, revoke_role
from members.services.stale import disable_stale_accounts, warn_stale_accounts
from members.services.voiding import VOID
from portal.kernel import jobs
from portal.kernel.audit import trail
from portal.kernel.authz import PERMISSIONS, may
from portal.kernel.models import Letter, Notification
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from reports.enums import EvaluationStatus
from reports.services.documents import request_report
from tests.clock import DAY, NOON
from tests.factories.members import give, make_user
from tests.factories.reports import make_evaluation
from tests.personas import Personas
from tests.races import at_once, refusals

CONSOLES = {
    "members:system-console": "system_admin",
    "members:security-console": "security_admin",
    "members:audit-console": "audit_admin",
}


@pytest.fixture
def second(db: None) -> User:
    """Another security administrator."""
    return make_user("security2", "样例安全乙", Role.SECURITY_ADMIN)


@pytest.fixture
def clerk(db: None) -> User:
    """Somebody without a role."""
    return make_user("clerk", "样例科员丙")


def propose(people: Personas, user: User, **changes: Any) -> RoleProposal:
    facts = {"user": user, "role": Role.AUDIT_ADMIN, "actor": people.security_admin, "at": NOON, "note": "样函1号"}
    return propose_administrator(**{**facts, **changes})


# --- Z-12: none does the work of another ---------------------------------------------------------
@pytest.mark.parametrize(("page", "owner"), CONSOLES.items())
def test_z12_each_console_opens_to_its_administrator_alone(
    people: Personas, sign_in: Any, page: str, owner: str
) -> None:
    others = [*dict.fromkeys([*CONSOLES.values(), "leader", "lead_admin", "expert"])]

    found = {name: sign_in(getattr(people, name)).get(reverse(page)).status_code for name in others}

    assert found == {name: 200 if name == owner else 403 for name in others}


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("system_admin", "reports:audit-list"),
        ("security_admin", "reports:audit-list"),
        ("audit_admin", "members:user-list"),
        ("audit_admin", "members:user-create"),
        ("security_admin", "members:user-create"),
        ("security_admin", "funding:tranche-list"),
        ("system_admin", "funding:grading-board"),
        ("audit_admin", "funding:application-list"),
    ],
)
def test_z12_an_administrator_is_refused_what_is_anothers(people: Personas, sign_in: Any, name: str, page: str) -> None:
    assert sign_in(getattr(people, name)).get(reverse(page)).status_code == 403


BESIDES = {
    "audit_admin": ["funding.view_separation", "funding.view_limits", "reports.replay_decision"],  # changes nothing
    "security_admin": ["funding.view_limits", "funding.propose_limit"],  # what people may do, also up to which sum
}


@pytest.mark.parametrize("name", CONSOLES.values())
def test_z12_no_administrator_has_a_permission_of_the_business(people: Personas, name: str) -> None:
    user = getattr(people, name)

    held = [code for code in PERMISSIONS if not code.startswith("members.") and _may(user, code)]

    assert [code for code in held if not _anybody(code)] == BESIDES.get(name, [])


def _may(user: User, code: str) -> bool:
    try:
        return may(user, code)
    except AttributeError:  # asks about an object
        return False


def _anybody(code: str) -> bool:
    return "anybody" in PERMISSIONS[code].text


@pytest.mark.parametrize("role", sorted(set(Role) - ADMINISTRATORS))
@pytest.mark.parametrize("first", [True, False])
def test_z12_the_database_keeps_administrators_apart_from_every_business_role(
    people: Personas, role: Role, first: bool
) -> None:
    place: Any = people.lead_org if role in {"ORG_ADMIN", "APPLICANT", "SIGNATORY", "CONFIRMER"} else None
    place = people.lead_org.district if role == Role.DISTRICT_OFFICER else place
    grants: list[tuple[Role, Any]] = [(Role.SYSTEM_ADMIN, None), (Role(role), place)]
    user = make_user("both", "样例兼任")
    give(user, *grants[0 if first else 1])

    with pytest.raises(IntegrityError, match="administrators_hold_no_business_role"), transaction.atomic():
        give(user, *grants[1 if first else 0])


def test_z12_a_revoked_role_cannot_be_brought_back_beside_another(people: Personas) -> None:
    RoleGrant.objects.filter(user=people.officer).update(revoked_at=NOON)
    give(people.officer, Role.AUDIT_ADMIN)

    with pytest.raises(IntegrityError, match="administrators_hold_no_business_role"), transaction.atomic():
        RoleGrant.objects.filter(user=people.officer, role=Role.OFFICER).update(revoked_at=None)


def test_z12_the_database_keeps_them_apart_in_a_race(transactional_db: None) -> None:
    user = make_user("both", "样例兼任")

    def hold(role: Role) -> Callable[[], Any]:
        return lambda: RoleGrant.objects.create(user_id=user.pk, role=role, granted_at=NOON)

    results = at_once(hold(Role.OFFICER), hold(Role.AUDIT_ADMIN))

    assert refusals(results) == 1
    assert RoleGrant.objects.filter(user=user).count() == 1


# --- Z-13: two people ----------------------------------------------------------------------------
def test_z13_nobody_gives_a_role_to_oneself(people: Personas, second: User) -> None:
    for role in Role:
        with pytest.raises((PermissionDenied, TransitionRefused)):
            grant_role(user=people.security_admin, role=role, actor=people.security_admin, at=NOON)
    with pytest.raises(PermissionDenied):
        propose(people, people.security_admin)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_z13_one_person_makes_no_administrator(people: Personas, second: User, clerk: User, role: Role) -> None:
    with pytest.raises(TransitionRefused):
        grant_role(user=clerk, role=Role(role), actor=people.security_admin, at=NOON)

    proposal = propose(people, clerk, role=Role(role))
    assert clerk.role_grants.count() == 0
    grant = confirm_proposal(proposal=proposal, actor=second, at=NOON + DAY)

    assert (grant.role, grant.user, grant.granted_by) == (role, clerk, second)
    assert list(trail(clerk).order_by("id").values_list("action", flat=True)) == [
        "propose_role", "grant_role", "confirm_proposal"
    ]  # fmt: skip


def test_z13_neither_the_proposer_nor_the_person_nor_anybody_else_confirms(
    people: Personas, second: User, clerk: User
) -> None:
    proposal = propose(people, clerk)

    for actor in (people.security_admin, clerk, people.system_admin, people.audit_admin, people.leader):
        with pytest.raises(PermissionDenied):
            confirm_proposal(proposal=proposal, actor=actor, at=NOON)
    assert clerk.role_grants.count() == 0


def test_z13_a_proposal_lapses_after_seven_days_and_can_be_made_anew(
    people: Personas, second: User, clerk: User
) -> None:
    proposal = propose(people, clerk)

    with pytest.raises(TransitionRefused):
        confirm_proposal(proposal=proposal, actor=second, at=NOON + 7 * DAY)
    again = propose(people, clerk, at=NOON + 8 * DAY)

    assert RoleProposal.objects.open(NOON + 8 * DAY).get() == again


def test_z13_a_declined_proposal_is_over(people: Personas, second: User, clerk: User) -> None:
    proposal = propose(people, clerk)
    decline_proposal(proposal=proposal, actor=second, at=NOON, note="no")

    with pytest.raises(TransitionRefused):
        confirm_proposal(proposal=proposal, actor=second, at=NOON)
    assert Notification.objects.get(kind="members.proposal_declined").recipient == people.security_admin


def test_z13_without_a_second_security_administrator_nothing_is_proposed(people: Personas, clerk: User) -> None:
    with pytest.raises(TransitionRefused):
        propose(people, clerk)


def test_z13_whoever_has_got_a_business_role_meanwhile_is_not_confirmed(
    people: Personas, second: User, clerk: User
) -> None:
    proposal = propose(people, clerk)
    give(clerk, Role.OFFICER)

    with pytest.raises(TransitionRefused):
        confirm_proposal(proposal=proposal, actor=second, at=NOON)


def _deactivated(people: Personas, user: User, second: User) -> None:
    deactivate_user(user=user, actor=people.system_admin, at=NOON)


def _revoked(people: Personas, user: User, second: User) -> None:
    revoke_role(grant=user.role_grants.get(), actor=second, at=NOON)


def _unused(people: Personas, user: User, second: User) -> None:
    User.objects.filter(pk=user.pk).update(last_login=NOON - 400 * DAY, date_joined=NOON - 500 * DAY)
    warn_stale_accounts(at=NOON - 8 * DAY)
    disable_stale_accounts(at=NOON)


@pytest.mark.parametrize(
    ("whose", "goes"),
    [
        ("proposer", _deactivated), ("proposer", _revoked), ("proposer", _unused),
        ("candidate", _deactivated), ("candidate", _unused),
    ],
)  # fmt: skip
def test_z13_a_proposal_falls_with_its_proposer_and_its_candidate(
    people: Personas, second: User, clerk: User, whose: str, goes: Callable[[Personas, User, User], None]
) -> None:
    User.objects.filter(pk=second.pk).update(last_login=NOON)
    proposal = propose(people, clerk)

    goes(people, people.security_admin if whose == "proposer" else clerk, second)

    proposal.refresh_from_db()
    assert (proposal.decided_at, proposal.confirmed) == (NOON, False)
    assert trail(clerk).filter(action="decline_proposal").get().note == VOID
    with pytest.raises(TransitionRefused, match=str(OVER)):
        confirm_proposal(proposal=proposal, actor=second, at=NOON)
    assert clerk.role_grants.count() == 0


@pytest.mark.parametrize("whose", ["proposer", "candidate"])
def test_z13_an_open_proposal_of_somebody_gone_is_not_confirmed(
    people: Personas, second: User, clerk: User, whose: str
) -> None:
    proposal = propose(people, clerk)
    gone = people.security_admin if whose == "proposer" else clerk
    User.objects.filter(pk=gone.pk).update(is_active=False)

    with pytest.raises(TransitionRefused, match=str(GONE)):
        confirm_proposal(proposal=proposal, actor=second, at=NOON)

    assert clerk.role_grants.count() == 0


@pytest.mark.django_db(transaction=True)
def test_z13_confirmed_and_declined_at_once_one_stands() -> None:
    people = Personas()
    second, third = (make_user(f"security{n}", "样例安全", Role.SECURITY_ADMIN) for n in (2, 3))
    proposal = propose(people, make_user("clerk", "样例科员丙"))

    results = at_once(
        lambda: confirm_proposal(proposal=proposal, actor=second, at=NOON),
        lambda: decline_proposal(proposal=proposal, actor=third, at=NOON),
    )

    assert refusals(results) == 1


def test_z13_by_the_pages(people: Personas, second: User, clerk: User, sign_in: Any) -> None:
    first, other = sign_in(people.security_admin), sign_in(second)
    first.post(reverse("members:role-grant", args=[clerk.pk]), {"role": "SYSTEM_ADMIN", "note": "样函1号"})
    proposal = RoleProposal.objects.get()
    confirm = reverse("members:proposal-confirm", args=[proposal.pk])
    console = reverse("members:security-console")
    assert [client.get(console).content.decode().count(confirm) for client in (first, other)] == [0, 1]
    assert first.post(confirm, {"note": ""}).status_code == 403

    assert other.get(confirm).status_code == 200
    assert other.post(confirm, {"note": ""})["Location"] == console

    assert User.objects.get(pk=clerk.pk).roles == {Role.SYSTEM_ADMIN}


# --- Z-14: the last one stays --------------------------------------------------------------------
@pytest.mark.parametrize("name", CONSOLES.values())
def test_z14_the_last_administrator_of_a_kind_stays(people: Personas, second: User, name: str) -> None:
    last = getattr(people, name)
    if name == "security_admin":
        revoke_role(grant=second.role_grants.get(), actor=people.security_admin, at=NOON)
    actor = second if name == "security_admin" else people.security_admin

    with pytest.raises((TransitionRefused, PermissionDenied)):
        revoke_role(grant=last.role_grants.get(), actor=actor, at=NOON)
    with pytest.raises((TransitionRefused, PermissionDenied)):
        deactivate_user(user=last, actor=people.system_admin, at=NOON)
    last.refresh_from_db()
    assert (last.is_active, last.role_grants.filter(revoked_at=None).count()) == (True, 1)


# --- Z-15: what is not there ---------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/__debug__/", "/silk/", "/console/", "/phpmyadmin/"])
def test_z15_there_is_no_back_door(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/metrics", "/metrics/"])
def test_z15_strangers_see_no_schema_and_no_metrics(people: Personas, sign_in: Any, path: str) -> None:
    assert Client().get(path).status_code in {302, 401, 403, 404}
    assert sign_in(people.lead).get("/metrics").status_code in {401, 403, 404}


def test_z15_there_are_no_default_accounts_and_no_superuser(db: None) -> None:
    assert User.objects.count() == 0
    assert not hasattr(User._meta.model, "groups")
    assert (User().is_staff, User().is_superuser) == (False, False)
    with pytest.raises(TypeError):
        User(is_superuser=True)
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    assert settings.DEBUG is False


# --- unused accounts -----------------------------------------------------------------------------
@pytest.fixture
def idle(people: Personas) -> User:
    """An officer who signed in last a hundred days ago."""
    user = make_user("idle", "样例科员丁", Role.OFFICER)
    User.objects.filter(pk=user.pk).update(last_login=NOON - 100 * DAY, date_joined=NOON - 300 * DAY)
    return user


def test_an_unused_account_is_warned_and_a_week_later_disabled(idle: User, people: Personas) -> None:
    assert people.security_admin
    assert disable_stale_accounts(at=NOON) == []
    assert warn_stale_accounts(at=NOON) == [idle]
    assert warn_stale_accounts(at=NOON + DAY) == []
    assert Letter.objects.get(kind="stale").to.reveal() == idle.email
    assert disable_stale_accounts(at=NOON + 6 * DAY) == []

    assert disable_stale_accounts(at=NOON + 7 * DAY) == [idle]

    idle.refresh_from_db()
    assert not idle.is_active
    assert trail(idle).values_list("action", flat=True)[0] == "disable_stale_account"


def test_whoever_comes_back_after_the_warning_stays(idle: User) -> None:
    warn_stale_accounts(at=NOON)
    User.objects.filter(pk=idle.pk).update(last_login=NOON + DAY)

    assert disable_stale_accounts(at=NOON + 8 * DAY) == []
    assert warn_stale_accounts(at=NOON + 8 * DAY) == []


def test_the_security_administrator_lets_in_again(idle: User, people: Personas) -> None:
    warn_stale_accounts(at=NOON)
    disable_stale_accounts(at=NOON + 7 * DAY)

    reactivate_user(user=idle, actor=people.security_admin, at=NOON + 8 * DAY, note="back")

    assert disable_stale_accounts(at=NOON + 30 * DAY) == []
    assert warn_stale_accounts(at=NOON + 30 * DAY) == []


@pytest.mark.parametrize("name", [*CONSOLES.values(), "lead_admin"])
def test_the_last_who_can_do_something_is_never_disabled(people: Personas, name: str) -> None:
    last = getattr(people, name)
    User.objects.filter(pk=last.pk).update(last_login=NOON - 400 * DAY, date_joined=NOON - 500 * DAY)
    warn_stale_accounts(at=NOON)

    assert disable_stale_accounts(at=NOON + 7 * DAY) == []


def test_of_two_unused_administrators_the_one_who_was_there_last_stays(people: Personas, second: User) -> None:
    for user, days in ((people.security_admin, 300), (second, 200)):
        User.objects.filter(pk=user.pk).update(last_login=NOON - days * DAY, date_joined=NOON - 500 * DAY)
    warn_stale_accounts(at=NOON)

    assert disable_stale_accounts(at=NOON + 7 * DAY) == [people.security_admin]


def test_switched_off_nobody_is_disabled(idle: User, settings: Any) -> None:
    settings.STALE_DAYS = 0

    assert warn_stale_accounts(at=NOON) == []
    assert disable_stale_accounts(at=NOON + timedelta(days=30)) == []


# --- Z-10: a job has the rights of the moment in which it runs --------------------------------------
def test_z10_a_report_ordered_before_the_rights_went_is_not_made(people: Personas) -> None:
    evaluation = make_evaluation(people, EvaluationStatus.VERIFIED, declared_at=NOON)
    report = request_report(evaluation=evaluation, actor=people.officer, language="zh-hans", at=NOON)
    assert report.job
    revoke_role(grant=people.officer.role_grants.get(), actor=people.security_admin, at=NOON)

    jobs.run(report.job.pk, timezone.now())

    report.refresh_from_db()
    report.job.refresh_from_db()
    assert report.file is None
    assert (report.job.state, report.job.error) == (
        JobState.QUEUED, "Whoever asked for this may not have it made any longer."
    )  # fmt: skip
