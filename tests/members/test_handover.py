"""Open work when somebody leaves a role: what it is, who takes it over, what is recorded."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from members.enums import Action, Role
from members.models import Handover, RoleGrant, User
from members.selectors import colleagues
from members.selectors.handover import WORK, burdens
from members.services.people import deactivate_user
from members.services.roles import revoke_role
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application
from tests.factories.members import give, make_user
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("english")


def held(user: User, role: Role) -> RoleGrant:
    return user.role_grants.get(role=role, revoked_at=None)


def drafting(people: Personas) -> RoleGrant:
    """The lead's applicant has a draft in hand."""
    make_application(people, "DRAFT", consortium=ready_consortium(people))
    return held(people.lead, Role.APPLICANT)


def in_english(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def key(grant: RoleGrant) -> str:
    return f"successor_{grant.pk.hex}"


def test_every_room_has_declared_its_work() -> None:
    assert {kind.role for kind in WORK} >= {
        Role.ORG_ADMIN, Role.APPLICANT, Role.SIGNATORY, Role.CONFIRMER, Role.DISTRICT_OFFICER, Role.OFFICER,
        Role.LIAISON, Role.EXPERT,
    }  # fmt: skip


def test_the_work_of_a_role_is_counted_by_kind(people: Personas) -> None:
    burden = burdens([drafting(people)], NOON)[0]

    assert (burden.counted(), burden.others) == ({"Applications being written": 1}, ())


def test_only_the_role_that_ends_is_counted(people: Personas) -> None:
    drafting(people)
    give(people.lead, Role.CONFIRMER, people.rival_org)

    assert burdens([held(people.lead, Role.CONFIRMER)], NOON) == []


def test_without_another_holder_the_work_waits_for_the_role(people: Personas) -> None:
    grant = drafting(people)

    revoke_role(grant=grant, actor=people.lead_admin, at=NOON)

    row = Handover.objects.get()
    assert (row.leaver, row.successor, row.role, row.organisation) == (
        people.lead,
        None,
        Role.APPLICANT,
        people.lead_org,
    )
    assert Notification.objects.filter(kind="members.handed_over").count() == 0


def test_the_successor_is_named_recorded_and_told(people: Personas) -> None:
    grant = drafting(people)
    other = make_user("second", "样例申报乙", (Role.APPLICANT, people.lead_org))

    revoke_role(grant=grant, actor=people.lead_admin, at=NOON, successors={key(grant): other})

    entry = AuditEntry.objects.get(action=Action.HAND_OVER)
    assert (entry.subject_id, entry.facts["successor"], entry.facts["work"]) == (
        str(people.lead.pk), str(other.pk), {"Applications being written": 1}
    )  # fmt: skip
    assert Handover.objects.get().successor == other
    assert [one.recipient for one in Notification.objects.filter(kind="members.handed_over")] == [other]


def test_where_somebody_could_take_over_somebody_must(people: Personas) -> None:
    grant = drafting(people)
    other = make_user("second", "样例申报乙", (Role.APPLICANT, people.lead_org))
    for successors in ({}, {key(grant): people.rival}):
        with pytest.raises(ValidationError) as refusal:
            revoke_role(grant=grant, actor=people.lead_admin, at=NOON, successors=successors)
        assert list(refusal.value.error_dict) == [key(grant)]

    assert (RoleGrant.objects.get(pk=grant.pk).revoked_at, Handover.objects.count()) == (None, 0)
    assert burdens([grant], NOON)[0].others == (other,)


def test_nothing_open_needs_no_successor(people: Personas) -> None:
    make_user("second", "样例签署乙", (Role.SIGNATORY, people.lead_org))

    revoke_role(grant=held(people.signatory, Role.SIGNATORY), actor=people.lead_admin, at=NOON)

    assert Handover.objects.count() == 0


def test_accompanied_consortia_pass_to_the_successor(people: Personas) -> None:
    leaver, successor = (make_user(name, f"样例专员{name}", Role.LIAISON) for name in ("liaison1", "liaison2"))
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING, liaison_officer=leaver)
    grant = held(leaver, Role.LIAISON)

    deactivate_user(user=leaver, actor=people.system_admin, at=NOON, note="调离", successors={key(grant): successor})

    consortium.refresh_from_db()
    assert (consortium.liaison_officer, trail(consortium).first().facts["after"]) == (successor, str(successor.pk))  # type: ignore[union-attr]
    assert User.objects.get(pk=leaver.pk).is_active is False


def test_the_last_administrator_of_an_organisation_is_not_locked_out(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        deactivate_user(user=people.lead_admin, actor=people.system_admin, at=NOON, note="离职")

    make_user("second-admin", "样例管理丙", (Role.ORG_ADMIN, people.lead_org))
    deactivate_user(user=people.lead_admin, actor=people.system_admin, at=NOON, note="离职")
    assert User.objects.get(pk=people.lead_admin.pk).is_active is False


# --- pages -------------------------------------------------------------------------------------
def test_the_page_shows_the_work_and_asks_for_the_successor(people: Personas, sign_in: Any) -> None:
    grant = drafting(people)
    other = make_user("second", "样例申报乙", (Role.APPLICANT, people.lead_org))
    make_user("third", "样例申报丙", (Role.APPLICANT, people.lead_org))
    client, url = in_english(sign_in(people.lead_admin)), reverse("members:grant-revoke", args=[grant.pk])

    shown = client.get(url)
    missing = client.post(url, {"note": "离职"})
    done = client.post(url, {"note": "离职", key(grant): other.pk})

    assert [burden.counted() for burden in shown.context["burdens"]] == [{"Applications being written": 1}]
    assert missing.context["form"].errors[key(grant)] == ["Please choose who takes this over."]
    assert (done.status_code, Handover.objects.get().successor) == (302, other)
    page = client.get(reverse("members:organisation-own"))
    assert [
        list(panel["rows"]) for panel in page.context["panels"] if panel["template"] == "members/_handovers.html"
    ] == [[Handover.objects.get()]]


def test_colleagues_come_with_their_second_factor(people: Personas, django_assert_num_queries: Any) -> None:
    people.lead  # noqa: B018
    guarded = make_user("guarded", "样例双因子", Role.EXPERT, (Role.CONFIRMER, people.lead_org))
    with django_assert_num_queries(1):
        found = {one.user: one.has_factor for one in colleagues(people.lead_org)}

    assert found == {people.lead: False, guarded: True}


def test_only_administrators_see_how_colleagues_sign_in(people: Personas, sign_in: Any) -> None:
    url = reverse("members:organisation-own")

    pages = [in_english(sign_in(person)).get(url).content.decode() for person in (people.lead_admin, people.lead)]

    assert [page.count("Last sign-in") for page in pages] == [1, 0]
