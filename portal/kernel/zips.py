"""Many files as one, handed over while it is written: nothing is kept but the piece on its way."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

BLOCK = 1 << 20
Entry = tuple[str, datetime, IO[bytes]]  # the name within, when it was made, the open file


class _Pipe(io.RawIOBase):
    """What a ZipFile writes to, and a reader takes from."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The blocks of a ZIP of these files, each closed once it is in; they are stored as they are, not compressed."""
    pipe = _Pipe()
    with ZipFile(cast("IO[bytes]", pipe), "w", ZIP_STORED) as archive:
        for name, at, file in entries:
            entry = ZipInfo(name, timezone.localtime(at).timetuple()[:6])
            entry.external_attr = 0o644 << 16
            with file, archive.open(entry, "w", force_zip64=True) as inside:
                while block := file.read(BLOCK):
                    inside.write(block)
                    yield pipe.take()
            yield pipe.take()
    yield pipe.take()
