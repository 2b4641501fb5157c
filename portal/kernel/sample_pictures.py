"""One of every picture, of invented figures, for the page of components."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from portal.kernel import charts
from portal.kernel.network import Kind, Lead, Link, Member, Role, network

MEMBERS: tuple[tuple[str, Role, str, float], ...] = (
    ("样例江南理工大学", "univ", "球管热设计", 0.8),
    ("样例太湖大学医学院", "univ", "临床验证", 0.3),
    ("样例微纳研究所", "univ", "探测器闪烁体", 0.6),
    ("样例禾川精密陶瓷", "chain", "绝缘陶瓷件", 0.3),
    ("样例启明真空科技", "chain", "排气与封装", 0.5),
    ("样例钨岭新材料", "chain", "靶盘材料", 0.7),
    ("样例北塘轴承", "chain", "液态金属轴承", 0.4),
    ("样例同屿影像设备", "chain", "整机应用", 0.6),
    ("样例衡准检测", "serv", "检验检测", 0.1),
    ("样例湖畔科创一期基金", "fund", "2,000 万元", 0.6),
    ("样例启帆天使基金", "fund", "800 万元", 0.3),
)
KINDS: Mapping[Role, Kind] = {"univ": "rd", "chain": "sup", "fund": "fin", "serv": "srv"}
DISTRICTS = (
    ("张家港", 1, 0, 260), ("常熟", 2, 0, 160), ("太仓", 3, 0, 90), ("相城", 1.5, 1, 180), ("昆山", 2.5, 1, 640),
    ("高新区", 0, 2, 420), ("姑苏", 1, 2, 0), ("工业园区", 2, 2, 820), ("吴中", 0.5, 3, 140), ("吴江", 1.5, 3, 110),
)  # fmt: skip


def pictures(today: date) -> dict[str, Any]:
    """By the name under which the specimens show them."""
    label = gettext("A sample of the picture")
    ticks = (50, 60, 70, 80, 90, 100)
    return {
        "net": consortium(label),
        "hexmap": districts(label),
        "ring": charts.ring(done=3, half=3, total=7, label=label),
        "spark": charts.spark([3, 4, 4, 6, 5, 8, 9], label=label),
        "stack": charts.stack([("done", 1500), ("due", 1320)], total=3600, label=label),
        "strip": charts.strip([72, 78, 78, 81, 84, 90], current=84, low=50, high=100, ticks=ticks, label=label),
        "bars": bars(label),
        "dumbbell": changes(label),
        "radar": axes(label),
        "gantt": calendar(today, label),
    }


def consortium(label: str) -> SafeString:
    """The members of a sample consortium."""
    members = [Member(str(index), *facts) for index, facts in enumerate(MEMBERS)]
    links = [Link("lead", m.id, KINDS[m.role], m.note, strong=m.weight > 0.5) for m in members]
    between = (Link("0", "4", "rd", "联合研发"), Link("2", "5", "rd", "联合研发"))
    return network(Lead("lead", "样例澄湖医疗", pgettext("role", "Lead")), members, [*links, *between], label=label)


def districts(label: str) -> SafeString:
    """The ten districts by an amount."""
    unit = gettext("×10k yuan")
    cells = [charts.Cell(name, col, row, value, f"{value:,}", unit) for name, col, row, value in DISTRICTS]
    return charts.hexmap(cells, label=label)


def bars(label: str) -> SafeString:
    """Three fields, each of two tiers."""
    figures = (("生物医药", 380, 250), ("集成电路", 360, 180), ("高端装备", 340, 240))
    rows = [charts.Bar(name, (("c1", first), ("c2", second)), f"{first + second:,}") for name, first, second in figures]
    return charts.bars(rows, label=label)


def changes(label: str) -> SafeString:
    """Two figures that grew and one that fell."""
    figures = (("专利授权", 12, 23), ("技术合同", 8, 6), ("联合研发人员", 30, 41))
    rows = [charts.Change(name, before, after, f"{before} → {after}") for name, before, after in figures]
    return charts.dumbbell(rows, low=0, high=50, ticks=(0, 25, 50), label=label)


def axes(label: str) -> SafeString:
    """Six indicators of this year and the last."""
    names = ("技术", "产业化", "协同", "团队", "经费", "人才")
    return charts.radar(names, ((0.9, 0.7, 0.8, 0.6, 0.75, 0.5), (0.7, 0.6, 0.6, 0.7, 0.6, 0.6)), label=label)


def calendar(today: date, label: str) -> SafeString:
    """Three tasks, one of them late."""
    last, this = today.year - 1, today.year
    tasks = (
        charts.Span("T1 球管样机", date(last, 1, 1), date(this, 3, 31), 1.0, "样例江南理工大学"),
        charts.Span("T2 液态金属轴承", date(last, 7, 1), date(this, 9, 30), 0.52, "样例北塘轴承", late=True),
        charts.Span("T3 整机适配", date(this, 4, 1), date(this, 12, 31), 0.3, "样例同屿影像设备"),
    )
    start, end = date(last, 1, 1), date(this, 12, 31)
    return charts.gantt(tasks, start=start, end=end, today=today, today_label=gettext("today"), label=label)
