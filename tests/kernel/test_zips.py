"""Many files in one stream: whole, named, and never all in memory."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

from portal.kernel.zips import BLOCK, Entry, zipped
from tests.clock import NOON


def test_what_goes_in_comes_out() -> None:
    files = {"样例一.pdf": b"%PDF one", "empty.csv": b"", "large.bin": bytes(range(256)) * 10_000}

    stream = b"".join(zipped((name, NOON, io.BytesIO(content)) for name, content in files.items()))

    archive = ZipFile(io.BytesIO(stream))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == files
    assert archive.infolist()[0].date_time[:3] == (NOON.year, NOON.month, NOON.day)


def test_a_file_is_opened_when_its_turn_comes_and_closed_after() -> None:
    opened: list[io.BytesIO] = []

    def entries() -> Iterator[Entry]:
        for n in range(3):
            opened.append(io.BytesIO(bytes(3 * BLOCK)))
            yield f"{n}.bin", NOON, opened[-1]

    sizes, most_open = [], 0
    for block in zipped(entries()):
        sizes.append(len(block))
        most_open = max(most_open, sum(not file.closed for file in opened))

    assert max(sizes) <= BLOCK + 1024
    assert (most_open, all(file.closed for file in opened)) == (1, True)
