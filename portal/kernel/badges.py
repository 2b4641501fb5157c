"""Which colour and icon a status wears. An app registers its enums once; templates only name the value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model
from django.db.models.enums import Choices

Kind = Literal["", "ok", "warn", "bad", "info", "brand", "line"]


@dataclass(frozen=True)
class Badge:
    """What a status looks like: its word, its tint and its icon (an empty icon draws none)."""

    label: str
    kind: Kind = ""
    icon: str = ""


_looks: dict[type[Choices], dict[Choices, tuple[Kind, str]]] = {}


def register_badges(enum: type[Choices], looks: Mapping[Choices, tuple[Kind, str]]) -> None:
    """Say how every member of `enum` looks; a forgotten member is a programming error."""
    missing = [member.name for member in enum if member not in looks]
    if missing:
        raise ValueError(f"{enum.__name__} has no badge for {', '.join(missing)}.")
    _looks[enum] = dict(looks)


def badge_of(value: Choices) -> Badge:
    """The badge of one member of an enum; plain when nobody registered it."""
    kind, icon = _looks.get(type(value), {}).get(value, ("", ""))
    return Badge(str(value.label), kind, icon)


def badge_of_field(obj: Model, field: str) -> Badge:
    """The badge of a model field with choices, whose value is a bare string after loading."""
    value = getattr(obj, field)
    enum = _enum_of(obj, field)
    return badge_of(enum(value)) if enum else Badge(str(getattr(obj, f"get_{field}_display")()))


def _enum_of(obj: Model, field: str) -> type[Choices] | None:
    choices: Any = getattr(obj._meta.get_field(field), "choices", None)  # noqa: SLF001
    values, words = [key for key, _ in choices or ()], [str(word) for _, word in choices or ()]
    alike = (enum for enum in _looks if enum.values == values)  # two enums may share their values, not their words
    return next((enum for enum in alike if [str(word) for word in enum.labels] == words), None)
