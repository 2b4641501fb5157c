"""What each migration after the first release locks, on tables of a million rows (case O-03).

One row of each table that a migration changes is made by the factories and then multiplied in the database. While the
migrations run one by one, a second connection watches who holds ACCESS EXCLUSIVE, which stops even readers.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from psycopg import sql

from members.models import PastFigures
from members.models.figures import Statement
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.members import make_expert
from tests.personas import Personas

ROWS = 1_000_000
FIRST_RELEASE = {"reports": "0001", "funding": "0002", "consortia": "0002", "members": "0005", "kernel": "0003"}
LOOK_EVERY = 0.005  # seconds
VARIED = {
    "uuid": "gen_random_uuid()",
    "character varying": "left(md5(n::text), {length})",
    "bigint": "n",
    "integer": "n",
}
HELD = """
    SELECT pid, relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE mode = 'AccessExclusiveLock' AND granted AND relkind = 'r'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
COLUMNS = """
    SELECT attname, format_type(atttypid, NULL), greatest(atttypmod - 4, 1), attnum FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
COPY = """
    INSERT INTO {table} ({names}) SELECT {values} FROM (SELECT * FROM {table} LIMIT 1) one, generate_series(1, {rows}) n
"""
UNIQUE = "SELECT indkey::int[] FROM pg_index WHERE indrelid = %s::regclass AND indisunique"


def run(rows: int = ROWS) -> Iterator[tuple[str, float, str]]:
    """`longest_exclusive_s` must not exceed 1."""
    a_row_of_each()
    for app, first in FIRST_RELEASE.items():
        call_command("migrate", app, first, verbosity=0)
    plan = [migration for migration, _back in executor().migration_plan(executor().loader.graph.leaf_nodes())]
    grown = sorted(table for table in touched(plan) if can_grow(table))
    for table in grown:
        multiply(table, rows)
    longest, slowest = 0.0, 0.0
    for migration in plan:
        begin = time.monotonic()
        with watch() as held:
            call_command("migrate", migration.app_label, migration.name, verbosity=0)
        for (_process, table), (first, last) in held.items():
            sys.stderr.write(f"{migration} {table} {last - first:.3f} s\n")
        slowest = max(slowest, time.monotonic() - begin)
        longest = max(longest, *(last - first for first, last in held.values()), 0.0)
    yield "longest_exclusive_s", round(longest, 3), "s"
    yield "slowest_migration_s", round(slowest, 2), "s"
    yield "migrations", len(plan), "migrations"
    yield "tables", len(grown), "tables"
    yield "rows", rows, "rows"


def a_row_of_each() -> None:
    """What the copies are made of."""
    people = Personas()
    ready_consortium(people)
    make_expert("copied", "样例专家")
    year = people.lead_org.years.first()
    stated = {one.attname: getattr(year, one.attname) for one in Statement._meta.fields if not one.primary_key}
    PastFigures.objects.create(figures=year, replaced_at=NOON, **stated)


def executor() -> MigrationExecutor:
    """As the tables stand now."""
    return MigrationExecutor(connection)


# --- large tables ------------------------------------------------------------------------------
def touched(plan: list[Migration]) -> set[str]:
    """The tables that stood there before and are changed by an operation."""
    made = {
        (one.app_label, op.name_lower)
        for one in plan
        for op in one.operations
        if isinstance(op, migrations.CreateModel)
    }
    named = {(one.app_label, getattr(op, "model_name_lower", "")) for one in plan for op in one.operations}
    return {apps.get_model(*name)._meta.db_table for name in named - made if name[1]}


def columns_of(table: str) -> tuple[dict[int, tuple[str, str, int]], list[list[int]]]:
    """Number → (name, type, length) of each column, and the unique keys as numbers of columns."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        columns = {number: (name, kind, length) for name, kind, length, number in cursor.fetchall()}
        cursor.execute(UNIQUE, [table])
        return columns, [key for (key,) in cursor.fetchall()]


def can_grow(table: str) -> bool:
    """Whether every unique key has a column of many values; one of small numbers, as of a call, keeps a table small."""
    columns, keys = columns_of(table)
    return all(any(columns[number][1] in VARIED for number in key) for key in keys)


def multiply(table: str, rows: int) -> None:
    """Copies of the first row; what must be unique varies. Neither triggers nor foreign keys look at them."""
    columns, keys = columns_of(table)
    varied = {vary(columns, key) for key in keys}
    values = [
        sql.SQL(VARIED[kind].format(length=length)) if number in varied else sql.Identifier(name)
        for number, (name, kind, length) in columns.items()
    ]
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _kind, _length in columns.values())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
        cursor.execute(
            sql.SQL(COPY).format(
                table=sql.Identifier(table), names=names, values=sql.SQL(", ").join(values), rows=sql.Literal(rows)
            )
        )
        cursor.execute(sql.SQL("RESET session_replication_role; ANALYZE {}").format(sql.Identifier(table)))


def vary(columns: dict[int, tuple[str, str, int]], key: list[int]) -> int:
    """The column of a unique index that differs from copy to copy: one whose values may be any."""
    kinds = list(VARIED)
    return min((number for number in key if columns[number][1] in VARIED), key=lambda n: kinds.index(columns[n][1]))


# --- locks -------------------------------------------------------------------------------------
@contextmanager
def watch() -> Iterator[dict[tuple[int, str], tuple[float, float]]]:
    """(process, table) → since when and until when it was seen to keep even readers out."""
    held: dict[tuple[int, str], tuple[float, float]] = {}
    over = threading.Event()
    thread = threading.Thread(target=look, args=(held, over), daemon=True)
    thread.start()
    try:
        yield held
    finally:
        over.set()
        thread.join()


def look(held: dict[tuple[int, str], tuple[float, float]], over: threading.Event) -> None:
    """Ask again and again, on a connection of its own."""
    facts = connection.get_connection_params()
    address = {name: facts[name] for name in ("host", "port", "user", "password", "dbname") if facts.get(name)}
    with psycopg.connect(**address, autocommit=True) as watcher:
        while not over.wait(LOOK_EVERY):
            now = time.monotonic()
            for lock in watcher.execute(HELD).fetchall():
                held[lock] = held.get(lock, (now, now))[0], now
