"""Which roles go together; which roles a permission belongs to."""

import pytest

from members.enums import ADMINISTRATORS, BUREAU, OFFICIALS, ORGANISATION_ROLES, Role
from members.rules.roles import obstacle
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
    ("code", "roles"),
    [
        ("members.view_roles", set(Role)),
        ("members.view_registry", set(OFFICIALS)),
        ("members.view_people", set(ORGANISATION_ROLES | BUREAU)),
        ("members.revoke_role", {R.ORG_ADMIN, R.SECURITY_ADMIN}),
        ("members.verify_year", {R.OFFICER, R.HEAD, R.DISTRICT_OFFICER}),
        ("members.restrict_person", {R.SYSTEM_ADMIN}),
        ("consortia.cancel_departure", {R.APPLICANT, R.CONFIRMER}),
        ("consortia.consent_lead_change", {R.CONFIRMER}),
        ("consortia.withdraw_lead_change", {R.APPLICANT, R.SIGNATORY, R.CONFIRMER, R.OFFICER}),
        ("consortia.record_visit", {R.LIAISON, R.OFFICER}),
        ("consortia.pose_demand", {R.APPLICANT, R.CONFIRMER}),
        ("funding.score_review", {R.EXPERT}),
        ("funding.view_objections", {R.OFFICER, R.HEAD, R.LEADER, R.SUPERVISOR}),
        ("funding.decide_application", {R.LEADER}),
        ("reports.finalise_evaluation", {R.HEAD, R.LEADER}),
        ("reports.store_report", set(BUREAU)),
    ],
)
def test_a_permission_carries_its_roles(code: str, roles: set[Role]) -> None:
    assert PERMISSIONS[code].roles == roles


def test_every_permission_is_somebodys() -> None:
    assert [code for code, rule in PERMISSIONS.items() if not rule.roles] == []


def test_no_administrator_carries_a_business_permission() -> None:
    """Who audits reads how a case went, who authorises sets limits; neither can change anything in a case."""
    auditing = {"funding.view_separation", "reports.replay_decision"}
    authorising = {f"funding.{act}_limit" for act in ("propose", "confirm", "drop")} | {"funding.view_limits"}
    carried = {
        code.partition(".")[0]
        for code, rule in PERMISSIONS.items()
        if rule.roles & ADMINISTRATORS and len(rule.roles) < len(Role) and code not in auditing | authorising
    }
    assert carried == {"members"}


def test_every_permission_has_its_words_and_its_room() -> None:
    assert set(NAMES) == set(PERMISSIONS)
    assert {code.partition(".")[0] for code in PERMISSIONS} == set(ROOMS)
