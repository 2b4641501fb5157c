"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

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
