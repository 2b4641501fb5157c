"""`python -m tests.authorization.rewrite`: write the matrix as it is now, for people to compare with what it was."""

import csv
import logging
import os

import django
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import setup_test_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

from tests.authorization import sweep  # noqa: E402
from tests.authorization.world import World  # noqa: E402
from tests.personas import Personas  # noqa: E402


def main() -> None:
    """Build the world in a test database, ask everything, write the file."""
    settings.ALLOWED_HOSTS = ["*"]
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        write()
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def write() -> None:
    """One column after the other, each in a world of its own."""
    columns = {}
    for column in sweep.COLUMNS:
        with transaction.atomic():
            columns[column] = sweep.answers(World(Personas()), column)
            transaction.set_rollback(True)
    with sweep.MATRIX.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "method", *sweep.COLUMNS])
        for name in sweep.names():
            for method in sweep.METHODS:
                writer.writerow([name, method, *(columns[column][method, name] for column in sweep.COLUMNS)])


if __name__ == "__main__":
    main()
