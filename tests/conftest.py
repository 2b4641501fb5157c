"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from portal.kernel.idempotency import FIELD, new_key
from tests.personas import Personas

pytest_plugins = ["tests.browsing"]


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_audit_trigger() -> Iterator[None]:
    """Let the flush after a transactional test truncate the audit table, whose trigger refuses everybody."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: object, **kwargs: object) -> list[str]:
        statements = plain(self, *args, **kwargs)
        return ["SET LOCAL session_replication_role = replica", *statements] if statements else []

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = plain


@pytest.fixture(scope="session", autouse=True)
def _forms_carry_a_key() -> Iterator[None]:
    """Send with every form what {% csrf_token %} writes into it; a test of the key itself names one, or None."""
    plain = Client.post

    def post(self: Client, path: str, data: object = None, *args: object, **kwargs: object) -> object:
        if data is None or isinstance(data, dict):
            data = {FIELD: new_key(), **(data or {})}
            data = {name: value for name, value in data.items() if (name, value) != (FIELD, None)}
        return plain(self, path, data, *args, **kwargs)  # type: ignore[arg-type]

    Client.post = post  # type: ignore[method-assign,assignment]
    yield
    Client.post = plain  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No rate limit or session leaks from one test into the next."""
    cache.clear()


@pytest.fixture
def people(db: None) -> Personas:
    """The cast, made on first use."""
    return Personas()


@pytest.fixture
def sign_in() -> object:
    """`sign_in(user)` gives a client whose session counts both factors."""

    def enter(user: object) -> Client:
        client = Client()
        client.force_login(user)  # type: ignore[arg-type]
        return client

    return enter
