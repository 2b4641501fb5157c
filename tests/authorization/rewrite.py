"""`python -m tests.authorization.rewrite`: write the matrices as they are now; compare with what they were.

With `states` behind it only that matrix, which takes seconds; with beginnings of names behind it (`reports:batch`) only
the addresses that begin so are asked, and what was kept of the others stays.
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
    wanted = tuple(sys.argv[1:])
    if wanted != ("states",):
        with a_world() as world:
            planted = canaries.plant(world)
            write_sweeps(
                {
                    column: sweep.seen(world, planted, column, lambda name: name.startswith(wanted or ""))
                    for column in sweep.COLUMNS
                },
                wanted,
            )
    with a_world() as world:
        keep_all("states", ("object", "action"), states.cells(world))


@contextmanager
def a_world() -> Iterator[World]:
    """A world that is gone afterwards."""
    with transaction.atomic():
        yield World(Personas())
        transaction.set_rollback(True)


def write_sweeps(found: dict[str, sweep.Seen], wanted: tuple[str, ...]) -> None:
    """The three matrices that one pass over the addresses fills; a part of a pass takes away no reading."""
    for matrix, header, cells in (
        ("reach", ("name", "method"), {column: one.reach for column, one in found.items()}),
        ("writing", ("name", "field"), {column: dict.fromkeys(one.writing, "w") for column, one in found.items()}),
        ("reading", ("object", "field"), {column: dict.fromkeys(one.reading, "r") for column, one in found.items()}),
    ):
        kept = sweep.read(matrix) if wanted else {}
        for column, rows in kept.items():
            stays = {
                row: cell
                for row, cell in rows.items()
                if cell and (matrix == "reading" or not row[0].startswith(wanted))
            }
            cells[column] = stays | cells[column]
        keep_all(matrix, header, cells)


def keep_all(matrix: str, header: sweep.Row, cells: states.Cells) -> None:
    """Every row that some persona has, in the order of the alphabet."""
    sweep.keep(matrix, header, sorted(set().union(*cells.values())), cells)


if __name__ == "__main__":
    main()
