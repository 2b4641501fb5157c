"""What must be true of the surroundings before anything starts."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import OperationalError, connections

logger = logging.getLogger(__name__)

DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
HINT = "Switch it on in postgresql.conf; only a database whose loss nobody minds may run with PORTAL_UNSAFE_DATABASE=1."


@register(Tags.database)
def durable(app_configs: Any = None, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A server that answers before it has written would lose what the portal has promised."""
    if settings.UNSAFE_DATABASE:
        return []
    return [
        Error(f"PostgreSQL ({alias}) runs with {name} off: a power cut would lose data.", hint=HINT, id="kernel.E001")
        for alias in databases or []
        for name in switched_off(alias)
    ]


def switched_off(alias: str) -> list[str]:
    """Which of the safeguards the server of this connection has off."""
    with connections[alias].cursor() as cursor:
        question = "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off' ORDER BY name"
        cursor.execute(question, [list(DURABLE)])
        return [name for (name,) in cursor.fetchall()]


def refuse_unsafe_start() -> None:
    """For the start of a server process. Raises SystemExit; a database that is away is no reason, it may come back."""
    try:
        faults = run_checks(tags=[Tags.database], databases=["default"])
    except OperationalError as error:
        logger.warning("the database could not be checked at the start: %s", error)
        return
    finally:
        connections.close_all()  # nothing is inherited by the processes that will be forked
    for fault in faults:
        logger.warning("%s: %s", fault.id, fault.msg)
    errors = [fault for fault in faults if fault.is_serious()]
    if errors:
        raise SystemExit("\n".join(f"{fault.id}: {fault.msg} {fault.hint or ''}" for fault in errors))
