"""What a chapter is made of; each block has a template of its own name, in print and on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

Kind = Literal["text", "num", "mid", "day"]


@dataclass(frozen=True)
class Column:
    """A column: `width` in per cent of the table, numbers to the right, days on one line."""

    title: str
    width: int
    kind: Kind = "text"


Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A numbered table; `sums` are its last rows, set apart. Without rows it says `empty` in one line."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    source: str = ""
    sums: tuple[Row, ...] = ()
    empty: str = ""
    template = "reports/pdf/table.html"
    page = "reports/page/table.html"

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """The cells of every row with the kind of their column."""
        return [self._cells(row) for row in self.rows]

    @property
    def sum_lines(self) -> list[list[tuple[str, str]]]:
        """The same for the sums."""
        return [self._cells(row) for row in self.sums]

    def _cells(self, row: Row) -> list[tuple[str, str]]:
        return [(column.kind, cell) for column, cell in zip(self.columns, row, strict=True)]


@dataclass(frozen=True)
class Chart:
    """A numbered picture; what it shows stands in a table beside it."""

    caption: str
    picture: SafeString
    template = "reports/pdf/chart.html"
    page = "reports/page/chart.html"


@dataclass(frozen=True)
class Prose:
    """Paragraphs, with a heading of the second level if there is a title."""

    paragraphs: tuple[str, ...]
    title: str = ""
    template = "reports/pdf/prose.html"
    page = "reports/page/prose.html"


@dataclass(frozen=True)
class Listing:
    """A numbered list."""

    items: tuple[str, ...]
    title: str = ""
    template = "reports/pdf/listing.html"
    page = "reports/page/listing.html"


@dataclass(frozen=True)
class Facts:
    """Names and values in two columns."""

    pairs: tuple[tuple[str, str], ...]
    template = "reports/pdf/facts.html"
    page = "reports/page/facts.html"


Block = Table | Chart | Prose | Listing | Facts


@dataclass(frozen=True)
class Chapter:
    """A chapter with its blocks; a fresh one begins on a page of its own. `mark` is its number as written."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    fresh: bool = False
    mark: str = ""


@dataclass(frozen=True)
class RecordText:
    """What is printed of a meeting or a draw: `head` says what it is, `name` of what."""

    head: str
    number: str
    name: str
    cover: Facts
    chapters: tuple[Chapter, ...]


def chapter(key: str, title: str, blocks: Iterable[Block | None], *, fresh: bool = False) -> Chapter:
    """A chapter of the blocks that there are."""
    return Chapter(key, title, tuple(block for block in blocks if block is not None), fresh)


def prose(text: str, title: str = "") -> Prose | None:
    """What somebody wrote, in its paragraphs; None when nothing was written."""
    paragraphs = tuple(line.strip() for line in text.splitlines() if line.strip())
    return Prose(paragraphs, title) if paragraphs else None
