"""Where an act comes from: the request or the job that is being done in this context, and from which address.

Kept in a context variable, so that services stay free of requests and the audit trail and the logs still tell.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

JOB = "JOB"  # stands where a request has its method
PATH_LENGTH = 300
AGENT_LENGTH = 200
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


@dataclass(frozen=True)
class Origin:
    """One request, or one run of a job: `method` is then JOB and `path` its name. All texts are printable.

    `address` is an IPv4 or IPv6 address, or empty. `entries` holds the hashes of the audit entries written from
    here, whether or not their transactions were committed.
    """

    request_id: str = ""
    address: str = ""
    method: str = ""
    path: str = ""
    entries: list[str] = field(default_factory=list, compare=False, repr=False)


NOWHERE = Origin()  # a shell, a management command, a test
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current() -> Origin:
    """The origin of whatever is being done."""
    return _current.get()


def enter(origin: Origin) -> "Token[Origin]":
    """From here on `origin` is the current one, until `leave` is called with the token."""
    return _current.set(origin)


def leave(token: "Token[Origin]") -> None:
    """Back to the origin before."""
    _current.reset(token)


@contextmanager
def coming_from(origin: Origin) -> Iterator[Origin]:
    """Inside the block `origin` is the current one."""
    token = enter(origin)
    try:
        yield origin
    finally:
        leave(token)


def of_job(name: str, run: str) -> Origin:
    """The origin of one run of a job; `run` tells the runs apart."""
    return Origin(identifier(run, trusted=True), "", JOB, printable(name, PATH_LENGTH))


def of_request(meta: Mapping[str, Any], *, method: str, path: str, trust_id: bool, proxies: int) -> Origin:
    """The origin of a request. `meta` is that of WSGI; `proxies` is how many of our own stand before us."""
    return Origin(
        identifier(meta.get("HTTP_X_REQUEST_ID", ""), trusted=trust_id),
        address(meta, proxies),
        printable(method, 10),
        printable(path, PATH_LENGTH),
    )


def identifier(given: str, *, trusted: bool) -> str:
    """The id that was given, when it may be trusted and is well-formed; else a new one."""
    return given if trusted and WELL_FORMED.fullmatch(given) else uuid4().hex


def address(meta: Mapping[str, Any], proxies: int) -> str:
    """Who asks: the nearest party that is no proxy of ours; what it claims to speak for is not believed."""
    hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")] if proxies else []
    told = hops[-proxies] if len(hops) >= proxies > 0 else ""
    return _ip(told) or _ip(meta.get("REMOTE_ADDR", ""))


def _ip(text: str) -> str:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).compressed.partition("%")[0]


def printable(text: str, length: int) -> str:
    r"""`text` on one line and at most `length` signs long: what cannot be printed is written as \n, \x1b, \u202e…"""
    shown = "".join(map(_visible, text[:length]))
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


def _visible(sign: str) -> str:
    if sign.isprintable() or unicodedata.category(sign) == "Zs":
        return sign
    return sign.encode("unicode_escape").decode()
