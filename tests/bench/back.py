"""Every migration is undone, down to no table, and done again (case O-03); the tests take the newest ones only."""

import os
import time
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection

from tests.tables import shape

ROOMS = ("reports", "funding", "consortia", "members", "kernel")  # from the roof down
OURS = f"^({'|'.join(ROOMS)})_"


def run() -> Iterator[tuple[str, float, str]]:
    """`tables_left` and `lines_differ` must be 0."""
    before, began = shape(os.environ["DATABASE_URL"]), time.monotonic()
    for room in ROOMS:
        call_command("migrate", room, "zero", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename ~ %s", [OURS])
        [left] = cursor.fetchone()
    yield "tables_left", left, "tables"
    yield "back_s", round(time.monotonic() - began, 1), "s"
    call_command("migrate", interactive=False, verbosity=0)
    yield "lines_differ", len(set(before) ^ set(shape(os.environ["DATABASE_URL"]))), "lines of the schema"
