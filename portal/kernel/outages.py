"""What to say when something the portal needs does not answer, or not in time."""

from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerDown
from psycopg import errors
from redis.exceptions import ConnectionError as RedisDown
from redis.exceptions import TimeoutError as RedisSlow


@dataclass(frozen=True)
class Trouble:
    """An answer: its status, after how many seconds to come again, and what to tell."""

    status: int
    retry_after: int
    heading: Any
    text: Any


AWAY = Trouble(
    503,
    30,
    _("Briefly not available"),
    _("The portal is being updated or is busy, usually for a few minutes. What you saved before is kept."),
)
SLOW = Trouble(
    503,
    30,
    _("This takes too long"),
    _("The portal gave the question up because it took too long. Narrow the selection, or try again later."),
)
BUSY = Trouble(
    503,
    5,
    _("Somebody else is working on this"),
    _("The same record is being changed at this moment, so nothing was changed for you. Try again in a few seconds."),
)

KINDS: tuple[tuple[tuple[type[BaseException], ...], Trouble], ...] = (
    ((errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure), BUSY),
    ((errors.QueryCanceled,), SLOW),
    ((errors.ReadOnlySqlTransaction, errors.IdleInTransactionSessionTimeout), AWAY),  # a standby; a stalled request
    ((OperationalError, InterfaceError, RedisDown, RedisSlow, BrokerDown), AWAY),
    ((errors.OperationalError, errors.InterfaceError), AWAY),  # as psycopg says it when Django did not ask
)


def trouble(error: BaseException | None) -> Trouble | None:
    """What to say about the error; None when it is a fault of ours."""
    chain = [error, error.__cause__] if error else []
    for kinds, found in KINDS:
        if any(isinstance(link, kinds) for link in chain):
            return found
    return None
