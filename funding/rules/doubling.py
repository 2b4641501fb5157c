"""How far money from another programme pays for the same content: arithmetic that tells, and never decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from funding.rules.similarity import letters, overlap, shingles

DOUBLING: dict[str, Any] = {"years": 3, "from_percent": 30}
LEAST = 8  # letters: of less nothing can be told


@dataclass(frozen=True)
class Terms:
    """How many years back one looks, and from which degree on supervision has to conclude."""

    years: int
    from_percent: int


def terms_of(rules: Mapping[str, Any]) -> Terms:
    """The terms of a call."""
    said = {**DOUBLING, **(rules.get("doubling") or {})}
    return Terms(int(said["years"]), int(said["from_percent"]))


def degree(mine: Iterable[str], theirs: Iterable[str]) -> int:
    """Per cent of a text of theirs that stands in a text of mine, of the two that are most alike."""
    own = [shingles(text) for text in mine if len(letters(text)) >= LEAST]
    other = [shingles(text) for text in theirs if len(letters(text)) >= LEAST]
    return round(100 * max((overlap(one, two) for one in own for two in other), default=0.0))
