"""Typed readers of the environment that fail loudly, naming the variable."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
KEY_ID, KEY = re.compile(r"[a-z0-9-]{1,20}"), re.compile(r"[0-9a-fA-F]{64}")


def text(name: str, default: str | None = None) -> str:
    """A string; without a default the variable must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A boolean written as 1/0, true/false, yes/no or on/off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise ImproperlyConfigured(f"{name}={value!r} is neither true nor false.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def choice(name: str, choices: Sequence[str]) -> str:
    """One of the choices; the first when nothing is said."""
    value = os.environ.get(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(choices)}.")
    return value


def listing(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty items."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def given(name: str) -> bool:
    """Whether the variable NAME or NAME_FILE is set."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def secret(name: str, default: str | None = None) -> str:
    """A secret from NAME, or from the file that NAME_FILE points to."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text().strip()
    return text(name, default)


def keys(name: str, default: str | None = None) -> dict[str, bytes]:
    """Keys of 32 bytes by id, written `id:64 hexadecimal digits` and separated by commas; the first is current."""
    found: dict[str, bytes] = {}
    for item in secret(name, default).replace(",", " ").split():
        key, _, digits = item.partition(":")
        if key in found or not KEY_ID.fullmatch(key) or not KEY.fullmatch(digits):
            raise ImproperlyConfigured(f"{name} must read id:64 hexadecimal digits, separated by commas.")
        found[key] = bytes.fromhex(digits)
    if not found:
        raise ImproperlyConfigured(f"{name} holds no key.")
    return found


@dataclass(frozen=True)
class Patience:
    """How long a kind of process lets the database take, in seconds; `answer` by our own clock, the rest by its."""

    statement: int
    lock: int
    idle: int  # in a transaction
    answer: int | None

    @property
    def options(self) -> str:
        """As the server takes them at the beginning of a connection."""
        times = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={seconds}s" for name, seconds in times.items())


# A person waits for the web; a worker's exports and reports take minutes; a migration takes what it takes, but it
# queues for a lock only briefly, because everybody else queues behind it.
PATIENCE = {
    "web": Patience(statement=8, lock=4, idle=30, answer=9),
    "worker": Patience(statement=120, lock=10, idle=300, answer=150),
    "command": Patience(statement=0, lock=10, idle=0, answer=None),
}
PROCESS = "PORTAL_PROCESS"  # set by portal.wsgi and manage.py; who says nothing is a worker
TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def process() -> str:
    """What kind of process this is."""
    kind = os.environ.get(PROCESS, "worker")
    if kind not in PATIENCE:
        raise ImproperlyConfigured(f"{PROCESS}={kind!r} is none of {', '.join(PATIENCE)}.")
    return kind


def database(name: str, default: str) -> dict[str, Any]:
    """A postgres:// address as Django's settings, with the timeouts of this kind of process."""
    parts = urlsplit(secret(name, default))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgres://, not {parts.scheme}://.")
    query = dict(parse_qsl(parts.query))
    patience = PATIENCE[process()]
    return {
        "ENGINE": "portal.kernel.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": number("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "tcp_user_timeout": 5000,  # milliseconds until what was sent must have been received
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "patience": patience.answer,
            "options": patience.options,
            **{word: query[word] for word in TLS if word in query},
        },
    }
