"""Which roles go together; which roles a rule speaks of."""

import pytest

from members.enums import ADMINISTRATORS, BUREAU, OFFICIALS, ORGANISATION_ROLES, Role
from members.rules.roles import named_in, obstacle
from members.rules.wording import NAMES, ROOMS
from portal.kernel.authz import PERMISSIONS

R = Role
TOGETHER = [
    (R.APPLICANT, set(), True),
    (R.APPLICANT, {R.ORG_ADMIN, R.SIGNATORY, R.CONFIRMER}, True),
    (R.APPLICANT, {R.EXPERT}, True),
    (R.APPLICANT, {R.OFFICER}, False),
    (R.APPLICANT, {R.DISTRICT_OFFICER}, False),
    (R.APPLICANT, {R.SYSTEM_ADMIN}, False),
    (R.OFFICER, {R.HEAD}, True),
    (R.OFFICER, {R.EXPERT}, True),
    (R.OFFICER, {R.CONFIRMER}, False),
    (R.OFFICER, {R.AUDIT_ADMIN}, False),
    (R.EXPERT, {R.OFFICER, R.HEAD}, True),
    (R.EXPERT, {R.SECURITY_ADMIN}, False),
    (R.SYSTEM_ADMIN, set(), True),
    (R.SYSTEM_ADMIN, {R.SECURITY_ADMIN}, False),
    (R.SYSTEM_ADMIN, {R.EXPERT}, False),
    (R.SYSTEM_ADMIN, {R.APPLICANT}, False),
    (R.SECURITY_ADMIN, {R.LEADER}, False),
]


@pytest.mark.parametrize(("role", "held", "together"), TOGETHER)
def test_separation_of_roles(role: Role, held: set[Role], together: bool) -> None:
    assert (obstacle(role, held) is None) == together


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("OFFICER", {R.OFFICER}),
        ("ACCEPTANCE or OFFICER", {R.ACCEPTANCE, R.OFFICER}),
        ("(LEADER and did not graded_by)", {R.LEADER}),
        ("((HEAD or LEADER and did not graded_by) and not expert of this evaluation)", {R.HEAD, R.LEADER}),
        ("(writes for the lead or signs for the lead)", {R.APPLICANT, R.SIGNATORY}),
        ("(administers this or (SECURITY_ADMIN and not one's own role))", {R.ORG_ADMIN, R.SECURITY_ADMIN}),
        ("official", set(OFFICIALS)),
        ("bureau", set(BUREAU)),
        ("acts for this organisation", set(ORGANISATION_ROLES)),
        ("anybody who is signed in", set(Role)),
        ("nobody in particular", set()),
    ],
)
def test_the_roles_that_a_rule_names(text: str, roles: set[Role]) -> None:
    assert named_in(text) == roles


def test_every_permission_names_somebody() -> None:
    assert [code for code, rule in PERMISSIONS.items() if not named_in(rule.text)] == []


def test_no_administrator_carries_a_business_permission() -> None:
    carried = {
        code.partition(".")[0]
        for code, rule in PERMISSIONS.items()
        if named_in(rule.text) & ADMINISTRATORS and len(named_in(rule.text)) < len(Role)
    }
    assert carried == {"members"}


def test_every_permission_has_its_words_and_its_room() -> None:
    assert set(NAMES) == set(PERMISSIONS)
    assert {code.partition(".")[0] for code in PERMISSIONS} == set(ROOMS)
