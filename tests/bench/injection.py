"""SQL injection sought from within, everywhere: every field of every form, every parameter, every JSON field.

Each attack carries a mark that must never stand in a statement's text. Every field is attacked by itself once with each
kind of attack (quoting, stacked, timed, names); the ways out of a value take turns from field to field.
"""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import sample

from django.conf import settings
from django.db import transaction
from django.test.utils import setup_test_environment

from tests.authorization.world import World
from tests.injections import Attack, Turns, addresses, fewest
from tests.personas import Personas

SECONDS = 540.0
Send = Callable[[Attack, str, Turns], None]


@dataclass
class Way:
    """How to attack, which addresses each reader takes, and by when it must be over (part of the whole time)."""

    send: Send
    share: dict[str, set[str]]
    part: float
    attacks: list[Attack] = field(default_factory=list)
    left: int = 0


def run(seconds: float = SECONDS) -> Iterator[tuple[str, float, str]]:
    """`injected` and `broken` must be 0; `left` are the addresses for which there was no time, others each time."""
    settings.ALLOWED_HOSTS = ["*"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    ways, begin = by_name(), time.monotonic()
    with transaction.atomic():
        world = World(Personas())
        for name, way in ways.items():
            spend(world, way, begin + seconds * way.part)
            yield f"attacks_{name}", sum(one.tried for one in way.attacks), "requests"
        transaction.set_rollback(True)
    attacks = [one for way in ways.values() for one in way.attacks]
    yield "attacks", sum(one.tried for one in attacks), "requests"
    yield "taken", sum(one.taken for one in attacks), "requests"
    yield "left", sum(way.left for way in ways.values()), "addresses"
    yield "seconds", round(time.monotonic() - begin), "s"
    yield from verdict(attacks)


def by_name() -> dict[str, Way]:
    """What a way does not use of its time is the next one's."""
    return {
        "json": Way(Attack.json, {"officer": set()}, 0.1),
        "parameters": Way(Attack.questions, fewest("reach", "200"), 0.4),
        "fields": Way(Attack.forms, fewest("writing", "w"), 1.0),
    }


def spend(world: World, way: Way, until: float) -> None:
    """One attack for each reader; no name of an address means those of the API."""
    where, turns = addresses(world), Turns()
    api = {name for name in where if name.startswith("api:") and name != "api:schema"}
    jobs = []
    for reader, names in way.share.items():
        way.attacks.append(attack := Attack(world, reader))
        jobs += [(attack, where[name]) for name in sorted((names or api) & where.keys())]
    for attack, address in sample(jobs, len(jobs)):
        if time.monotonic() < until:
            way.send(attack, address, turns)
        else:
            way.left += 1


def verdict(attacks: list[Attack]) -> Iterator[tuple[str, float, str]]:
    """How many attacks became part of a statement or broke a page; which ones goes to standard error."""
    for one in attacks:
        for found in (*one.injected, *one.broken):
            sys.stderr.write(f"{found}\n")
    yield "injected", sum(len(one.injected) for one in attacks), "statements"
    yield "broken", sum(len(one.broken) for one in attacks), "answers"
