"""`python -m tests.authorization.rewrite`: write the matrices as they are now; compare with what they were.

With `states` behind it only that matrix, which takes seconds.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import setup_test_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

from tests.authorization import canaries, states, sweep  # noqa: E402
from tests.authorization.world import World  # noqa: E402
from tests.personas import Personas  # noqa: E402


def main() -> None:
    """Build the world in a test database, ask everything, write the files."""
    settings.ALLOWED_HOSTS = ["*"]
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        write()
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def write() -> None:
    """What is asked for; everybody asks the same world, each question undone."""
    if sys.argv[1:] != ["states"]:
        with a_world() as world:
            planted = canaries.plant(world)
            write_sweeps({column: sweep.seen(world, planted, column) for column in sweep.COLUMNS})
    with a_world() as world:
        keep_all("states", ("object", "action"), states.cells(world))


@contextmanager
def a_world() -> Iterator[World]:
    """A world that is gone afterwards."""
    with transaction.atomic():
        yield World(Personas())
        transaction.set_rollback(True)


def write_sweeps(found: dict[str, sweep.Seen]) -> None:
    """The three matrices that one pass over the addresses fills."""
    keep_all("reach", ("name", "method"), {column: one.reach for column, one in found.items()})
    keep_all("reading", ("object", "field"), {column: dict.fromkeys(one.reading, "r") for column, one in found.items()})
    keep_all("writing", ("name", "field"), {column: dict.fromkeys(one.writing, "w") for column, one in found.items()})


def keep_all(matrix: str, header: sweep.Row, cells: states.Cells) -> None:
    """Every row that some persona has, in the order of the alphabet."""
    sweep.keep(matrix, header, sorted(set().union(*cells.values())), cells)


if __name__ == "__main__":
    main()
