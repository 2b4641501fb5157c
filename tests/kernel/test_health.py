"""Whether the process lives and whether it can work, asked by anybody."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_alive_needs_neither_a_person_nor_a_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_when_everything_answers(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": True, "migrations": True, "redis": True})
    assert answer.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_due(client: Client) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="kernel").delete()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"database": True, "migrations": False, "redis": True})


@pytest.mark.django_db
def test_not_ready_without_redis_and_nobody_learns_why(client: Client, settings: object) -> None:
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"database": True, "migrations": True, "redis": False})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
