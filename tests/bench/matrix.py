"""Who reaches, reads, writes and moves what: every cell of the kept matrices, and every page in every state.

The first part compares the four files of tests/authorization with what the portal does. The second asks every address
of an object in each state that the object can be in, and holds the answers against `states.csv`: whoever does not see
an object gets 404, whoever may not take a step gets 403 or 404, and nobody takes a step out of its state.
"""

import logging
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test.utils import setup_test_environment
from django.urls import resolve, reverse

from tests.authorization import canaries, states, sweep
from tests.authorization.world import World
from tests.personas import Personas

SHUT = {"in", "403", "404", "405"}
Figures = Iterator[tuple[str, float, str]]


def run(columns: tuple[str, ...] = sweep.COLUMNS) -> Figures:
    """Cells asked, holes (opens, but must not), overblocks (shut, but must open), rows that stand in no file."""
    settings.ALLOWED_HOSTS = ["*"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    total: Counter[str] = Counter()
    for column in columns:
        total += in_a_world(kept_cells, column)
    total += in_a_world(every_state, columns)
    for figure in ("cells", "holes", "overblocks", "undeclared"):
        yield figure, total[figure], "cells"


def in_a_world(ask: Any, about: Any) -> "Counter[str]":
    """The counts of `ask`, in a world that is gone afterwards."""
    with transaction.atomic():
        counts: Counter[str] = ask(World(Personas()), about)
        transaction.set_rollback(True)
    return counts


def kept_cells(world: World, column: str) -> "Counter[str]":
    """The files against one sweep of one persona."""
    found = sweep.seen(world, canaries.plant(world), column)
    counts = compared(sweep.read("reach")[column], found.reach, SHUT)
    for matrix, rows in (("reading", found.reading), ("writing", found.writing)):
        counts += compared(sweep.read(matrix)[column], dict.fromkeys(rows, matrix[0]), {""})
    return counts


def compared(kept: dict[sweep.Row, str], found: dict[sweep.Row, str], shut: set[str]) -> "Counter[str]":
    """How the cells found differ from those kept."""
    counts = Counter(cells=len(kept), undeclared=len(found.keys() - kept.keys()))
    for row, cell in kept.items():
        now = found.get(row, "")
        counts["holes"] += cell in shut and now not in shut
        counts["overblocks"] += cell not in shut and now in shut
    return counts


# --- every page in every state -----------------------------------------------------------------
def every_state(world: World, columns: tuple[str, ...], kinds: Iterable[str] = states.WORKFLOWS) -> "Counter[str]":
    """Each object with one status after the other, each of its addresses, each persona."""
    kept, counts = sweep.read("states"), Counter[str]()
    clients = {column: sweep.client_of(world, column) for column in columns}
    for kind in kinds:
        with transaction.atomic():  # what one object went through is no other's concern
            subject = world.moved(kind)
            pages = list(addresses(world, subject, states.WORKFLOWS[kind].transitions))
            for _row, state in states.in_every_state(subject):
                for column, client in clients.items():
                    cells = {action: cell for (row, action), cell in kept[column].items() if row == f"{kind}@{state}"}
                    counts += asked(client, pages, cells)
            transaction.set_rollback(True)
    return counts


def asked(client: Any, pages: list[tuple[str, str]], cells: dict[str, str]) -> "Counter[str]":
    """One persona at every address of one object, held against its cells."""
    counts: Counter[str] = Counter()
    for url, action in pages:
        counts += judged(sweep.ask(client, "GET", url)[0], cells.get(states.SEES, "y"))
        if action:
            counts += stepped(sweep.ask(client, "POST", url)[0], cells.get(action, ""))
    return counts


def addresses(world: World, subject: Any, steps: Collection[str]) -> Iterator[tuple[str, str]]:
    """(address, step or nothing) of the pages that name the object itself; edits that move no status are no steps."""
    for name in sweep.names():
        kwargs = world.kwargs(name)
        view: Any = getattr(resolve(url := reverse(name, kwargs=kwargs)).func, "view_class", None)
        model = getattr(view, "model", None)
        if kwargs == {"pk": subject.pk} and (model is None or model is type(subject)):
            action = str(getattr(view, "action", ""))
            yield url, action if action in steps else ""


def judged(answer: str, sees: str) -> "Counter[str]":
    """A page of an object that the persona does not see must be shut."""
    return Counter(cells=1, holes=not sees and answer not in SHUT)


def stepped(answer: str, may: str) -> "Counter[str]":
    """A step that the persona may take now must not be shut; one that it may not take must not be done."""
    return Counter(cells=1, holes=not may and answer == "302", overblocks=bool(may) and answer in SHUT)
