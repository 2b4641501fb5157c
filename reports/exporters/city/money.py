"""The chapter on funds."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.charts import Series, lines
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Prose, Table, chapter
from reports.exporters.annual.material import money
from reports.exporters.city.material import CityMaterial, total

WAN = 10_000


def funds(material: CityMaterial) -> Chapter:
    """What was granted and paid."""
    return chapter("funds", _("Funds"), _funds(material), fresh=True)


def _funds(material: CityMaterial) -> Iterator[Block | None]:
    words = {"year": material.year, "granted": money(material.amounts("awards")),
             "paid": money(material.amounts("payments"))}  # fmt: skip
    yield Prose((
        _("In %(year)d grants of %(granted)s ×10k yuan were approved; payments of the year, for grants of any year, "
          "came to %(paid)s ×10k yuan.") % words,
    ))  # fmt: skip
    yield _tiers(material)
    yield _years(material)
    yield _trend(material)
    yield _beside(material)


def _spelt(material: CityMaterial, tier: str = "") -> tuple[str, str, str, str]:
    """Number and sum of grants, number and sum of payments: of a tier, or of all."""
    return (*_of(material, "awards", tier), *_of(material, "payments", tier))


def _of(material: CityMaterial, kind: str, tier: str) -> tuple[str, str]:
    found = (row for row in material.snapshot["money"][kind] if row["in_year"] == material.year)
    rows = [row for row in found if not tier or row["of_tier"] == tier]
    return str(total(rows)), money(sum((Decimal(row["sum"]) for row in rows), Decimal(0)))


def _tiers(material: CityMaterial) -> Table:
    columns = (
        Column(_("Tier"), 28), Column(_("Grants"), 14, "num"), Column(_("Granted (×10k yuan)"), 22, "num"),
        Column(_("Payments"), 14, "num"), Column(_("Paid (×10k yuan)"), 22, "num"),
    )  # fmt: skip
    rows = tuple((name, *_spelt(material, tier)) for tier, name in material.tiers.items())
    caption = _("Grants and payments of %(year)d by tier") % {"year": material.year}
    return Table(caption, columns, rows, _ledger(), ((_("Total"), *_spelt(material)),))


def _ledger() -> str:
    return _("Source: award register by year of the award; payments that stand, by day of payment.")


def _years(material: CityMaterial) -> Table:
    columns = (
        Column(_("Year"), 28), Column(_("Granted (×10k yuan)"), 36, "num"), Column(_("Paid (×10k yuan)"), 36, "num")
    )  # fmt: skip
    rows = tuple(
        (str(year), money(material.amounts("awards", year)), money(material.amounts("payments", year)))
        for year in material.years
    )
    return Table(_("Grants and payments over three years"), columns, rows, _ledger())


def _trend(material: CityMaterial) -> Chart:
    series = [
        Series(name, tuple(float(material.amounts(kind, year) / WAN) for year in material.years))
        for kind, name in (("awards", _("Granted")), ("payments", _("Paid")))
    ]
    caption = _("Grants and payments over three years (×10k yuan)")
    years = [str(year) for year in material.years]
    return Chart(caption, lines(years, series, label=caption, palette=material.palette))


def _beside(material: CityMaterial) -> Table:
    """What stands beside grants and payments: the budget, money of the districts, money claimed back."""
    kinds = {
        "budget": _("Budget"),
        "cofunding": _("Money from the districts that arrived"),
        "claimed": _("Claimed back by a notice"),
        "recovered": _("Paid back"),
    }
    columns = (Column(_("Amounts (×10k yuan)"), 46), *(Column(str(year), 18, "num") for year in material.years))
    rows = [(name, *(money(material.amounts(kind, year)) for year in material.years)) for kind, name in kinds.items()]
    done = (_("Paid, part of the budget"), *(_part(material, year) for year in material.years))
    source = _("Source: budget lines, confirmed money of the districts, claims by the day of their notice.")
    return Table(_("Budget, co-funding and recovery"), columns, (*rows, done), source)


def _part(material: CityMaterial, year: int) -> str:
    budget = material.amounts("budget", year)
    return f"{material.amounts('payments', year) * 100 / budget:.1f}%" if budget else "—"
