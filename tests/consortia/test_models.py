"""What must always be true, broken by going round the code; and who sees what."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from consortia.enums import (
    AgreementStatus,
    ConsortiumForm,
    ConsortiumStatus,
    DepartureStatus,
    ParticipationStatus,
    Tier,
)
from consortia.models import (
    Agreement,
    BackgroundIp,
    Consortium,
    CoOwner,
    DuplicateClaim,
    FieldMilestone,
    Fund,
    LeadConsent,
    Milestone,
    Outcome,
    Participation,
    ResearchTask,
    SevenOnesItem,
    TaxonomyEntry,
    TermsVersion,
)
from tests.clock import NOON
from tests.factories.books import make_answer, make_demand, make_entry, make_follow_up, make_one, make_visit
from tests.factories.consortia import (
    hand_over_row,
    make_agreement,
    make_consortium,
    make_departure,
    make_direct,
    make_exit_case,
    make_lead_change,
    make_link,
    make_outcome,
    make_participation,
    make_platform,
    make_task,
    make_taxonomy,
    make_technology,
    ready_consortium,
    recognised_facts,
    rival_consortium,
    sign_for,
)
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

S = ConsortiumStatus


def _built(consortium: Consortium, times: int = 1, **facts: Any) -> None:
    platform = make_platform(consortium)
    platform.co_builders.all().delete()
    for _ in range(times):
        platform.co_builders.create(**facts)


def _terms(people: Personas, **facts: Any) -> TermsVersion:
    known = {"kind": "KEY_LAB", "version": 1, "years": 3, "basis": "样例", "set_by": people.head} | facts
    return TermsVersion.objects.create(**known)


def _flag_both_ways(one: Outcome, other: Outcome) -> None:
    DuplicateClaim.objects.create(first=one, second=other)
    DuplicateClaim.objects.create(first=other, second=one)


def _link_twice(row: SevenOnesItem) -> None:
    for _ in range(2):
        row.evidence.create(kind="FUND", object_id=row.consortium_id, label="样例")


def _granted(consortium: Consortium, **facts: Any) -> None:
    Consortium.objects.filter(pk=consortium.pk).update(recognised_on=date(2026, 1, 1), **facts)


def _draft(consortium: Consortium, people: Personas, version: int) -> Agreement:
    return Agreement.objects.create(
        consortium=consortium, version=version, drafted_by=people.lead, expires_on=date(2029, 1, 1)
    )


def _sent(consortium: Consortium, people: Personas, version: int, status: str) -> Agreement:
    return Agreement.objects.create(
        consortium=consortium, version=version, drafted_by=people.lead, expires_on=date(2029, 1, 1), status=status,
        sha256="0" * 64, sent_at=NOON, effective_on=NOON.date() if status == AgreementStatus.EFFECTIVE else None,
    )  # fmt: skip


BREACHES: dict[str, Callable[[Personas, Consortium], Any]] = {
    "seven_ones_item_once_a_year": lambda p, c: [make_one(c, p.lead) for _ in range(2)],
    "seven_ones_none_begun_or_built": lambda p, c: make_one(c, p.lead, claimed=3),
    "seven_ones_claimed_means_by_whom": lambda p, c: make_one(c, p.lead, status="OPEN"),
    "seven_ones_sent_back_means_why": lambda p, c: make_one(c, p.lead, status="RETURNED"),
    "seven_ones_verified_means_by_whom": lambda p, c: make_one(c, p.lead, verified=2),
    "seven_ones_verified_by_another": lambda p, c: make_one(c, p.lead, judge=p.lead),
    "seven_ones_entry_linked_once": lambda p, c: _link_twice(make_one(c, p.lead)),
    "seven_ones_proof_is_a_file_or_an_entry": lambda p, c: make_one(c, p.lead).evidence.create(
        kind="FILE", object_id=c.pk, label="样例"
    ),
    "consortium_name_is_unique": lambda p, c: make_consortium(p, name=c.name),
    "consortium_at_work_has_a_tier": lambda _p, c: Consortium.objects.filter(pk=c.pk).update(status=S.OPERATING),
    "build_period_in_order": lambda _p, c: Consortium.objects.filter(pk=c.pk).update(
        build_from=date(2026, 1, 1), build_to=date(2026, 1, 1)
    ),
    "organisation_takes_part_once": lambda p, c: make_participation(c, p.university, p.lead),
    "supplier_is_member_or_outside": lambda p, c: make_entry("supply", c, p, outside_supplier="样例外"),
    "nobody_supplies_itself": lambda p, c: make_entry("supply", c, p, supplier=p.university),
    "attracted_once": lambda p, c: [make_entry("attracted", c, p, name="样例") for _ in range(2)],
    "attracted_investment_not_negative": lambda p, c: make_entry("attracted", c, p, investment=Decimal(-1)),
    "match_answered_by_whom": lambda p, c: make_entry("match", c, p, answer="样例答复"),
    "match_settled_means_how": lambda p, c: make_entry("match", c, p, result="MATCHED"),
    "field_milestone_once": lambda _p, c: [
        FieldMilestone.objects.create(sub_field=c.sub_field, name="样例", due=date(2027, 1, 1)) for _ in range(2)
    ],
    "one_lead": lambda p, c: make_participation(c, make_organisation(), p.lead, role="LEAD"),
    "participation_amounts_in_range": lambda _p, c: c.participations.update(ip_share=Decimal("100.0001")),
    "confirmed_means_by_whom_and_when": lambda _p, c: c.participations.update(confirmed_at=None),
    "the_lead_stays": lambda _p, c: c.participations.filter(role="LEAD").update(status=ParticipationStatus.LEFT),
    "one_open_departure": lambda p, c: [make_departure(c, p.fund, p.lead_org) for _ in range(2)],
    "departure_means_why": lambda p, c: make_departure(c, p.fund, p.lead_org, reason=""),
    "settled_means_when": lambda p, c: make_departure(c, p.fund, p.lead_org, status=DepartureStatus.SETTLED),
    "handed_over_once": lambda p, c: [hand_over_row(c, p.fund, p.lead_org, of=c) for _ in range(2)],
    "only_money_and_shares_are_freed": lambda p, c: hand_over_row(c, p.fund, p.lead_org, of=c, freed=True),
    "consent_is_a_takers": lambda p, c: hand_over_row(
        c, p.fund, p.lead_org, of=c, consented_at=NOON, consented_by=p.lead
    ),
    "declined_means_why": lambda _p, c: c.participations.update(status=ParticipationStatus.DECLINED),
    "agreement_version_once": lambda p, c: make_agreement(c, p.lead),
    "one_draft_agreement": lambda p, c: [_draft(c, p, version=n) for n in (2, 3)],
    "one_agreement_in_signing": lambda p, c: [_sent(c, p, n, AgreementStatus.SIGNING) for n in (2, 3)],
    "one_agreement_in_force": lambda p, c: _sent(c, p, 2, AgreementStatus.EFFECTIVE),
    "agreement_is_sent_with_its_hash": lambda _p, c: c.agreements.update(sha256=""),
    "agreement_in_force_since_a_day": lambda _p, c: c.agreements.update(effective_on=None),
    "agreement_term_in_order": lambda _p, c: c.agreements.update(expires_on=date(2020, 1, 1)),
    "signed_once": lambda p, c: sign_for(c.agreements.get(), c.participations.first(), p.lead),
    "signed_on_paper_means_scan": lambda _p, c: c.agreements.get().signatures.update(method="SCAN"),
    "background_ip_listed_once": lambda p, c: [
        BackgroundIp.objects.create(consortium=c, owner=p.university, title="样例", number="ZL1", terms="样例")
        for _ in range(2)
    ],
    "trl_between_1_and_9_and_rising": lambda _p, c: c.technologies.update(trl_now=10),
    "task_number_once": lambda _p, c: ResearchTask.objects.create(
        consortium=c, number=1, name="样例", lead=c.lead, start=date(2026, 1, 1), end=date(2027, 1, 1)
    ),
    "task_ends_after_it_starts": lambda _p, c: c.tasks.update(end=date(2026, 1, 1)),
    "task_project_has_level_and_number": lambda _p, c: c.tasks.update(project_level="NATIONAL"),
    "task_budget_not_negative": lambda _p, c: c.tasks.update(budget_own=Decimal("-0.01")),
    "reached_means_when_and_how_far": lambda _p, c: Milestone.objects.filter(reached_on__isnull=False).update(
        actual=None
    ),
    "outcome_amount_not_negative": lambda _p, c: make_outcome(c, "CONTRACT", amount=Decimal("-0.01")),
    "outcome_amount_of_sales_or_contracts": lambda _p, c: make_outcome(c, amount=Decimal(1)),
    "outcome_has_its_number": lambda _p, c: make_outcome(c, identifier=" . "),
    "outcome_share_in_range": lambda _p, c: make_outcome(c, owner_share=Decimal("100.01")),
    "patent_facts_of_patents": lambda _p, c: make_outcome(c, "SOFTWARE", patent_type="INVENTION"),
    "patent_counts_from_its_grant": lambda _p, c: Outcome.objects.filter(pk=make_outcome(c).pk).update(
        date=date(2020, 1, 1)
    ),
    "patent_granted_after_application": lambda _p, c: make_outcome(c, applied_on=date(2026, 5, 2)),
    "standard_facts_of_standards": lambda _p, c: make_outcome(c, "STANDARD", standard_role=""),
    "product_facts_of_products": lambda _p, c: make_outcome(c, "CONTRACT", first_set=True),
    "breakthrough_facts_of_breakthroughs": lambda _p, c: make_outcome(c, "BREAKTHROUGH", statement=""),
    "award_facts_of_awards": lambda _p, c: make_outcome(c, "AWARD", award_level=""),
    "judged_means_by_whom": lambda _p, c: make_outcome(c, verification="VERIFIED"),
    "doubted_means_why": lambda p, c: make_outcome(c, verification="DOUBTED", judged_by=p.officer, judged_at=NOON),
    "co_owner_once": lambda p, c: [
        CoOwner.objects.create(outcome=one, organisation=p.university) for one in [make_outcome(c)] * 2
    ],
    "co_owner_share_in_range": lambda p, c: CoOwner.objects.create(
        outcome=make_outcome(c), organisation=p.university, share=Decimal(0)
    ),
    "pair_flagged_once": lambda _p, c: _flag_both_ways(make_outcome(c), make_outcome(c)),
    "claim_of_two_outcomes": lambda _p, c: DuplicateClaim.objects.create(first=(one := make_outcome(c)), second=one),
    "withdrawn_is_one_of_the_two": lambda _p, c: DuplicateClaim.objects.create(
        first=make_outcome(c), second=make_outcome(c), withdrawn=make_outcome(c)
    ),
    "settled_means_by_whom_and_why": lambda _p, c: DuplicateClaim.objects.create(
        first=make_outcome(c), second=make_outcome(c), status="SHARED"
    ),
    "investment_has_an_amount": lambda p, c: Fund.objects.create(
        consortium=c, name="样例", manager=p.fund, scale=Decimal(1)
    ).investments.create(target="样例", amount=Decimal(0), date=date(2026, 1, 1)),
    "fund_amounts_not_negative": lambda p, c: Fund.objects.create(
        consortium=c, name="样例", manager=p.fund, scale=Decimal(1), paid_in=Decimal("-0.01")
    ),
    "fund_paid_in_within_scale": lambda p, c: Fund.objects.create(
        consortium=c, name="样例", manager=p.fund, scale=Decimal(1), paid_in=Decimal(2)
    ),
    "cultivation_means_tier_c": lambda _p, c: _granted(c, status=S.CULTIVATION, tier=Tier.B),
    "operating_means_tier_a_or_b": lambda _p, c: _granted(c, status=S.OPERATING, tier=Tier.C),
    "entity_capital_not_negative": lambda _p, c: Consortium.objects.filter(pk=c.pk).update(
        entity_capital=Decimal("-0.01")
    ),
    "entity_means_name_and_code": lambda _p, c: Consortium.objects.filter(pk=c.pk).update(
        form=ConsortiumForm.ENTITY, entity_name="样例公司"
    ),
    "one_shareholding_each": lambda p, c: [
        c.shareholdings.create(organisation=p.university, share=Decimal(10)) for _ in range(2)
    ],
    "shareholding_in_range": lambda p, c: c.shareholdings.create(organisation=p.university, share=Decimal(0)),
    "sub_field_once_a_version": lambda _p, c: TaxonomyEntry.objects.create(
        taxonomy=make_taxonomy(), sub_field=c.sub_field
    ),
    "taxonomy_published_by_another": lambda p, _c: make_taxonomy(2, drafted_by=p.head, published_by=p.head),
    "one_rectification_at_a_time": lambda _p, c: [
        c.rectifications.create(demands="样例", due=date(2027, 1, 1)) for _ in range(2)
    ],
    "one_open_lead_change": lambda p, c: [make_lead_change(p, c, p.lead) for _ in range(2)],
    "another_one_leads": lambda p, c: make_lead_change(p, c, p.lead, new_lead=p.lead_org),
    "lead_change_decided_by_somebody": lambda p, c: make_lead_change(p, c, p.lead, status="APPROVED"),
    "proposer_does_not_decide_lead": lambda p, c: make_lead_change(p, c, p.head, decided_by=p.head),
    "lead_is_heard_unless_it_asked": lambda p, c: make_lead_change(p, c, p.lead, ground="SILENT"),
    "link_joins_two_consortia": lambda p, c: make_link(c, c, p.lead),
    "one_open_link_of_a_kind": lambda p, c: [make_link(c, one, p.lead) for one in [make_consortium(p)] * 2],
    "link_ends_after_it_starts": lambda p, c: make_link(c, make_consortium(p), p.lead, end=date(2026, 12, 1)),
    "joint_project_has_a_name": lambda p, c: make_link(c, make_consortium(p), p.lead, kind="PROJECT"),
    "joint_project_has_level_and_number": lambda p, c: make_link(
        c, make_consortium(p), p.lead, kind="PROJECT", project_name="样例", project_level="CITY"
    ),
    "link_answered_by_whom_and_when": lambda p, c: make_link(c, make_consortium(p), p.lead, status="ACCEPTED"),
    "link_ended_by_whom_and_when": lambda p, c: make_link(c, make_consortium(p), p.lead, ended_at=NOON),
    "link_over_means_why": lambda p, c: make_link(c, make_consortium(p), p.lead, status="WITHDRAWN"),
    "no_to_a_lead_means_why": lambda p, c: LeadConsent.objects.create(
        change=make_lead_change(p, c, p.lead),
        participation=c.participations.first(),
        agrees=False,
        given_by=p.lead,
        given_at=NOON,
    ),
    "one_running_exit_case": lambda p, c: [make_exit_case(c, p.officer) for _ in range(2)],
    "opener_does_not_decide_exit": lambda p, c: make_exit_case(c, p.head, decided_by=p.head, measure="EXIT"),
    "exit_decided_means_measure": lambda p, c: make_exit_case(c, p.officer, decided_by=p.head),
    "decider_does_not_hear_appeal": lambda p, c: make_exit_case(
        c, p.officer, decided_by=p.leader, measure="EXIT", appeal_decided_by=p.leader
    ),
    "no_fault_leaves_no_record": lambda p, c: make_exit_case(c, p.officer, trigger="VIOLATION", no_fault=True),
    "exit_recovery_not_negative": lambda p, c: make_exit_case(c, p.officer, recovered=Decimal("-0.01")),
    "contribution_is_something": lambda p, c: make_entry("contribution", c, p, amount=Decimal(0)),
    "arrival_confirmed_by_whom_and_when": lambda p, c: make_entry("contribution", c, p, confirmed_at=NOON),
    "in_kind_means_what": lambda p, c: make_entry("contribution", c, p, kind="IN_KIND"),
    "recognised_once": lambda p, c: [make_entry("recognition", c, p) for _ in range(2)],
    "sharing_amounts_in_range": lambda p, c: make_entry("sharing", c, p, charge=Decimal("-0.01")),
    "a_named_person_agrees": lambda p, c: make_entry("talent", c, p, name="样例甲"),
    "talent_period_in_order": lambda p, c: make_entry("talent", c, p, end=date(2025, 12, 31)),
    "talent_is_somebody_at_work": lambda p, c: make_entry("talent", c, p, person_months=Decimal(0)),
    "training_period_in_order": lambda p, c: make_entry("training", c, p, end=date(2026, 2, 28)),
    "training_by_two_members": lambda p, c: make_entry("training", c, p, partner=p.university),
    "somebody_is_trained": lambda p, c: make_entry("training", c, p, headcount=0),
    "published_means_what": lambda p, c: make_demand(c, p.lead, published=True, brief=""),
    "demand_matched_means_with_what": lambda p, c: make_demand(c, p.lead, status="MATCHED"),
    "one_answer_each": lambda p, c: [make_answer(one, p.supplier, p.lead) for one in [make_demand(c, p.lead)] * 2],
    "builder_share_in_range": lambda _p, c: make_platform(c, share=Decimal(0)),
    "equipment_value_not_negative": lambda _p, c: make_platform(c, equipment_value=Decimal("-0.01")),
    "co_builder_once": lambda p, c: _built(c, organisation=make_platform(c).co_builders.get().organisation, times=2),
    "outside_builder_once": lambda _p, c: _built(c, outside="样例外部院所", times=2),
    "co_builder_is_inside_or_outside": lambda p, c: _built(c, organisation=p.fund, outside="样例外部院所"),
    "co_builder_share_in_range": lambda p, c: _built(c, organisation=p.fund, share=Decimal("100.0001")),
    "one_service_year": lambda _p, c: [one.years.create(year=2025) for one in [make_platform(c)] * 2],
    "service_income_not_negative": lambda _p, c: make_platform(c).years.create(year=2025, income=Decimal("-0.01")),
    "terms_version_once": lambda p, _c: [_terms(p) for _ in range(2)],
    "terms_years_in_range": lambda p, _c: _terms(p, years=11),
    "one_direct_at_a_time": lambda p, c: [make_direct(one, p.lead) for one in [make_platform(c)] * 2],
    "direct_document_number_once": lambda p, c: [
        make_direct(make_platform(c), p.lead, **recognised_facts(p.head)) for _ in range(2)
    ],
    "decider_did_not_prepare_direct": lambda p, c: make_direct(
        make_platform(c), p.lead, **recognised_facts(p.head), checked_by=p.head
    ),
    "checker_did_not_opine_direct": lambda p, c: make_direct(
        make_platform(c), p.lead, opined_by=p.officer, checked_by=p.officer
    ),
    "direct_decided_by_somebody": lambda p, c: make_direct(make_platform(c), p.lead, status="NOT_RECOGNISED"),
    "recognised_with_number_and_term": lambda p, c: make_direct(
        make_platform(c), p.lead, **(recognised_facts(p.head) | {"valid_until": None})
    ),
    "only_recognised_is_published": lambda p, c: make_direct(make_platform(c), p.lead, published_on=NOON.date()),
    "direct_condition_once": lambda p, c: make_direct(make_platform(c), p.lead).conditions.create(
        position=1, text_zh="样例", text_en="sample"
    ),
    "obligation_settled_on_a_day": lambda p, c: make_entry("obligation", c, p, state="FULFILLED"),
    "breach_means_what": lambda p, c: make_entry(
        "obligation", c, p, state="BREACHED", settled_on=date(2026, 11, 1), remark=""
    ),
    "followed_up_means_by_whom": lambda p, c: make_follow_up(make_visit(c, p.officer), done_on=NOON.date()),
}


@pytest.mark.parametrize("name", BREACHES)
def test_constraints_hold_against_everybody(people: Personas, name: str) -> None:
    consortium = ready_consortium(people)

    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        BREACHES[name](people, consortium)

    assert breach.value.__cause__.diag.constraint_name == name


def test_every_constraint_is_broken_once() -> None:
    models = apps.get_app_config("consortia").get_models()

    assert {one.name for model in models for one in model._meta.constraints} == set(BREACHES)


def test_a_name_is_free_again_after_the_end(people: Personas) -> None:
    make_consortium(people, name="样例甲", status=S.EXITED)

    assert make_consortium(people, name="样例甲").name == "样例甲"


# --- who sees what -----------------------------------------------------------------------------
SEES = [
    ("officer", True), ("leader", True), ("finance", True), ("supervisor", True), ("district_officer", True),
    ("lead", True), ("signatory", True), ("lead_admin", True), ("university_confirmer", True), ("fund_confirmer", True),
    ("rival", False), ("other_district_officer", False), ("expert", False), ("system_admin", False),
    ("security_admin", False), ("audit_admin", False),
]  # fmt: skip


@pytest.mark.parametrize(("who", "sees"), SEES)
def test_who_sees_a_consortium_and_its_parts(people: Personas, who: str, sees: bool) -> None:
    consortium = ready_consortium(people)
    user = getattr(people, who)

    assert Consortium.objects.visible_to(user).filter(pk=consortium.pk).exists() is sees
    assert Participation.objects.visible_to(user).filter(consortium=consortium).count() == (5 if sees else 0)


def test_nobody_signed_in_sees_nothing(people: Personas) -> None:
    ready_consortium(people)

    assert Consortium.objects.visible_to(AnonymousUser()).count() == 0
    assert Participation.objects.visible_to(AnonymousUser()).count() == 0


@pytest.mark.parametrize("status", [ParticipationStatus.DECLINED, ParticipationStatus.LEFT])
def test_who_declined_or_left_sees_only_its_own_part(people: Personas, status: str) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead)
    own = make_participation(consortium, people.university, people.lead, status=status)

    assert Consortium.objects.visible_to(people.university_confirmer).count() == 0
    assert list(Participation.objects.visible_to(people.university_confirmer)) == [own]


def test_each_lead_leads_its_own(people: Personas) -> None:
    mine, theirs = make_consortium(people), rival_consortium(people)

    assert list(Consortium.objects.led_by(people.lead)) == [mine]
    assert list(Consortium.objects.led_by(people.signatory)) == [mine]
    assert list(Consortium.objects.led_by(people.rival)) == [theirs]
    assert Consortium.objects.led_by(people.lead_confirmer).count() == 0


def test_the_public_sees_recognised_consortia(people: Personas) -> None:
    make_consortium(people)
    shown = [make_consortium(people, status=status, tier=Tier.C) for status in (S.CULTIVATION, S.GRADUATED, S.REVOKED)]

    assert set(Consortium.objects.published()) == set(shown)


def test_names(people: Personas) -> None:
    consortium = make_consortium(people, name="样例甲", district=make_district("320581"))
    task = make_task(consortium)
    participation = make_participation(consortium, people.university, people.lead)
    agreement = make_agreement(consortium, people.lead)

    technology = make_technology(consortium, name="球管")

    assert [str(row) for row in (consortium, participation, agreement, task, technology)] == [
        "样例甲", "样例理工大学 · 样例甲", "样例甲 v1", "T1 样机研制", "球管",
    ]  # fmt: skip
    assert (str(consortium.sub_field), consortium.sub_field.cluster) == ("Integrated circuits", "Electronics")
