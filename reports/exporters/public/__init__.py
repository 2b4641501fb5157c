"""The public edition as data, for print and for the page: out of facts that everybody may read."""

from collections.abc import Callable

from reports.exporters.annual import AnnualReport, numbered
from reports.exporters.annual.blocks import Chapter
from reports.exporters.public.front import about, cover, glance
from reports.exporters.public.material import PublicMaterial
from reports.exporters.public.year import effects, grading, outcomes, profile, research

CHAPTERS: tuple[Callable[[PublicMaterial], Chapter], ...] = (profile, research, outcomes, effects, grading)


def public_report(material: PublicMaterial) -> AnnualReport:
    """In the language that is active."""
    chapters = tuple(numbered(number, make(material)) for number, make in enumerate(CHAPTERS, 1))
    return AnnualReport(material, cover(material), glance(material), chapters, about(material))
