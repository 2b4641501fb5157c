"""The pictures are well-formed, escape what people typed, and carry their colours into a PDF."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import override

from portal.kernel import charts, palettes
from portal.kernel.network import TALL, Lead, Link, Member, network
from portal.kernel.sample_pictures import pictures
from tests.clock import NOON

SVG = "{http://www.w3.org/2000/svg}"


def tree(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314


def by_class(picture: str, tag: str, kind: str) -> list[ET.Element]:
    return [element for element in tree(picture).iter(SVG + tag) if kind in element.get("class", "").split()]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_picture_is_well_formed_and_says_what_it_shows(language: str) -> None:
    with override(language):
        drawn = pictures(NOON.date())

    assert len(drawn) == 10
    for picture in drawn.values():
        assert isinstance(picture, SafeString)
        assert tree(picture).get("aria-label")
        assert tree(picture).find(f".//{SVG}style") is None  # the policy of the page refuses it
        assert "style=" not in picture


# --- for a PDF ---------------------------------------------------------------------------------
PLAIN = charts.ring(done=1, half=0, total=2, label="x", palette=palettes.light())


def test_with_a_palette_the_picture_brings_its_own_colours() -> None:
    style = tree(PLAIN).find(f"{SVG}style")

    assert style is not None
    assert "var(" not in (style.text or "")
    assert ".ringc .on {stroke: #2a7a5b;}" in (style.text or "")


def test_with_a_palette_the_picture_has_a_size() -> None:
    assert (tree(PLAIN).get("width"), tree(PLAIN).get("height")) == ("76", "76")


@pytest.mark.parametrize("picture", ["net", "hex", "ringc", "spark", "strip", "dumb", "bars", "radar", "gant"])
def test_the_rules_of_every_picture_can_be_resolved(picture: str) -> None:
    rules = palettes.rules_of(picture)

    resolved = palettes.resolve(rules, palettes.light())

    assert rules
    assert "var(" not in resolved
    assert {selector.split()[0].split(".")[1] for selector in re.findall(r"(\.[^{},]+)[,{]", rules)} == {picture}


def test_the_tokens_are_plain_hex_for_old_browsers() -> None:
    assert palettes.light()["dai-6"] == "#24596f"
    assert {
        name for name, value in palettes.light().items() if re.search(r"oklch|color-mix|light-dark", value)
    } == set()


def test_an_icon_that_is_not_in_the_sprite_is_an_error() -> None:
    with pytest.raises(KeyError, match="no-such-icon"):
        palettes.drawing("no-such-icon")


# --- small pictures ----------------------------------------------------------------------------
def test_a_ring_counts_done_and_half() -> None:
    ring = charts.ring(done=3, half=2, total=7, label="x")

    assert [element.get("class") for element in tree(ring).iter(SVG + "path")] == ["on"] * 3 + ["half"] * 2 + [
        "off"
    ] * 2


@pytest.mark.parametrize("values", [[5], [5, 5, 5], [1, 9]])
def test_a_spark_line_takes_one_value_and_equal_values(values: list[float]) -> None:
    last = by_class(charts.spark(values, label="x"), "circle", "last")[0]

    assert last.get("cx") == "94"


def test_a_stack_divides_the_width_by_the_total() -> None:
    stack = charts.stack([("done", 25), ("due", 50)], total=100, label="x")

    assert [by_class(stack, "rect", kind)[0].get("width") for kind in ("done", "due")] == ["249", "499"]


def test_a_stack_of_nothing_divides_by_nothing() -> None:
    assert by_class(charts.stack([("done", 0)], total=0, label="x"), "rect", "done")[0].get("width") == "0"


def test_bars_share_one_scale() -> None:
    rows = [charts.Bar("A", (("c1", 100),)), charts.Bar("B", (("c1", 50),))]

    assert [e.get("width") for e in by_class(charts.bars(rows, label="x"), "rect", "c1")] == ["419", "209"]


def test_no_bars_are_an_empty_picture() -> None:
    assert list(tree(charts.bars([], label="x"))) == []


def test_a_fall_looks_different_from_a_rise() -> None:
    rows = [charts.Change("A", 1, 5), charts.Change("B", 5, 1)]
    drawn = charts.dumbbell(rows, low=0, high=10, label="x")

    assert (len(by_class(drawn, "g", "up")), len(by_class(drawn, "g", "down"))) == (1, 1)


def test_equal_scores_are_piled() -> None:
    dots = by_class(charts.strip([80, 80, 90], low=50, high=100, label="x"), "circle", "dot")

    assert [(dot.get("cx"), dot.get("cy")) for dot in dots] == [("197.2", "44"), ("197.2", "33"), ("259.6", "44")]


# --- calendar ----------------------------------------------------------------------------------
YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}
TASK = charts.Span("T1", date(2025, 6, 1), date(2026, 7, 2), 0.5, late=True)


def test_a_task_that_began_earlier_is_cut_at_the_edge() -> None:
    plan = by_class(charts.gantt([TASK], **YEAR, label="x"), "rect", "plan")[0]

    assert (plan.get("x"), plan.get("width")) == ("220", "300")


def test_today_is_drawn_only_inside_the_calendar() -> None:
    inside = charts.gantt([TASK], **YEAR, today=date(2026, 11, 18), label="x")
    outside = charts.gantt([TASK], **YEAR, today=date(2027, 1, 1), label="x")

    assert (len(by_class(inside, "line", "today")), len(by_class(outside, "line", "today"))) == (1, 0)


# --- district diagram --------------------------------------------------------------------------
def test_a_district_without_anything_is_pale_and_the_greatest_dark() -> None:
    cells = [charts.Cell("A", 0, 0, 0, "0"), charts.Cell("B", 1, 0, 820, "820", href="/?district=b")]
    drawn = charts.hexmap(cells, label="x")

    assert [g.get("class") for g in tree(drawn).iter(SVG + "g")] == ["hx q0", "hx q5"]
    assert [a.get("href") for a in tree(drawn).iter(SVG + "a")] == ["/?district=b"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("张家港", [("hn", "张家港")]),
        ("Kunshan", [("hn", "Kunshan")]),
        ("Zhangjiagang", [("hn sm", "Zhangjiagang")]),
        ("Industrial Park", [("hn sm", "Industrial"), ("hn sm", "Park")]),
    ],
)
def test_a_long_name_of_a_district_stays_within_its_hexagon(name: str, lines: list[tuple[str, str]]) -> None:
    drawn = charts.hexmap([charts.Cell(name, 0, 0, 1, "1")], label="x")

    names = by_class(drawn, "text", "hn")
    assert [(one.get("class"), one.text) for one in names] == lines


# --- network -----------------------------------------------------------------------------------
LEAD = Lead("lead", "样例澄湖医疗", "牵头")
MEMBERS = [Member("u", "样例江南理工大学", "univ", weight=1), Member("f", "<script>", "fund", "800")]


def test_a_network_is_the_same_on_every_visit() -> None:
    assert network(LEAD, MEMBERS, [], label="x") == network(LEAD, MEMBERS, [], label="x")


def test_a_network_escapes_names_that_people_typed() -> None:
    drawn = network(LEAD, MEMBERS, [Link("lead", "f", "fin", '"><x>')], label="x")

    assert "<script>" not in drawn
    assert next(title.text for title in tree(drawn).iter(SVG + "title")) == '"><x>'


def test_a_network_ignores_links_to_somebody_who_left() -> None:
    drawn = network(LEAD, MEMBERS, [Link("lead", "gone", "rd", "x"), Link("lead", "u", "rd", "y")], label="x")

    assert len(by_class(drawn, "path", "link")) == 1


def test_a_lead_alone_is_drawn_alone() -> None:
    drawn = network(LEAD, [], [], label="x")

    assert [g.get("data-id") for g in tree(drawn).iter(SVG + "g") if g.get("data-id")] == ["lead"]


@pytest.mark.parametrize(("count", "named"), [(3, 3), (40, 0)])
def test_a_narrow_network_names_members_within_its_sheet(count: int, named: int) -> None:
    members = [Member(str(index), "样例江南理工大学", "univ") for index in range(count)]
    drawn = network(LEAD, members, [], label="x", sheet=TALL)

    names = by_class(drawn, "text", "nm")
    assert (tree(drawn).get("class"), len(by_class(drawn, "circle", "disc"))) == ("net tall", count + 1)
    assert [one.text for one in names] == ["样例江南…"] * named
    assert all(42 < float(one.get("x", 0)) < TALL.size[0] - 42 for one in names)


def test_forty_members_keep_apart() -> None:
    members = [Member(str(index), f"样例{index}", "chain") for index in range(40)]
    discs = by_class(network(LEAD, members, [], label="x"), "circle", "disc")[:-1]
    places = [(float(disc.get("cx", 0)), float(disc.get("cy", 0))) for disc in discs]

    assert len(set(places)) == 40


@pytest.mark.parametrize(
    ("words", "room", "shown"),
    [
        ("样例澄湖医疗装备", 9.5, "样例澄湖医疗装备"),
        ("样例湖畔科创一期基金管理", 9.5, "样例湖畔科创一期…"),
        ("Jiangnan University", 6, "Jiangnan…"),
    ],
)
def test_long_names_are_cut_by_their_width(words: str, room: float, shown: str) -> None:
    assert charts.clip(words, room) == shown
