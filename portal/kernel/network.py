"""The picture of a consortium: the lead in the middle, one sector of an ellipse per role around it.

Positions are computed, not simulated, so the picture is the same on every visit, in print and in a test.
"""

import math
from collections.abc import Mapping, Sequence
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
WIDTH, HEIGHT = 840.0, 640.0
CENTRE = (WIDTH / 2, HEIGHT / 2)
RADIUS = (250.0, 226.0)
GAP = 9.0
SMALLEST = 1.4
NAME_ROOM = 9.5


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


def network(
    lead: Lead, members: Sequence[Member], links: Sequence[Link], *, label: str, palette: Palette | None = None
) -> SafeString:
    """Sectors at the back, links over them, discs and names in front."""
    places = {lead.id: Place(CENTRE, 0)}
    sectors = []
    for role, start, span in _shares(members):
        sectors.append(path(f"sector {role}", arc(CENTRE, RADIUS, start + 2, start + span - 2)))
        inside = [member for member in members if member.role == role]
        for index, member in enumerate(inside):
            angle = start + span * (index + 0.5) / len(inside)
            places[member.id] = Place(polar(CENTRE, RADIUS, angle), angle)
    drawn = [_ring(), *sectors, *(_link(link, places, lead.id) for link in links if {link.a, link.b} <= places.keys())]
    drawn += [_member(member, places[member.id]) for member in members]
    return svg("net", (WIDTH, HEIGHT), label, [*drawn, _lead(lead)], palette, role="group")


def ties(
    names: Mapping[str, str], pairs: Sequence[tuple[str, str, str]], *, label: str, palette: Palette | None = None
) -> SafeString:
    """Equals on an ellipse, named by their ids; a line for each pair of ids with its words."""
    places: dict[str, Place] = {}
    for index, key in enumerate(names):
        angle = 270 + 360 * (index + 0.5) / len(names)
        places[key] = Place(polar(CENTRE, RADIUS, angle), angle)
    lines = [_link(Link(a, b, "rd", words, strong=True), places, "") for a, b, words in pairs]
    discs = [_member(Member(key, names[key], "chain"), place) for key, place in places.items()]
    return svg("net", (WIDTH, HEIGHT), label, [*lines, *discs], palette, role="group")


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


def _ring() -> SafeString:
    inner = (RADIUS[0] * 0.56, RADIUS[1] * 0.56)
    return format_html('<ellipse class="ring" cx="{}" cy="{}" rx="{}" ry="{}"/>', *CENTRE, *inner)


def _link(link: Link, places: Mapping[str, Place], lead: str) -> SafeString:
    (x0, y0), (x1, y1) = places[link.a].at, places[link.b].at
    bend = "L"
    if lead not in (link.a, link.b):  # around the centre, not through the lead
        mx, my = ((x0 + x1) / 2 + CENTRE[0]) / 2, ((y0 + y1) / 2 + CENTRE[1]) / 2
        bend = f"Q{mx:.1f} {my:.1f} "
    kind = f"link {link.kind}{' strong' if link.strong else ''}"
    course = f"M{x0:.1f} {y0:.1f}{bend}{x1:.1f} {y1:.1f}"
    drawn = '<path class="{}" data-a="{}" data-b="{}" d="{}"><title>{}</title></path>'
    return format_html(drawn, kind, link.a, link.b, course, link.label)


def _member(member: Member, place: Place) -> SafeString:
    radius = 14 + 10 * min(max(member.weight, 0), 1)
    (x, y), (anchor, lx, ly) = place.at, _label_at(place, radius)
    name = text((lx, ly), "nm", clip(member.name, NAME_ROOM), anchor)
    note = text((lx, ly + 16), "sb", clip(member.note, 11), anchor)
    said = f"{member.name}, {member.note}" if member.note else member.name
    discs = (dot("disc", (x, y), radius), _sign(SECTORS[member.role], x, y))
    return _node(f"node {member.role}", member.id, said, *discs, name, note)


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


def _lead(lead: Lead) -> SafeString:
    x, y = CENTRE
    lines = _two_lines(lead.name)
    top = y - 2 if len(lines) == 1 else y - 12
    names = [text((x, top + 20 * index), "ld", words, "middle") for index, words in enumerate(lines)]
    note = text((x, top + 20 * len(lines)), "ld2", clip(lead.note, 7), "middle")
    discs = (dot("halo", CENTRE, 62), dot("disc", CENTRE, 52))
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
