"""X-04: what is typed into an address, a form, a cookie or a header never becomes part of a statement."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.authorization.world import World
from tests.injections import (
    COOKIES,
    HEADERS,
    MARK,
    Attack,
    Turns,
    addresses,
    few,
    fewest,
    payloads,
    questions,
    read_anywhere,
    watched,
)  # fmt: skip
from tests.personas import Personas

pytestmark = pytest.mark.django_db
EVIL = few()[0]


@pytest.fixture
def world(people: Personas) -> World:
    return World(people)


@pytest.mark.parametrize("reader", ["audit_admin", "anonymous"])
def test_x04_no_parameter_of_a_page_reaches_a_statement(world: World, reader: str) -> None:
    attack = Attack(world, reader)

    for address in addresses(world).values():
        attack.questions(address, [EVIL])

    assert attack.tried > 20
    assert (attack.injected, attack.broken) == ([], [])


def test_x04_no_field_of_a_form_reaches_a_statement(world: World) -> None:
    where, attacks = addresses(world), []
    for reader, names in fewest("writing", "w").items():
        attacks.append(attack := Attack(world, reader))
        for name in names & where.keys():
            attack.forms(where[name], [EVIL], apart=False)

    assert [attack.injected + attack.broken for attack in attacks if attack.injected or attack.broken] == []
    assert sum(attack.tried for attack in attacks) > 250
    assert sum(attack.taken for attack in attacks) > 80


def test_x04_no_json_reaches_a_statement(world: World) -> None:
    attack = Attack(world, "officer")

    for name, address in addresses(world).items():
        if name.startswith("api:") and name != "api:schema":
            attack.json(address, [EVIL])

    assert (attack.injected, attack.broken, attack.taken) == ([], [], 0)
    assert attack.tried == 3 * 14


@pytest.mark.parametrize("evil", few())
def test_x04_no_cookie_and_no_header_reaches_a_statement(people: Personas, evil: str) -> None:
    odd: dict[str, Any] = {}
    for name in (*COOKIES, *HEADERS):
        client = Client(raise_request_exception=False)
        if name in HEADERS:
            client.force_login(people.officer)
        else:
            client.cookies[name] = evil.replace(";", "%3b")
        with watched() as found:
            status = client.get("/workbench/", headers={name: evil} if name in HEADERS else {}).status_code
        if found or status >= 500:
            odd[name] = status, found

    assert odd == {}


def test_x04_the_watch_sees_an_injection() -> None:
    with watched() as found, connection.cursor() as cursor:
        cursor.execute("SELECT %s", [EVIL])
        cursor.execute(f"SELECT '1{EVIL}")

    assert [statement.count(MARK) for statement in found] == [1]


def test_x04_every_parameter_is_known() -> None:
    known = read_anywhere()

    assert {"sort", "tab", "ids", "year", "q"} - known == set()
    assert {"district", "tier", "year"} - set(questions("/consortia/")) == set()


def test_x04_each_field_gets_each_kind_of_attack_and_all_of_them_take_turns() -> None:
    turns, kinds = Turns(), payloads()

    first, second = list(turns), list(turns)

    assert list(kinds) == ["quoting", "stacked", "timed", "names"]
    assert first == [texts[0] for texts in kinds.values()]
    assert second == [texts[1] for texts in kinds.values()]
    assert len({text for texts in kinds.values() for text in texts}) == sum(map(len, kinds.values())) > 150
