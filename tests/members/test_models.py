"""What must always be true stands in the database; and who sees what."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from members.enums import (
    ExpertStatus,
    FigureSource,
    FigureStatus,
    IdScheme,
    IntegrityLevel,
    QualificationKind,
    QualificationStatus,
    Role,
)
from members.models import (
    CreditCheck,
    EmailChange,
    Employment,
    Expert,
    Handover,
    IntegrityRecord,
    Invitation,
    Organisation,
    PastFigures,
    Qualification,
    RoleGrant,
    RoleProposal,
    SignInGuard,
    UsedCode,
    User,
    YearFigures,
)
from tests.clock import DAY, NOON
from tests.factories.members import make_code, make_district
from tests.personas import Personas


def invitation(people: Personas, **changes: Any) -> Invitation:
    facts: dict[str, Any] = {
        "organisation": people.lead_org, "email": "a@sample.test", "name": "甲", "roles": [Role.CONFIRMER],
        "token_hash": "0" * 64, "invited_by": people.lead_admin, "expires_at": NOON + DAY,
    }  # fmt: skip
    return Invitation.objects.create(**{**facts, **changes})


def grant(user: User, role: Role, **places: Any) -> RoleGrant:
    return RoleGrant.objects.create(user=user, role=role, granted_at=NOON, **places)


def proposal(people: Personas, **changes: Any) -> RoleProposal:
    facts: dict[str, Any] = {
        "user": people.rival, "role": Role.AUDIT_ADMIN, "proposed_by": people.security_admin, "proposed_at": NOON,
        "expires_at": NOON + DAY,
    }  # fmt: skip
    return RoleProposal.objects.create(**{**facts, **changes})


def figures(people: Personas, **changes: Any) -> YearFigures:
    facts: dict[str, Any] = {
        "organisation": people.lead_org, "year": 2020, "revenue": Decimal(1), "rd_expense": Decimal(1), "staff": 1,
        "rd_staff": 1,
    }  # fmt: skip
    return YearFigures.objects.create(**{**facts, **changes})


def past(people: Personas, **changes: Any) -> PastFigures:
    of = people.lead_org.years.get(year=2025)
    facts = {"figures": of, "revenue": Decimal(1), "rd_expense": Decimal(1), "staff": 1, "rd_staff": 1}
    return PastFigures.objects.create(**{**facts, "replaced_at": NOON, **changes})


def qualification(people: Personas, **changes: Any) -> Qualification:
    facts = {"organisation": people.lead_org, "kind": QualificationKind.HNTE, "valid_from": date(2026, 1, 1)}
    return Qualification.objects.create(**{**facts, **changes})


def breach(people: Personas, **changes: Any) -> IntegrityRecord:
    facts = {"organisation": people.lead_org, "level": IntegrityLevel.MINOR, "effective_from": date(2026, 2, 1)}
    return IntegrityRecord.objects.create(**{**facts, "behaviour": "甲", "source": "乙", **changes})


def expert(people: Personas, **changes: Any) -> Expert:
    return Expert.objects.create(user=people.lead, **changes)


def employment(people: Personas, **changes: Any) -> Employment:
    return Employment.objects.create(expert=people.experts[0], since=date(2020, 1, 1), **changes)


def set_on(organisation: Organisation, **values: Any) -> int:
    return Organisation.objects.filter(pk=organisation.pk).update(**values)


def abroad(**facts: Any) -> Organisation:
    return Organisation.objects.create(**{"name": "Sample Institute", "id_scheme": IdScheme.FOREIGN, **facts})


BROKEN: dict[str, Callable[[Personas], Any]] = {
    "organisation_code_fits_scheme": lambda _p: Organisation.objects.create(name="甲", id_scheme=IdScheme.USCC),
    "organisation_code_fits_scheme ": lambda _p: Organisation.objects.create(
        name="甲", id_scheme=IdScheme.FOREIGN, uscc=make_code()
    ),
    "organisation_registered_abroad_in_a_country": lambda _p: abroad(registration_number="HRB 1"),
    "organisation_registered_abroad_in_a_country ": lambda _p: abroad(
        id_scheme=IdScheme.NONE, country="DE", registration_number="HRB 1"
    ),
    "organisation_registered_abroad_once": lambda _p: [
        abroad(country="DE", registration_number="HRB 1") for _n in range(2)
    ],
    "uscc": lambda p: Organisation.objects.create(name="甲", uscc=p.lead_org.uscc),
    "user_email_in_lower_case": lambda _p: User.objects.create(email="A@sample.test", name="甲"),
    "email": lambda p: User.objects.create(email=p.lead.email, name="甲"),
    "one_statement_a_year": lambda p: figures(p, year=2025),
    "yearfigures_not_negative": lambda p: figures(p, revenue=Decimal(-1)),
    "yearfigures_rd_staff_within_staff": lambda p: figures(p, rd_staff=2),
    "yearfigures_checked_by_somebody": lambda p: figures(p, status=FigureStatus.VERIFIED),
    "yearfigures_audited_by_whom": lambda p: figures(p, source=FigureSource.AUDITED, auditor="甲"),
    "one_past_version": lambda p: (past(p), past(p)),
    "pastfigures_not_negative": lambda p: past(p, total_assets=Decimal(-1)),
    "pastfigures_rd_staff_within_staff": lambda p: past(p, rd_staff=2),
    "pastfigures_checked_by_somebody": lambda p: past(p, checked_by=p.officer),
    "pastfigures_audited_by_whom": lambda p: past(p, source=FigureSource.AUDITED, auditor="甲"),
    "organisation_is_verified_by_somebody": lambda p: set_on(p.lead_org, verified_name="甲"),
    "industry_code_has_four_digits": lambda p: set_on(p.lead_org, industry_code="39"),
    "division_code_has_six_digits": lambda p: set_on(p.lead_org, adcode="32059"),
    "capital_not_negative": lambda p: set_on(p.lead_org, registered_capital=Decimal(-1)),
    "parents_form_no_circle ": lambda p: set_on(p.lead_org, parent=p.lead_org),
    "parents_form_no_circle": lambda p: (
        set_on(p.supplier, parent=p.lead_org), set_on(p.fund, parent=p.supplier), set_on(p.lead_org, parent=p.fund)
    ),
    "qualification_term_in_order": lambda p: qualification(p, valid_to=date(2025, 12, 31)),
    "ranking_has_year_and_place": lambda p: qualification(p, kind=QualificationKind.FORTUNE500, list_year=2026),
    "ranking_has_year_and_place ": lambda p: qualification(p, rank=3),
    "another_qualification_has_a_name": lambda p: qualification(p, kind=QualificationKind.OTHER),
    "qualification_checked_by_somebody": lambda p: qualification(p, status=QualificationStatus.VERIFIED),
    "qualification_stated_once": lambda p: (qualification(p), qualification(p)),
    "integrity_lifted_by_somebody": lambda p: breach(p, lifted_on=date(2026, 3, 1)),
    "integrity_appeal_has_a_day": lambda p: breach(p, appeal="甲"),
    "credit_doubt_means_what": lambda p: CreditCheck.objects.create(
        organisation=p.lead_org, source="样例", result="BAD", as_of=date(2026, 1, 1), checked_by=p.officer
    ),
    "integrity_term_in_order": lambda p: IntegrityRecord.objects.create(
        organisation=p.lead_org, level=IntegrityLevel.MINOR, behaviour="甲", source="乙",
        effective_from=date(2026, 2, 1), effective_to=date(2026, 1, 31),
    ),
    "invitation_names_a_role": lambda p: invitation(p, roles=[]),
    "invitation_email_in_lower_case": lambda p: invitation(p, email="A@sample.test"),
    "invitation_ends_one_way": lambda p: invitation(p, accepted_at=NOON, withdrawn_at=NOON),
    "one_open_invitation": lambda p: (invitation(p), invitation(p, token_hash="1" * 64)),
    "token_hash": lambda p: (invitation(p), invitation(p, email="b@sample.test")),
    "role_is_bound_where_it_must_be": lambda p: grant(p.lead, Role.SIGNATORY),
    "role_is_bound_where_it_must_be ": lambda p: grant(p.officer, Role.DISTRICT_OFFICER),
    "role_is_bound_where_it_must_be  ": lambda p: grant(p.officer, Role.HEAD, district=make_district()),
    "role_is_granted_once": lambda p: grant(p.officer, Role.OFFICER),
    "one_administrator_role_a_person": lambda p: grant(p.system_admin, Role.AUDIT_ADMIN),
    "administrators_hold_no_business_role": lambda p: grant(p.system_admin, Role.OFFICER),
    "administrators_hold_no_business_role ": lambda p: grant(p.officer, Role.AUDIT_ADMIN),
    "one_open_proposal_a_person": lambda p: (proposal(p), proposal(p)),
    "proposal_is_for_an_administrator": lambda p: proposal(p, role=Role.OFFICER),
    "expert_was_admitted": lambda p: expert(p, status=ExpertStatus.ACTIVE),
    "expert_entry_checked_by_somebody": lambda p: expert(p, status=ExpertStatus.ENTRY_CHECKED, checked_at=NOON),
    "expert_nominated_by_somebody": lambda p: expert(p, status=ExpertStatus.NOMINATED),
    "expert_out_for_a_reason": lambda p: expert(p, status=ExpertStatus.REMOVED),
    "expert_out_for_a_reason ": lambda p: expert(p, status=ExpertStatus.SUSPENDED, admitted_at=NOON),
    "only_a_suspension_has_an_end": lambda p: expert(p, suspended_until=date(2027, 1, 1)),
    "expert_limit_in_range": lambda p: expert(p, yearly_limit=0),
    "employer_is_an_organisation_or_a_name": lambda p: employment(p),
    "employer_is_an_organisation_or_a_name ": lambda p: employment(p, organisation=p.university, name="甲"),
    "employment_in_order": lambda p: employment(p, name="甲", until=date(2019, 12, 31)),
    "one_present_employer": lambda p: (employment(p, name="甲"), employment(p, name="乙")),
    "nobody_succeeds_oneself": lambda p: Handover.objects.create(
        leaver=p.lead, successor=p.lead, role=Role.APPLICANT, organisation=p.lead_org, actor=p.lead_admin, at=NOON
    ),
    "nobody_proposes_oneself": lambda p: proposal(p, proposed_by=p.rival),
    "proposal_is_decided_by_somebody": lambda p: proposal(p, decided_at=NOON),
    "proposal_is_confirmed_by_another": lambda p: proposal(
        p, confirmed=True, decided_at=NOON, decided_by=p.security_admin
    ),
    "one_count_for_each_guarded_thing": lambda p: [
        SignInGuard.objects.create(scope="ADDRESS", key="1", since=NOON) for _time in range(2)
    ],
    "a_code_counts_once": lambda p: [UsedCode.objects.create(user=p.lead, key="1", used_at=NOON) for _time in range(2)],
    "new_email_in_lower_case": lambda p: EmailChange.objects.create(
        user=p.lead, email="A@sample.test", token_hash="1", expires_at=NOON
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(people: Personas, name: str) -> None:
    with pytest.raises(IntegrityError, match=name.strip()), transaction.atomic():
        BROKEN[name](people)


def test_after_an_invitation_has_ended_there_may_be_another_one(people: Personas) -> None:
    invitation(people, withdrawn_at=NOON)
    invitation(people, token_hash="1" * 64, accepted_at=NOON)
    invitation(people, token_hash="2" * 64)

    assert Invitation.objects.pending().count() == 1


SEES = {
    "lead": {"lead_org"},
    "lead_admin": {"lead_org"},
    "rival": {"rival_org"},
    "university_confirmer": {"university"},
    "district_officer": {"lead_org", "rival_org"},
    "other_district_officer": set(),
    "officer": {"lead_org", "rival_org", "university"},
    "supervisor": {"lead_org", "rival_org", "university"},
    "expert": set(),
    "system_admin": set(),
    "security_admin": set(),
    "audit_admin": set(),
}


@pytest.mark.parametrize("name", SEES)
def test_organisations_seen(people: Personas, name: str) -> None:
    organisations = {each: getattr(people, each) for each in ("lead_org", "rival_org", "university")}
    reader = getattr(people, name)

    visible = set(Organisation.objects.visible_to(reader))

    assert {each for each, organisation in organisations.items() if organisation in visible} == SEES[name]


@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("lead", {"lead", "lead_admin"}),
        ("rival", {"rival"}),
        ("officer", set()),
        ("expert", set()),
        ("security_admin", {"lead", "lead_admin", "rival", "officer", "security_admin"}),
        ("system_admin", {"lead", "lead_admin", "rival", "officer", "system_admin"}),
    ],
)
def test_grants_seen(people: Personas, name: str, holders: set[str]) -> None:
    cast = {each: getattr(people, each) for each in ("lead", "lead_admin", "rival", "officer", name)}

    seen = {grant.user_id for grant in RoleGrant.objects.visible_to(cast[name])}

    assert {each for each, user in cast.items() if user.pk in seen} == holders


@pytest.mark.parametrize(("name", "sees"), [("security_admin", True), ("system_admin", True), ("officer", False)])
def test_people_seen(people: Personas, name: str, sees: bool) -> None:
    reader = getattr(people, name)

    visible = set(User.objects.visible_to(reader))

    assert reader in visible
    assert (people.lead in set(User.objects.visible_to(reader))) == sees


@pytest.mark.parametrize(
    ("name", "count"), [("officer", 3), ("acceptance", 3), ("supervisor", 3), ("expert", 1), ("lead", 0), ("head", 3)]
)
def test_experts_seen(people: Personas, name: str, count: int) -> None:
    assert len(people.experts) == 3

    assert Expert.objects.visible_to(getattr(people, name)).count() == count
