"""The command that makes the first people of the administration."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.enums import Role
from members.models import User
from tests.factories.members import make_district
from tests.personas import Personas


def create(*roles: str, **changes: str) -> str:
    """What the command says; each role is an argument of its own."""
    out = StringIO()
    facts = {"email": "sec@sample.test", "name": "样例安全", **changes}
    words = [word for name, value in facts.items() for word in (f"--{name}", value)]
    call_command("create_official", *words, *(f"--role={role}" for role in roles), stdout=out)
    return out.getvalue()


def test_an_administrator_is_made_and_told_how_to_begin(db: None) -> None:
    said = create("SECURITY_ADMIN", title="信息中心")

    user = User.objects.get()
    assert (user.email, user.title, user.roles) == ("sec@sample.test", "信息中心", {Role.SECURITY_ADMIN})
    assert not user.has_usable_password()
    assert said == "Done. The password is set by mail: http://127.0.0.1:8000/account/password/reset/\n"


def test_a_district_officer_needs_the_district(db: None) -> None:
    make_district()

    create("DISTRICT_OFFICER", district="320583")

    assert User.objects.get().district_ids == {"320583"}


@pytest.mark.parametrize(
    ("roles", "changes", "reason"),
    [
        (["DISTRICT_OFFICER"], {}, "DISTRICT_OFFICER and --district belong together."),
        (["OFFICER"], {"district": "320583"}, "DISTRICT_OFFICER and --district belong together."),
        (["DISTRICT_OFFICER"], {"district": "999999"}, "There is no district 999999."),
        (["OFFICER", "AUDIT_ADMIN"], {}, "An administrator holds no other role; please revoke the other roles first."),
        (["OFFICER"], {"email": "lead@sample.test"}, "Somebody has this e-mail address already."),
    ],
)
def test_what_cannot_be_done_is_said(people: Personas, roles: list[str], changes: dict[str, str], reason: str) -> None:
    assert people.lead

    with pytest.raises(CommandError) as refusal:
        create(*roles, **changes)

    assert str(refusal.value) == reason
    assert User.objects.count() == 1
