"""What the house keeps of signing in, and which factor may go."""

import pytest
from allauth.mfa.models import Authenticator

from members.enums import Action
from members.models import User
from members.selectors import may_go_without
from members.services.signin import record_change, record_sign_in
from portal.kernel.audit import trail
from tests.clock import NOON
from tests.personas import Personas, enrol_totp


def factor(user: User) -> Authenticator:
    return Authenticator.objects.filter(user=user).first()


@pytest.mark.parametrize(("language", "kept"), [("en", "en"), ("zh-hans", "zh-hans"), (None, "zh-hans")])
def test_a_sign_in_is_recorded_with_its_language(people: Personas, language: str | None, kept: str) -> None:
    record_sign_in(user=people.lead, language=language, at=NOON)

    people.lead.refresh_from_db()
    entry = trail(people.lead).get()
    assert (people.lead.language, entry.action, entry.actor, entry.at) == (kept, "sign_in", people.lead, NOON)


def test_a_change_is_recorded(people: Personas) -> None:
    record_change(user=people.lead, action=Action.CHANGE_PASSWORD, at=NOON)

    assert trail(people.lead).get().action == "change_password"


def test_an_official_keeps_the_only_factor(people: Personas) -> None:
    assert not may_go_without(factor(people.officer))


def test_one_of_two_factors_may_go(people: Personas) -> None:
    Authenticator.objects.create(user=people.officer, type=Authenticator.Type.WEBAUTHN, data={})

    assert may_go_without(factor(people.officer))


def test_recovery_codes_alone_are_no_factor(people: Personas) -> None:
    Authenticator.objects.create(user=people.officer, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert not may_go_without(factor(people.officer))


def test_whoever_needs_none_may_do_without(people: Personas) -> None:
    enrol_totp(people.lead)

    assert may_go_without(factor(people.lead))
