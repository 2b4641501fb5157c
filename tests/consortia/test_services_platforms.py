"""Joint platforms."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import PlatformKind
from consortia.models import CoBuilder, DirectRecognition, Platform, PlatformYear
from consortia.services.handover import _join_builders
from consortia.services.platforms import (
    add_builder,
    add_platform,
    add_service,
    remove_builder,
    remove_platform,
    remove_service,
    update_builder,
    update_platform,
    update_service,
)
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_direct, make_platform, meet, ready_consortium, recognised_facts
from tests.personas import Personas
from tests.races import at_once, refusals

OTHERS = ["rival", "university_confirmer", "officer", "leader"]


def _platform(people: Personas, **facts: Any) -> Platform:
    return Platform(
        kind=PlatformKind.PILOT_LINE,
        name="样例中试线",
        builder=facts.pop("builder", people.lead_org),
        area=800,
        **facts,
    )


def test_platforms(people: Personas) -> None:
    consortium = ready_consortium(people)
    made = add_platform(consortium=consortium, platform=_platform(people), actor=people.lead, at=NOON)
    made.opened_on = date(2026, 11, 18)

    update_platform(platform=made, actor=people.lead, at=NOON)

    assert consortium.platforms.get().opened_on == date(2026, 11, 18)
    remove_platform(platform=made, actor=people.lead, at=NOON)
    assert consortium.platforms.count() == 0


def test_a_platform_is_built_by_a_member_and_not_opened_tomorrow(people: Personas) -> None:
    consortium = ready_consortium(people)

    for facts, field in (({"builder": people.rival_org}, "builder"), ({"opened_on": date(2026, 11, 19)}, "opened_on")):
        with pytest.raises(ValidationError) as refusal:
            add_platform(consortium=consortium, platform=_platform(people, **facts), actor=people.lead, at=NOON)
        assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_lead_records(people: Personas, who: str) -> None:
    consortium, actor = ready_consortium(people), getattr(people, who)
    platform = add_platform(consortium=consortium, platform=_platform(people), actor=people.lead, at=NOON)
    acts: list[tuple[Any, dict[str, Any]]] = [
        (add_platform, {"consortium": consortium, "platform": _platform(people)}),
        (update_platform, {"platform": platform}),
        (remove_platform, {"platform": platform}),
    ]

    for act, subject in acts:
        with pytest.raises(PermissionDenied):
            act(**subject, actor=actor, at=NOON)

    assert consortium.platforms.count() == 1


# --- builders ----------------------------------------------------------------------------------
def _built(people: Personas, **facts: Any) -> Platform:
    return add_platform(
        consortium=ready_consortium(people), platform=_platform(people, **facts), actor=people.lead, at=NOON
    )


def test_builders_come_go_and_change_their_share(people: Personas) -> None:
    platform = _built(people, share=Decimal(60))
    one = CoBuilder(organisation=people.university, share=Decimal(30))
    add_builder(platform=platform, builder=one, actor=people.lead, at=NOON)
    add_builder(platform=platform, builder=CoBuilder(outside="样例外部研究院"), actor=people.lead, at=NOON)

    one.share = Decimal(40)
    update_builder(builder=one, actor=people.lead, at=NOON)

    assert {str(row): row.share for row in platform.co_builders.all()} == {
        "样例理工大学": Decimal(40), "样例外部研究院": None,
    }  # fmt: skip
    remove_builder(builder=one, actor=people.lead, at=NOON)
    assert [str(row) for row in platform.co_builders.all()] == ["样例外部研究院"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"organisation": "rival_org"}, "organisation"),
        ({"organisation": "lead_org"}, "organisation"),
        ({"organisation": "university", "share": Decimal("40.0001")}, "share"),
    ],
)
def test_a_builder_is_another_member_within_the_whole(people: Personas, facts: Any, field: str) -> None:
    platform = _built(people, share=Decimal(60))
    builder = CoBuilder(**facts | {"organisation": getattr(people, facts["organisation"])})

    with pytest.raises(ValidationError) as refusal:
        add_builder(platform=platform, builder=builder, actor=people.lead, at=NOON)

    assert (list(refusal.value.message_dict), platform.co_builders.count()) == ([field], 0)


def test_nobody_is_named_twice_nor_builds_with_himself(people: Personas) -> None:
    platform = _built(people)
    for organisation in (people.university, people.fund):
        add_builder(platform=platform, builder=CoBuilder(organisation=organisation), actor=people.lead, at=NOON)

    again = CoBuilder(organisation=people.university)
    with pytest.raises(ValidationError):
        add_builder(platform=platform, builder=again, actor=people.lead, at=NOON)
    platform.builder = people.university
    update_platform(platform=platform, actor=people.lead, at=NOON)

    assert [row.organisation for row in platform.co_builders.all()] == [people.fund]


def test_the_builders_share_counts_when_the_platform_is_changed(people: Personas) -> None:
    platform = _built(people)
    add_builder(
        platform=platform, builder=CoBuilder(organisation=people.fund, share=Decimal(70)), actor=people.lead, at=NOON
    )
    platform.share = Decimal(31)

    with pytest.raises(ValidationError) as refusal:
        update_platform(platform=platform, actor=people.lead, at=NOON)

    assert list(refusal.value.message_dict) == ["share"]


@pytest.mark.django_db(transaction=True)
def test_two_builders_at_once_never_exceed_the_whole() -> None:
    people = Personas()
    platform = _built(people)
    meet(people.university, people.fund)

    def add(organisation: Any) -> Any:
        builder = CoBuilder(organisation=organisation, share=Decimal(60))
        return add_builder(platform=platform, builder=builder, actor=people.lead, at=NOON)

    results = at_once(lambda: add(people.university), lambda: add(people.fund))

    assert refusals(results) == 1
    assert [row.share for row in platform.co_builders.all()] == [Decimal(60)]


def test_who_takes_a_platform_over_holds_both_shares(people: Personas) -> None:
    platform = make_platform(ready_consortium(people), share=Decimal(40))

    _join_builders(platform, platform.co_builders.get().organisation_id)

    platform.refresh_from_db()
    assert (platform.share, platform.co_builders.count()) == (Decimal(90), 0)


# --- the figures of a year ---------------------------------------------------------------------
def test_figures_of_a_year(people: Personas) -> None:
    platform = _built(people)
    year = PlatformYear(year=2025, served=12, income=Decimal(300_000))
    add_service(platform=platform, service=year, actor=people.lead, at=NOON)

    year.served = 15
    update_service(service=year, actor=people.lead, at=NOON)

    assert platform.years.get().served == 15
    with pytest.raises(ValidationError) as twice:
        add_service(platform=platform, service=PlatformYear(year=2025), actor=people.lead, at=NOON)
    assert twice.value.message_dict == {"year": ["The figures of this year are recorded already."]}
    with pytest.raises(ValidationError) as refusal:
        add_service(platform=platform, service=PlatformYear(year=2027), actor=people.lead, at=NOON)
    assert list(refusal.value.message_dict) == ["year"]
    remove_service(service=year, actor=people.lead, at=NOON)
    assert platform.years.count() == 0


def test_what_is_being_decided_does_not_change(people: Personas) -> None:
    platform = make_platform(ready_consortium(people))
    case = make_direct(platform, people.lead)

    with pytest.raises(TransitionRefused):
        update_platform(platform=platform, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        remove_builder(builder=platform.co_builders.get(), actor=people.lead, at=NOON)
    DirectRecognition.objects.filter(pk=case.pk).update(status="RETURNED")
    update_platform(platform=platform, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        remove_platform(platform=platform, actor=people.lead, at=NOON)


def test_what_was_recognised_keeps_name_and_kind(people: Personas) -> None:
    platform = make_platform(ready_consortium(people))
    make_direct(platform, people.lead, **recognised_facts(people.head))
    platform.name, platform.kind = "改名", PlatformKind.KEY_LAB

    with pytest.raises(ValidationError) as refusal:
        update_platform(platform=platform, actor=people.lead, at=NOON)

    assert sorted(refusal.value.message_dict) == ["kind", "name"]
