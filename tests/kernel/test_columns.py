"""Columns of a list: suggested, kept, or as the address says; the export takes the same."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from funding.exporters import APPLICATION_COLUMNS
from portal.kernel.columns import BETWEEN, arranged
from portal.kernel.models import ExportLog, ListColumns, SavedFilter
from tests.factories.funding import make_application
from tests.personas import Personas

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
LISTS = {
    "funding:application-list": "funding:application-export",
    "consortia:consortium-list": "consortia:consortium-export",
    "members:organisation-list": "members:organisation-export",
}
APPLICATIONS = reverse("funding:application-list")


def choose_url(page: str = "funding:application-list", query: str = "") -> str:
    return f"{reverse('columns-choose', args=[page])}{query}"


def typed(client: Client, page: str = "funding:application-list", **changes: str) -> dict[str, str]:
    form = client.get(choose_url(page)).context["form"]
    facts = {name: form[name].value() for name in form.fields}
    return {
        name: "on" if value is True else str(value) for name, value in facts.items() if value is not False
    } | changes


def columns(client: Client, url: str = APPLICATIONS) -> list[str]:
    found: list[str] = client.get(url).context["columns"]
    return found


def sheet(client: Client, url: str, **facts: str) -> list[list[str]]:
    answer: Any = client.post(url, {"format": "csv", "purpose": "", **facts})
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize("page", LISTS)
def test_every_column_can_be_shown_and_exported(people: Personas, sign_in: SignIn, page: str) -> None:
    make_application(people, status="SUBMITTED")
    client = sign_in(people.officer)
    offered = resolve(reverse(page)).func.view_class.list_columns  # type: ignore[attr-defined]
    every = [one.code for one in offered]

    answer = client.get(reverse(page), {"cols": ",".join(reversed(every)), "tab": "all"})
    head, *rows = sheet(client, f"{reverse(LISTS[page])}?cols={','.join(every)}&tab=all", columns="seen")

    assert answer.context["columns"] == [every[0], *reversed(every[1:])]
    html = answer.content.decode()
    cells = html.split("<tbody>")[1].split("</tr>")[0].count("<td")
    heads = html.split("<thead>")[1].split("</thead>")[0].count("<th")
    assert cells == heads
    assert cells - len(every) in {0, 1}  # and the boxes
    assert (len(head), len(rows) > 0) == (len({name for one in offered for name in one.exports}), True)


def test_suggested_is_what_was_shown_before(people: Personas, sign_in: SignIn) -> None:
    assert columns(sign_in(people.officer)) == [
        "name", "sub_field", "tier", "amount", "members", "missing", "status", "waiting",
    ]  # fmt: skip


def test_a_choice_is_kept_for_the_person_and_the_list(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)
    form = {"show-status": "on", "show-call": "on"} | {
        f"place-{one.code}": "9" for one in APPLICATION_COLUMNS if not one.fixed
    }

    answer = client.post(choose_url(query="?tab=all&cols=tier"), {**form, "place-call": "1"})

    assert (answer.status_code, answer["Location"]) == (302, f"{APPLICATIONS}?tab=all")
    assert columns(client) == ["name", "call", "status"]
    assert columns(sign_in(people.head)) == [one.code for one in APPLICATION_COLUMNS if one.fixed or one.suggested]
    assert columns(client, reverse("consortia:consortium-list"))[:2] == ["name", "sub_field"]
    sheet(client, reverse("funding:application-export"), columns="seen")
    assert ExportLog.objects.get().params["columns"].split(",")[-2:] == ["call", "status"]


def test_for_now_stands_in_the_address_and_goes_into_a_saved_view(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)

    answer = client.post(choose_url(query="?tab=all"), typed(client, now="1", **{"place-waiting": "1"}))

    assert answer["Location"].startswith(f"{APPLICATIONS}?tab=all&cols=name%2C")
    assert not ListColumns.objects.exists()
    client.post(reverse("filter-save", args=["funding:application-list"]) + "?cols=name,tier&tab=all", {"name": "样例"})
    assert columns(client, f"{APPLICATIONS}?{SavedFilter.objects.get().query}") == ["name", "tier"]


def test_back_to_what_is_suggested(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)
    client.post(choose_url(), typed(client, **{"show-call": "on"}))
    assert "call" in columns(client)

    client.post(choose_url(), {"suggested": "1"})

    assert "call" not in columns(client)


def test_nonsense_is_said_at_its_field_and_in_an_address_left_out(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)

    answer = client.post(choose_url(), typed(client, **{"place-tier": "x"}))

    assert list(answer.context["form"].errors) == ["place-tier"]
    assert columns(client, f"{APPLICATIONS}?cols=tier,tier,name,<b>") == ["name", "tier"]


@pytest.mark.parametrize("page", ["nowhere", "home", "members:expert-list"])
def test_other_lists_offer_no_columns(people: Personas, sign_in: SignIn, page: str) -> None:
    assert sign_in(people.officer).get(choose_url(page)).status_code == 404


@given(st.lists(st.sampled_from([*(one.code for one in APPLICATION_COLUMNS), "x"])))
def test_whatever_is_asked_for_is_a_list_of_known_columns(codes: list[str]) -> None:
    shown = [one.code for one in arranged(APPLICATION_COLUMNS, codes)]

    assert shown[0] == "name"
    assert sorted(shown) == sorted({"name", *codes} - {"x"})


# --- the export of applications ----------------------------------------------------------------
def test_the_export_takes_the_same_rows_and_is_on_record(people: Personas, sign_in: SignIn) -> None:
    application = make_application(people, status="SUBMITTED")
    client = sign_in(people.officer)

    _head, *rows = sheet(client, reverse("funding:application-export") + "?tab=district&cols=name,tier", columns="seen")
    _head, *none = sheet(client, reverse("funding:application-export") + "?tab=ended")

    assert [row[0] for row in rows] == [application.number]
    assert none == []
    log = ExportLog.objects.filter(row_count=1).get()
    assert (log.slug, log.params["tab"]) == ("applications", "district")
    assert log.params["columns"].split(",")[-1] == "tier"


@pytest.mark.parametrize(("name", "code"), [("lead", 403), ("expert", 403), ("head", 200)])
def test_the_export_is_for_officials(people: Personas, sign_in: SignIn, name: str, code: int) -> None:
    assert sign_in(getattr(people, name)).get(reverse("funding:application-export")).status_code == code


def test_a_district_exports_its_own_alone(people: Personas, sign_in: SignIn) -> None:
    make_application(people, status="SUBMITTED")

    rows = sheet(sign_in(people.other_district_officer), reverse("funding:application-export") + "?tab=all")

    assert len(rows) == 1


def test_the_list_costs_the_same_with_every_column(people: Personas, sign_in: SignIn) -> None:
    make_application(people, status="SUBMITTED")
    client = sign_in(people.officer)
    every = ",".join(one.code for one in APPLICATION_COLUMNS)
    counts = []
    for asked in ("name", every):
        client.get(APPLICATIONS, {"cols": asked, "tab": "all"})
        with CaptureQueriesContext(connection) as queries:
            client.get(APPLICATIONS, {"cols": asked, "tab": "all"})
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", sorted(LISTS))
def test_what_somebody_chose_never_hides_for_want_of_width(people: Personas, sign_in: SignIn, page: str) -> None:
    """Suggested columns give way on a narrower screen, chosen ones are scrolled to."""
    make_application(people, "SUBMITTED")
    client, address = sign_in(people.officer), reverse(page)

    def is_chosen(query: str = "") -> bool:
        return b" data-chosen" in client.get(f"{address}?tab=all{query}").content

    assert not is_chosen()
    first = next(code for code in client.get(address).context["columns"] if code)
    others = [code for code in client.get(address).context["columns"] if code != first]
    assert is_chosen(f"&cols={BETWEEN.join(others[::-1])}")
