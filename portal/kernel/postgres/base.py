"""PostgreSQL that never keeps anybody waiting for ever.

The server's own timeouts end what runs too long. They cannot help when the server itself has stopped (a frozen
machine, a storage that hangs) or the network swallows its answers: then this side gives up by itself.
"""

import time
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg import Connection, IsolationLevel, errors

PAUSE = 2.0  # seconds in which nobody else tries a server that has just kept somebody waiting
LONG = 1.0  # seconds; a refusal that took less is cheap enough to be asked for again


class Fuse:
    """Blown by a server that keeps silent: for a moment the others are refused at once, so that no queue piles up."""

    def __init__(self) -> None:
        self.until = 0.0

    def check(self) -> None:
        """Raises OperationalError while it is blown."""
        if time.monotonic() < self.until:
            raise OperationalError("the database server has just not answered; nobody asks it again at once")

    def failed(self, began: float) -> None:
        """Somebody tried from `began` (monotonic seconds) until now and failed."""
        if time.monotonic() - began > LONG:
            self.blow()

    def blow(self) -> None:
        """From now on, for a moment."""
        self.until = time.monotonic() + PAUSE


FUSE = Fuse()


class ImpatientConnection(Connection[Any]):
    """Gives a connection up when one answer takes longer than `patience` seconds."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Raises OperationalError, and the connection is closed."""
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except errors._WaitTimeout as error:  # noqa: SLF001
            if timeout is not None:
                raise
            self.pgconn.finish()
            FUSE.blow()
            raise errors.ConnectionTimeout("the server does not answer") from error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with connections that lose patience."""

    def get_connection_params(self) -> dict[str, Any]:
        """`patience` (seconds) among the OPTIONS is ours, the rest is libpq's."""
        params: dict[str, Any] = super().get_connection_params()
        self.patience: float | None = params.pop("patience", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        FUSE.check()
        began = time.monotonic()
        try:
            connection = ImpatientConnection.connect(**conn_params)
        except errors.OperationalError:
            FUSE.failed(began)
            raise
        self.isolation_level = IsolationLevel.READ_COMMITTED
        connection.patience = self.patience
        return connection
