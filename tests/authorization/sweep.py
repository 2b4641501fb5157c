"""Every address of ours asked by every persona, by GET and by an empty POST, each undone afterwards.

One pass over the addresses answers three questions about a persona: which ones open (`reach.csv`), which stored
fields it can read there (`reading.csv`) and which fields its forms offer to write (`writing.csv`).
"""

from __future__ import annotations

import csv
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.authorization import canaries, pages
from tests.authorization.world import World
from tests.personas import ROLE_NAMES

HERE = Path(__file__).parent
METHODS = ("GET", "POST")
COLUMNS = ("anonymous", *ROLE_NAMES)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Row = tuple[str, str]


@dataclass
class Seen:
    """What one persona found.

    (address, method) → status; (object, field) read; (address, field) to be written; addresses of forms without a key;
    (address, method) → headers that the answer lacks.
    """

    reach: dict[Row, str] = field(default_factory=dict)
    reading: set[Row] = field(default_factory=set)
    writing: set[Row] = field(default_factory=set)
    keyless: set[str] = field(default_factory=set)
    bare: dict[Row, list[str]] = field(default_factory=dict)


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


def everything(_name: str) -> bool:
    """All addresses."""
    return True


def seen(world: World, planted: canaries.Planted, column: str, wanted: Callable[[str], bool] = everything) -> Seen:
    """Ask the addresses whose names are wanted as one persona; a redirect to the sign-in page is written `in`.

    The sign-in is undone, too: the trail shows nobody what personas did that happened to be asked before.
    """
    with transaction.atomic():
        result = _asked(world, planted, column, wanted)
        transaction.set_rollback(True)
    return result


def _asked(world: World, planted: canaries.Planted, column: str, wanted: Callable[[str], bool]) -> Seen:
    client, result = client_of(world, column), Seen()
    for name, url in (one for one in addresses(world) if wanted(one[0])):
        for method in METHODS:
            status, text, headers = ask(client, method, url)
            result.reach[name, method] = status
            if lacking := missing(headers, signed_in=column != "anonymous"):
                result.bare[name, method] = lacking
            if status == "200" and method == "GET":
                result.reading |= canaries.found(text, planted)
                forms = pages.read(text, url)
                result.writing |= pages.inputs(forms)
                result.keyless |= pages.keyless(forms)
    return result


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """(name, address) of everything; an object in another state has the state behind its name."""
    for name in names():
        yield name, reverse(name, kwargs=world.kwargs(name))
    for name, state, kwargs in world.variants():
        yield f"{name}@{state}", reverse(name, kwargs=kwargs)


def missing(headers: Mapping[str, str], *, signed_in: bool = False) -> list[str]:
    """Which headers an answer lacks, by case X-07."""
    lacking = [name for name, value in HEADERS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        lacking.append("Content-Security-Policy")
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        lacking.append("Permissions-Policy")
    if signed_in and "no-store" not in headers.get("Cache-Control", ""):
        lacking.append("Cache-Control")
    return lacking


def ask(client: Client, method: str, url: str) -> tuple[str, str, Mapping[str, str]]:
    """The status, the text and the headers of an answer."""
    body = f"seen=&idempotency_key={secrets.token_urlsafe(16)}" if method == "POST" else ""
    with transaction.atomic():
        response = client.generic(method, url, body, "application/x-www-form-urlencoded")
        content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[arg-type]
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    to_sign_in = response.status_code == 302 and location.startswith("/account/login")
    status = "in" if to_sign_in else str(response.status_code)
    return status, content.decode(errors="replace"), response.headers


# --- the files ---------------------------------------------------------------------------------
def read(matrix: str) -> dict[str, dict[Row, str]]:
    """A matrix as it is kept: persona → (first two columns) → cell."""
    with (HERE / f"{matrix}.csv").open(newline="") as file:
        _first, _second, *columns = next(rows := csv.reader(file))
        kept = {(row[0], row[1]): dict(zip(columns, row[2:], strict=True)) for row in rows}
    return {column: {key: cells[column] for key, cells in kept.items()} for column in columns}


def keep(matrix: str, header: Row, rows: Iterable[Row], cells: dict[str, dict[Row, str]]) -> None:
    """Write a matrix, one line for each row, one column for each persona."""
    with (HERE / f"{matrix}.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header, *cells])
        writer.writerows([*row, *(cells[column].get(row, "") for column in cells)] for row in rows)
