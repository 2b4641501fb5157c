"""What a corrected report says otherwise than the report before: found by reading both, block by block."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.exporters.annual.blocks import Chapter, Column, Facts, Listing, Prose, Row, Table, chapter
from reports.exporters.annual.material import Material, long_day

LONGEST = 240  # signs of a paragraph that is quoted
MOST = 300  # lines; beyond them the two reports are to be read side by side
NOTHING, JOINT = "—", " · "
Statement = tuple[str, str, str]  # chapter and block, line, what of it


def differences(before: Iterable[Chapter], after: Iterable[Chapter], old: Material, new: Material) -> Chapter:
    """The page of differences: each statement that came, went or changed, in the order of the new report."""
    lines = list(_changed(_statements(before), _statements(after)))
    words = {"number": old.number, "day": long_day(old.snapshot["as_of"]), "count": len(lines)}
    told = [_("This report corrects report %(number)s as of %(day)s and takes its place.") % words]
    told.append(_("Statements that differ: %(count)s.") % words if lines else _("No statement differs."))
    if len(lines) > MOST:
        told.append(_("The first %(most)s of them follow.") % {"most": MOST})
    table = Table(
        _("Differences"),
        (
            Column(pgettext("difference", "Place"), 26),
            Column(_("Line"), 20),
            Column(pgettext("difference", "Statement"), 14),
            Column(pgettext("difference", "Before"), 20),
            Column(pgettext("difference", "Now"), 20),
        ),
        tuple(lines[:MOST]),
        source=_("Reports %(old)s and %(new)s.") % {"old": old.number, "new": new.number},
    )
    return chapter("differences", _("Correction"), (Prose(tuple(told)), table if lines else None), fresh=True)


def _changed(before: Mapping[Statement, str], after: Mapping[Statement, str]) -> Iterator[Row]:
    old, new = _lines(before), _lines(after)
    for (place, line), cells in new.items():
        if (place, line) not in old:
            yield (place, line, _("the whole line"), NOTHING, JOINT.join(cells.values()))
            continue
        was = old[place, line]
        for what in (*cells, *(gone for gone in was if gone not in cells)):
            if was.get(what) != cells.get(what):
                yield (place, line, what, was.get(what, NOTHING), cells.get(what, NOTHING))
    for (place, line), cells in old.items():
        if (place, line) not in new:
            yield (place, line, _("the whole line"), JOINT.join(cells.values()), NOTHING)


def _lines(statements: Mapping[Statement, str]) -> dict[tuple[str, str], dict[str, str]]:
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for (place, line, what), text in statements.items():
        lines.setdefault((place, line), {})[what] = text
    return lines


@dataclass(frozen=True)
class _Reader:
    """Gives each statement of a block an address that is the same in both reports."""

    place: str

    def table(self, table: Table) -> Iterator[tuple[Statement, str]]:
        """Each cell but the first, which names the line."""
        seen: Counter[str] = Counter()
        place = f"{self.place} · {table.caption}"
        for row in (*table.rows, *table.sums):
            seen[row[0]] += 1
            line = row[0] if seen[row[0]] == 1 else f"{row[0]} ({seen[row[0]]})"
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                yield (place, line, column.title), cell

    def texts(self, title: str, texts: Iterable[str]) -> Iterator[tuple[Statement, str]]:
        """Each paragraph or item by its number."""
        place = f"{self.place} · {title}" if title else self.place
        for number, text in enumerate(texts, 1):
            yield (place, _("Paragraph %(number)s") % {"number": number}, NOTHING), _quoted(text)

    def facts(self, facts: Facts) -> Iterator[tuple[Statement, str]]:
        """Each value by its name."""
        for name, value in facts.pairs:
            yield (self.place, name, NOTHING), value


def _statements(chapters: Iterable[Chapter]) -> dict[Statement, str]:
    """Everything that the chapters say; a picture says what the table beside it does."""
    return {address: text for one in chapters for address, text in _said(one) if text not in {"", NOTHING}}


def _said(one: Chapter) -> Iterator[tuple[Statement, str]]:
    reader = _Reader(f"{one.mark}{one.title}")
    for block in one.blocks:
        if isinstance(block, Table):
            yield from reader.table(block)
        elif isinstance(block, Prose):
            yield from reader.texts(block.title, block.paragraphs)
        elif isinstance(block, Listing):
            yield from reader.texts(block.title, block.items)
        elif isinstance(block, Facts):
            yield from reader.facts(block)


def _quoted(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
