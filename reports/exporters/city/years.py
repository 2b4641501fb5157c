"""Targets beside what was reached, the city over the years, and consortia beside those of their group."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from consortia.enums import OutcomeKind
from portal.kernel.charts import Bar, bars
from reports.charts import Series, lines
from reports.enums import IN_YUAN, Grade, TargetMetric
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Table, chapter
from reports.exporters.annual.material import Facts, label, money
from reports.exporters.city.material import CityMaterial, by
from reports.rules import word

M = TargetMetric
WAN = 10_000
NONE = "—"
LOWEST = 5  # indicators that are named


def said(metric: str, value: Decimal) -> str:
    """A sum in 10,000 yuan, or a number."""
    return money(value) if metric in IN_YUAN else f"{value:,.0f}"


def named(metric: str) -> str:
    """The figure with its unit."""
    name = label(TargetMetric, metric)
    return _("%(figure)s (×10k yuan)") % {"figure": name} if metric in IN_YUAN else name


# --- targets -----------------------------------------------------------------------------------
def targets(material: CityMaterial) -> Iterator[Block | None]:
    """Of the year and of those before; none where nothing was set."""
    rows = [row for row in material.snapshot["targets"] if row["year"] <= material.year]
    yield _targets(material, rows)
    now = [row for row in rows if row["year"] == material.year]
    caption = _("Part of the targets of %(year)d that was reached (%%)") % {"year": material.year}
    shares = [(named(row["metric"]), _share(material, row)) for row in now]
    drawn = [Bar(name, (("c1", float(share)),), f"{share:.1f}%") for name, share in shares]
    yield Chart(caption, bars(drawn, label=caption, maximum=_most(shares), palette=material.palette)) if now else None


def _most(shares: list[tuple[str, Decimal]]) -> float:
    return float(max([share for _name, share in shares], default=Decimal(0)).max(Decimal(100)))


def _share(material: CityMaterial, row: Facts) -> Decimal:
    return material.figures[row["metric"], row["year"]] * 100 / Decimal(row["value"])


def _targets(material: CityMaterial, rows: list[Facts]) -> Table:
    columns = (
        Column(_("Target figure"), 26), Column(_("Year"), 9, "mid"), Column(_("Target"), 13, "num"),
        Column(_("Reached"), 13, "num"), Column(_("Part reached"), 12, "num"), Column(_("Source document"), 27),
    )  # fmt: skip
    body = tuple(
        (named(row["metric"]), str(row["year"]), said(row["metric"], Decimal(row["value"])),
         said(row["metric"], material.figures[row["metric"], row["year"]]), f"{_share(material, row):.1f}%",
         row["document"])
        for row in rows
    )  # fmt: skip
    source = _("Counted at the end of each year, or on the day of the data. Source: register of city targets.")
    return Table(_("Targets of the city"), columns, body, source, empty=_("No target was set."))


# --- over the years ----------------------------------------------------------------------------
def trends(material: CityMaterial) -> Chapter:
    """Up to five years: consortia, funds, outcomes, grades."""
    return chapter("trends", _("The city over the years"), _trends(material), fresh=True)


def _trends(material: CityMaterial) -> Iterator[Block | None]:
    yield _figures(material)
    counted = [Series(label(M, one), _values(material, one)) for one in (M.CONSORTIA, M.NEW, M.SUB_FIELDS)]
    yield _drawn(material, _("Consortia over the years (number, end of year)"), counted)
    yield _drawn(material, _("Funds over the years (×10k yuan)"), [
        Series(_("Granted"), tuple(float(_granted(material, year) / WAN) for year in material.trend)),
        Series(_("Paid"), tuple(float(material.figures[M.PAID, year] / WAN) for year in material.trend)),
    ])  # fmt: skip
    yield _outcomes(material)
    yield _grades(material)


def _values(material: CityMaterial, metric: str) -> tuple[float, ...]:
    return tuple(float(material.figures[metric, year]) for year in material.trend)


def _drawn(material: CityMaterial, caption: str, series: list[Series]) -> Chart:
    years = [str(year) for year in material.trend]
    return Chart(caption, lines(years, series, label=caption, palette=material.palette))


def _granted(material: CityMaterial, year: int) -> Decimal:
    rows = material.snapshot["trends"]["granted"]
    return sum((Decimal(row["sum"]) for row in rows if row["in_year"] == year), Decimal(0))


def _years(material: CityMaterial, head: str) -> tuple[Column, ...]:
    return Column(head, 35), *(Column(str(year), 13, "num") for year in material.trend)


def _figures(material: CityMaterial) -> Table:
    rows = [(named(metric), *(said(metric, material.figures[metric, year]) for year in material.trend)) for metric in M]
    granted = (_("Granted (×10k yuan)"), *(money(_granted(material, year)) for year in material.trend))
    source = _("Counted at the end of each year, or on the day of the data; sums are those of the year.")
    return Table(_("Main figures over the years"), _years(material, _("Target figure")), (*rows, granted), source)


def _outcomes(material: CityMaterial) -> Table:
    found = by(material.snapshot["trends"]["outcomes"], "kind", "in_year")
    rows = tuple(
        (str(name), *(str(found[kind, str(year)]) for year in material.trend)) for kind, name in OutcomeKind.choices
    )
    sums = [sum(found[kind, str(year)] for kind in OutcomeKind.values) for year in material.trend]
    source = _("Unit: outcomes by their day. Source: register of outcomes.")
    return Table(
        _("Outcomes over the years"), _years(material, _("Kind")), rows, source,
        ((_("Total"), *(str(one) for one in sums)),),
    )  # fmt: skip


def _grades(material: CityMaterial) -> Table:
    found = by(material.snapshot["trends"]["grades"], "mark", "in_year")
    points = {row["in_year"]: row["at"][2] for row in material.snapshot["trends"]["points"]}
    rows = [(str(name), *(str(found[mark, str(year)]) for year in material.trend)) for mark, name in Grade.choices]
    median = (_("Median of the points"), *(points.get(year, NONE) for year in material.trend))
    source = _("Source: final evaluations of each year.")
    columns = _years(material, _("Grade of the year"))
    return Table(_("Final grades over the years"), columns, tuple(rows), source, (median,))


# --- comparison --------------------------------------------------------------------------------
def comparison(material: CityMaterial) -> Iterator[Block | None]:
    """Points of sub-fields, and of the tiers within each; where points were lost."""
    names = material.sub_fields
    yield _points(
        _("Points by sub-field"), (Column(_("Sub-field"), 34),),
        [((names[row["key"]],), row) for row in material.results["fields"]],
    )  # fmt: skip
    yield _points(
        _("Points by sub-field and tier"), (Column(_("Sub-field"), 24), Column(_("Tier"), 10, "mid")),
        [((names[row["field"]], row["of_tier"] or NONE), row) for row in material.results["cells"]],
    )  # fmt: skip
    yield _lost(material)


def _points(caption: str, heads: tuple[Column, ...], found: list[tuple[tuple[str, ...], Facts]]) -> Table:
    names = (_("Evaluations"), _("Least"), _("First quartile"), _("Median"), _("Third quartile"), _("Most"))
    columns = (*heads, *(Column(name, 11, "num") for name in names))
    rows = tuple((*keys, str(row["count"]), *row["at"]) for keys, row in found)
    source = _("Source: evaluations of the year; grades and points of final ones only.")
    return Table(caption, columns, rows, source, empty=_("No evaluation of the year is final yet."))


def _lost(material: CityMaterial) -> Table:
    """The indicators with the smallest part of their points."""
    titles = {
        one["code"]: word(one)
        for dimension in material.snapshot["rules"]["data"].get("dimensions", [])
        for one in dimension["indicators"]
    }
    rows = sorted(
        (Decimal(row["given"]) * 100 / Decimal(row["most"]), row["code"])
        for row in material.results["indicators"]
        if Decimal(row["most"])
    )
    columns = (Column(_("Indicator"), 15), Column(_("Name"), 60), Column(_("Part of the points given"), 25, "num"))
    body = tuple((code, titles.get(code, NONE), f"{share:.1f}%") for share, code in rows[:LOWEST])
    source = _("Source: score sheets of final evaluations; the five indicators with the smallest part.")
    return Table(
        _("Where most points were lost"), columns, body, source, empty=_("No evaluation of the year is final yet.")
    )
