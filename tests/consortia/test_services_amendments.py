"""The profile of a consortium at work: what changes, for which reason, and who is told."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import ConsortiumForm, ConsortiumStatus
from consortia.models import Consortium
from consortia.selectors.life import life_of, public_life
from consortia.services.amendments import AMENDABLE, amend_consortium
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import meet, ready_consortium
from tests.personas import Personas
from tests.races import at_once, refusals

S = ConsortiumStatus
CODE = "91320599MA7647778E"
COMPANY = {"form": ConsortiumForm.ENTITY, "entity_name": "样例公司", "entity_code": CODE}


def _amend(consortium: Consortium, actor: Any, note: str = "专家退休。", seen: str = "", **facts: Any) -> Consortium:
    typed = Consortium.objects.get(pk=consortium.pk)
    for name, value in facts.items():
        setattr(typed, name, value)
    return amend_consortium(consortium=typed, actor=actor, at=NOON, note=note, seen=seen)


@pytest.mark.parametrize("status", [S.OPERATING, S.CULTIVATION, S.RECTIFYING])
def test_the_lead_amends_the_profile_for_a_reason(people: Personas, status: str) -> None:
    meet(people.lead, people.officer, people.university_confirmer)
    tier = "C" if status == S.CULTIVATION else "B"
    consortium = ready_consortium(people, status=status, tier=tier, chief_scientist="样例专家甲")

    _amend(consortium, people.lead, chief_scientist="样例专家乙", secretariat="样例路一号")

    consortium.refresh_from_db()
    entry = trail(consortium)[0]
    assert (consortium.chief_scientist, consortium.secretariat) == ("样例专家乙", "样例路一号")
    assert (entry.action, entry.note) == ("amend_consortium", "专家退休。")
    assert entry.facts["before"] == {"chief_scientist": "样例专家甲", "secretariat": ""}
    assert entry.facts["after"] == {"chief_scientist": "样例专家乙", "secretariat": "样例路一号"}
    told = set(Notification.objects.filter(kind="consortia.profile_amended").values_list("recipient__email", flat=True))
    assert told == {people.lead.email, people.officer.email, people.university_confirmer.email}


def test_it_stands_on_the_timeline_and_not_before_the_public(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    _amend(consortium, people.lead, mission="新的使命。")

    reasons = [life_of(consortium, reader)[0].reason for reader in (people.lead, people.university_confirmer)]
    assert (reasons, public_life(consortium)) == (["专家退休。", ""], [])


def test_what_binds_more_than_the_profile_is_left_alone(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    _amend(consortium, people.lead, name="改名", tier="A", mission="新的使命。")

    stored = Consortium.objects.get(pk=consortium.pk)
    assert (stored.name, stored.tier, stored.mission) == (consortium.name, consortium.tier, "新的使命。")
    assert not {"name", "tier", "lead", "sub_field", "district", "status", "build_to"} & set(AMENDABLE)


def test_a_consortium_is_incorporated_and_may_give_it_up(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    with pytest.raises(ValidationError) as refusal:
        _amend(consortium, people.lead, **COMPANY | {"entity_code": "123"})
    _amend(consortium, people.lead, **COMPANY)
    consortium.shareholdings.create(organisation=people.lead_org, share=60)
    _amend(consortium, people.lead, form=ConsortiumForm.VIRTUAL)

    assert list(refusal.value.message_dict) == ["entity_code"]
    stored = Consortium.objects.get(pk=consortium.pk)
    assert (stored.entity_name, stored.shareholdings.count()) == ("", 0)


@pytest.mark.parametrize("note", ["", "  "])
def test_a_reason_is_needed(people: Personas, note: str) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    with pytest.raises(ValidationError) as refusal:
        _amend(consortium, people.lead, note=note, mission="新的使命。")

    assert list(refusal.value.message_dict) == ["note"]
    assert not consortium.life.exists()


def test_the_second_click_and_nothing_new_are_refused(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    _amend(consortium, people.lead, mission="新的使命。")
    with pytest.raises(TransitionRefused):
        _amend(consortium, people.lead, mission="新的使命。")

    assert consortium.life.count() == 1


@pytest.mark.parametrize("status", [S.PREPARING, S.GRADUATED, S.EXITED, S.REVOKED])
def test_only_at_work(people: Personas, status: str) -> None:
    consortium = ready_consortium(people, status=status)

    with pytest.raises(TransitionRefused):
        _amend(consortium, people.lead, mission="新的使命。")


@pytest.mark.parametrize("who", ["rival", "university_confirmer", "signatory", "officer", "head", "leader"])
def test_only_who_writes_for_the_lead(people: Personas, who: str) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    with pytest.raises(PermissionDenied):
        _amend(consortium, getattr(people, who), mission="新的使命。")


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    seen = seen_of(consortium)
    _amend(consortium, people.lead, mission="甲的使命。")

    with pytest.raises(Stale):
        _amend(consortium, people.lead, seen=seen, mission="乙的使命。")

    assert Consortium.objects.get(pk=consortium.pk).mission == "甲的使命。"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_sees_the_other() -> None:
    people = Personas()
    consortium = ready_consortium(people, status=S.OPERATING)
    seen, lead = seen_of(Consortium.objects.get(pk=consortium.pk)), people.lead

    results = at_once(*(lambda n=n: _amend(consortium, lead, seen=seen, mission=f"使命{n}。") for n in range(2)))

    assert refusals(results) == 1
    assert consortium.life.count() == 1
