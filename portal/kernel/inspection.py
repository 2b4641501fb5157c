"""Has an upload opened by a process that cannot do harm (`inspector.py`), and words what it found.

Of these processes only a few run at once, on the whole machine: each takes its turn by locking one of the files
in `slots` of the portal's folder, and the lock ends with whoever held it.
"""

import fcntl
import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

INSPECTOR = Path(__file__).with_name("inspector.py")
SECONDS = 8.0  # by the clock on the wall; the process itself stops after six seconds of CPU
PATIENCE = 10.0  # seconds to wait for one's turn
PAUSE = 0.05
ANSWER_LINE = 200  # bytes
BLOCK = 64 * 1024
UNFINISHED = "unfinished"
MOST_SHOWN, MOST_PICTURES = 20 * 1024 * 1024, 3  # bytes of all pictures of a preview, and how many there are
PNG = b"\x89PNG\r\n\x1a\n"

SENTENCES: dict[str, Any] = {
    "not_office": _("The file is not a readable Word or Excel document."),
    "macros": _("The document contains macros; please save it without them."),
    "too_big_inside": _("The document is unreasonably large once unpacked."),
    "external_content": _("The document fetches content from elsewhere when it is opened; please break these links."),
    "files_inside": _("The document carries other files inside; please attach them one by one."),
    "not_table": _("The file is not a readable table; please save it as CSV in UTF-8."),
    "not_pdf": _("The file is not a readable PDF document."),
    "encrypted": _("The document is protected by a password; please save it without one."),
    "active_content": _("The document contains scripts or actions; please print it to a new PDF file."),
    "not_picture": _("The file is not a readable picture."),
    "too_many_pixels": _("The picture is too large; at most 40 megapixels are allowed."),
    "polyglot": _("Something else is hidden in the file; please save it anew."),
    "busy": _("Too many files are being checked at the moment; please try again in a minute."),
    UNFINISHED: _("The file could not be checked, so it is not taken; please save it anew or as a PDF."),
}


class Busy(Exception):
    """Every slot was taken for too long; another time it may work."""


class Unfinished(Exception):
    """The process did not answer in time or not in its words."""


@dataclass(frozen=True)
class Finding:
    """What came out: `reason` is a key of SENTENCES, empty for a good file.

    `sha256` is of the bytes that were looked at; `redrawn` is what to keep instead of a picture's own bytes.
    """

    reason: str
    sha256: str
    redrawn: bytes = b""

    @property
    def sentence(self) -> Any:
        """Why the file is refused, in the reader's language."""
        return SENTENCES[self.reason]


def inspect(blocks: Iterable[bytes], kind: str, *, limit: int) -> Finding:
    """Have the file looked at as `kind` (pdf, docx, xlsx, csv, png, jpeg); `limit` bounds a redrawn picture (bytes)."""
    with tempfile.TemporaryFile() as content:
        digest = hashlib.sha256()
        for block in blocks:
            digest.update(block)
            content.write(block)
        content.flush()
        with turn() as mine:
            if not mine:
                return Finding("busy", digest.hexdigest())
            content.seek(0)
            reason, redrawn = ask(content, kind, limit)
    return Finding(reason, digest.hexdigest(), redrawn)


def draw(path: Path, kind: str) -> list[bytes]:
    """Pictures in PNG of the first pages of a PDF, or of a picture (png, jpeg); none when it cannot be drawn.

    Raises Busy when no slot came free.
    """
    with path.open("rb") as content, turn() as mine:
        if not mine:
            raise Busy
        reason, shown = ask(content, f"show-{kind}", MOST_SHOWN)
    return [] if reason else list(parted(shown))


def parted(shown: bytes) -> Iterator[bytes]:
    """The pictures one by one; nothing that is no PNG, and no more than there may be."""
    for _number in range(MOST_PICTURES):
        length, rest = int.from_bytes(shown[:4], "big"), shown[4:]
        picture, shown = rest[:length], rest[length:]
        if len(picture) != length or not picture.startswith(PNG):
            return
        yield picture


def ask(content: IO[bytes], kind: str, limit: int) -> tuple[str, bytes]:
    """Start the process, hear its answer, and leave nothing of it behind."""
    process = subprocess.Popen(  # noqa: S603 (our own program; the file is its standard input)
        [sys.executable, "-I", str(INSPECTOR), kind],
        stdin=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env={}, start_new_session=True,
    )  # fmt: skip
    try:
        return understood(heard(process, ANSWER_LINE + limit, time.monotonic() + SECONDS))
    except Unfinished:
        return UNFINISHED, b""
    finally:
        end(process)


def heard(process: "subprocess.Popen[bytes]", most: int, deadline: float) -> bytes:
    """All that the process says, if it is no more than `most` bytes. Raises Unfinished."""
    assert process.stdout  # noqa: S101 (it was asked for)
    voice, said = process.stdout.fileno(), bytearray()
    ready = select.poll()
    ready.register(voice, select.POLLIN)
    while len(said) <= most:
        left = deadline - time.monotonic()
        if left <= 0 or not ready.poll(left * 1000):
            break
        block = os.read(voice, BLOCK)
        if not block:
            return bytes(said)
        said += block
    raise Unfinished


def understood(answer: bytes) -> tuple[str, bytes]:
    """The reason and the redrawn picture. Raises Unfinished."""
    line, separator, redrawn = answer.partition(b"\n")
    try:
        reason = str(json.loads(line)["reason"])
    except (ValueError, LookupError, TypeError) as error:
        raise Unfinished from error
    if not separator or (reason and reason not in SENTENCES):
        raise Unfinished
    return reason, redrawn


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the whole group; it may have ended by itself."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


@contextmanager
def turn() -> Iterator[bool]:
    """Wait for one of the slots; False when none came free in time."""
    deadline = time.monotonic() + PATIENCE
    while not (slot := free_slot()) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    try:
        yield bool(slot)
    finally:
        if slot:
            slot.close()


def free_slot() -> IO[bytes] | None:
    """A locked file, or None while all are taken."""
    folder = Path(settings.VAR) / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(settings.INSPECTORS):
        slot = (folder / str(number)).open("wb")
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            slot.close()
        else:
            return slot
    return None
