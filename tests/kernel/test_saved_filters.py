"""Filters kept under a name: by whom, for which list, how many."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.kernel import saved_filters
from portal.kernel.models import Notification, SavedFilter
from portal.kernel.notifications import facts_of
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium
from tests.personas import Personas

LIST = reverse("consortia:consortium-list")
SAVE = reverse("filter-save", args=["consortia:consortium-list"])
SignIn = Callable[..., Client]


def keep(client: Client, query: str, name: str) -> Any:
    return client.post(f"{SAVE}?{query}", {"name": name})


def kept(owner: Any) -> list[tuple[str, str]]:
    return list(SavedFilter.objects.visible_to(owner).values_list("name", "query"))


def test_a_filter_is_kept_without_the_place_in_the_list(people: Personas, sign_in: SignIn) -> None:
    response = keep(sign_in(people.officer), "status=OPERATING&after=abc&q=&tier=A", "样例在运行")

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?status=OPERATING&tier=A")
    assert kept(people.officer) == [("样例在运行", "status=OPERATING&tier=A")]


def test_the_list_offers_one_s_own_filters_alone(people: Personas, sign_in: SignIn) -> None:
    keep(sign_in(people.head), "tier=B", "样例处长的")
    client = sign_in(people.officer)
    keep(client, "tier=A", "样例科员的")

    context = client.get(f"{LIST}?tier=A").context

    assert [one.name for one in context["saved"]] == ["样例科员的"]
    assert (context["saved_query"], context["save_url"]) == ("tier=A", f"{SAVE}?tier=A")


def test_the_same_name_takes_the_new_filter(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)
    keep(client, "tier=A", "样例")
    keep(client, "tier=B", "样例")

    assert kept(people.officer) == [("样例", "tier=B")]


@pytest.mark.parametrize(
    ("query", "name", "field"),
    [
        ("", "样例", "__all__"),
        ("q=" + "长" * 400, "样例", "__all__"),
        ("tier=A", "", "name"),
        ("tier=A", "长" * 41, "name"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(
    people: Personas, sign_in: SignIn, query: str, name: str, field: str
) -> None:
    response = keep(sign_in(people.officer), query, name)

    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["name"].value() == name
    assert kept(people.officer) == []


def test_there_is_an_end_to_keeping(people: Personas, sign_in: SignIn) -> None:
    for n in range(saved_filters.MOST):
        saved_filters.save_filter(owner=people.officer, page="consortia:consortium-list", name=str(n), query="tier=A")

    response = keep(sign_in(people.officer), "tier=B", "one more")

    assert response.context["form"].non_field_errors() == ["您已为此列表保存 20 个筛选，请先移除一个。"]


@pytest.mark.parametrize("page", ["home", "nothing:here", "consortia:consortium-detail", "filter-remove", "healthz"])
def test_only_lists_that_offer_it_keep_filters(people: Personas, sign_in: SignIn, page: str) -> None:
    assert sign_in(people.officer).get(reverse("filter-save", args=[page])).status_code == 404


def test_a_filter_is_removed_by_its_owner_alone(people: Personas, sign_in: SignIn) -> None:
    keep(sign_in(people.officer), "tier=A", "样例")
    address = reverse("filter-remove", args=[SavedFilter.objects.get().pk])

    assert sign_in(people.head).post(address, {}).status_code == 404
    assert sign_in(people.officer).get(address).status_code == 200
    assert sign_in(people.officer).post(address, {})["Location"] == LIST
    assert sign_in(people.officer).post(address, {}).status_code == 404
    assert kept(people.officer) == []


# --- what is new in them -----------------------------------------------------------------------
def alert(client: Client, saved: SavedFilter, wanted: str) -> Any:
    return client.post(reverse("filter-alert", args=[saved.pk, wanted]))


def gains(owner: Any) -> list[str]:
    return [facts_of(row)["views"] for row in Notification.objects.filter(recipient=owner, kind="kernel.views_gained")]


def watched(people: Personas, sign_in: SignIn) -> SavedFilter:
    client = sign_in(people.officer)
    keep(client, "status=PREPARING", "样例筹建")
    saved = SavedFilter.objects.get(owner=people.officer)
    alert(client, saved, "on")
    return saved


def test_new_rows_are_told_once_a_day(people: Personas, sign_in: SignIn) -> None:
    make_consortium(people, name="样例旧")
    watched(people, sign_in)
    for name in ("样例新一", "样例新二"):
        make_consortium(people, name=name)
    make_consortium(people, name="样例外", status="OPERATING")

    first, second = saved_filters.tell_of_gains(at=NOON), saved_filters.tell_of_gains(at=NOON)
    make_consortium(people, name="样例再新")
    same_day, next_day = saved_filters.tell_of_gains(at=NOON), saved_filters.tell_of_gains(at=NOON + DAY)
    idle = saved_filters.tell_of_gains(at=NOON + 2 * DAY)

    assert (first, second, same_day, next_day, idle) == (1, 0, 0, 1, 0)
    assert sorted(gains(people.officer)) == ["样例筹建 +1", "样例筹建 +2"]


def test_what_is_switched_off_tells_nothing(people: Personas, sign_in: SignIn) -> None:
    saved = watched(people, sign_in)
    alert(sign_in(people.officer), saved, "off")
    make_consortium(people, name="样例新")

    assert (saved_filters.tell_of_gains(at=NOON), gains(people.officer)) == (0, [])


def test_several_views_make_one_notice(people: Personas, sign_in: SignIn) -> None:
    watched(people, sign_in)
    client = sign_in(people.officer)
    keep(client, "type=MARKET", "样例市场")
    alert(client, SavedFilter.objects.get(name="样例市场"), "on")
    make_consortium(people, name="样例新")

    assert saved_filters.tell_of_gains(at=NOON) == 1
    assert gains(people.officer) == ["样例市场 +1、样例筹建 +1"]


def test_a_district_is_told_of_its_own_alone(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.other_district_officer)
    keep(client, "status=PREPARING", "样例筹建")
    alert(client, SavedFilter.objects.get(), "on")
    make_consortium(people, name="样例昆山")

    assert saved_filters.tell_of_gains(at=NOON) == 0


def test_a_view_that_is_too_wide_is_not_watched(
    people: Personas, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_filters, "WIDEST", 0)
    make_consortium(people)
    client = sign_in(people.officer)
    keep(client, "status=PREPARING", "样例筹建")
    saved = SavedFilter.objects.get()

    answer = alert(client, saved, "on")

    saved.refresh_from_db()
    assert (answer.status_code, saved.alerts) == (200, False)
    assert list(answer.context["form"].errors) == ["__all__"]


def test_nobody_switches_the_view_of_another(people: Personas, sign_in: SignIn) -> None:
    saved = watched(people, sign_in)

    assert alert(sign_in(people.head), saved, "off").status_code == 404
