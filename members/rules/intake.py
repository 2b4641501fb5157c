"""Rows of files for import: what one says, and how its texts meet the fields of a model."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import override

T = TypeVar("T")
CHUNK = 500
KEY = 30  # signs


@dataclass
class Row:
    """A row as it was read: its texts by field, and what is wrong with which column."""

    number: int
    key: str  # the credit code or the registration abroad, and for figures the year; empty when it could not be read
    label: str
    values: dict[str, str]
    errors: list[tuple[str, ValidationError]] = field(default_factory=list)


def key_of(*parts: str) -> str:
    """What tells a row from others: the parts as they are, or the beginning of their SHA-256 if they are too long."""
    whole = " ".join(parts)
    return whole if len(whole) <= KEY else hashlib.sha256(whole.encode()).hexdigest()[:KEY]


def said(error: ValidationError) -> dict[str, str]:
    """What is wrong, in each language of the portal: who reads it need not be who has checked the file."""
    sentences = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            sentences[language] = " ".join(error.messages)
    return sentences


def chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    """Lists of CHUNK, the last one shorter."""
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def text_of(value: Any) -> str:
    """A value of a model as rows keep it; money in yuan."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def differences(subject: Any, values: dict[str, str], names: Iterable[str]) -> dict[str, list[str]]:
    """{field: [before, after]} of those fields that the row names and that stand otherwise."""
    fields = {name: subject._meta.get_field(name).attname for name in names if name in values}  # noqa: SLF001
    pairs = {name: [text_of(getattr(subject, attname)), values[name]] for name, attname in fields.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def put(subject: Any, values: dict[str, str], names: Iterable[str]) -> Any:
    """Set the named fields from their texts."""
    for name in names:
        if name in values:
            column = subject._meta.get_field(name)  # noqa: SLF001
            empty = None if column.null else ""
            setattr(subject, column.attname, column.to_python(values[name]) if values[name] else empty)
    return subject
