"""`python -m tests.authorization.rewrite`: write the matrices as they are now; compare with what they were."""

import logging
import os

import django
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import setup_test_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

from tests.authorization import states, sweep  # noqa: E402
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
    """One column after the other, each in a world of its own; the states in one more."""
    found = {}
    for column in sweep.COLUMNS:
        with transaction.atomic():
            found[column] = sweep.seen(World(Personas()), column)
            transaction.set_rollback(True)
    with transaction.atomic():
        state = states.cells(World(Personas()))
        transaction.set_rollback(True)
    reach = {column: one.reach for column, one in found.items()}
    keep_all("reach", ("name", "method"), reach)
    keep_all("reading", ("object", "field"), {column: dict.fromkeys(one.reading, "r") for column, one in found.items()})
    keep_all("writing", ("name", "field"), {column: dict.fromkeys(one.writing, "w") for column, one in found.items()})
    keep_all("states", ("object", "action"), state)


def keep_all(matrix: str, header: sweep.Row, cells: states.Cells) -> None:
    """Every row that some persona has, in the order of the alphabet."""
    sweep.keep(matrix, header, sorted(set().union(*cells.values())), cells)


if __name__ == "__main__":
    main()
