"""Chapters 4 to 8: outputs and economic effect, collaboration, platforms, talent, funds."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from consortia.enums import OutcomeKind, PlatformKind
from members.enums import Group
from members.selectors.figures import origin_in, origin_line
from portal.kernel.charts import Bar, bars
from portal.kernel.network import Lead, Link, Member, network
from portal.kernel.templatetags.ui import NOTHING
from reports.charts import Series, lines
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Row, Table, chapter, prose
from reports.exporters.annual.material import Facts as Data
from reports.exporters.annual.material import Material, day, figure, label, money
from reports.exporters.annual.tables import from_records, metric_table
from reports.selectors.selfreport import MetricRow

WAN = Decimal(10_000)
RELATIONS: Mapping[str, tuple[Any, Any]] = {
    Group.RESEARCH: ("univ", "rd"),
    Group.CHAIN: ("chain", "sup"),
    Group.CAPITAL: ("fund", "fin"),
    Group.SERVICE: ("serv", "srv"),
}
COUNTED = ("patents", "standards", "products", "contracts")


def picked(material: Material, *codes: str) -> list[MetricRow]:
    """The metrics of these codes that the rules know."""
    return [material.metrics[code] for code in codes if code in material.metrics]


# --- 4 outputs and economic effect -------------------------------------------------------------
def outputs(material: Material) -> Chapter:
    """Patents, standards, products, contracts, sales."""
    return chapter("outputs", _("Outputs and economic effect"), _outputs(material))


def _outputs(material: Material) -> Iterator[Block | None]:
    yield metric_table(material, _("Outputs against target"), material.dimension("G2"))
    yield _outcome_list(material)
    yield metric_table(material, _("Economic effect against target"), material.dimension("G3"))
    yield _count_lines(material)
    yield _money_lines(material)
    yield _money_table(material)
    yield prose(material.filing["summary"], _("The year in the words of the lead"))


def _outcome_list(material: Material) -> Table:
    columns = (
        Column(_("Kind"), 13),
        Column(_("Name"), 26),
        Column(_("Number"), 21),
        Column(_("Owner"), 14),
        Column(_("Day"), 15, "day"),
        Column(_("Amount (×10k yuan)"), 11, "num"),
    )
    kinds = [kind for kind in OutcomeKind if kind != OutcomeKind.BREAKTHROUGH]
    rows = tuple(_outcome(row) for kind in kinds for row in material.outcomes(kind))
    title = _("Outcomes recorded in %(year)s") % {"year": material.year}
    return Table(title, columns, rows, from_records(), empty=_("No outcome was recorded in the year."))


def _outcome(row: Data) -> Row:
    amount = money(row["amount"]) if Decimal(row["amount"]) else NOTHING
    return (
        label(OutcomeKind, row["kind"]),
        row["name"],
        row["identifier"],
        row["owner"]["name"],
        day(row["date"]),
        amount,
    )


def _years(material: Material) -> list[str]:
    return [str(year) for year in range(material.year - 2, material.year + 1)]


def _count_lines(material: Material) -> Chart | None:
    """Counted outputs over three years; None when only this year is known."""
    if not material.filing["history"]:
        return None
    series = [
        Series(row.name, tuple(_value(material, row.code, year) for year in _years(material)))
        for row in picked(material, *COUNTED)
    ]
    picture = lines(_years(material), series, label=_said(series), palette=material.palette)
    return Chart(_("Outputs over three years (items)"), picture)


def _value(material: Material, code: str, year: str) -> float | None:
    if year == str(material.year):
        value = material.metrics[code].value
        return None if value is None else float(value)
    text = material.filing["history"].get(year, {}).get(code)
    return float(text) if text else None


def _said(series: Iterable[Series]) -> str:
    return "; ".join(
        f"{one.name} {', '.join(NOTHING if v is None else f'{v:g}' for v in one.values)}" for one in series
    )


def _money_lines(material: Material) -> Chart | None:
    stated = {str(row["year"]): row for row in material.facts["lead"]["years"]}
    if not stated:
        return None
    years = _years(material)
    series = [
        Series(_("Revenue"), tuple(_wan_of(stated.get(year), "revenue") for year in years)),
        Series(_("R&D expense"), tuple(_wan_of(stated.get(year), "rd_expense") for year in years)),
    ]
    picture = lines(years, series, label=_said(series), palette=material.palette)
    return Chart(_("Revenue and R&D expense of the lead over three years (×10k yuan)"), picture)


def _wan_of(row: Data | None, name: str) -> float | None:
    return float(Decimal(row[name]) / WAN) if row else None


def _money_table(material: Material) -> Table:
    columns = (
        Column(_("Year"), 16, "mid"),
        Column(_("Revenue (×10k yuan)"), 24, "num"),
        Column(_("R&D expense (×10k yuan)"), 24, "num"),
        Column(_("R&D intensity"), 18, "num"),
        Column(_("R&D staff"), 18, "num"),
    )
    stated = [row for row in material.facts["lead"]["years"] if str(row["year"]) in _years(material)]
    source = " ".join([from_records(), *(f"{origin_line(found)}." for row in stated if (found := origin_in(row)))])
    rows = tuple(_money_row(row) for row in stated)
    return Table(_("Yearly figures of the lead"), columns, rows, source, empty=_("No yearly figures were stated."))


def _money_row(row: Data) -> Row:
    revenue, expense = Decimal(row["revenue"]), Decimal(row["rd_expense"])
    intensity = f"{expense / revenue * 100:.2f}%" if revenue else NOTHING
    return str(row["year"]), money(revenue), money(expense), intensity, figure(row["rd_staff"])


# --- 5 collaboration ---------------------------------------------------------------------------
def collaboration(material: Material) -> Chapter:
    """Joint projects, small enterprises, sharing, continuity."""
    return chapter("collaboration", _("Collaboration"), _collaboration(material))


def _collaboration(material: Material) -> Iterator[Block | None]:
    yield metric_table(
        material, _("Joint projects and continuity"), picked(material, "joint_projects", "joint_value", "members_kept")
    )
    yield metric_table(
        material, _("Sharing and cross-region cooperation"), picked(material, "sharing_hours", "cross_region")
    )
    yield metric_table(material, _("Small and medium enterprises"), picked(material, "smes", "new_specialised"))
    yield _network(material)


def _network(material: Material) -> Chart:
    lead = material.facts["lead"]
    others = [member for member in material.facts["members"] if member["organisation"]["id"] != lead["id"]]
    members = [_node(member, others) for member in others]
    links = [
        Link(lead["id"], member["organisation"]["id"], _relation(member)[1], "", strong=member["layer"] == "CORE")
        for member in others
    ]
    said = _("%(lead)s with %(count)s members") % {"lead": lead["name"], "count": len(others)}
    centre = Lead(lead["id"], lead["name"], _("Lead"))
    return Chart(
        _("Collaboration network; thick lines: core layer"),
        network(centre, members, links, label=said, palette=material.palette),
    )


def _node(member: Data, others: list[Data]) -> Member:
    highest = max((Decimal(other["cash"]) for other in others), default=Decimal(0)) or 1
    organisation = member["organisation"]
    weight = float(Decimal(member["cash"]) / highest)
    return Member(organisation["id"], organisation["name"], _relation(member)[0], weight=weight)


def _relation(member: Data) -> tuple[Any, Any]:
    return RELATIONS[member["organisation"]["group"]]


# --- 6 platforms -------------------------------------------------------------------------------
def platforms(material: Material) -> Chapter:
    """Joint platforms and incubation."""
    blocks = (_platforms(material), metric_table(material, _("Platforms and incubation"), material.dimension("G5")))
    return chapter("platforms", _("Platforms and incubation"), blocks)


def _platforms(material: Material) -> Table:
    columns = (
        Column(_("Platform"), 32),
        Column(_("Kind"), 20),
        Column(_("Builder"), 22),
        Column(_("Area (m²)"), 11, "num"),
        Column(_("Opened on"), 15, "day"),
    )
    rows = tuple(
        (row["name"], label(PlatformKind, row["kind"]), row["builder"]["name"], figure(row["area"]),
         row["opened_on"] or _("Being built"))
        for row in material.facts["platforms"]
    )  # fmt: skip
    return Table(_("Joint platforms"), columns, rows, from_records(), empty=_("No joint platform is recorded."))


# --- 7 talent ----------------------------------------------------------------------------------
def talent(material: Material) -> Chapter:
    """Introduced, trained jointly, seconded: counts, never a ranking of titles."""
    return chapter("talent", _("Talent"), (metric_table(material, _("Talent"), material.dimension("G6")),))


# --- 8 funds and capital -----------------------------------------------------------------------
def capital(material: Material) -> Chapter:
    """Funds and leverage."""
    return chapter("capital", _("Funds and capital"), _capital(material))


def _capital(material: Material) -> Iterator[Block | None]:
    yield _funds(material)
    yield _leverage(material)
    yield metric_table(material, _("Capital against target"), material.dimension("G7"))


def _funds(material: Material) -> Table:
    columns = (
        Column(_("Fund"), 34),
        Column(_("Manager"), 26),
        Column(_("Scale (×10k yuan)"), 16, "num"),
        Column(_("Paid-in capital (×10k yuan)"), 16, "num"),
        Column(_("Share"), 8, "num"),
    )
    rows = tuple(_fund(row) for row in material.facts["funds"])
    return Table(_("Industry funds"), columns, rows, from_records(), empty=_("No fund is recorded."))


def _fund(row: Data) -> Row:
    scale, paid = Decimal(row["scale"]), Decimal(row["paid_in"])
    share = f"{paid / scale * 100:.0f}%" if scale else NOTHING
    return row["name"], row["manager"]["name"], money(scale), money(paid), share


def _leverage(material: Material) -> Chart | None:
    """The grant beside the capital that it drew; None when neither is known."""
    attracted = picked(material, "leverage")
    social = attracted[0].value if attracted and attracted[0].value is not None else Decimal(0)
    paid = material.paid / WAN
    if not social and not paid:
        return None
    own = material.own_funds / WAN
    rows = [
        Bar(_("Grant paid"), (("c1", float(paid)),), f"{paid:,.2f}"),
        Bar(_("Own funds promised"), (("c3", float(own)),), f"{own:,.2f}"),
        Bar(_("Social capital"), (("c2", float(social)),), f"{social:,.2f}"),
    ]
    said = "; ".join(f"{row.name} {row.text}" for row in rows)
    return Chart(_("Leverage of the grant (×10k yuan)"), bars(rows, label=said, palette=material.palette))
