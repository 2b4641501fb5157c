"""A frozen snapshot made readable: typed access and the spelling of figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language

from portal.kernel.palettes import Palette, light
from portal.kernel.templatetags.ui import NOTHING, cn_date, wan
from reports.figures import Line, Sheet, spelled
from reports.rules import word
from reports.selectors.scores import sheet_from
from reports.selectors.selfreport import DimensionRows, MetricRow, dimension_rows

Facts = dict[str, Any]

WAN = Decimal(10_000)
FONTS = {"font": '"Report Sans", "Noto Sans CJK SC"', "font-doc": '"Report Serif", "Noto Serif CJK SC"'}


@dataclass(frozen=True)
class Material:
    """A report's snapshot with its number; nothing here asks the database."""

    snapshot: Facts
    number: str
    template_version: str
    snapshot_hash: str
    corrects: "Material | None" = None  # the final report whose place this one takes

    @property
    def evaluation(self) -> Facts:
        """The evaluation itself."""
        found: Facts = self.snapshot["evaluation"]
        return found

    @property
    def is_final(self) -> bool:
        """Whether the grade is confirmed; otherwise the document is a draft."""
        return bool(self.evaluation["status"] == "FINAL")

    @property
    def filing(self) -> Facts:
        """What was frozen when the self-report was filed."""
        found: Facts = self.snapshot["filing"]
        return found

    @property
    def facts(self) -> Facts:
        """The consortium at that moment."""
        found: Facts = self.filing["facts"]
        return found

    @property
    def consortium(self) -> Facts:
        """Its profile."""
        found: Facts = self.facts["consortium"]
        return found

    @property
    def year(self) -> int:
        """The year evaluated."""
        return int(self.evaluation["year"])

    @property
    def as_of(self) -> date:
        """The day of the last step that the snapshot knows."""
        return date.fromisoformat(self.snapshot["as_of"])

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the data."""
        first, last = (date.fromisoformat(day) for day in self.filing["window"])
        return first, last

    @property
    def rules(self) -> Facts:
        """The rules of the year."""
        found: Facts = self.snapshot["rules"]["data"]
        return found

    @cached_property
    def sheet(self) -> Sheet:
        """The score sheet."""
        return sheet_from(self.snapshot["sheet"])

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines of the sheet by indicator."""
        return {line.code: line for line in self.sheet.lines}

    @cached_property
    def dimensions(self) -> tuple[DimensionRows, ...]:
        """Rules and figures as rows, in the language of the document."""
        return dimension_rows(self.rules, self.filing["metrics"])

    @cached_property
    def metrics(self) -> dict[str, MetricRow]:
        """Every metric by its code."""
        return {metric.code: metric for dimension in self.dimensions for metric in dimension.metrics}

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of indicators by code."""
        return {one.code: one.name for dimension in self.dimensions for one in dimension.indicators}

    @cached_property
    def palette(self) -> Palette:
        """The light colours with the fonts of the document."""
        return {**light(), **FONTS}

    def dimension(self, code: str) -> list[MetricRow]:
        """The metrics of one dimension; none when the rules do not know it."""
        return [metric for row in self.dimensions if row.code == code for metric in row.metrics]

    def outcomes(self, *kinds: str, in_year: bool = True) -> Iterator[Facts]:
        """Recorded outcomes of some kinds, without those that yield to another claim to their number."""
        first, last = self.filing["window"]
        for outcome in self.facts["outcomes"]:
            in_window = not in_year or first <= outcome["date"] <= last
            if outcome["kind"] in kinds and outcome.get("counts", True) and in_window:
                yield outcome

    def tranches(self) -> Iterator[tuple[Facts, Facts]]:
        """Every tranche with its award."""
        for award in self.snapshot["awards"]:
            for tranche in award["tranches"]:
                yield award, tranche

    @property
    def own_funds(self) -> Decimal:
        """What the members promised, in yuan: the target that the own funds arrived are held against."""
        metric = self.metrics.get("own_funds")
        return (metric.target or Decimal(0)) * WAN if metric else Decimal(0)

    @property
    def granted(self) -> Decimal:
        """The sum of the awards, in yuan."""
        return sum((Decimal(award["amount"]) for award in self.snapshot["awards"]), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """What was paid of them, in yuan."""
        return sum((Decimal(tranche["paid"]) for _award, tranche in self.tranches() if tranche["paid"]), Decimal(0))


# --- spelling ----------------------------------------------------------------------------------
def label(choices: type[TextChoices], value: str) -> str:
    """The word for an enum's value; the value itself when the enum has forgotten it."""
    return str(choices(value).label) if value in choices.values else value or NOTHING


def day(text: str | None) -> str:
    """A day for a table: 2026-11-21."""
    return text or NOTHING


def long_day(text: str | None) -> str:
    """A day for a sentence: 2026年11月21日."""
    return cn_date(date.fromisoformat(text)) if text else NOTHING


def money(yuan: str | Decimal | None) -> str:
    """万元 with two decimals."""
    return wan(yuan)


def figure(value: Decimal | str | None) -> str:
    """A figure without needless zeros, thousands set apart."""
    return NOTHING if value in (None, "") else spelled(Decimal(str(value)))


def here(names: Mapping[str, str]) -> str:
    """The name of {"zh", "en"} in the language of the document."""
    return word(dict(names))


def chinese() -> bool:
    """Whether the document is Chinese."""
    return (get_language() or "zh").startswith("zh")
