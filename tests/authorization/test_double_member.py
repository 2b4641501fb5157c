"""Whoever takes part in two rival consortia carries nothing from one into the other.

The university is in the lead's consortia and in the rival's. Every text of the rival's consortium is a word of its own;
then the lead's people ask everything, and the university whatever belongs to the lead: no page, form, export or answer
of the API holds one of the words or a key of the rival's rows, so none can be read, chosen or sent.
"""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from consortia.models import Consortium, Fund, Platform
from consortia.selectors.registers import REGISTERS
from portal.kernel import files
from tests.authorization import canaries, sweep
from tests.authorization.world import World
from tests.clock import NOON
from tests.factories.books import make_answer, make_demand, make_entry, make_issue, make_visit
from tests.factories.consortia import (
    make_agreement,
    make_outcome,
    make_participation,
    make_task,
    make_technology,
    rival_consortium,
)
from tests.factories.funding import make_application
from tests.personas import Personas

pytestmark = pytest.mark.django_db
SHARED = {
    "organisation",
    "user",
    "district",
    "rolegrant",
}  # the register of organisations is the city's, not the rival's


def rivals(people: Personas, world: World) -> Consortium:
    """A consortium of the rival's in which the university takes part, with something in every book."""
    consortium = rival_consortium(people)
    make_participation(consortium, people.university, people.rival)
    make_technology(consortium)
    make_task(consortium)
    make_outcome(consortium, owner=people.rival_org, identifier="ZL202610000009.5")
    for register in REGISTERS:
        make_entry(register.slug, consortium, people)
    make_answer(make_demand(consortium, people.rival), people.university, people.university_confirmer)
    make_visit(consortium, people.officer)
    make_issue(consortium, people.university, people.university_confirmer, people.rival_org)
    make_agreement(consortium, people.rival)
    Platform.objects.create(consortium=consortium, kind="JOINT_LAB", name="样例平台", builder=people.rival_org)
    Fund.objects.create(consortium=consortium, name="样例基金", manager=people.fund, scale=10)
    files.store_bytes(b"%PDF-1.4 rival", name="样例.pdf", mime="application/pdf", kind="evidence", at=NOON)
    make_application(people, consortium=consortium, call=world.call)
    return consortium


@pytest.fixture
def world(people: Personas) -> World:
    return World(people)


def addresses(world: World, reader: str, *, bound: bool) -> dict[str, str]:
    """Every address that opens for the reader, or those alone that name an object of the lead's."""
    reach = sweep.read("reach")[reader]
    asked = {name: world.kwargs(name) for name in sweep.names() if reach[name, "GET"] == "200"}
    return {name: reverse(name, kwargs=kwargs) for name, kwargs in asked.items() if kwargs or not bound}


READERS = {"lead": False, "signatory": False, "lead_confirmer": False, "university_confirmer": True}  # bound or not


def test_nothing_of_the_rivals_consortium_stands_where_the_leads_does(world: World) -> None:
    before = canaries.rows()
    theirs = rivals(world.people, world)
    fresh = {(model, key) for model, key in canaries.rows() - before if model._meta.model_name not in SHARED}
    planted = canaries.plant(world, fresh)
    keys = {str(key) for _model, key in fresh if isinstance(key, UUID)}
    clients = {reader: sweep.client_of(world, reader) for reader in (*READERS, "officer")}

    def carried(reader: str, address: str) -> set[object]:
        _status, text, _headers = sweep.ask(clients[reader], "GET", address)
        return {*canaries.found(text, planted), *(key for key in keys if key in text)}

    leaks = {
        (reader, name): found
        for reader, bound in READERS.items()
        for name, address in addresses(world, reader, bound=bound).items()
        if (found := carried(reader, address))
    }
    control = carried("officer", reverse("consortia:consortium-detail", args=[theirs.pk]))

    assert (len(planted) > 40, len(keys) > 20, len(control) > 5) == (True, True, True)
    assert leaks == {}


def test_the_university_itself_finds_both(world: World) -> None:
    theirs = rivals(world.people, world)
    client: Client = sweep.client_of(world, "university_confirmer")

    addresses_of = [reverse("consortia:consortium-detail", args=[one.pk]) for one in (world.operating, theirs)]

    opened = [client.get(address).status_code for address in addresses_of]

    assert opened == [200, 200]
