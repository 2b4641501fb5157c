"""SQL injection sought from within: a payload carries a mark, and the mark must never stand in a statement's text.

A scanner guesses from outside, by answers and times, whether its text became part of a statement. Here every statement
is seen before it is sent: values go beside it as parameters, so a mark in the text itself is an injection, whatever the
page looks like.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from itertools import cycle, product
from json import dumps, loads
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from tests.authorization import pages, sweep
from tests.authorization.world import World
from tests.filled_forms import Form, forms
from tests.samples import PDF

MARK = "zq7x9"
BEFORE = ("", "1", "00000000-0000-0000-0000-000000000000")
CLOSERS = ("", "'", '"', ")", "')", "'))", "%'", "\\'", "＇", "%27")
ATTACKS = (" OR 1=1 -- {}", " UNION SELECT '{}', NULL -- ", "; SELECT '{}' -- ", "||(SELECT '{}')||'",
           " AND 1=(SELECT 1 FROM pg_sleep(0) AS {})/*")  # fmt: skip
KINDS = {"quoting": (ATTACKS[0], ATTACKS[1], ATTACKS[3]), "stacked": ATTACKS[2:3], "timed": ATTACKS[4:]}
NAMES = ("{}", "-{}", "id__{}", "-created_at,{}", 'created_at" {}', "created_at; {}", "created_by__password {}",
         "CASE WHEN 1=1 THEN {} END", "$${}$$", "{{{}}}", "[\"{}\"]", "%({})s")  # fmt: skip
COOKIES = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)
HEADERS = ("User-Agent", "Accept-Language", "Referer", "X-Forwarded-For", "X-Request-ID", "HX-Request", "HX-Target")
ACCOUNT = (
    "account_login", "account_logout", "account_reset_password", "account_reauthenticate", "mfa_index",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate",
)  # fmt: skip
ROOMS = ("portal", "members", "consortia", "funding", "reports")
ASKED = re.compile(r"(?:GET|query_params)(?:\.get(?:list)?\(|\[)\"(\w+)\"")
COMMON = {"sort", "ordering", "after", "before", "cursor", "page", "limit", "offset", "format", "q", "search", "next"}
INPUT = re.compile(r"<(?:input|select|textarea)\b[^>]*?\bname=\"([^\"]+)\"")


def payloads() -> dict[str, list[str]]:
    """Every way out of a string, a number, a list or a name, with every kind of statement behind it; by its kind."""
    kinds = {
        kind: [f"{before}{closer}{attack}" for closer, before, attack in product(CLOSERS, BEFORE, attacks)]
        for kind, attacks in KINDS.items()
    }
    return {kind: [text.format(MARK) for text in texts] for kind, texts in (kinds | {"names": list(NAMES)}).items()}


class Turns:
    """One payload of each kind for whoever asks; the next one asking gets the next ones, so that all take turns."""

    def __init__(self) -> None:
        self.turns = [cycle(texts) for texts in payloads().values()]

    def __iter__(self) -> Iterator[str]:
        return map(next, self.turns)


def few() -> list[str]:
    """One of each kind."""
    return ["'" + ATTACKS[0].format(MARK), "1" + ATTACKS[2].format(MARK), NAMES[4].format(MARK)]


def questions(address: str, page: str = "") -> list[str]:
    """Every parameter that a page is asked with: its filters, its inputs, and what the code reads anywhere."""
    return sorted({*filters(address), *inputs(page), *read_anywhere()})


def filters(address: str) -> set[str]:
    """The names of the filters of a list."""
    view = resolve(address).func
    kind = getattr(view, "view_class", getattr(view, "cls", None))
    declared = getattr(getattr(kind, "filterset_class", None), "base_filters", {})
    return {*declared, *(getattr(kind, "filterset_fields", None) or ())}


def inputs(page: str) -> set[str]:
    """The names of everything that the forms of a page send."""
    return set(INPUT.findall(page))


@cache
def read_anywhere() -> set[str]:
    """The names that our code takes out of an address."""
    root = Path(settings.BASE_DIR)
    sources = (path.read_text() for room in ROOMS for path in (root / room).rglob("*.py"))
    return COMMON | {name for source in sources for name in ASKED.findall(source)}


@contextmanager
def watched() -> Iterator[list[str]]:
    """The statements, sent meanwhile, in whose text the mark stands."""
    found: list[str] = []

    def look(execute: Callable[..., Any], statement: Any, *facts: Any) -> Any:
        if MARK in str(statement):
            found.append(str(statement))
        return execute(statement, *facts)

    with connection.execute_wrapper(look):
        yield found


def sent(texts: dict[str, str]) -> str:
    """As a query, every byte escaped."""
    return "&".join(f"{name}={''.join(f'%{byte:02x}' for byte in text.encode())}" for name, text in texts.items())


def fewest(matrix: str, cell: str) -> dict[str, set[str]]:
    """The fewest personas that have the cell wherever anybody has it, each with its share of the addresses."""
    columns = sweep.read(matrix).items()
    cells = {column: {name for (name, _), found in rows.items() if found == cell} for column, rows in columns}
    left: set[str] = set().union(*cells.values())
    share: dict[str, set[str]] = {}
    while left:
        column = max(cells, key=lambda one: len(cells[one] & left))
        share[column] = cells[column] & left
        left -= share[column]
    return share


def addresses(world: World) -> dict[str, str]:
    """Every address that the world of the matrix has an object for, by its name."""
    found = {}
    for name in (*sweep.names(), *ACCOUNT):
        try:
            found[name] = reverse(name, kwargs=world.kwargs(name))
        except (KeyError, NoReverseMatch, AttributeError):
            continue
    return found


class Attack:
    """A reader's requests, each undone afterwards; what reached a statement, and what broke."""

    def __init__(self, world: World, reader: str) -> None:
        self.client = Client(raise_request_exception=False)
        if reader != "anonymous":
            self.client.force_login(getattr(world.people, reader))
        self.tried = self.taken = 0
        self.known: set[tuple[str, frozenset[str]]] = set()
        self.injected: list[tuple[str, str, str]] = []
        self.broken: list[tuple[str, str, int]] = []

    def questions(self, address: str, evils: Iterable[str]) -> None:
        """The parameters of a page that opens: each filter by itself, one refuses for all; the others at once."""
        status, page = self.ask("GET", address, {})
        alone = filters(address)
        groups = [*([name] for name in sorted(alone)), [name for name in questions(address, page) if name not in alone]]
        for group in groups if status == 200 else ():
            for evil in evils:
                self.ask("GET", address, dict.fromkeys(group, evil))

    def forms(self, address: str, evils: Iterable[str], *, apart: bool = True) -> None:
        """Every form of a page that opens, once; the same form stands on many pages."""
        status, page = self.ask("GET", address, {})
        for form in forms(page, address) if status == 200 else ():
            kind = pages.address(form.action), frozenset(form.values)
            if kind not in self.known:
                self.known.add(kind)
                self._form(form, evils, apart)

    def _form(self, form: Form, evils: Iterable[str], apart: bool) -> None:
        """Each field by itself, or all at once; then those that take free text, so that what is sent is also taken."""
        fields = sorted(form.values.keys() - pages.TECHNICAL)
        groups = [[name] for name in (*fields, "idempotency_key", "next")] if apart else [fields]
        groups += [sorted(form.typed)] * bool(form.typed)
        for group in groups:
            for evil in evils:
                self.ask("POST", form.action, form.values | dict.fromkeys(group, evil))
        for evil in evils if apart and form.files else ():
            self.ask("POST", form.action, form.values, dict.fromkeys(form.files, evil))

    def json(self, address: str, evils: Iterable[str]) -> None:
        """Every field that the API shows, sent back as JSON."""
        status, text = self.ask("GET", address, {})
        shown = loads(text) if status == 200 else {}
        row = next(iter(shown.get("results", [])), {}) if "results" in shown else shown
        for method, evil in product(("POST", "PUT", "PATCH"), evils):
            self.ask(method, address, dict.fromkeys(row, evil))

    def ask(
        self, method: str, address: str, texts: dict[str, str], files: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Status and text of an answer; neither the database nor the browser remembers it."""
        kept = deepcopy(self.client.cookies)
        with watched() as found, transaction.atomic():
            answer = self._send(method, address, texts, files or {})
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        self.client.cookies = kept
        self.tried += bool(texts)
        where = f"{address}?{','.join(texts)}"
        self.injected += [(where, str(texts), statement) for statement in found]
        if answer.status_code >= 500:
            self.broken.append((where, str(texts), answer.status_code))
        self.taken += method == "POST" and answer.status_code == 302
        return answer.status_code, body.decode(errors="replace")

    def _send(self, method: str, address: str, texts: dict[str, str], files: dict[str, str]) -> Any:
        if method == "GET":
            return self.client.get(address, QUERY_STRING=sent(texts))
        if "/api/" in address:
            return self.client.generic(method, address, dumps(texts), content_type="application/json")
        fields = {"idempotency_key": "k" * 32, **texts}
        if files:
            uploads = {name: SimpleUploadedFile(f"{evil}.pdf", PDF, "application/pdf") for name, evil in files.items()}
            return self.client.post(address, {**fields, **uploads})
        return self.client.generic("POST", address, sent(fields), content_type="application/x-www-form-urlencoded")
