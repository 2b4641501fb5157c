"""Pictures of the reports that the kernel does not draw."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.kernel.palettes import Palette

WIDTH, HEIGHT = 620, 220
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 16, 34
COLOURS = ("c1", "c2", "c3", "c4")
LEAST_GAP = 14


@dataclass(frozen=True)
class Series:
    """One line over the years; None where nothing is known."""

    name: str
    values: tuple[float | None, ...]


def lines(years: Sequence[str], series: Sequence[Series], *, label: str, palette: Palette) -> SafeString:
    """Lines over years, from zero; each is named at its end."""
    highest = max((value for one in series for value in one.values if value is not None), default=0) or 1
    parts = [_grid(years, highest, palette)]
    labels: list[float] = []
    for index, one in enumerate(series):
        parts.append(_line(one, len(years), highest, palette[COLOURS[index % len(COLOURS)]], labels))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'font-family="{}" font-size="12">{}</svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, label, palette["font"].replace('"', "'"),
        format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def _x(index: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (index / (count - 1) if count > 1 else 0.5)


def _y(value: float, highest: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / highest


def _grid(years: Sequence[str], highest: float, palette: Palette) -> SafeString:
    """Five levels with their values, and the years below."""
    levels = [highest * n / 4 for n in range(5)]
    rules = format_html_join(
        "",
        '<line x1="{0}" y1="{1}" x2="{2}" y2="{1}" stroke="{3}"/>'
        '<text x="{4}" y="{1}" dy="4" text-anchor="end" fill="{5}">{6}</text>',
        (
            (LEFT, _n(_y(level, highest)), WIDTH - RIGHT, palette["line"], LEFT - 8, palette["ink-3"], _level(level))
            for level in levels
        ),
    )
    names = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        ((_n(_x(n, len(years))), HEIGHT - 12, palette["ink-3"], year) for n, year in enumerate(years)),
    )
    return format_html("{}{}", rules, names)


def _line(one: Series, count: int, highest: float, colour: str, labels: list[float]) -> SafeString:
    points = [(_x(n, count), _y(value, highest)) for n, value in enumerate(one.values) if value is not None]
    if not points:
        return format_html("{}", "")
    last_x, last_y = points[-1]
    dots = format_html_join(
        "", '<circle cx="{}" cy="{}" r="3.5" fill="{}"/>', ((_n(x), _n(y), colour) for x, y in points)
    )
    return format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2"/>{}'
        '<text x="{}" y="{}" dy="4" fill="{}">{}</text>',
        " ".join(f"{_n(x)},{_n(y)}" for x, y in points), colour, dots,
        _n(last_x + 10), _n(_free(last_y, labels)), colour, one.name,
    )  # fmt: skip


def _level(value: float) -> str:
    """Whole numbers with commas; small ones with what they need."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.4g}"


def _n(number: float) -> str:
    return f"{number:.1f}"


def _free(y: float, labels: list[float]) -> float:
    """A height at which no other name stands."""
    while any(abs(y - other) < LEAST_GAP for other in labels):
        y -= LEAST_GAP
    labels.append(y)
    return y
