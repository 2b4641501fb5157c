"""Every address of ours asked by every persona, by GET and by an empty POST, each undone afterwards."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.authorization.world import World
from tests.personas import ROLE_NAMES

MATRIX = Path(__file__).with_name("matrix.csv")
METHODS = ("GET", "POST")
COLUMNS = ("anonymous", *ROLE_NAMES)


def names() -> list[str]:
    """The names of all addresses, without those of allauth, which has tests of its own."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[Any], namespace: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
        elif str(pattern.pattern) != "account/":
            yield from _walk(pattern.url_patterns, pattern.namespace or namespace)


def client_of(world: World, column: str) -> Client:
    """A client signed in as the persona."""
    client = Client(raise_request_exception=False)
    if column != "anonymous":
        client.force_login(getattr(world.people, column))
    return client


def answers(world: World, column: str) -> dict[tuple[str, str], str]:
    """(method, name) → status for one persona; a redirect to the sign-in page is written `in`."""
    client = client_of(world, column)
    return {
        (method, name): _ask(client, method, reverse(name, kwargs=world.kwargs(name)))
        for name in names()
        for method in METHODS
    }


def _ask(client: Client, method: str, url: str) -> str:
    with transaction.atomic():
        response = client.generic(method, url, content_type="application/x-www-form-urlencoded")
        if response.streaming:
            b"".join(response.streaming_content)  # the client closes the file at the end of the stream
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    return "in" if response.status_code == 302 and location.startswith("/account/login") else str(response.status_code)


def expected() -> dict[str, dict[tuple[str, str], str]]:
    """The matrix: persona → (method, name) → status."""
    with MATRIX.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {column: {(row["method"], row["name"]): row[column] for row in rows} for column in COLUMNS}
