"""The frozen snapshot of a city's year made readable."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property

from consortia.enums import ALIVE, Tier
from reports.exporters.annual.material import Facts, Material, here
from reports.selectors.cityyears import TREND
from reports.selectors.summary import YEARS, is_final


class CityMaterial(Material):
    """A summary's snapshot with its number; nothing here asks the database."""

    @property
    def is_final(self) -> bool:
        """Whether every evaluation of the year is decided; otherwise the document is a draft."""
        return is_final(self.snapshot)

    @property
    def year(self) -> int:
        """The year summed up."""
        return int(self.snapshot["year"])

    @property
    def years(self) -> tuple[int, ...]:
        """Those of the trends."""
        return tuple(range(self.year - YEARS + 1, self.year + 1))

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the year."""
        first, last = (date.fromisoformat(day) for day in self.snapshot["window"])
        return first, last

    @cached_property
    def districts(self) -> dict[str, str]:
        """Their names in the language of the document."""
        return {row["id"]: here(row) for row in self.snapshot["districts"]}

    @cached_property
    def sub_fields(self) -> dict[str, str]:
        """The same for sub-fields."""
        return {row["id"]: here(row) for row in self.snapshot["sub_fields"]}

    @cached_property
    def tiers(self) -> dict[str, str]:
        """The tiers in words."""
        return {value: str(name) for value, name in Tier.choices}

    @property
    def consortia(self) -> Facts:
        """Sums about them."""
        found: Facts = self.snapshot["consortia"]
        return found

    @property
    def results(self) -> Facts:
        """Sums about the evaluation."""
        found: Facts = self.snapshot["evaluation"]
        return found

    @property
    def recognised(self) -> int:
        """All that were granted by the end of the year."""
        return total(self.consortia["recognised"])

    @property
    def new(self) -> int:
        """Those granted in the year."""
        return total(row for row in self.consortia["recognised"] if row["in_year"] == self.year)

    @property
    def alive(self) -> int:
        """Those still at work on the day of the data."""
        return total(row for row in self.consortia["states"] if row["state"] in ALIVE)

    @property
    def cells(self) -> Counter[tuple[str, str]]:
        """Consortia at work by sub-field and district."""
        return Counter({(str(row["field"]), str(row["place"])): row["count"] for row in self.consortia["cells"]})

    @cached_property
    def figures(self) -> dict[tuple[str, int], Decimal]:
        """What the city can set itself as a target, of each year of the trend; sums in yuan."""
        return {(row["metric"], row["year"]): Decimal(row["value"]) for row in self.snapshot["figures"]}

    @property
    def trend(self) -> tuple[int, ...]:
        """The years of the long trends."""
        return tuple(range(self.year - TREND + 1, self.year + 1))

    def amounts(self, kind: str, year: int | None = None) -> Decimal:
        """Awards or payments of a year, in yuan."""
        rows = self.snapshot["money"][kind]
        return sum((Decimal(row["sum"]) for row in rows if row["in_year"] == (year or self.year)), Decimal(0))


def total(rows: Iterable[Facts]) -> int:
    """The counts together."""
    return sum(row["count"] for row in rows)


def by(rows: Iterable[Facts], *keys: str) -> Counter[tuple[str, ...]]:
    """The counts by some of the keys, as text."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        found[tuple(str(row[key]) for key in keys)] += row["count"]
    return found
