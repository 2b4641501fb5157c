"""The picture of a consortium: the lead in the middle, one sector of an ellipse per role around it.

Positions are computed, not simulated, so the picture is the same on every visit, in print and in a test.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.kernel.charts import Point, arc, clip, dot, group, path, polar, svg, text
from portal.kernel.palettes import Palette, drawing

Role = Literal["univ", "chain", "serv", "fund"]
Kind = Literal["rd", "sup", "fin", "srv"]  # research, supply, money, service

SECTORS: Mapping[Role, str] = {  # clockwise, with the icon of the role
    "univ": "school",
    "chain": "building-factory-2",
    "serv": "certificate-2",
    "fund": "coin-yuan",
}
GAP = 9.0
SMALLEST = 1.4
NAMED = 16  # members whose names find room on a narrow sheet


@dataclass(frozen=True)
class Lead:
    """The leading organisation; `note` is the line under its name."""

    id: str
    name: str
    note: str


@dataclass(frozen=True)
class Member:
    """A member around the lead; `weight` between 0 and 1 makes the disc larger."""

    id: str
    name: str
    role: Role
    note: str = ""
    weight: float = 0.3


@dataclass(frozen=True)
class Link:
    """A relation of two organisations by their ids."""

    a: str
    b: str
    kind: Kind
    label: str
    strong: bool = False


@dataclass(frozen=True)
class Place:
    """Where a member stands: the point and its angle."""

    at: Point
    angle: float


@dataclass(frozen=True)
class Sheet:
    """What is drawn on: its style, its size, the ellipse of the members; narrow ones have names above or below."""

    style: str
    size: Point
    radius: Point
    narrow: bool = False

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.size[0] / 2, self.size[1] / 2

    def at(self, angle: float) -> Place:
        """The place on the ellipse in this direction (degrees)."""
        return Place(polar(self.centre, self.radius, angle), angle)


WIDE = Sheet("net", (840.0, 640.0), (250.0, 226.0))
TALL = Sheet("net tall", (440.0, 640.0), (150.0, 236.0), narrow=True)


def network(
    lead: Lead,
    members: Sequence[Member],
    links: Sequence[Link],
    *,
    label: str,
    palette: Palette | None = None,
    sheet: Sheet = WIDE,
) -> SafeString:
    """Sectors at the back, links over them, discs and names in front."""
    places = {lead.id: Place(sheet.centre, 0)}
    sectors = []
    for role, start, span in _shares(members):
        sectors.append(path(f"sector {role}", arc(sheet.centre, sheet.radius, start + 2, start + span - 2)))
        inside = [member for member in members if member.role == role]
        for index, member in enumerate(inside):
            places[member.id] = sheet.at(start + span * (index + 0.5) / len(inside))
    known = [link for link in links if {link.a, link.b} <= places.keys()]
    drawn = [_ring(sheet), *sectors, *(_link(link, places, lead.id, sheet) for link in known)]
    drawn += _members(members, places, sheet)
    return svg(sheet.style, sheet.size, label, [*drawn, _lead(lead, sheet)], palette, role="group")


def ties(
    names: Mapping[str, str],
    pairs: Sequence[tuple[str, str, str]],
    *,
    label: str,
    palette: Palette | None = None,
    sheet: Sheet = WIDE,
) -> SafeString:
    """Equals on an ellipse, named by their ids; a line for each pair of ids with its words."""
    places = {key: sheet.at(270 + 360 * (index + 0.5) / len(names)) for index, key in enumerate(names)}
    lines = [_link(Link(a, b, "rd", words, strong=True), places, "", sheet) for a, b, words in pairs]
    discs = _members([Member(key, name, "chain") for key, name in names.items()], places, sheet)
    return svg(sheet.style, sheet.size, label, [*lines, *discs], palette, role="group")


def _shares(members: Sequence[Member]) -> list[tuple[Role, float, float]]:
    """Role, first degree and span of every sector that has members; room in proportion, the first one on top."""
    counts = {role: sum(member.role == role for member in members) for role in SECTORS}
    rooms = {role: max(SMALLEST, count) for role, count in counts.items() if count}
    unit = (360 - GAP * len(rooms)) / (sum(rooms.values()) or 1)
    start = 270 - unit * next(iter(rooms.values()), 0) / 2
    shares: list[tuple[Role, float, float]] = []
    for role, room in rooms.items():
        shares.append((role, start, unit * room))
        start += unit * room + GAP
    return shares


def _ring(sheet: Sheet) -> SafeString:
    inner = (round(sheet.radius[0] * 0.56, 2), round(sheet.radius[1] * 0.56, 2))
    return format_html('<ellipse class="ring" cx="{}" cy="{}" rx="{}" ry="{}"/>', *sheet.centre, *inner)


def _link(link: Link, places: Mapping[str, Place], lead: str, sheet: Sheet) -> SafeString:
    (x0, y0), (x1, y1) = places[link.a].at, places[link.b].at
    bend = "L"
    if lead not in (link.a, link.b):  # around the centre, not through the lead
        cx, cy = sheet.centre
        mx, my = ((x0 + x1) / 2 + cx) / 2, ((y0 + y1) / 2 + cy) / 2
        bend = f"Q{mx:.1f} {my:.1f} "
    kind = f"link {link.kind}{' strong' if link.strong else ''}"
    course = f"M{x0:.1f} {y0:.1f}{bend}{x1:.1f} {y1:.1f}"
    drawn = '<path class="{}" data-a="{}" data-b="{}" d="{}"><title>{}</title></path>'
    return format_html(drawn, kind, link.a, link.b, course, link.label)


def _members(members: Sequence[Member], places: Mapping[str, Place], sheet: Sheet) -> list[SafeString]:
    """Discs with their words; a narrow sheet has room for names of five signs, and for none where there are many."""
    words = _words if not sheet.narrow else _short_words if len(members) <= NAMED else _no_words
    return [_member(member, places[member.id], words) for member in members]


Words = Callable[[Member, Place, float], list[SafeString]]


def _member(member: Member, place: Place, words: Words) -> SafeString:
    radius = 14 + 10 * min(max(member.weight, 0), 1)
    x, y = place.at
    said = f"{member.name}, {member.note}" if member.note else member.name
    discs = (dot("disc", (x, y), radius), _sign(SECTORS[member.role], x, y))
    return _node(f"node {member.role}", member.id, said, *discs, *words(member, place, radius))


def _words(member: Member, place: Place, radius: float) -> list[SafeString]:
    anchor, x, y = _label_at(place, radius)
    name, note = clip(member.name, 9.5), clip(member.note, 11)
    return [text((x, y), "nm", name, anchor), text((x, y + 16), "sb", note, anchor)]


def _short_words(member: Member, place: Place, radius: float) -> list[SafeString]:
    x, y = place.at
    below = math.sin(math.radians(place.angle)) > -0.05
    return [text((x, y + radius + 16 if below else y - radius - 7), "nm", clip(member.name, 5), "middle")]


def _no_words(_member: Member, _place: Place, _radius: float) -> list[SafeString]:
    return []


def _label_at(place: Place, radius: float) -> tuple[str, float, float]:
    """Anchor and point of the name: beside the disc, above or below it near the top and the bottom."""
    x, y = place.at
    ux, uy = math.cos(math.radians(place.angle)), math.sin(math.radians(place.angle))
    beyond = y + (radius + 18 if uy > 0 else -radius - 24)
    if abs(ux) < 0.05:
        return "middle", x, beyond
    if abs(ux) < 0.4:
        return ("start", x - 14, beyond) if ux > 0 else ("end", x + 14, beyond)
    side = 1 if ux > 0 else -1
    return ("start" if ux > 0 else "end"), x + (radius + 8) * side, y - 2 + uy * 7


def _lead(lead: Lead, sheet: Sheet) -> SafeString:
    x, y = sheet.centre
    lines = _two_lines(lead.name)
    top = y - 2 if len(lines) == 1 else y - 12
    names = [text((x, top + 20 * index), "ld", words, "middle") for index, words in enumerate(lines)]
    note = text((x, top + 20 * len(lines)), "ld2", clip(lead.note, 7), "middle")
    discs = (dot("halo", (x, y), 62), dot("disc", (x, y), 52))
    return _node("node lead", lead.id, f"{lead.name}, {lead.note}", *discs, *names, note)


def _two_lines(name: str) -> list[str]:
    half = clip(name, 5).removesuffix("…")
    rest = name[len(half) :]
    return [half, clip(rest, 5)] if rest else [name]


def _node(kind: str, key: str, said: str, *parts: SafeString) -> SafeString:
    return format_html(
        '<g class="{}" data-id="{}" tabindex="0" role="img" aria-label="{}"><title>{}</title>{}</g>',
        kind, key, said, said, group("in", *parts),
    )  # fmt: skip


def _sign(icon: str, x: float, y: float) -> SafeString:
    at = f"translate({x - 9:.1f} {y - 9:.1f}) scale(.75)"
    return format_html('<g class="sign" transform="{}">{}</g>', at, mark_safe(drawing(icon)))  # noqa: S308
