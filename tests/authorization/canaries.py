"""A word of its own in every stored text of the world, so that whoever reads the field can be named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from members.models import User
from portal.kernel.fields import EncryptedField
from tests.authorization.world import World

ROOMS = ("kernel", "members", "consortia", "funding", "reports")
WORD = re.compile(r"zq\d{4}zq")
LENGTH = 8
CHINESE = re.compile(r"[一-鿿]")
# What the portal computes or looks things up by: another text there would break the world, not name a reader.
KEPT = re.compile(
    r"hash|sha256|previous|token|password|path|url|kind|code|language|version|mime|status"
    r"|key$|^(unit|values|scores|sheet|data)$"
)
LEFT_OUT = {"auditentry", "counter", "job", "ledgerentry", "notification"}  # some of them are append-only

Planted = dict[str, tuple[str, str]]
Rows = set[tuple[type[models.Model], Any]]


def rows() -> Rows:
    """Everything that is stored."""
    return {(model, key) for model in _models() for key in model._base_manager.values_list("pk", flat=True)}


def plant(world: World, among: Rows | None = None) -> Planted:
    """Write the words, into all rows or `among` these; word → (object, field)."""
    words: dict[tuple[str, str], str] = {}
    labels = {(type(thing), thing.pk): label for label, thing in world.things()}
    named = {model for model, _key in labels}
    for model in _models():
        for thing in model._base_manager.order_by("pk"):
            if among is not None and (model, thing.pk) not in among:
                continue
            label = labels.get((model, thing.pk)) or _label(thing, world)
            for name, value in _texts(thing):
                if model in named and label == model._meta.model_name and _is_unique(model, name):
                    continue  # which of several would get the word?
                word = words.setdefault((label, name), f"zq{len(words):04d}zq")
                _write(thing, name, _with(value, word))
    return {word: row for row, word in words.items()}


def found(text: str, planted: Planted) -> set[tuple[str, str]]:
    """The fields whose words stand in a text."""
    return {planted[word] for word in WORD.findall(text) if word in planted}


def _models() -> Iterator[type[models.Model]]:
    for room in ROOMS:
        found_here = apps.get_app_config(room).get_models()
        yield from (model for model in found_here if model._meta.model_name not in LEFT_OUT)


def _label(thing: Any, world: World) -> str:
    """Objects that the world does not name go by their model, people by what they are."""
    name = str(thing._meta.model_name)
    return f"{name}@{world.people_by_kind.get(thing.pk, 'other')}" if isinstance(thing, User) else name


def _texts(thing: models.Model) -> Iterator[tuple[str, Any]]:
    for field in thing._meta.concrete_fields:
        if field.primary_key or field.is_relation or field.choices or KEPT.search(field.name):
            continue
        if isinstance(field, EncryptedField):
            continue
        if isinstance(field, models.JSONField) or (
            isinstance(field, (models.CharField, models.TextField)) and (field.max_length or LENGTH) >= LENGTH
        ):
            yield field.name, getattr(thing, field.name)


def _is_unique(model: type[models.Model], name: str) -> bool:
    """Whether no two rows may hold the same text."""
    constraints = [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return model._meta.get_field(name).unique or any(name in one.fields for one in constraints)


def _with(value: Any, word: str) -> Any:
    """The text replaced; in JSON every Chinese text."""
    if isinstance(value, dict):
        return {key: _with(one, word) for key, one in value.items()}
    if isinstance(value, list):
        return [_with(one, word) for one in value]
    if isinstance(value, str) and "@" in value:
        return f"{word}{value}" if not WORD.search(value) else value
    return word if isinstance(value, str) and (not value or CHINESE.search(value)) else value


def _write(thing: models.Model, name: str, value: Any) -> None:
    if value == getattr(thing, name):
        return
    try:
        with transaction.atomic():
            type(thing)._base_manager.filter(pk=thing.pk).update(**{name: value})
    except IntegrityError:
        return  # one text for several rows of a unique column: the first row has it
