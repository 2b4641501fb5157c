"""Filters kept under a name: by whom, for which list, how many."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.kernel import saved_filters
from portal.kernel.models import SavedFilter
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
