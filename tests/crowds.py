"""Many browsers at once and cheaply: one process, one event loop, one connection for each request."""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from portal.kernel.idempotency import FIELD, new_key

T = TypeVar("T")

TOKEN = "t" * 32
PATIENCE = 60.0  # seconds for one answer


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the connection broke or nothing came in time."""

    status: int
    location: str
    began: float  # seconds of time.monotonic()
    seconds: float


class Browser:
    """Somebody who is signed in; `session` is the key of the session, empty for a stranger."""

    def __init__(self, port: int, session: str = "") -> None:
        self.port = port
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    async def get(self, path: str) -> Answer:
        """Ask for a page."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, fields: dict[str, str], key: str = "") -> Answer:
        """Send a form; `key` sends one that was sent before once more."""
        typed = {**fields, "csrfmiddlewaretoken": TOKEN, FIELD: key or new_key()}
        return await self._ask("POST", path, urlencode(typed).encode())

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                head, _, _body = (await self._exchange(method, path, body)).partition(b"\r\n\r\n")
        except (OSError, TimeoutError):
            head = b""
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines[1:])}
        status = int(lines[0].split()[1]) if lines[0] else 0
        return Answer(status, headers.get("location", ""), began, time.monotonic() - began)

    async def _exchange(self, method: str, path: str, body: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = (f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {self.cookies}",
                    "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
                    "Connection: close", "", "")  # fmt: skip
            writer.write("\r\n".join(head).encode() + body)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()


def session_of(user: object) -> str:
    """The key of a new session of this person."""
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def percentile(times: list[float], share: float) -> float:
    """The time that `share` of them do not exceed, in seconds; 0 when there are none."""
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else 0.0


def run_apart(crowd: Coroutine[Any, Any, T]) -> T:
    """asyncio.run in a thread of its own: a browser that Playwright opened leaves a running loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, crowd).result()
