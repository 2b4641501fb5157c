"""Whether the process lives and whether it can work, asked by anybody."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings


def test_alive_needs_neither_a_person_nor_a_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_nor_does_it_with_the_cookie_of_a_session(client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "0123456789abcdef0123456789abcdef"

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


GOOD = {"database": True, "durable": True, "migrations": True, "storage": True, "redis": True, "scanner": False}


@pytest.mark.django_db
def test_ready_when_everything_answers(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, GOOD)
    assert answer.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_due(client: Client) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="kernel").delete()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, GOOD | {"migrations": False})


@pytest.mark.django_db
def test_not_ready_when_no_file_can_be_written(client: Client, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the directory should be")

    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, GOOD | {"storage": False})


@pytest.mark.django_db
def test_not_ready_on_a_server_that_forgets(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    with override_settings(UNSAFE_DATABASE=False):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, GOOD | {"durable": False})


@pytest.mark.django_db
def test_ready_without_redis_and_nobody_learns_why(client: Client) -> None:
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, GOOD | {"redis": False})


@pytest.mark.django_db
def test_a_look_at_the_storage_leaves_nothing_behind(client: Client, tmp_path: Path) -> None:
    with override_settings(MEDIA_ROOT=tmp_path):
        client.get("/readyz")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
