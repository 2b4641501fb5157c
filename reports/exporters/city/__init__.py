"""The city-wide annual summary as data: cover, a page at a glance, chapters and annexes, out of one frozen snapshot."""

from collections.abc import Callable

from reports.exporters.annual import AnnualReport, numbered
from reports.exporters.annual.blocks import Chapter
from reports.exporters.city.annexes import annexes
from reports.exporters.city.evaluation import results
from reports.exporters.city.front import cover, glance
from reports.exporters.city.material import CityMaterial
from reports.exporters.city.money import funds
from reports.exporters.city.outlook import cases, plan, process, risks
from reports.exporters.city.registry import coverage, leads, outputs, overview
from reports.exporters.city.works import collaboration, resources, tasks
from reports.exporters.city.years import trends

CHAPTERS: tuple[Callable[[CityMaterial], Chapter], ...] = (
    overview, coverage, leads, tasks, outputs, trends, collaboration, resources, funds, results, process, cases, risks,
    plan,
)  # fmt: skip


def city_report(material: CityMaterial) -> AnnualReport:
    """In the language that is active."""
    chapters = tuple(numbered(number, make(material)) for number, make in enumerate(CHAPTERS, 1))
    return AnnualReport(material, cover(material), glance(material), chapters, annexes(material))
