"""Pictures of the city-wide summary: where consortia are, how points spread, how a number came about."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.kernel.palettes import Palette

WIDTH, NAMES, HEAD, FOOT = 620, 190, 70, 30
CELL, ROW = 26, 40
SHADES = ("dai-1", "dai-2", "dai-3", "dai-4", "dai-5")
DARK = 3  # from this shade on the figure is white
FULL = 100.0


@dataclass(frozen=True)
class Heat:
    """One row of the map: a name and its figures."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Box:
    """Least, quartiles and most of a group."""

    name: str
    at: tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Fall:
    """A step of a waterfall: a difference, or a level (`is_level`) that the steps lead to."""

    name: str
    value: int
    is_level: bool = False


def _frame(height: float, label: str, palette: Palette, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" '
        'aria-label="{2}" font-family="{3}" font-size="11">{4}</svg>',
        WIDTH, _n(height), label, palette["font"].replace('"', "'"), format_html_join("", "{}", ((p,) for p in parts)),
    )  # fmt: skip


def heat(columns: Sequence[str], rows: Sequence[Heat], *, label: str, palette: Palette) -> SafeString:
    """Figures in cells, darker where there are more; a cell of none has a dashed frame."""
    highest = max((value for row in rows for value in row.values), default=0)
    highest = max(highest, len(SHADES))
    wide = (WIDTH - NAMES) / max(len(columns), 1)
    parts = [
        format_html(
            '<text transform="translate({},{}) rotate(-40)" fill="{}">{}</text>',
            _n(NAMES + wide * (n + 0.45)), HEAD - 8, palette["ink-2"], name,
        )
        for n, name in enumerate(columns)
    ]  # fmt: skip
    for index, row in enumerate(rows):
        y = HEAD + CELL * index
        parts.append(_name(row.name, y + CELL / 2, palette))
        parts += [_cell(value, highest, (NAMES + wide * n, y), wide, palette) for n, value in enumerate(row.values)]
    return _frame(HEAD + CELL * len(rows) + 4, label, palette, parts)


def _cell(value: int, highest: int, at: tuple[float, float], wide: float, palette: Palette) -> SafeString:
    shade = -(-len(SHADES) * value // highest) - 1 if value else -1
    frame = 'stroke="{}" stroke-dasharray="3 2"' if not value else 'stroke="{}"'
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" {}/>'
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        _n(at[0] + 1), _n(at[1] + 1), _n(wide - 3), CELL - 3, palette[SHADES[shade]] if value else "#ffffff",
        format_html(frame, palette["c2"] if not value else palette["line-2"]),
        _n(at[0] + wide / 2), _n(at[1] + CELL / 2 + 4),
        "#ffffff" if shade >= DARK else palette["ink-1" if value else "c2"], value,
    )  # fmt: skip


def boxes(rows: Sequence[Box], *, label: str, palette: Palette) -> SafeString:
    """Points from 0 to 100: a line from the least to the most, a box over the middle half, a mark at the median."""
    bottom = 10 + ROW * len(rows)
    parts = [
        format_html(
            '<line x1="{0}" y1="4" x2="{0}" y2="{1}" stroke="{2}"/>'
            '<text x="{0}" y="{3}" text-anchor="middle" fill="{4}">{5}</text>',
            _n(_x(level)), bottom, palette["line"], bottom + 16, palette["ink-3"], level,
        )
        for level in range(0, 101, 20)
    ]  # fmt: skip
    for index, row in enumerate(rows):
        y = 8 + ROW * index + ROW / 2
        least, first, middle, third, most = (_x(value) for value in row.at)
        parts.append(_name(row.name, y, palette))
        parts.append(format_html(
            '<line x1="{}" y1="{y}" x2="{}" y2="{y}" stroke="{c}" stroke-width="1.5"/>'
            '<rect x="{}" y="{}" width="{}" height="20" fill="{}" stroke="{c}"/>'
            '<line x1="{m}" y1="{}" x2="{m}" y2="{}" stroke="{c}" stroke-width="3"/>',
            _n(least), _n(most), _n(first), _n(y - 10), _n(max(third - first, 1)), palette["dai-2"], _n(y - 10),
            _n(y + 10), y=_n(y), c=palette["c1"], m=_n(middle),
        ))  # fmt: skip
    return _frame(bottom + FOOT, label, palette, parts)


def _x(value: float) -> float:
    return NAMES + (WIDTH - NAMES - 20) * min(value, FULL) / FULL


def waterfall(steps: Sequence[Fall], *, label: str, palette: Palette) -> SafeString:
    """Columns side by side, each beginning where the one before it ended."""
    height, floor, room = 140, 110, 84
    wide = WIDTH / max(len(steps), 1)
    ends: list[tuple[int, int]] = []
    for step in steps:
        start = 0 if step.is_level or not ends else ends[-1][1]
        ends.append((start, start + step.value))
    highest = max((max(pair) for pair in ends), default=0) or 1
    parts = [_rule(floor, palette)]
    for n, (step, (start, end)) in enumerate(zip(steps, ends, strict=True)):
        top, low = (floor - room * value / highest for value in (max(start, end), min(start, end)))
        colour = "c1" if step.is_level else "c2" if step.value >= 0 else "c3"
        parts.append(format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>'
            '<text x="{m}" y="{}" text-anchor="middle" fill="{i}">{}</text>'
            '<text x="{m}" y="{}" text-anchor="middle" fill="{i}">{}</text>',
            _n(wide * n + wide * 0.2), _n(top), _n(wide * 0.6), _n(max(low - top, 1)), palette[colour], _n(top - 6),
            f"{step.value}" if step.is_level else f"{step.value:+}", floor + 18, step.name,
            m=_n(wide * (n + 0.5)), i=palette["ink-1"],
        ))  # fmt: skip
    return _frame(height, label, palette, parts)


def _rule(y: float, palette: Palette) -> SafeString:
    return format_html('<line x1="0" y1="{0}" x2="{1}" y2="{0}" stroke="{2}"/>', y, WIDTH, palette["line-3"])


def _name(name: str, y: float, palette: Palette) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" dy="4" text-anchor="end" fill="{}">{}</text>', NAMES - 8, _n(y), palette["ink-1"], name
    )


def _n(number: float) -> str:
    return f"{number:.1f}"
