"""Pictures as SVG, drawn on the server: the same for the page, the printer and the PDF.

Without a palette the colours come from the page's style sheet. With one (palettes.light()) the picture carries its own
<style> with plain values, which is what a PDF renderer needs. `label` is what a screen reader says: the picture in
words.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.kernel import palettes
from portal.kernel.palettes import Palette

Point = tuple[float, float]
Colour = Literal["c1", "c2", "c3", "c4", "c5", "c6", "done", "due", "free", "late"]


@dataclass(frozen=True)
class Bar:
    """One horizontal bar: its parts from left to right, and the figure written behind it."""

    name: str
    parts: tuple[tuple[Colour, float], ...]
    text: str = ""
    href: str = ""


@dataclass(frozen=True)
class Change:
    """From one value to another, as two dots with a line between."""

    name: str
    before: float
    after: float
    text: str = ""


@dataclass(frozen=True)
class Span:
    """A task on the calendar; `done` between 0 and 1."""

    name: str
    start: date
    end: date
    done: float
    note: str = ""
    late: bool = False


@dataclass(frozen=True)
class Cell:
    """A district in the hexagon diagram; odd rows are shifted by half a column."""

    name: str
    col: float
    row: int
    value: float
    text: str
    note: str = ""
    href: str = ""
    highlighted: bool = False


def svg(
    picture: str, size: Point, label: str, parts: Iterable[SafeString], palette: Palette | None, role: str = "img"
) -> SafeString:
    """The frame of every picture."""
    width, height = size
    style = sized = mark_safe("")
    if palette is not None:
        style = format_html("<style>{}</style>", mark_safe(palettes.resolve(palettes.rules_of(picture), palette)))  # noqa: S308
        sized = format_html(' width="{}" height="{}"', _n(width), _n(height))
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" viewBox="0 0 {} {}"{} role="{}" aria-label="{}">{}{}</svg>',
        picture, _n(width), _n(height), sized, role, label, style, body,
    )  # fmt: skip


def text(at: Point, kind: str, words: str, anchor: str = "start") -> SafeString:
    """One line of text."""
    x, y = at
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, _n(x), _n(y), anchor, words)


def line(kind: str, start: Point, end: Point) -> SafeString:
    """A straight line."""
    numbers = map(_n, (*start, *end))
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', kind, *numbers)


def rect(kind: str, at: Point, width: float, height: float, radius: float = 3) -> SafeString:
    """A box with rounded corners; never of negative width."""
    numbers = map(_n, (*at, max(width, 0), height, radius))
    return format_html('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>', kind, *numbers)


def dot(kind: str, at: Point, radius: float) -> SafeString:
    """A disc."""
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, *map(_n, (*at, radius)))


def path(kind: str, d: str) -> SafeString:
    """A free path."""
    return format_html('<path class="{}" d="{}"/>', kind, d)


def group(kind: str, *parts: SafeString) -> SafeString:
    """Parts that share a class."""
    return format_html('<g class="{}">{}</g>', kind, format_html_join("", "{}", ((part,) for part in parts)))


def polar(centre: Point, radius: Point, degrees: float) -> Point:
    """A point on an ellipse; 0 degrees is to the right, 90 below."""
    angle = math.radians(degrees)
    return centre[0] + radius[0] * math.cos(angle), centre[1] + radius[1] * math.sin(angle)


def arc(centre: Point, radius: Point, start: float, end: float) -> str:
    """The path of a part of an ellipse."""
    (x0, y0), (x1, y1) = polar(centre, radius, start), polar(centre, radius, end)
    return f"M{_n(x0)} {_n(y0)}A{_n(radius[0])} {_n(radius[1])} 0 {int(end - start > 180)} 1 {_n(x1)} {_n(y1)}"


def clip(words: str, room: float) -> str:
    """The words cut to `room` Chinese signs (Latin ones take about half), with an ellipsis when cut."""
    used = 0.0
    for index, sign in enumerate(words):
        used += 0.56 if sign.isascii() else 1
        if used > room:
            return words[: max(index - 1, 1)].rstrip() + "…"
    return words


# --- small pictures ----------------------------------------------------------------------------
def ring(*, done: int, half: int, total: int, label: str, size: int = 76, palette: Palette | None = None) -> SafeString:
    """As many sectors as there are items: done, half done, open."""
    gap, step, centre, radius = 9, 360 / total, (size / 2, size / 2), size / 2 - 6
    parts = []
    for index in range(total):
        kind = "on" if index < done else "half" if index < done + half else "off"
        start = -90 + step * index
        parts.append(path(kind, arc(centre, (radius, radius), start + gap / 2, start + step - gap / 2)))
    return _fixed(svg("ringc", (size, size), label, parts, palette), size, size, palette)


def spark(
    values: Sequence[float], *, label: str, size: tuple[int, int] = (96, 28), palette: Palette | None = None
) -> SafeString:
    """A small line without axes; one value draws a flat line."""
    width, height = size
    series = list(values) * 2 if len(values) == 1 else list(values)
    low, span = min(series), (max(series) - min(series)) or 1
    step = (width - 4) / (len(series) - 1)
    points = [(2 + at * step, height - 3 - (value - low) / span * (height - 8)) for at, value in enumerate(series)]
    course = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    fill = f"{course}L{_n(points[-1][0])} {height}L2 {height}Z"
    parts = [path("fill", fill), path("line", course), dot("last", points[-1], 2.6)]
    return _fixed(svg("spark", size, label, parts, palette), width, height, palette)


def stack(
    parts: Sequence[tuple[Colour, float]], *, total: float, label: str, height: int = 22, palette: Palette | None = None
) -> SafeString:
    """One bar over the whole width, divided: what is paid, what is due, what is free. A page may set its height."""
    drawn = [rect("track", (0, 0), 1000, height, 5), *_pieces(parts, 0, 0, 1000 / (total or 1), height)]
    picture = svg("bars", (1000, height), label, drawn, palette)
    return mark_safe(picture.replace("<svg ", '<svg preserveAspectRatio="none" ', 1))  # noqa: S308


# --- rows --------------------------------------------------------------------------------------
def bars(
    rows: Sequence[Bar], *, label: str, maximum: float | None = None, palette: Palette | None = None
) -> SafeString:
    """Horizontal bars with names at the left and figures behind the bar."""
    left, room, pitch = 150, 420, 30
    top = maximum or max((sum(value for _, value in row.parts) for row in rows), default=0) or 1
    drawn: list[SafeString] = []
    for index, row in enumerate(rows):
        y = index * pitch + 4
        end = left + sum(value for _, value in row.parts) / top * room
        bar = (
            text((left - 12, y + 15), "nm", clip(row.name, 11), "end"),
            *_pieces(row.parts, left, y + 2, room / top, 16),
            text((end + 8, y + 15), "val", row.text),
        )
        drawn += [format_html('<a href="{}">{}</a>', row.href, group("bar", *bar))] if row.href else bar
    role = "group" if any(row.href for row in rows) else "img"
    return svg("bars", (left + room + 90, max(len(rows) * pitch + 4, 8)), label, drawn, palette, role)


def dumbbell(
    rows: Sequence[Change], *, label: str, low: float, high: float, ticks: Sequence[float] = (),
    palette: Palette | None = None,
) -> SafeString:  # fmt: skip
    """Before and after of several figures on one axis."""
    left, room, pitch = 170, 380, 32
    height = len(rows) * pitch + 26

    def at(value: float) -> float:
        return left + (value - low) / ((high - low) or 1) * room

    drawn = [line("ax", (at(tick), 4), (at(tick), height - 22)) for tick in ticks]
    drawn += [text((at(tick), height - 8), "tl", f"{tick:g}", "middle") for tick in ticks]
    for index, row in enumerate(rows):
        y = index * pitch + 18
        start, end = (at(row.before), y), (at(row.after), y)
        drawn.append(text((left - 14, y + 4), "nm", clip(row.name, 12), "end"))
        marks = (line("span", start, end), dot("from", start, 5), dot("to", end, 6))
        drawn.append(group("down" if row.after < row.before else "up", *marks))
        drawn.append(text((max(start[0], end[0]) + 14, y + 4), "val", row.text))
    return svg("dumb", (left + room + 110, height), label, drawn, palette)


def strip(
    values: Sequence[float], *, label: str, current: float | None = None, low: float = 0, high: float = 100,
    ticks: Sequence[float] = (), palette: Palette | None = None,
) -> SafeString:  # fmt: skip
    """All scores on one axis, equal ones on top of each other, one of them marked."""
    width, base = 332, 44

    def at(value: float) -> float:
        return 10 + (value - low) / ((high - low) or 1) * (width - 20)

    drawn = [line("ax", (10, base), (width - 10, base))]
    drawn += [text((at(tick), base + 20), "tl", f"{tick:g}", "middle") for tick in ticks]
    seen: dict[float, int] = {}
    for value in values:
        drawn.append(dot("dot", (at(value), base - seen.get(value, 0) * 11), 5))
        seen[value] = seen.get(value, 0) + 1
    if current is not None:
        drawn.append(path("cur", f"M{_n(at(current))} {base - 8}l-5 -9h10z"))
        drawn.append(text((at(current), base - 20), "cur", f"{current:g}", "middle"))
    return svg("strip", (width, base + 26), label, drawn, palette)


def gantt(
    tasks: Sequence[Span], *, start: date, end: date, label: str, today: date | None = None, today_label: str = "",
    palette: Palette | None = None,
) -> SafeString:  # fmt: skip
    """Tasks on a calendar of quarters, with a line for today."""
    left, room, pitch, top = 220, 600, 38, 34
    days = (end - start).days or 1
    height = top + len(tasks) * pitch + 4

    def at(day: date) -> float:
        return left + min(max((day - start).days / days, 0), 1) * room

    drawn: list[SafeString] = []
    for quarter in _quarters(start, end):
        name = str(quarter.year) if quarter.month == 1 else f"Q{quarter.month // 3 + 1}"
        drawn += [line("row", (at(quarter), top - 6), (at(quarter), height)), text((at(quarter) + 4, 24), "tl", name)]
    for index, task in enumerate(tasks):
        drawn += _task(task, top + index * pitch, at(task.start), at(task.end), left + room)
    if today is not None and start <= today <= end:
        drawn += [line("today", (at(today), 14), (at(today), height)), rect("flag", (at(today) - 18, 0), 36, 15)]
        drawn.append(text((at(today), 11), "flagt", today_label, "middle"))
    return svg("gant", (left + room + 50, height), label, drawn, palette)


def _task(task: Span, y: float, x0: float, x1: float, right: float) -> list[SafeString]:
    width = x1 - x0
    boxes = (rect("plan", (x0, y + 12), width, 14, 4), rect("done", (x0, y + 12), width * task.done, 14, 4))
    return [
        line("row", (0, y), (right, y)),
        text((0, y + 17), "nm", clip(task.name, 16)),
        text((0, y + 32), "sb", clip(task.note, 18)),
        group("late" if task.late else "time", *boxes, text((x1 + 8, y + 23), "val", f"{task.done:.0%}")),
    ]


def _quarters(start: date, end: date) -> list[date]:
    starts = (date(year, month, 1) for year in range(start.year, end.year + 1) for month in (1, 4, 7, 10))
    return [day for day in starts if start <= day <= end]


def _pieces(parts: Sequence[tuple[Colour, float]], x: float, y: float, scale: float, height: float) -> list[SafeString]:
    drawn = []
    for kind, value in parts:
        width = value * scale
        drawn.append(rect(kind, (x, y), width - 1 if width > 2 else width, height))
        x += width
    return drawn


# --- round and tiled ---------------------------------------------------------------------------
def radar(
    axes: Sequence[str], series: Sequence[Sequence[float]], *, label: str, palette: Palette | None = None
) -> SafeString:
    """Values between 0 and 1 on up to eight axes; the first series is filled, the second a dashed line to compare."""
    centre, radius, step = (220.0, 160.0), 112.0, 360 / max(len(axes), 1)

    def web(values: Iterable[float]) -> str:
        points = (polar(centre, (radius * value, radius * value), -90 + step * i) for i, value in enumerate(values))
        return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) + "Z"

    drawn = [path("web", web([level] * len(axes))) for level in (0.25, 0.5, 0.75, 1)]
    for index, name in enumerate(axes):
        angle = -90 + step * index
        drawn.append(line("spoke", centre, polar(centre, (radius, radius), angle)))
        drawn.append(_axis_name(centre, radius, angle, name))
    drawn += [path(f"a{number}", web(values)) for number, values in enumerate(series[:2], 1)]
    return svg("radar", (440, 320), label, drawn, palette)


def _axis_name(centre: Point, radius: float, angle: float, name: str) -> SafeString:
    x, y = polar(centre, (radius + 12, radius + 14), angle)
    lean = math.cos(math.radians(angle))
    anchor = "middle" if abs(lean) < 0.2 else "start" if lean > 0 else "end"
    return text((x, y + 4), "nm", clip(name, 8), anchor)


def hexmap(cells: Sequence[Cell], *, label: str, palette: Palette | None = None) -> SafeString:
    """Districts as equal hexagons: a diagram without any boundary line, so it is not a map."""
    side = 50.0
    dx, dy = side * math.sqrt(3), side * 1.5
    first, last = min(cell.col for cell in cells), max(cell.col for cell in cells)
    highest = max(cell.value for cell in cells)
    places = [(4 + dx / 2 + (cell.col - first) * dx, 4 + side + cell.row * dy) for cell in cells]
    drawn = [_hexagon(cell, at, side, highest) for cell, at in zip(cells, places, strict=True)]
    size = ((last - first + 1) * dx + 8, dy * max(cell.row for cell in cells) + 2 * side + 8)
    return svg("hex", size, label, drawn, palette, role="group")


def _hexagon(cell: Cell, at: Point, side: float, highest: float) -> SafeString:
    x, y = at
    corners = (polar(at, (side - 2.2, side - 2.2), 60 * k - 30) for k in range(6))
    shape = format_html('<polygon points="{}"/>', " ".join(f"{_n(cx)},{_n(cy)}" for cx, cy in corners))
    kind = f"hx q{_shade(cell.value, highest)}{' hl' if cell.highlighted else ''}"
    name, figure = _fitting(cell.name, x, y), text((x, y + 11), "hv", cell.text, "middle")
    drawn = group(kind, shape, *name, figure, text((x, y + 26), "hs", cell.note, "middle"))
    return format_html('<a href="{}">{}</a>', cell.href, drawn) if cell.href else drawn


def _fitting(name: str, x: float, y: float) -> list[SafeString]:
    """The name of a district as wide as its hexagon: in one line, in two lines by its words, or in smaller signs."""
    if clip(name, 5.6) == name:
        return [text((x, y - 9), "hn", name, "middle")]
    first, _blank, rest = name.partition(" ")
    if rest:
        lines = ((y - 20, clip(first, 6.6)), (y - 7, clip(rest, 6.6)))
        return [text((x, height), "hn sm", words, "middle") for height, words in lines]
    return [text((x, y - 9), "hn sm", clip(name, 6.9), "middle")]


def _shade(value: float, highest: float) -> int:
    return 0 if value <= 0 else min(5, 1 + int(4.999 * (value / highest) ** 0.8))


def _fixed(picture: SafeString, width: int, height: int, palette: Palette | None) -> SafeString:
    if palette is not None:
        return picture
    return mark_safe(picture.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1))  # noqa: S308


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
