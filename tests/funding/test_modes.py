"""The modes of a call: chosen together, shown to everybody, kept where the step exists."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from funding.models import Call
from funding.selectors.calls import modes
from funding.services.calls import create_call
from tests.clock import NOON
from tests.factories.funding import make_call
from tests.funding.test_calls import facts, typed
from tests.personas import Personas

pytestmark = pytest.mark.django_db
BOUNTY = "A bounty is one sum, paid after the result: it goes with a lump sum."
QUOTAS = "Quotas limit what districts recommend; without that step there are none."


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ({"selection_mode": "BOUNTY", "budget_mode": "ITEMISED"}, {"budget_mode": [BOUNTY]}),
        ({"district_step": False, "quotas": {"320583": 3}}, {"district_step": [QUOTAS]}),
    ],
)
def test_modes_that_do_not_go_together_are_refused_beside_their_field(
    people: Personas, terms: dict[str, Any], found: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        create_call(actor=people.officer, at=NOON, facts=facts(**terms))

    assert refused.value.message_dict == found
    assert Call.objects.count() == 0


def test_the_form_says_so_beside_the_field(client: Client, people: Personas) -> None:
    client.force_login(people.officer)
    assert people.district_officer

    bounty = client.post(reverse("funding:call-create"), typed(selection_mode="BOUNTY"))
    quotas = client.post(reverse("funding:call-create"), typed(district_step="", quota_320583="3"))

    assert [list(answer.context["form"].errors) for answer in (bounty, quotas)] == [["budget_mode"], ["district_step"]]


@pytest.mark.usefixtures("english")
def test_every_mode_stands_on_the_page(people: Personas) -> None:
    terms = {"selection_mode": "BOUNTY", "review_mode": "LEAD_REVIEWER", "expert_mode": "INVITED"}
    call = make_call(people, budget_mode="LUMP_SUM", site_visit=True, grace_minutes=15, outage_hours=0, **terms)

    assert modes(call) == [
        ("Open to", "New consortium"), ("Selection", "Bounty, paid after the result"), ("Review", "Lead reviewer"),
        ("Experts", "By invitation"), ("Budget mode", "Lump sum"), ("Beside the expert review", "Site visit"),
        ("After the close", "whoever is at work on an application then may still submit it for 15 minutes"),
        ("Outages before the close", "no time is added for them"),
    ]  # fmt: skip
