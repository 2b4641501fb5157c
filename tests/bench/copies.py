"""Rows in great numbers, copied from one pattern by the database itself."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Model

Growth = tuple[tuple[type[Model], str, dict[str, str], str], ...]  # model, its pattern, what differs, from what


def growing(growth: Growth, facts: dict[str, Any], *, after: str = "ANALYZE") -> Callable[[int], None]:
    """A function that makes so many more of each."""
    made = [0]

    def grow(rows: int) -> None:
        first, last = made[0] + 1, made[0] + rows
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # the rows are whole: no trigger has to see them
            for model, pattern_of, different, source in growth:
                copy(cursor, model, pattern_of, different, source, {**facts, "first": first, "last": last})
            cursor.execute("RESET session_replication_role")
            cursor.execute(after)
        made[0] = last

    return grow


def copy(cursor: Any, model: type[Model], pattern: str, different: dict[str, str], source: str, facts: Any) -> None:
    """Insert copies of the pattern row in one statement, in which the `different` columns are made from `source`."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.local_concrete_fields]
    made = {"id": "gen_random_uuid()", **different}
    values = ", ".join(made.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    pattern_row = f"JOIN {table} one ON one.id = %({pattern})s"
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source} {pattern_row}", facts)  # noqa: S608
