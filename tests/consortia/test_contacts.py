"""The contact of the lead organisation: who names it, who sees it, what becomes of it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from consortia.models import Consortium
from consortia.selectors.contacts import contact_of, contacted_by
from consortia.services.contacts import name_contact
from members.enums import Role
from members.models import RoleGrant
from members.selectors.handover import burdens
from members.services.roles import revoke_role
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.members import give, make_user
from tests.personas import Personas

SignIn = Any
ENGLISH = {"accept-language": "en"}


def page_of(consortium: Consortium) -> str:
    return reverse("consortia:consortium-name-contact", args=[consortium.pk])


def test_the_lead_names_somebody_who_writes_for_it(people: Personas) -> None:
    consortium = ready_consortium(people)
    colleague = make_user("contact", "样例联系人", (Role.APPLICANT, people.lead_org))

    name_contact(consortium=consortium, contact=colleague, actor=people.lead, at=NOON)
    name_contact(consortium=consortium, contact=colleague, actor=people.lead, at=NOON)

    entry = trail(consortium).filter(action="name_contact").first()
    assert contact_of(Consortium.objects.get(pk=consortium.pk)) == colleague
    assert Notification.objects.filter(kind="consortia.contact_named", recipient=colleague).count() == 1
    assert entry is not None
    assert entry.facts["after"] == str(colleague.pk)

    name_contact(consortium=consortium, contact=None, actor=people.lead, at=NOON)
    assert contact_of(Consortium.objects.get(pk=consortium.pk)) is None


@pytest.mark.parametrize("who", ["rival", "signatory", "university_confirmer", "officer"])
def test_nobody_is_named_who_does_not_write_for_the_lead(people: Personas, who: str) -> None:
    consortium = ready_consortium(people)

    with pytest.raises(ValidationError) as error:
        name_contact(consortium=consortium, contact=getattr(people, who), actor=people.lead, at=NOON)

    assert (list(error.value.error_dict), Consortium.objects.get(pk=consortium.pk).contact) == (["contact"], None)


@pytest.mark.parametrize("who", ["rival", "university_confirmer", "district_officer", "officer", "head", "expert"])
def test_nobody_else_names_it(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        name_contact(consortium=ready_consortium(people), contact=people.lead, actor=getattr(people, who), at=NOON)


def test_not_once_the_consortium_has_ended(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.GRADUATED)

    with pytest.raises(TransitionRefused):
        name_contact(consortium=consortium, contact=people.lead, actor=people.lead, at=NOON)


def test_who_does_not_write_for_the_lead_any_more_is_not_shown(people: Personas) -> None:
    consortium = ready_consortium(people)
    colleague = make_user("contact", "样例联系人", (Role.APPLICANT, people.lead_org))
    name_contact(consortium=consortium, contact=colleague, actor=people.lead, at=NOON)

    RoleGrant.objects.filter(user=colleague).update(revoked_at=NOON)

    assert contact_of(Consortium.objects.get(pk=consortium.pk)) is None


def test_a_successor_is_asked_instead(people: Personas) -> None:
    consortium = ready_consortium(people)
    leaver = make_user("leaver", "样例离任", (Role.APPLICANT, people.lead_org))
    name_contact(consortium=consortium, contact=leaver, actor=people.lead, at=NOON)
    grant = RoleGrant.objects.select_related("user").get(user=leaver)
    assert [consortium] == list(contacted_by(leaver, NOON))
    assert [one.grant for one in burdens([grant], NOON)] == [grant]

    successors = {burden.key: people.lead for burden in burdens([grant], NOON)}
    revoke_role(grant=grant, actor=people.lead_admin, at=NOON, successors=successors)

    assert contact_of(Consortium.objects.get(pk=consortium.pk)) == people.lead


# --- the pages -----------------------------------------------------------------------------------
def test_members_and_officials_see_whom_to_ask(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    client, address = sign_in(people.lead), consortium.get_absolute_url()

    answer = client.post(page_of(consortium), {"contact": str(people.lead.pk)})

    assert answer["Location"] == address
    assert page_of(consortium) in client.get(address).text
    for who in (people.university_confirmer, people.officer, people.district_officer):
        shown = sign_in(who).get(address, headers=ENGLISH).text
        assert f"mailto:{people.lead.email}" in shown
        assert page_of(consortium) not in shown


def test_the_page_says_who_does_not_fit_and_keeps_the_rest(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)

    answer = sign_in(people.lead).post(page_of(consortium), {"contact": str(people.rival.pk)})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["contact"])


@pytest.mark.parametrize(("who", "status"), [("signatory", 403), ("university_confirmer", 403), ("rival", 404)])
def test_who_may_not_name_it(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    answer = sign_in(getattr(people, who)).get(page_of(ready_consortium(people)))

    assert answer.status_code == status


def test_another_lead_names_its_own(people: Personas) -> None:
    consortium = ready_consortium(people)
    name_contact(consortium=consortium, contact=people.lead, actor=people.lead, at=NOON)
    give(people.supplier_confirmer, Role.APPLICANT, people.supplier)

    Consortium.objects.filter(pk=consortium.pk).update(lead=people.supplier)

    assert contact_of(Consortium.objects.get(pk=consortium.pk)) is None
