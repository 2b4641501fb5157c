"""Joint platforms."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import PlatformKind
from consortia.models import Platform
from consortia.services.platforms import add_platform, remove_platform, update_platform
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.personas import Personas

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
