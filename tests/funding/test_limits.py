"""Approval limits: two administrators set them, and nobody releases more than the own one."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import BatchStatus, LimitStatus, TrancheStatus
from funding.models import ApprovalLimit
from funding.selectors.limits import leaders_and_limits, limit_of
from funding.services.limits import confirm_limit, drop_limit, propose_limit
from funding.services.payments import release_batch
from funding.services.tranches import approve_tranche
from members.enums import Role
from members.models import User
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from reports.selectors.workbench import waiting
from tests.clock import DAY, NOON
from tests.factories.funding import make_tranche
from tests.factories.members import make_user
from tests.factories.payments import make_batch
from tests.funding.steps import kinds
from tests.personas import Personas
from tests.races import at_once, refusals

S = LimitStatus
WAN = Decimal(10_000)
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def second(people: Personas) -> User:
    return make_user("security-2", "样例安全乙", Role.SECURITY_ADMIN)


def propose(people: Personas, amount: Decimal | None = 10 * WAN, **facts: Any) -> ApprovalLimit:
    facts = {"person": people.leader, "actor": people.security_admin, "at": NOON, **facts}
    return propose_limit(amount=amount, reason="样例：分工调整。", **facts)


def set_limit(people: Personas, second: User, amount: Decimal | None) -> ApprovalLimit:
    return confirm_limit(limit=propose(people, amount), actor=second, at=NOON)


# --- setting one -------------------------------------------------------------------------------
def test_two_administrators_set_it_and_the_one_before_ends(people: Personas, second: User) -> None:
    first = set_limit(people, second, 50 * WAN)
    assert (first.status, limit_of(people.leader)) == (S.IN_FORCE, 50 * WAN)

    newer = propose(people)
    assert limit_of(people.leader) == 50 * WAN
    assert "funding.limit_proposed" in kinds(second)
    confirm_limit(limit=newer, actor=second, at=NOON + DAY)

    first.refresh_from_db()
    assert (first.status, newer.status, limit_of(people.leader)) == (S.ENDED, S.IN_FORCE, 10 * WAN)
    assert "funding.limit_set" in kinds(people.leader)
    assert {entry.action for entry in trail(newer)} == {"propose_limit", "confirm_limit"}
    assert dict(leaders_and_limits())[people.leader] == 10 * WAN


def test_none_takes_the_limit_away(people: Personas, second: User) -> None:
    set_limit(people, second, WAN)
    set_limit(people, second, None)

    assert limit_of(people.leader) is None


def test_declined_it_changes_nothing(people: Personas, second: User) -> None:
    limit = propose(people)

    drop_limit(limit=limit, actor=people.security_admin, at=NOON, note="样例：有误。")

    assert (limit.status, limit_of(people.leader)) == (S.DECLINED, None)
    with pytest.raises(TransitionRefused):
        confirm_limit(limit=limit, actor=second, at=NOON)


def test_who_may_not(people: Personas, second: User) -> None:
    limit = propose(people)
    both = make_user("both", "样例两职", Role.SECURITY_ADMIN)

    for actor in (people.security_admin, people.leader, people.system_admin, people.audit_admin, people.finance):
        with pytest.raises(PermissionDenied):
            confirm_limit(limit=limit, actor=actor, at=NOON)
    for actor in (people.leader, people.system_admin, people.head):
        with pytest.raises(PermissionDenied):
            propose(people, person=people.second_leader, actor=actor)
    with pytest.raises(PermissionDenied):
        propose(people, person=both, actor=both)


def test_only_leaders_have_one_and_one_proposal_at_a_time(people: Personas) -> None:
    propose(people)

    for person in (people.leader, people.finance):
        with pytest.raises(ValidationError) as refused:
            propose(people, person=person)
        assert "person" in refused.value.message_dict


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_put_it_in_force_once(people: Personas, second: User) -> None:
    limit, third = propose(people), make_user("security-3", "样例安全丙", Role.SECURITY_ADMIN)

    results = at_once(*(partial(confirm_limit, limit=limit, actor=one, at=NOON) for one in (second, third)))

    assert refusals(results) == 1
    assert ApprovalLimit.objects.filter(status=S.IN_FORCE).count() == 1


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("limit_sound", {"amount": -1}),
        ("limit_decided_by_somebody", {"status": S.DECLINED}),
        ("limit_by_two_others", {"status": S.IN_FORCE, "decided": "proposer"}),
        ("limit_by_two_others", {"status": S.IN_FORCE, "decided": "person"}),
    ],
)
def test_the_database_keeps_it(people: Personas, name: str, facts: dict[str, Any]) -> None:
    limit = propose(people)
    decided = {"proposer": limit.proposed_by, "person": limit.person}.get(facts.pop("decided", ""))
    facts |= {"decided_by": decided, "decided_at": NOON} if decided else {}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApprovalLimit.objects.filter(pk=limit.pk).update(**facts)


def test_one_in_force_by_the_database(people: Personas, second: User) -> None:
    set_limit(people, second, WAN)
    limit = propose(people)

    with pytest.raises(IntegrityError, match="one_limit_in_force"), transaction.atomic():
        ApprovalLimit.objects.filter(pk=limit.pk).update(status=S.IN_FORCE, decided_by=second, decided_at=NOON)


# --- keeping to it -----------------------------------------------------------------------------
def test_nobody_approves_a_tranche_above_the_own_limit(people: Personas, second: User) -> None:
    tranche = make_tranche(people, status=TrancheStatus.REVIEWED)
    set_limit(people, second, tranche.amount - Decimal("0.01"))

    with pytest.raises(TransitionRefused, match="above your approval limit"):
        approve_tranche(tranche=tranche, actor=people.leader, at=NOON)
    assert not any("Payments to approve" in str(one.duty.label) for one in waiting(people.leader, NOON))
    approve_tranche(tranche=tranche, actor=people.second_leader, at=NOON)

    assert (tranche.status, tranche.approved_by) == (TrancheStatus.APPROVED, people.second_leader)


def test_up_to_the_limit_it_goes_through(people: Personas, second: User) -> None:
    tranche = make_tranche(people, status=TrancheStatus.REVIEWED)
    set_limit(people, second, tranche.amount)

    approve_tranche(tranche=tranche, actor=people.leader, at=NOON)

    assert tranche.status == TrancheStatus.APPROVED


def test_a_batch_counts_as_a_whole(people: Personas, second: User) -> None:
    batch = make_batch(people)
    set_limit(people, second, batch.orders.get().amount - 1)

    with pytest.raises(TransitionRefused, match="above your approval limit"):
        release_batch(batch=batch, actor=people.leader, at=NOON)

    batch.refresh_from_db()
    assert batch.status == BatchStatus.PREPARED


# --- pages -------------------------------------------------------------------------------------
def test_the_pages_lead_from_proposal_to_force(people: Personas, second: User, sign_in: Any) -> None:
    first, other, leader = sign_in(people.security_admin), sign_in(second), people.leader
    url, facts = reverse("funding:limit-propose"), {"person": leader.pk, "amount": "100000", "reason": "样例：分工。"}
    refused = first.post(url, {**facts, "reason": ""})
    assert (refused.status_code, refused.context["form"]["amount"].value()) == (200, "100000")
    done = first.post(url, facts)
    assert (done.status_code, done.url) == (302, reverse("funding:limit-list"))
    confirm = reverse("funding:limit-confirm", args=[ApprovalLimit.objects.get().pk])

    assert first.post(confirm).status_code == 403
    assert "样例：分工。" in other.get(reverse("funding:limit-list")).content.decode()
    assert [other.post(confirm).status_code for _ in range(2)] == [302, 409]
    assert limit_of(leader) == 10 * WAN


def test_declining_needs_a_reason(people: Personas, sign_in: Any) -> None:
    limit = propose(people)
    admin, url = sign_in(people.security_admin), reverse("funding:limit-drop", args=[limit.pk])

    assert [admin.post(url, {"note": note}).status_code for note in ("", "样例：有误。")] == [200, 302]
