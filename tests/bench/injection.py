"""SQL injection sought from within, everywhere: every field of every form, every parameter, every JSON field.

Each attack carries a mark that must never stand in a statement's text. Every field is attacked by itself with one of
each kind of attack and with some of all the ways out of a value, which take turns, so that each of them is tried many
times over.
"""

import logging
import os
from collections.abc import Callable, Iterator
from itertools import cycle, islice

from django.conf import settings
from django.db import transaction
from django.test.utils import setup_test_environment

from tests.authorization.world import World
from tests.injections import Attack, addresses, few, fewest, payloads
from tests.personas import Personas

TURNS = 4  # of all ways out, for each page
Way = Callable[[Attack, str, list[str]], None]


def run() -> Iterator[tuple[str, float, str]]:
    """Attacks sent by each way, how many of them were taken as input; `injected` and `broken` must be 0."""
    settings.ALLOWED_HOSTS = ["*"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    ways: dict[str, tuple[Way, dict[str, set[str]]]] = {
        "fields": (Attack.forms, fewest("writing", "w")),
        "parameters": (lambda attack, *facts: attack.questions(*facts, apart=False), fewest("reach", "200")),
        "json": (lambda attack, *facts: attack.json(*facts), {"officer": set()}),
    }
    attacks: list[Attack] = []
    with transaction.atomic():
        world = World(Personas())
        for name, (way, share) in ways.items():
            made = list(sent(world, way, share))
            yield f"attacks_{name}", sum(one.tried for one in made), "requests"
            attacks += made
        transaction.set_rollback(True)
    yield "taken", sum(one.taken for one in attacks), "requests"
    yield "injected", sum(len(one.injected) for one in attacks), "statements"
    yield "broken", sum(len(one.broken) for one in attacks), "answers"


def sent(world: World, way: Way, share: dict[str, set[str]]) -> Iterator[Attack]:
    """One attack for each reader; no name of an address means those of the API."""
    where, turns = addresses(world), cycle(payloads())
    api = {name for name in where if name.startswith("api:") and name != "api:schema"}
    for reader, names in share.items():
        attack = Attack(world, reader)
        for name in sorted((names or api) & where.keys()):
            way(attack, where[name], [*few(), *islice(turns, TURNS)])
        yield attack
