"""Organisations: registered, invited, kept."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.enums import IdScheme, OrganisationType, Role
from members.models import Invitation, Organisation, RoleGrant, User
from members.services.invitations import VALID_FOR
from members.services.organisations import (
    ACCOUNT_KNOWN,
    CODE_KNOWN,
    NUMBER_KNOWN,
    invite_organisation,
    register_organisation,
    update_organisation,
)
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.members import make_code, make_district
from tests.letters import receivers
from tests.personas import PASSWORD, Personas
from tests.races import at_once, refusals

ODD = "91320599MA0000042A"
ABROAD = {"id_scheme": IdScheme.FOREIGN, "uscc": None, "country": "DE", "registration_number": "HRB 12345"}


def register(**changes: Any) -> User:
    facts: dict[str, Any] = {
        "name": "样例新星科技有限公司",
        "type": OrganisationType.ENTERPRISE,
        "id_scheme": IdScheme.USCC,
        "uscc": make_code(),
        "person_name": "样例甲",
        "email": "First@Sample.test",
        "password": PASSWORD,
        "at": NOON,
    }
    return register_organisation(**{**facts, **changes})


def actions(subject: Any) -> list[str]:
    return list(trail(subject).order_by("id").values_list("action", flat=True))


# --- registration ------------------------------------------------------------------------------
def test_registration_makes_the_organisation_and_a_person_who_may_do_everything_for_it(db: None) -> None:
    user = register(district=make_district())

    organisation = Organisation.objects.get()
    assert user.email == "first@sample.test"
    assert user.check_password(PASSWORD)
    assert organisation.district == make_district()
    assert {role for role, place, _district in user.grants if place == organisation.pk} == {
        Role.ORG_ADMIN, Role.APPLICANT, Role.SIGNATORY, Role.CONFIRMER
    }  # fmt: skip
    assert actions(organisation) == ["register"]
    assert actions(user) == ["grant_role"] * 4
    assert not user.needs_second_factor


def test_an_odd_check_digit_goes_through_with_a_reason_that_is_kept(db: None) -> None:
    user = register(uscc=ODD, uscc_override=" as on the licence ")

    organisation = Organisation.objects.get()
    assert (organisation.uscc, organisation.uscc_override) == (ODD, "as on the licence")
    entry = AuditEntry.objects.get(action="override_code")
    assert (entry.actor, entry.note, entry.facts) == (user, "as on the licence", {"code": ODD})


@pytest.mark.parametrize("name", ["样例外国（中国）研究院", "样例外国(中国)研究院"])
def test_a_namesake_needs_a_code_of_its_own(db: None, name: str) -> None:
    register(name="样例外国（中国）研究院")

    with pytest.raises(ValidationError) as refusal:
        register(name=name, **ABROAD, email="second@sample.test")

    assert list(refusal.value.message_dict) == ["name"]
    register(name=name, email="third@sample.test")
    assert Organisation.objects.count() == 2


def test_nobody_registers_as_an_authority(db: None) -> None:
    with pytest.raises(ValidationError) as refusal:
        register(type=OrganisationType.GOVERNMENT)

    assert list(refusal.value.message_dict) == ["type"]
    assert not Organisation.objects.exists()


def test_nobody_becomes_an_authority_or_a_namesake(people: Personas) -> None:
    foreign = people.rival_org
    Organisation.objects.filter(pk=foreign.pk).update(id_scheme=IdScheme.FOREIGN, uscc=None)
    facts: dict[str, Any] = {"organisation": foreign, "actor": people.rival, "at": NOON}

    for changes in ({"type": OrganisationType.GOVERNMENT}, {"name": people.lead_org.name}):
        with pytest.raises(ValidationError) as refusal:
            update_organisation(**facts, **changes)
        assert list(refusal.value.message_dict) == list(changes)


def test_a_reason_for_a_good_code_is_not_kept(db: None) -> None:
    register(uscc_override="to be sure")

    assert Organisation.objects.get().uscc_override == ""
    assert not AuditEntry.objects.filter(action="override_code").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": ODD}, "uscc"),
        ({"uscc": "123"}, "uscc"),
        ({"uscc": ""}, "uscc"),
        ({"password": "short"}, "password"),
        ({"password": "alllowercaseletters"}, "password"),
    ],
)
def test_bad_data_are_refused_by_field_and_nothing_is_left_behind(
    db: None, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        register(**changes)

    assert list(refusal.value.error_dict) == [field]
    assert (Organisation.objects.count(), User.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_a_foreign_organisation_has_a_country_and_a_number_instead_of_a_code(db: None) -> None:
    register(id_scheme=IdScheme.FOREIGN, uscc="ignored", country=" de", registration_number="hrb  12345")

    organisation = Organisation.objects.get()
    assert (organisation.uscc, organisation.code) == (None, "DE HRB 12345")
    assert trail(organisation).get(action="register").facts == {"code": "DE HRB 12345"}


def test_a_foreign_organisation_says_where_it_is_registered(db: None) -> None:
    with pytest.raises(ValidationError) as refusal:
        register(id_scheme=IdScheme.FOREIGN, uscc=None, country="CN", registration_number="")

    assert list(refusal.value.error_dict) == ["country", "registration_number"]
    assert not Organisation.objects.exists()


def test_where_somebody_else_is_registered_is_not_kept(db: None) -> None:
    register(country="DE", registration_number="HRB 12345")

    assert (Organisation.objects.get().country, Organisation.objects.get().registration_number) == ("", "")


def test_one_registration_abroad_is_one_organisation(db: None) -> None:
    register(**ABROAD)

    with pytest.raises(TransitionRefused) as refusal:
        register(**ABROAD | {"registration_number": "ｈｒｂ 12345"}, name="样例其他机构", email="other@sample.test")
    register(**ABROAD | {"country": "AT"}, name="样例第三机构", email="third@sample.test")

    assert refusal.value.reasons == [NUMBER_KNOWN]
    assert Organisation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_one_number_abroad_at_once_one_succeeds() -> None:
    results = at_once(
        *(lambda n=n: register(**ABROAD, name=f"样例机构{n}", email=f"p{n}@sample.test") for n in range(2))
    )

    assert [each.reasons for each in results if isinstance(each, TransitionRefused)] == [[NUMBER_KNOWN]]
    assert (Organisation.objects.count(), User.objects.count()) == (1, 1)


def test_a_known_code_and_a_known_address_are_refused(people: Personas) -> None:
    known_code, known_address = people.lead_org.uscc, people.lead.email

    for changes, reason in (
        ({"uscc": known_code}, CODE_KNOWN),
        ({"email": known_address}, ACCOUNT_KNOWN),
        ({"email": known_address.upper()}, ACCOUNT_KNOWN),
    ):
        with pytest.raises(TransitionRefused) as refusal:
            register(**changes)
        assert refusal.value.reasons == [reason]
    assert Organisation.objects.count() == 1


def test_an_organisation_invited_by_a_lead_is_entered_by_its_invitation_only(people: Personas) -> None:
    invited = invite(people)

    with pytest.raises(TransitionRefused):
        register(uscc=invited.uscc)
    assert not RoleGrant.objects.filter(organisation=invited).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_link_at_once_one_succeeds() -> None:
    codes = make_code(), make_code()

    results = at_once(*(lambda code=code: register(uscc=code) for code in codes))

    assert [each.reasons for each in results if isinstance(each, TransitionRefused)] == [[ACCOUNT_KNOWN]]
    assert (Organisation.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_one_code_at_once_one_succeeds() -> None:
    code = make_code()

    results = at_once(*(lambda n=n: register(uscc=code, email=f"p{n}@sample.test") for n in range(2)))

    assert refusals(results) == 1
    assert (Organisation.objects.count(), User.objects.count()) == (1, 1)


# --- invitation by a lead ----------------------------------------------------------------------
def invite(people: Personas, **changes: Any) -> Organisation:
    facts: dict[str, Any] = {
        "actor": people.lead,
        "name": "样例海洋大学",
        "uscc": make_code(),
        "id_scheme": IdScheme.USCC,
        "type": OrganisationType.UNIVERSITY,
        "contact_name": "样例联系人",
        "contact_email": "Contact@Sample.test",
        "at": NOON,
    }
    return invite_organisation(**{**facts, **changes})


def test_an_unknown_organisation_is_made_with_an_invitation_to_its_contact(people: Personas) -> None:
    organisation = invite(people)

    invitation = Invitation.objects.get()
    assert (organisation.name, organisation.type) == ("样例海洋大学", OrganisationType.UNIVERSITY)
    assert (invitation.organisation, invitation.email) == (organisation, "contact@sample.test")
    assert invitation.roles == [Role.CONFIRMER, Role.ORG_ADMIN]
    assert invitation.expires_at == NOON + VALID_FOR
    assert actions(organisation) == ["invite_organisation", "invite_colleague"]
    assert receivers() == ["contact@sample.test"]


def test_a_known_organisation_with_people_is_returned_and_nobody_is_invited(people: Personas) -> None:
    known = people.university_confirmer and people.university

    assert invite(people, uscc=known.uscc, name="anything") == known
    assert Invitation.objects.count() == 0


def test_a_known_organisation_without_people_is_invited_again(people: Personas) -> None:
    first = invite(people)

    again = invite(people, uscc=first.uscc, contact_email="other@sample.test", at=NOON + DAY)

    assert again == first
    assert sorted(Invitation.objects.values_list("email", flat=True)) == ["contact@sample.test", "other@sample.test"]


def test_without_a_code_the_name_decides(people: Personas) -> None:
    first = invite(people, id_scheme=IdScheme.NONE, uscc=None, name="样例研究会")

    assert invite(people, id_scheme=IdScheme.NONE, uscc=None, name="样例研究会") == first
    assert invite(people, id_scheme=IdScheme.NONE, uscc=None, name="样例研究会二") != first


def test_abroad_the_registration_decides_and_then_the_name(people: Personas) -> None:
    first = invite(people, **ABROAD, name="Sample Institute")
    nameless = Organisation.objects.create(name="Sample Laboratory", id_scheme=IdScheme.FOREIGN)

    assert invite(people, **ABROAD, name="Sample Institute GmbH") == first
    assert invite(people, **ABROAD | {"country": "AT"}, name="Sample Institute") != first
    assert invite(people, **ABROAD | {"country": "CH"}, name="Sample Laboratory") == nameless


def test_the_odd_code_of_an_invited_organisation_needs_a_reason(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        invite(people, uscc=ODD)
    assert list(refusal.value.error_dict) == ["uscc"]

    assert invite(people, uscc=ODD, uscc_override="from its website").uscc_override == "from its website"


@pytest.mark.parametrize("name", ["lead_confirmer", "officer", "expert", "system_admin"])
def test_only_applicants_invite_organisations(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        invite(people, actor=getattr(people, name))


# --- keeping the data --------------------------------------------------------------------------
def test_changes_are_saved_and_the_trail_keeps_what_was_before(people: Personas) -> None:
    organisation = people.lead_org

    update_organisation(
        organisation=organisation, actor=people.lead_admin, at=NOON, name="样例领航股份有限公司",
        address="样例路1号", district=make_district("320581"), type=organisation.type,
    )  # fmt: skip

    organisation.refresh_from_db()
    assert (organisation.name, organisation.district_id) == ("样例领航股份有限公司", "320581")
    assert AuditEntry.objects.get(action="update_organisation").facts == {
        "name": ["样例领航科技有限公司", "样例领航股份有限公司"],
        "address": ["", "样例路1号"],
        "district": ["320583", "320581"],
    }


def test_saving_without_a_change_leaves_no_trace(people: Personas) -> None:
    update_organisation(organisation=people.lead_org, actor=people.lead_admin, at=NOON, name=people.lead_org.name)

    assert actions(people.lead_org) == []


def test_the_credit_code_does_not_change(people: Personas) -> None:
    with pytest.raises(ValueError, match="uscc"):
        update_organisation(organisation=people.lead_org, actor=people.lead_admin, at=NOON, uscc=make_code())


@pytest.mark.parametrize("name", ["lead", "signatory", "rival", "officer", "system_admin"])
def test_only_its_administrators_keep_an_organisation(people: Personas, name: str) -> None:
    actor = getattr(people, name)

    with pytest.raises(PermissionDenied):
        update_organisation(organisation=people.lead_org, actor=actor, at=NOON, name="样例夺取有限公司")
