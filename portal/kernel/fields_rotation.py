"""Replacing keys: everything sealed is sealed anew with the current key and algorithm."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from portal.kernel.crypto import Unreadable, is_current, open_sealed, seal
from portal.kernel.fields import EncryptedField, sealed_fields

BATCH = 500  # rows


@dataclass
class Rotation:
    """What became of one column; `unreadable` holds the places whose texts no key opens."""

    place: str
    done: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate_fields(batch: int = BATCH) -> Iterator[Rotation]:
    """Every sealed column of every model, one after the other. Broken off, it goes on where it was."""
    for model in apps.get_models():
        for column in sealed_fields(model):
            yield _rotate(model, column, batch)


def _rotate(model: type[models.Model], column: EncryptedField, batch: int) -> Rotation:
    rotation = Rotation(f"{model._meta.db_table}.{column.column}")  # noqa: SLF001
    last: Any = None
    while rows := _rows(model, column, last, batch):
        last = rows[-1][0]
        with transaction.atomic():
            for key, sealed in rows:
                _reseal(model, column, key, sealed, rotation)
    return rotation


def _rows(model: type[models.Model], column: EncryptedField, last: Any, batch: int) -> list[tuple[Any, str]]:
    """The next rows with something in the column; what is current already is left out here, not in SQL."""
    table, name, key = _names(model, column)
    after, values = (f"AND {key} > %s", [last]) if last is not None else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {name} FROM {table} WHERE {name} <> '' {after} ORDER BY {key} LIMIT %s",  # noqa: S608
            [*values, batch],
        )
        return list(cursor.fetchall())


def _reseal(model: type[models.Model], column: EncryptedField, key: Any, sealed: str, rotation: Rotation) -> None:
    """Only if nobody has changed the value meanwhile; whoever does seals it with the current key anyway."""
    if is_current(sealed):
        return
    about = f"{rotation.place}:{key}"
    try:
        fresh = resealed(sealed, about)
    except Unreadable:
        rotation.unreadable.append(about)
        return
    table, name, primary = _names(model, column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {name} = %s WHERE {primary} = %s AND {name} = %s",  # noqa: S608
            [fresh, key, sealed],
        )
        rotation.done += cursor.rowcount


def resealed(sealed: str, about: str) -> str:
    """The same text under the current key. Raises Unreadable."""
    return sealed if is_current(sealed) else seal(open_sealed(sealed, about), about)


def in_json(value: Any, change: Callable[[str], str]) -> Any:
    """JSON with every text in it changed."""
    if isinstance(value, dict):
        return {name: in_json(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [in_json(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def _names(model: type[models.Model], column: EncryptedField) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    meta: Any = model._meta  # noqa: SLF001
    return quote(meta.db_table), quote(str(column.column)), quote(meta.pk.column)
