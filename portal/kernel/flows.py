"""Who gives what to whom: givers on the left, takers on the right, each thing on a line of its own between them.

Positions are computed, not simulated, so the picture is the same on every visit, in print and in a test.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.kernel.charts import clip, rect, svg, text
from portal.kernel.palettes import Palette

ROW, BOX = 46.0, 32.0


@dataclass(frozen=True)
class Flow:
    """A thing on its way; `note` is the sentence of a screen reader, `alarming` ones are drawn to be seen."""

    giver: str
    thing: str
    taker: str
    note: str
    alarming: bool = False


@dataclass(frozen=True)
class Columns:
    """What is drawn on: its style, its width, the width of a box, how many Chinese signs find room in it."""

    style: str
    width: float
    box: float
    room: float

    @property
    def starts(self) -> tuple[float, float, float]:
        """Where the three columns begin."""
        return 1, (self.width - self.box) / 2, self.width - self.box - 1


BROAD = Columns("flow", 840, 220, 14)
NARROW = Columns("flow tall", 440, 122, 7.5)


def flows(rows: Sequence[Flow], *, label: str, palette: Palette | None = None, columns: Columns = BROAD) -> SafeString:
    """Lines at the back, boxes with their words in front."""
    drawn_at = [(row, ROW * n + ROW / 2) for n, row in enumerate(sorted(rows, key=lambda one: (one.taker, one.giver)))]
    givers = _places((row.giver, y) for row, y in drawn_at)
    takers = _places((row.taker, y) for row, y in drawn_at)
    left, middle, right = columns.starts
    drawn = [
        *(_course(row, (givers[row.giver], y, takers[row.taker]), columns) for row, y in drawn_at),
        *(_box("end", left, y, name, columns) for name, y in givers.items()),
        *(_box("thing", middle, y, row.thing, columns, bad=row.alarming) for row, y in drawn_at),
        *(_box("end", right, y, name, columns) for name, y in takers.items()),
    ]
    height = max([y for _row, y in drawn_at] + [*givers.values(), *takers.values()], default=0) + ROW / 2
    return svg(columns.style, (columns.width, height), label, drawn, palette, role="group")


def _places(ends: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Each name at the middle of its lines, or below the one before where there is no room."""
    found: dict[str, list[float]] = {}
    for name, y in ends:
        found.setdefault(name, []).append(y)
    places: dict[str, float] = {}
    for name, ys in sorted(found.items(), key=lambda pair: sum(pair[1]) / len(pair[1])):
        free = max(places.values(), default=-ROW / 2) + ROW
        places[name] = max(sum(ys) / len(ys), free)
    return places


def _course(row: Flow, heights: tuple[float, float, float], columns: Columns) -> SafeString:
    (left, middle, right), box = columns.starts, columns.box
    first, through, last = heights
    course = f"{_bend(left + box, first, middle, through)} {_bend(middle + box, through, right, last)}"
    drawn = '<path class="{}" role="img" aria-label="{}" d="{}"><title>{}</title></path>'
    return format_html(drawn, f"link{' bad' if row.alarming else ''}", row.note, course, row.note)


def _bend(x0: float, y0: float, x1: float, y1: float) -> str:
    half = (x0 + x1) / 2
    return f"M{x0:.1f} {y0:.1f}C{half:.1f} {y0:.1f} {half:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"


def _box(kind: str, x: float, y: float, words: str, columns: Columns, *, bad: bool = False) -> SafeString:
    shown = text((x + columns.box / 2, y + 4.5), "nm", clip(words, columns.room), "middle")
    frame = rect(f"{kind}{' bad' if bad else ''}", (x, y - BOX / 2), columns.box, BOX)
    return format_html('<g class="node"><title>{}</title>{}{}</g>', words, frame, shown)
