"""The cache, which is never needed: what stands in it is counters and throttles.

While Redis is away each process counts for itself, so that limits still hold and nobody is kept out.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

Answer = Callable[..., Any]

PAUSE = 5.0  # seconds in which a Redis that failed is not asked again


class DependableCache(RedisCache):
    """Redis, or this process's own memory while Redis does not answer."""

    away_until = 0.0  # monotonic seconds; of the process, because Django makes one cache for each thread

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, dict(params))
        own = {name: value for name, value in params.items() if name != "OPTIONS"}
        self.own = LocMemCache(f"instead of {server}", own)

    def clear(self) -> None:
        self.own.clear()
        self._ask(RedisCache.clear, LocMemCache.clear)

    def _ask(self, redis: Answer, own: Answer, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= DependableCache.away_until:
            try:
                return redis(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                DependableCache.away_until = time.monotonic() + PAUSE
                logger.warning("Redis does not answer, counting in this process for now: %s", type(error).__name__)
        return own(self.own, *args, **kwargs)


def _either(name: str) -> Answer:
    """The method of this name: of Redis, else of the process's own memory."""
    redis, own = getattr(RedisCache, name), getattr(LocMemCache, name)

    def ask(self: DependableCache, *args: Any, **kwargs: Any) -> Any:
        return self._ask(redis, own, *args, **kwargs)

    return ask


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many"):
    setattr(DependableCache, _name, _either(_name))
