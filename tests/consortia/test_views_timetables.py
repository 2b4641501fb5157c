"""The page of a sub-field: documents, timetable, consortia by district."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from consortia.models import FieldMilestone
from consortia.services.timetables import add_field_milestone
from portal.kernel.audit import trail
from tests.clock import NOON
from tests.factories.consortia import make_consortium, make_sub_field
from tests.factories.members import make_district
from tests.personas import Personas

SignIn = Callable[..., Client]


def at(name: str, *args: Any) -> str:
    return reverse(f"consortia:{name}", args=args)


def step(**facts: Any) -> FieldMilestone:
    return FieldMilestone.objects.create(
        **{"sub_field": make_sub_field(), "name": "样例节点", "due": date(2027, 6, 30), **facts}
    )


def test_an_officer_plans_and_records(people: Personas, sign_in: SignIn) -> None:
    field, client = make_sub_field(), sign_in(people.officer)
    page = at("subfield-detail", field.pk)

    added = client.post(at("field-milestone-add", field.pk), {"name": "样例中试线建成", "due": "2027-06-30"})
    made = FieldMilestone.objects.get()
    reached = client.post(at("field-milestone-reach", made.pk), {"reached_on": "2026-01-05"})
    again = client.post(at("field-milestone-reach", made.pk), {"reached_on": "2026-01-06"})

    assert (added["Location"], reached["Location"], again.status_code) == (page, page, 409)
    made.refresh_from_db()
    assert made.reached_on == date(2026, 1, 5)
    assert client.post(at("field-milestone-remove", made.pk))["Location"] == page
    assert client.post(at("field-milestone-remove", made.pk)).status_code == 404
    assert [entry.action for entry in trail(field)] == [
        "remove_field_milestone", "reach_field_milestone", "add_field_milestone",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"name": "", "due": "soon"}, ["due", "name"]),
        ({"name": "样例节点", "due": "2027-06-30"}, ["name"]),
    ],
)
def test_errors_stand_next_to_the_field(
    people: Personas, sign_in: SignIn, data: dict[str, str], fields: list[str]
) -> None:
    known = step()

    answer = sign_in(people.officer).post(at("field-milestone-add", known.sub_field_id), data)

    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, fields)
    assert FieldMilestone.objects.count() == 1


def test_a_day_to_come_is_not_reached(people: Personas, sign_in: SignIn) -> None:
    known = step()

    answer = sign_in(people.officer).post(at("field-milestone-reach", known.pk), {"reached_on": "2999-01-01"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["reached_on"])


def test_a_district_sees_its_own_consortia_and_plans_nothing(people: Personas, sign_in: SignIn) -> None:
    field = make_sub_field()
    make_consortium(people, name="样例昆山", sub_field=field)
    make_consortium(people, name="样例常熟", sub_field=field, district=make_district("320581"))

    found = {
        who: sign_in(getattr(people, who)).get(at("subfield-detail", field.pk)).context
        for who in ("officer", "district_officer")
    }

    assert {who: (len(one["places"]), one["plans"]) for who, one in found.items()} == {
        "officer": (2, True),
        "district_officer": (1, False),
    }


@pytest.mark.parametrize(("who", "status"), [("head", 403), ("district_officer", 403), ("lead", 404), ("rival", 404)])
def test_who_may_not_plan(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    known = step()
    client = sign_in(getattr(people, who))

    assert client.get(at("field-milestone-reach", known.pk)).status_code == status
    assert client.get(at("field-milestone-add", known.sub_field_id)).status_code == status


def test_the_service_asks_too(people: Personas) -> None:
    field = make_sub_field()

    with pytest.raises(PermissionDenied):
        add_field_milestone(
            sub_field=field, milestone=FieldMilestone(name="样例", due=date(2027, 1, 1)), actor=people.head, at=NOON
        )
