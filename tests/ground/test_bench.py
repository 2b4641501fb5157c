"""The benchmark runner: names, lines, and a database that is gone afterwards."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


def bench(*names: str) -> subprocess.CompletedProcess[str]:
    facts = connection.get_connection_params()
    address = (
        f"postgres://{facts.get('user', '')}:{facts.get('password', '')}@{facts['host']}:{facts.get('port', 5432)}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": f"{address}/postgres",
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
    }
    command = [sys.executable, "-m", "tests.bench", *names]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def test_an_unknown_name_is_refused() -> None:
    done = bench("start", "weather")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("No such benchmark: weather. There are: ")


def test_start_gives_its_three_figures_and_leaves_no_database() -> None:
    done = bench("start")

    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [(line["bench"], line["figure"], line["unit"]) for line in figures]) == (
        0,
        [("start", "web_s", "s"), ("start", "worker_s", "s"), ("start", "worker_mb", "MB")],
    )
    assert all(line["value"] > 0 for line in figures)
    with psycopg.connect(**{**connection.get_connection_params(), "dbname": "postgres"}) as server:
        assert server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench\\_%'").fetchall() == []
