"""The terms of draws in a rule set; where it says nothing, the defaults."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.translation import get_language

from funding.rules.defaults import DRAW


@dataclass(frozen=True)
class Source:
    """Where public randomness comes from, how it looks, when it is published."""

    code: str
    zh: str
    en: str
    example: str
    pattern: str
    weekdays: tuple[int, ...]  # Monday is 0
    time: time

    @property
    def name(self) -> str:
        """In the language of the reader."""
        return self.zh if (get_language() or "").startswith("zh") else self.en


@dataclass(frozen=True)
class Terms:
    """What a draw keeps to."""

    least: tuple[Mapping[str, Any], ...]
    per_employer: int
    rotation_years: int
    sources: tuple[Source, ...]


def terms_of(rules: Mapping[str, Any]) -> Terms:
    """Of a call's rules."""
    data = {**DRAW, **rules["panel"].get("draw", {})}
    return Terms(
        least=tuple(data["least"]),
        per_employer=int(data["per_employer"]),
        rotation_years=int(data["rotation_years"]),
        sources=tuple(_source(one) for one in data["sources"]),
    )


def _source(one: Mapping[str, Any]) -> Source:
    facts = {name: str(one[name]) for name in ("code", "zh", "en", "example", "pattern")}
    return Source(**facts, weekdays=tuple(one["weekdays"]), time=time.fromisoformat(one["time"]))


def least_missing(least: Sequence[Mapping[str, Any]], kinds: Sequence[str], seats: int) -> list[dict[str, Any]]:
    """The seats to be kept for kinds that a panel has too few of yet, as far as there are seats."""
    found: list[dict[str, Any]] = []
    for group in least:
        missing = group["count"] - sum(kind in group["kinds"] for kind in kinds)
        count = min(missing, seats - sum(one["count"] for one in found))
        if count > 0:
            found.append({"kinds": sorted(group["kinds"]), "count": count})
    return found


def looks_right(pattern: str, text: str) -> bool:
    """Whether a value has the form that its source gives."""
    return not pattern or re.fullmatch(pattern, text) is not None
