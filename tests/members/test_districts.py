"""The focus industries of the districts: who reads them, who writes them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from members.models import District
from members.services.districts import SEEN, update_district
from portal.kernel.audit import trail
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.members import make_district
from tests.personas import Personas
from tests.races import at_once, refusals

LIST = reverse("members:district-list")


def _district(focus: str) -> District:
    district = make_district()
    District.objects.filter(pk=district.pk).update(focus=focus)
    return District.objects.get(pk=district.pk)


def address(district: District) -> str:
    return reverse("members:district-update", args=[district.pk])


def test_the_bureau_says_what_a_district_stands_for(people: Personas) -> None:
    district = _district("新能源")

    update_district(district=district, focus=" 新能源、\n特色半导体 ", actor=people.officer, at=NOON)

    assert District.objects.get(pk=district.pk).focus == "新能源、 特色半导体"
    entry = trail(district)[0]
    assert (entry.action, entry.facts) == ("update_district", {"focus": ["新能源", "新能源、 特色半导体"]})


def test_the_second_click_is_refused(people: Personas) -> None:
    district = _district("")

    update_district(district=district, focus="新能源", actor=people.head, at=NOON)
    with pytest.raises(TransitionRefused):
        update_district(district=district, focus="新能源", actor=people.head, at=NOON)


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(people: Personas) -> None:
    district = _district("")
    seen = seen_of(district, SEEN)
    update_district(district=district, focus="新能源", actor=people.officer, at=NOON)

    with pytest.raises(Stale):
        update_district(district=district, focus="新材料", actor=people.head, at=NOON, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_sees_the_other() -> None:
    people, district = Personas(), _district("")
    seen, officer = seen_of(district, SEEN), people.officer

    results = at_once(
        *(
            lambda n=n: update_district(district=district, focus=f"产业{n}", actor=officer, at=NOON, seen=seen)
            for n in range(2)
        )
    )

    assert refusals(results) == 1


@pytest.mark.parametrize("who", ["lead", "district_officer", "leader", "finance", "supervisor", "expert"])
def test_only_the_bureaus_division_writes(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        update_district(district=make_district(), focus="新能源", actor=getattr(people, who), at=NOON)


def test_the_pages(people: Personas, sign_in: Any) -> None:
    district = _district("新能源")
    client = sign_in(people.officer)
    form = client.get(address(district)).context["form"]

    answer = client.post(address(district), {"focus": "新能源、光伏", "seen": form["seen"].value()})
    too_long = client.post(address(district), {"focus": "样" * 201, "seen": form["seen"].value()})

    assert (answer["Location"], District.objects.get(pk=district.pk).focus) == (LIST, "新能源、光伏")
    assert list(too_long.context["form"].errors) == ["focus"]
    assert client.get(LIST).context["may_update"] is True
    assert client.get(reverse("members:district-update", args=["000000"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "listed", "edited"),
    [("officer", 200, 200), ("head", 200, 200), ("district_officer", 200, 403), ("lead", 403, 403)],
)
def test_who_opens_them(people: Personas, sign_in: Any, who: str, listed: int, edited: int) -> None:
    client = sign_in(getattr(people, who))

    assert (client.get(LIST).status_code, client.get(address(make_district())).status_code) == (listed, edited)
