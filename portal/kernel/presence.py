"""Who is at a page right now. It stands in the cache alone; whoever leaves is forgotten soon."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache

STAYS = 40  # seconds after the last sign of life


def be_at(place: str, person: Any) -> None:
    """`person` is at `place`, a name that one page has to itself."""
    cache.set(_key(place, person), True, STAYS)


def are_at(place: str, people: Iterable[Any]) -> list[Any]:
    """Those of `people` who are at `place`, in their order; asks the cache once."""
    keys = {_key(place, person): person for person in people}
    found = cache.get_many(keys)
    return [person for key, person in keys.items() if key in found]


def _key(place: str, person: Any) -> str:
    return f"presence:{place}:{person.pk}"
