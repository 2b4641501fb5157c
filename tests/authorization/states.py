"""Who sees an object and who may move it, in every state that it can be in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction

import consortia.workflow
import funding.workflow
import members.workflow
import reports.workflow
from portal.kernel.workflow import Workflow
from tests.authorization.sweep import COLUMNS
from tests.authorization.world import World
from tests.personas import Personas

SEES = "sees"
WORKFLOWS: dict[str, Workflow[Any]] = {
    name.lower(): value
    for room in (members, consortia, funding, reports)
    for name, value in vars(room.workflow).items()
    if isinstance(value, Workflow)
}

Row = tuple[str, str]
Cells = dict[str, dict[Row, str]]


def person(people: Personas, column: str) -> Any:
    """A persona fresh from the database: roles are kept on the object."""
    if column == "anonymous":
        return AnonymousUser()
    kept = getattr(people, column)
    return type(kept).objects.get(pk=kept.pk)


def cells(world: World, only: str = "") -> Cells:
    """Persona → (object@state, action) → `y` or nothing; `only` is one kind of object."""
    users = {column: person(world.people, column) for column in COLUMNS}
    found: Cells = {column: {} for column in COLUMNS}
    for name, workflow in WORKFLOWS.items():
        if only in {"", name}:
            with transaction.atomic():  # what one object went through is no other's concern
                for subject, state in in_every_state(world.moved(name)):
                    for column, user in users.items():
                        for action, yes in verdicts(workflow, subject, user):
                            found[column][f"{name}@{state}", action] = "y" if yes else ""
                transaction.set_rollback(True)
    return found


def in_every_state(subject: Any) -> Iterator[tuple[Any, str]]:
    """The same row with one status after the other, whatever the constraints say about its other facts."""
    model = type(subject)
    let_anything_stand(model)
    for state in model._meta.get_field("status").choices:
        model._base_manager.filter(pk=subject.pk).update(status=state[0])
        yield model._base_manager.get(pk=subject.pk), state[0]


def let_anything_stand(model: type[models.Model]) -> None:
    """Drop what a table holds its states to; the test's transaction brings it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in model._meta.constraints:
            table, name = (connection.ops.quote_name(word) for word in (model._meta.db_table, constraint.name))
            if isinstance(constraint, models.CheckConstraint):
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            elif isinstance(constraint, models.UniqueConstraint) and constraint.condition:
                cursor.execute(f"DROP INDEX IF EXISTS {name}")


def verdicts(workflow: Workflow[Any], subject: Any, user: Any) -> Iterator[tuple[str, bool]]:
    """Whether the user sees the object, and which of the actions of its state the user may take."""
    manager = type(subject).objects
    if hasattr(manager, "visible_to"):
        yield SEES, manager.visible_to(user).filter(pk=subject.pk).exists()
    offered = workflow.offered(subject, user)
    for action, transition in workflow.transitions.items():
        if subject.status in transition.sources:
            yield action, action in offered
