"""One appointment as a file that calendars read (RFC 5545)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

WIDTH = 75  # octets of a line


@dataclass(frozen=True)
class Entry:
    """What stands in the calendar."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    url: str = ""


def calendar_file(entry: Entry, at: datetime) -> bytes:
    """The file, made at a moment."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Chuanglian//Sessions//EN", "BEGIN:VEVENT",
        f"UID:{entry.key}@chuanglian", f"DTSTAMP:{_moment(at)}", f"DTSTART:{_moment(entry.starts_at)}",
        f"DTEND:{_moment(entry.ends_at)}", f"SUMMARY:{_escaped(entry.title)}",
        *([f"LOCATION:{_escaped(entry.place)}"] if entry.place else []),
        *([f"URL:{entry.url}"] if entry.url else []),
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[bytes]:
    """Long lines go on in the next, which begins with a blank; no sign is cut in two."""
    part = b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > WIDTH:
            yield part
            part = b" "
        part += octets
    yield part
