"""Migrations after the first one must not stop the portal while they run, and every one can be undone."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation

OURS = ("kernel", "members", "consortia", "funding", "reports")
GOES = (
    migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel,
    migrations.AlterModelTable,
)  # fmt: skip
STOPS = (migrations.AddField, migrations.AddConstraint)  # AddConstraintNotValid is one
TAKES_AWAY = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME)\b", re.IGNORECASE)
LOCKS = re.compile(
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)|\bALTER\s+COLUMN\b|\bSET\s+NOT\s+NULL\b", re.IGNORECASE
)
BESIDE_THE_FIRST = {  # on empty tables
    "consortia.0002_words_of_consortia", "members.0003_words_of_organisations",
    "members.0005_documents",  # which the first migrations of the rooms above need
}  # fmt: skip


def faults(migration: Migration) -> Iterator[str]:
    """What an operation would do to people at work: on tables that were not made in the same migration."""
    fresh = {
        operation.name_lower for operation in migration.operations if isinstance(operation, migrations.CreateModel)
    }
    for operation in migration.operations:
        if not operation.reversible:
            yield "cannot be undone"
        if getattr(operation, "model_name_lower", "") not in fresh:
            yield from hazards(operation)
    if len({isinstance(operation, ValidateConstraint) for operation in migration.operations}) > 1:
        yield "checks every row under the locks of the other operations: ValidateConstraint in a migration of its own"
    if migration.atomic and len(stopped(migration) - fresh) > 1:
        yield "stops a table while it changes another: a migration for each"


def stopped(migration: Migration) -> set[str]:
    """The models whose tables nobody can read until the transaction ends."""
    return {operation.model_name_lower for operation in migration.operations if isinstance(operation, STOPS)}


def hazards(operation: Operation) -> Iterator[str]:
    """Locks that last as long as the table is large, and what the code that still runs would miss."""
    if isinstance(operation, GOES):
        yield "takes away what the code that still runs needs"
    if isinstance(operation, migrations.AlterField):
        yield "may rewrite the table"
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        yield "locks writers while it builds the index: AddIndexConcurrently"
    if isinstance(operation, migrations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        yield "locks while it checks every row: AddConstraintNotValid, then ValidateConstraint"
    if isinstance(operation, migrations.RunSQL) and TAKES_AWAY.search(str(operation.sql)):
        yield "takes away what the code that still runs needs"
    if isinstance(operation, migrations.RunSQL) and LOCKS.search(str(operation.sql)):
        yield "locks as long as the table is large: CREATE INDEX CONCURRENTLY, CHECK … NOT VALID"
    if isinstance(operation, migrations.AddField) and not (operation.field.null or operation.field.has_db_default()):
        yield "the code that still runs cannot insert: null, or db_default"


def later() -> list[Migration]:
    """Ours after the first of each room; those that were written by hand too."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return [migration for (app, name), migration in sorted(found.items()) if app in OURS and name[:4] != "0001"]


def test_no_migration_stops_the_portal() -> None:
    found = {str(migration): list(faults(migration)) for migration in later() if str(migration) not in BESIDE_THE_FIRST}

    assert {name: reasons for name, reasons in found.items() if reasons} == {}


def test_every_first_migration_can_be_undone() -> None:
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    stuck = [
        name for name, one in found.items() if name[0] in OURS and not all(step.reversible for step in one.operations)
    ]

    assert stuck == []


DANGEROUS = [
    migrations.RemoveField("thing", "name"),
    migrations.RenameField("thing", "name", "title"),
    migrations.DeleteModel("thing"),
    migrations.RenameModel("thing", "object"),
    migrations.AlterField("thing", "name", models.TextField()),
    migrations.AddIndex("thing", models.Index(fields=["name"], name="thing_name")),
    migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name"], name="thing_once")),
    migrations.AddField("thing", "size", models.IntegerField()),
    migrations.AlterModelTable("thing", "object"),
    migrations.RunSQL("SELECT 1"),
    migrations.RunSQL("ALTER TABLE thing DROP COLUMN name", "SELECT 1"),
    migrations.RunSQL("ALTER TABLE thing RENAME name TO title", "SELECT 1"),
    migrations.RunSQL("CREATE UNIQUE INDEX thing_name ON thing (name)", "SELECT 1"),
    migrations.RunSQL("ALTER TABLE thing ALTER COLUMN name SET NOT NULL", "SELECT 1"),
    migrations.RunPython(migrations.RunPython.noop),
]


@pytest.mark.parametrize("operation", DANGEROUS, ids=lambda operation: type(operation).__name__)
def test_what_is_dangerous_is_found(operation: Operation) -> None:
    migration = Migration("0002_sample", "kernel")
    migration.operations = [operation]

    assert len(list(faults(migration))) == 1


def test_a_check_is_added_first_and_validated_by_another_migration() -> None:
    check = models.CheckConstraint(condition=models.Q(size__gt=0), name="thing_has_a_size")
    added, validated = AddConstraintNotValid("thing", check), ValidateConstraint("thing", check.name)
    found = []

    for operations in ([added], [validated], [added, validated]):
        migration = Migration("0002_sample", "kernel")
        migration.operations = operations
        found.append(len(list(faults(migration))))

    assert found == [0, 0, 1]


def test_a_migration_stops_one_table_at_a_time() -> None:
    size = models.IntegerField(null=True)
    this, again, other = (migrations.AddField(*one, size) for one in (("thing", "a"), ("thing", "b"), ("other", "a")))
    found = []

    for operations, atomic in (([this, again], True), ([this, other], True), ([this, other], False)):
        migration = Migration("0002_sample", "kernel")
        migration.operations, migration.atomic = operations, atomic
        found.append(len(list(faults(migration))))

    assert found == [0, 1, 0]


def test_a_new_table_may_be_made_as_one_likes() -> None:
    migration = Migration("0002_sample", "kernel")
    migration.operations = [
        migrations.CreateModel("thing", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("thing", "size", models.IntegerField()),
        migrations.AddIndex("thing", models.Index(fields=["size"], name="thing_size")),
    ]

    assert list(faults(migration)) == []
