"""Runs benchmarks: `python -m tests.bench NAME…`, no name meaning all; normally through bin/bench.

A benchmark is a module of this package with `run() -> Iterator[tuple[figure, value, unit]]`. Each runs in a process
and in a freshly migrated, empty database of its own, which is gone afterwards; it is copied from the database that
TEST_TEMPLATE names, if any.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import django
import django.db
import psycopg
from psycopg import sql

NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


os.environ.setdefault("PORTAL_UNSAFE_DATABASE", "1")  # the database of a benchmark is thrown away


def main(names: list[str]) -> int:
    """Exit status: 0 when every benchmark gave its figures."""
    if unknown := sorted(set(names) - set(NAMES)):
        raise SystemExit(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    if len(names) == 1:
        measure(names[0])
        return 0
    command = [sys.executable, "-m", "tests.bench"]
    return max(subprocess.run([*command, name], check=False).returncode for name in names or NAMES)


def measure(name: str) -> None:
    """Print one JSON line per figure, with the load of the machine; all that is printed else goes to standard error."""
    figures, sys.stdout = sys.stdout, sys.stderr
    template = os.environ.get("TEST_TEMPLATE") or "template1"
    with database_of_its_own(template):
        if template == "template1":
            migrate()
        django.setup()
        logging.disable(logging.INFO)
        for figure, value, unit in import_module(f"tests.bench.{name}").run():
            line = {"bench": name, "figure": figure, "value": value, "unit": unit, "load": os.getloadavg()[0]}
            print(json.dumps(line), file=figures, flush=True)
        django.db.connections.close_all()


def migrate() -> None:
    """Make the tables, in a process of its own: what that takes is no memory of the process that is measured."""
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks", "--verbosity=0"]
    subprocess.run(command, check=True, stdout=sys.stderr)


@contextmanager
def database_of_its_own(template: str) -> Iterator[None]:
    """DATABASE_URL points to a new database on the same server; the one it named before is not touched."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"bench_{token_hex(6)}"
    with psycopg.connect(address.geturl(), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
        os.environ["DATABASE_URL"] = address._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
