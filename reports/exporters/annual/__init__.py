"""The annual report as data: cover, summary, twelve chapters and annexes, out of one frozen snapshot."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reports.exporters.annual.annexes import annexes
from reports.exporters.annual.blocks import Chapter, Facts
from reports.exporters.annual.effects import capital, collaboration, outputs, platforms, talent
from reports.exporters.annual.front import cover, summary
from reports.exporters.annual.funding import use_of_funds
from reports.exporters.annual.material import Material, chinese
from reports.exporters.annual.results import conclusion, opinion, scores
from reports.exporters.annual.work import profile, seven, tasks

CHAPTERS: tuple[Callable[[Material], Chapter], ...] = (
    profile, seven, tasks, outputs, collaboration, platforms, talent, capital, use_of_funds, scores,
    opinion, conclusion,
)  # fmt: skip


@dataclass(frozen=True)
class AnnualReport:
    """Everything that the template prints."""

    material: Material
    cover: Facts
    summary: Chapter
    chapters: tuple[Chapter, ...]
    annexes: Chapter


NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def numbered(number: int, one: Chapter) -> Chapter:
    """The chapter with its number as the language writes it."""
    return replace(one, mark=f"{NUMERALS[number - 1]}、" if chinese() else f"{number}. ")


def annual_report(material: Material) -> AnnualReport:
    """In the language that is active."""
    chapters = tuple(numbered(number, make(material)) for number, make in enumerate(CHAPTERS, 1))
    return AnnualReport(material, cover(material), summary(material), chapters, annexes(material))
