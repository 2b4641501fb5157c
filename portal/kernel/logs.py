"""What the log says: one line an event, with the request it belongs to, and nothing about persons.

Shapes: JSON for a collector (in production), or a line for a human. Whatever a stranger can write into a line is
encoded, cut and freed of what looks like a secret or a personal detail before it is written.
"""

import json
import logging
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

from portal.kernel import origin
from portal.kernel.outages import trouble

MESSAGE_LENGTH = 2000
TRACE_LENGTH = 20_000
HIDDEN = "***"
FACTS = ("method", "path", "view", "status", "duration_ms", "user", "job")  # what `extra` may carry

# In this order: what names itself, then what only looks like it.
REDACTIONS = (
    re.compile(r"(?i)(?<=://)[^/@\s:]*:[^/@\s]+(?=@)"),
    re.compile(
        r"(?i)(?:(?<=password)|(?<=passwd)|(?<=secret)|(?<=token)|(?<=api_key)|(?<=authorization)|(?<=cookie)"
        r"|(?<=sessionid))[\"']?\s*[=:]\s*[\"']?[^\s\"',;&]+"
    ),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<![\w-])\d{17}[\dXx](?![\w-])"),  # identity number
    re.compile(r"(?<![\w-])\d{16,19}(?![\w-])"),  # bank account
    re.compile(r"(?<![\w-])(?:\+?86)?1[3-9]\d{9}(?![\w-])"),  # mobile telephone
    re.compile(r"(?m)(?<=DETAIL:).*$"),  # of a database error: the values of the row
)


def redacted(text: str) -> str:
    """`text` without addresses, numbers of persons and accounts, passwords and tokens."""
    for pattern in REDACTIONS:
        text = pattern.sub(HIDDEN, text)
    return text


def safe_path(request: HttpRequest) -> str:
    """The path as it may be kept: what opens a door (a reset key, an invitation) is left out, the query always."""
    path, match = request.path, request.resolver_match or _match(request)
    for name, value in (match.kwargs if match else {}).items():
        if name in {"token", "key", "uidb36", "uidb64"}:
            path = path.replace(str(value), HIDDEN)
    return origin.printable(path, origin.PATH_LENGTH)


def _match(request: HttpRequest) -> ResolverMatch | None:
    """Which page will answer, before Django has asked; also when the slash at the end was forgotten."""
    for path in (request.path_info, f"{request.path_info}/"):
        with suppress(Resolver404):
            return resolve(path)
    return None


def user_of(request: HttpRequest) -> str:
    """The id of whoever asks, if this request had to know it; never asks the database."""
    return str(getattr(getattr(request, "_cached_user", None), "pk", None) or "")


class Context(logging.Filter):
    """Gives every record the id of its request or job; of a request's record also the person and a safe path."""

    def filter(self, record: logging.LogRecord) -> bool:
        here = getattr(getattr(record, "request", None), "origin", None) or origin.current()
        record.request_id = here.request_id or "-"
        if here.method == origin.JOB:
            record.job = here.path
        if isinstance(request := getattr(record, "request", None), HttpRequest):
            path = safe_path(request)
            record.__dict__.update(user=user_of(request), path=path)
            if isinstance(record.args, tuple):
                record.args = tuple(path if arg == request.path else arg for arg in record.args)
        if getattr(record, "status_code", 500) < 500:  # a refusal is no fault
            record.exc_info = record.exc_text = None
        if record.exc_info and record.exc_info[1] and trouble(record.exc_info[1]):
            _shorten(record, record.exc_info[1])
        return True


def _shorten(record: logging.LogRecord, error: BaseException) -> None:
    """A server that is away is no fault of ours: one line for each who asked, without a traceback."""
    record.msg, record.args = f"{record.getMessage()} ({type(error).__name__}: {error})", ()
    record.exc_info = record.exc_text = None
    record.levelno, record.levelname = logging.WARNING, "WARNING"


def message_of(record: logging.LogRecord) -> str:
    """One printable line."""
    return origin.printable(redacted(record.getMessage()[: 2 * MESSAGE_LENGTH]), MESSAGE_LENGTH)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What the record carries besides its message."""
    told = {name: record.__dict__[name] for name in FACTS if record.__dict__.get(name) not in (None, "")}
    return told | ({"path": redacted(told["path"])} if "path" in told else {})


class Line(logging.Formatter):
    """For a human: time, level, logger, request, message; a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items() if name not in {"path", "job"})
        named = f"{record.name} [{getattr(record, 'request_id', '-')[:8]}]"
        parts = [self.formatTime(record), record.levelname, named, facts, message_of(record)]
        line = " ".join(part for part in parts if part)
        return f"{line}\n{redacted(self.formatException(record.exc_info))}" if record.exc_info else line


class Json(logging.Formatter):
    """For a collector: one JSON object a line; times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": message_of(record),
            **facts_of(record),
        }
        if record.exc_info:
            told["exception"] = redacted(self.formatException(record.exc_info))[-TRACE_LENGTH:]
        return json.dumps(told, ensure_ascii=False, default=str)
