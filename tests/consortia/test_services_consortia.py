"""Forming, describing and starting a consortium, and what becomes of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import ChainPosition, ConsortiumStatus, Tier
from consortia.models import Consortium
from consortia.services.consortia import (
    change_tier,
    create_consortium,
    exit_consortium,
    graduate_consortium,
    rectify_consortium,
    resume_consortium,
    revoke_consortium,
    start_consortium,
    update_consortium,
)
from consortia.services.participations import Part
from members.enums import OrganisationType, Role
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, make_sub_field, meet, ready_consortium
from tests.factories.members import give, make_district
from tests.personas import Personas

S = ConsortiumStatus
PART = Part(
    chain_position=ChainPosition.MIDSTREAM, duties="牵头总体设计。", cash=Decimal(3_000_000), ip_share=Decimal(40)
)


def _new(people: Personas, **facts: Any) -> Consortium:
    facts.setdefault("lead", people.lead_org)
    facts.setdefault("name", "样例澄湖创新联合体")
    return Consortium(sub_field=make_sub_field(), district=make_district(), mission="攻克核心技术。", **facts)


def test_the_lead_forms_a_consortium_and_waits_for_its_own_confirmation(people: Personas) -> None:
    meet(people.lead_confirmer)

    made = create_consortium(consortium=_new(people), part=PART, actor=people.lead, at=NOON)

    lead = made.participations.get()
    assert (made.code, made.status, made.tier, made.created_by) == ("LHT-2026-0001", S.PREPARING, "", people.lead)
    assert (lead.role, lead.status, lead.cash, lead.organisation) == (
        "LEAD", "INVITED", Decimal(3_000_000), people.lead_org,
    )  # fmt: skip
    assert [entry.action for entry in trail(made)] == ["create_consortium"]
    assert [note.kind for note in Notification.objects.filter(recipient=people.lead_confirmer)] == ["consortia.invited"]


def test_codes_count_up_within_a_year(people: Personas) -> None:
    create_consortium(consortium=_new(people), part=PART, actor=people.lead, at=NOON)
    second = create_consortium(consortium=_new(people, name="样例二号"), part=PART, actor=people.lead, at=NOON)
    next_year = create_consortium(
        consortium=_new(people, name="样例三号"), part=PART, actor=people.lead, at=NOON + 60 * DAY
    )

    assert (second.code, next_year.code) == ("LHT-2026-0002", "LHT-2027-0001")


@pytest.mark.parametrize("who", ["rival", "signatory", "lead_confirmer", "officer", "leader", "system_admin"])
def test_nobody_else_forms_a_consortium_for_the_lead(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        create_consortium(consortium=_new(people), part=PART, actor=getattr(people, who), at=NOON)

    assert Consortium.objects.count() == 0


def test_only_an_enterprise_leads(people: Personas) -> None:
    give(people.lead, Role.APPLICANT, people.university)
    people.university.type = OrganisationType.UNIVERSITY

    with pytest.raises(TransitionRefused) as refusal:
        create_consortium(consortium=_new(people, lead=people.university), part=PART, actor=people.lead, at=NOON)

    assert [str(reason) for reason in refusal.value.reasons] == ["A consortium is led by an enterprise."]


def test_a_name_in_use_is_refused_with_a_sentence(people: Personas) -> None:
    make_consortium(people, name="样例澄湖创新联合体")

    with pytest.raises(ValidationError) as refusal:
        create_consortium(consortium=_new(people), part=PART, actor=people.lead, at=NOON)

    assert refusal.value.messages == ["A consortium of this name exists already."]


def test_the_profile_changes_while_preparing(people: Personas) -> None:
    consortium = make_consortium(people)
    consortium.mission, consortium.tier = "新的使命。", Tier.A

    update_consortium(consortium=consortium, actor=people.lead, at=NOON)

    stored = Consortium.objects.get(pk=consortium.pk)
    assert (stored.mission, stored.tier) == ("新的使命。", "")
    assert trail(consortium).get().facts["fields"] == ["mission"]


def test_the_profile_stands_once_recognised(people: Personas) -> None:
    consortium = make_consortium(people, status=S.OPERATING)

    with pytest.raises(TransitionRefused):
        update_consortium(consortium=consortium, actor=people.lead, at=NOON)


def test_a_rival_does_not_change_the_profile(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        update_consortium(consortium=make_consortium(people), actor=people.rival, at=NOON)


def _start(consortium: Consortium, people: Personas, **facts: Any) -> Consortium:
    facts.setdefault("actor", people.leader)
    facts.setdefault("build_to", date(2029, 11, 30))
    return start_consortium(
        consortium=consortium,
        tier=Tier.B,
        recognised_on=date(2026, 12, 1),
        build_from=date(2026, 12, 1),
        at=NOON,
        **facts,
    )


def test_start_sets_tier_and_period_and_tells_everybody(people: Personas) -> None:
    consortium = ready_consortium(people)
    recipients = {people.lead, people.signatory, people.university_confirmer, people.fund_confirmer}

    _start(consortium, people)

    stored = Consortium.objects.get(pk=consortium.pk)
    assert (stored.status, stored.tier, stored.build_to) == (S.OPERATING, "B", date(2029, 11, 30))
    assert {note.recipient for note in Notification.objects.filter(kind="consortia.started")} == recipients
    assert trail(consortium).get().facts == {
        "from": "PREPARING", "to": "OPERATING", "tier": "B", "recognised_on": "2026-12-01",
    }  # fmt: skip


def test_a_second_start_is_refused(people: Personas) -> None:
    consortium = ready_consortium(people)
    _start(consortium, people)

    with pytest.raises(TransitionRefused):
        _start(consortium, people)


def test_start_refuses_a_period_that_ends_before_it_begins(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        _start(ready_consortium(people), people, build_to=date(2026, 12, 1))

    assert refusal.value.message_dict == {"build_to": ["The build period must end after it begins."]}


@pytest.mark.parametrize("who", ["lead", "rival", "officer", "district_officer", "finance", "system_admin"])
def test_only_head_and_leader_start(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        _start(ready_consortium(people), people, actor=getattr(people, who))


def test_change_tier_once(people: Personas) -> None:
    consortium = make_consortium(people, status=S.OPERATING, tier=Tier.C)

    change_tier(consortium=consortium, actor=people.head, tier=Tier.B, at=NOON, note="年度评价良好")

    assert Consortium.objects.get(pk=consortium.pk).tier == "B"
    assert trail(consortium).get().facts | {"by_id": ""} == {
        "by": "", "by_id": "", "name": "", "before": "C", "after": "B",
    }  # fmt: skip
    with pytest.raises(TransitionRefused):
        change_tier(consortium=consortium, actor=people.head, tier=Tier.B, at=NOON)


def test_a_prepared_consortium_has_no_tier_to_change(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        change_tier(consortium=make_consortium(people), actor=people.head, tier=Tier.B, at=NOON)


def test_the_lead_does_not_change_its_tier(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        change_tier(consortium=make_consortium(people, status=S.OPERATING), actor=people.lead, tier=Tier.A, at=NOON)


DECISIONS: list[tuple[Callable[..., Consortium], str, str]] = [
    (rectify_consortium, S.OPERATING, S.RECTIFYING),
    (resume_consortium, S.RECTIFYING, S.OPERATING),
    (graduate_consortium, S.OPERATING, S.GRADUATED),
    (exit_consortium, S.OPERATING, S.EXITED),
    (exit_consortium, S.RECTIFYING, S.EXITED),
    (revoke_consortium, S.RECTIFYING, S.REVOKED),
]


@pytest.mark.parametrize(("decide", "source", "target"), DECISIONS)
def test_decisions_of_the_bureau(people: Personas, decide: Callable[..., Consortium], source: str, target: str) -> None:
    consortium = make_consortium(people, status=source)
    meet(people.lead)

    decide(consortium=consortium, actor=people.leader, at=NOON, note="经局务会研究。")

    assert Consortium.objects.get(pk=consortium.pk).status == target
    assert trail(consortium).get().note == "经局务会研究。"
    assert Notification.objects.filter(recipient=people.lead).count() == 1
    with pytest.raises(TransitionRefused):
        decide(consortium=consortium, actor=people.leader, at=NOON, note="再来一次。")


@pytest.mark.parametrize(("decide", "source", "_target"), DECISIONS)
def test_decisions_need_a_reason(
    people: Personas, decide: Callable[..., Consortium], source: str, _target: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        decide(consortium=make_consortium(people, status=source), actor=people.leader, at=NOON, note="  ")

    assert refusal.value.message_dict == {"note": ["Give the reason."]}


@pytest.mark.parametrize(("decide", "source", "_target"), DECISIONS)
@pytest.mark.parametrize("who", ["lead", "officer", "district_officer", "supervisor"])
def test_others_do_not_decide(
    people: Personas, decide: Callable[..., Consortium], source: str, _target: str, who: str
) -> None:
    with pytest.raises(PermissionDenied):
        decide(consortium=make_consortium(people, status=source), actor=getattr(people, who), at=NOON, note="理由")


def test_only_the_leader_revokes(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        revoke_consortium(
            consortium=make_consortium(people, status=S.RECTIFYING), actor=people.head, at=NOON, note="理由"
        )
