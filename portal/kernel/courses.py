"""How a sum grows over the months, as SVG: lines from zero, this year's one filled below and named at its end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from portal.kernel.charts import _n, dot, line, path, svg, text
from portal.kernel.palettes import Palette

SIZE = 620, 250
LEFT, RIGHT, TOP, BOTTOM = 62, 54, 14, 28
LEVELS = 4


@dataclass(frozen=True)
class Course:
    """One line; it ends where its values end."""

    kind: Literal["now", "before", "plan"]
    values: tuple[float, ...]
    text: str = ""  # written at the end


def course(
    names: Sequence[str], lines: Sequence[Course], *, label: str, palette: Palette | None = None
) -> SafeString:  # fmt: skip
    """The lines over equal steps; `names` stand below."""
    top = _round_up(max((value for one in lines for value in one.values), default=0) or 1)
    parts: list[SafeString] = []
    for level in range(LEVELS + 1):
        y = _y(top * level / LEVELS, top)
        parts += [
            line("ax", (LEFT, y), (SIZE[0] - RIGHT, y)),
            text((LEFT - 8, y + 4), "tl", _figure(top * level / LEVELS), "end"),
        ]
    step = (SIZE[0] - LEFT - RIGHT) / max(len(names) - 1, 1)
    parts += [text((LEFT + n * step, SIZE[1] - 8), "tl", name, "middle") for n, name in enumerate(names)]
    for one in lines:
        parts += _drawn(one, [(LEFT + n * step, _y(value, top)) for n, value in enumerate(one.values)])
    return svg("course", SIZE, label, parts, palette)


def _drawn(one: Course, points: Sequence[tuple[float, float]]) -> list[SafeString]:
    if not points:
        return []
    way = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    (first, _y0), (x, y) = points[0], points[-1]
    floor = SIZE[1] - BOTTOM
    fill = [path("fill", f"{way}L{_n(x)} {_n(floor)}L{_n(first)} {_n(floor)}Z")] if one.kind == "now" else []
    end = [dot("last", (x, y), 3.2), text((x, y - 9), "val", one.text, "middle")] if one.text else []
    return [*fill, path(one.kind, way), *end]


def _y(value: float, top: float) -> float:
    return SIZE[1] - BOTTOM - (SIZE[1] - BOTTOM - TOP) * value / top


def _round_up(value: float) -> float:
    """To a figure that divides into four plain ones."""
    power = 10 ** math.floor(math.log10(value))
    return float(next(step * power for step in (1, 2, 4, 6, 8, 10, 20) if step * power >= value))


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= LEVELS or value == 0 else f"{value:,.2f}".rstrip("0").rstrip(".")
