"""What must always be true, broken by going round the code; and who sees what."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from consortia.enums import ConsortiumStatus, OutcomeKind, ParticipationStatus, Tier
from consortia.models import (
    AgreementSignature,
    Consortium,
    Fund,
    Milestone,
    Outcome,
    Participation,
    ResearchTask,
)
from tests.clock import NOON
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    make_task,
    make_technology,
    ready_consortium,
    rival_consortium,
)
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

S = ConsortiumStatus


def _outcome(consortium: Consortium, people: Personas, **facts: Any) -> Outcome:
    return Outcome.objects.create(
        consortium=consortium, kind=OutcomeKind.PATENT, name="样例", identifier="ZL1", owner=people.lead_org,
        date=date(2026, 1, 1), **facts,
    )  # fmt: skip


BREACHES: dict[str, Callable[[Personas, Consortium], Any]] = {
    "consortium_name_is_unique": lambda p, c: make_consortium(p, name=c.name),
    "consortium_at_work_has_a_tier": lambda _p, c: Consortium.objects.filter(pk=c.pk).update(status=S.OPERATING),
    "build_period_in_order": lambda _p, c: Consortium.objects.filter(pk=c.pk).update(
        build_from=date(2026, 1, 1), build_to=date(2026, 1, 1)
    ),
    "organisation_takes_part_once": lambda p, c: make_participation(c, p.university, p.lead),
    "one_lead": lambda p, c: make_participation(c, make_organisation(), p.lead, role="LEAD"),
    "participation_amounts_in_range": lambda _p, c: c.participations.update(ip_share=Decimal("100.0001")),
    "confirmed_means_by_whom_and_what": lambda _p, c: c.participations.update(confirmed_hash=""),
    "declined_means_why": lambda _p, c: c.participations.update(status=ParticipationStatus.DECLINED),
    "agreement_version_once": lambda p, c: make_agreement(c, p.lead),
    "signed_once": lambda p, c: AgreementSignature.objects.create(
        agreement=c.agreements.get(), participation=c.participations.first(), signed_by=p.lead, signed_at=NOON
    ),
    "trl_between_1_and_9_and_rising": lambda _p, c: c.technologies.update(trl_now=10),
    "task_number_once": lambda _p, c: ResearchTask.objects.create(
        consortium=c, number=1, name="样例", lead=c.lead, start=date(2026, 1, 1), end=date(2027, 1, 1)
    ),
    "task_ends_after_it_starts": lambda _p, c: c.tasks.update(end=date(2026, 1, 1)),
    "task_budget_not_negative": lambda _p, c: c.tasks.update(budget_own=Decimal("-0.01")),
    "reached_means_when_and_how_far": lambda _p, c: Milestone.objects.filter(reached_on__isnull=False).update(
        actual=None
    ),
    "outcome_claimed_once": lambda p, c: [_outcome(c, p), _outcome(c, p)],
    "outcome_amount_not_negative": lambda p, c: _outcome(c, p, amount=Decimal("-0.01")),
    "fund_amounts_not_negative": lambda p, c: Fund.objects.create(
        consortium=c, name="样例", manager=p.fund, scale=Decimal(1), paid_in=Decimal("-0.01")
    ),
    "fund_paid_in_within_scale": lambda p, c: Fund.objects.create(
        consortium=c, name="样例", manager=p.fund, scale=Decimal(1), paid_in=Decimal(2)
    ),
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
    shown = [make_consortium(people, status=status, tier=Tier.C) for status in (S.OPERATING, S.GRADUATED, S.REVOKED)]

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
