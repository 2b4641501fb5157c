"""What every test may use."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from portal.kernel.idempotency import FIELD, new_key
from portal.kernel.stale import SEEN, SeenMixin
from tests.personas import Personas

pytest_plugins = ["tests.browsing"]


KEPT = {"django_content_type", "auth_permission", "django_site"}  # written anew after each flush, at a second's cost


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole stories first among those that flush, which come last: nobody waits for the longest at the end."""
    flushing = [item for item in items if _flushes(item)]
    stories = [item for item in flushing if item.get_closest_marker("journey")]
    items[:] = [item for item in items if item not in flushing] + stories + [i for i in flushing if i not in stories]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Failures(config))


class _Failures:
    """Names a failure at once: a run that never comes to its end tells it, too."""

    def __init__(self, config: pytest.Config) -> None:
        self.plugins = config.pluginmanager

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self.plugins.get_plugin("terminalreporter")
        if report.failed and terminal:
            why = [line for line in report.longreprtext.splitlines() if line.startswith("E ")]
            terminal.write_line("\n".join(["", f"{report.when} of {report.nodeid}", *why[:5]]))


def _flushes(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences in their own words, whatever the state of the catalogue."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_what_is_full() -> Iterator[None]:
    """After a transactional test empty the tables that hold something, also the audit table that refuses everybody."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, style: object, tables: list[str], **_how: object) -> list[str]:
        names = {table: self.quote_name(table) for table in tables if table not in KEPT}
        with self.connection.cursor() as cursor:
            asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {name})" for table, name in names.items())  # noqa: S608
            cursor.execute(" UNION ALL ".join(asked))
            full = [table for (table,) in cursor.fetchall()]
        emptied = (f"DELETE FROM {names[table]}" for table in full)  # noqa: S608
        return ["SET LOCAL session_replication_role = replica", *emptied]

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = plain


@pytest.fixture(scope="session", autouse=True)
def _forms_carry_a_key() -> Iterator[None]:
    """Send with every form what its page writes into it; a test of these themselves names one, or None.

    The state of the page is sent empty, which is no state to compare with.
    """
    plain = Client.post

    def post(self: Client, path: str, data: object = None, *args: object, **kwargs: object) -> object:
        if data is None or isinstance(data, dict):
            data = {FIELD: new_key(), **_state(path), **(data or {})}
            data = {name: value for name, value in data.items() if value is not None or name not in {FIELD, SEEN}}
        return plain(self, path, data, *args, **kwargs)  # type: ignore[arg-type]

    def _state(path: str) -> dict[str, str]:
        try:
            view = getattr(resolve(urlsplit(path).path).func, "view_class", object)
        except Resolver404:
            return {}
        return {SEEN: ""} if issubclass(view, SeenMixin) else {}

    Client.post = post  # type: ignore[method-assign,assignment]
    yield
    Client.post = plain  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_of_the_test_before() -> None:
    """No rate limit, session or language leaks from one test into the next."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


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
