"""The annual report as data: cover, summary, twelve chapters and annexes, out of one frozen snapshot."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reports.exporters.annual.annexes import annexes
from reports.exporters.annual.blocks import Chapter, Facts
from reports.exporters.annual.differences import differences
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
    correction: Chapter | None = None  # what it says otherwise than the report that it corrects

    @property
    def parts(self) -> tuple[Chapter, ...]:
        """All of it in the order of the document."""
        return (*([self.correction] if self.correction else ()), self.summary, *self.chapters, self.annexes)


NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四")


def numbered(number: int, one: Chapter) -> Chapter:
    """The chapter with its number as the language writes it."""
    return replace(one, mark=f"{NUMERALS[number - 1]}、" if chinese() else f"{number}. ")


def annual_report(material: Material) -> AnnualReport:
    """In the language that is active."""
    report = _report(material)
    if material.corrects is None:
        return report
    before = _report(material.corrects)
    return replace(report, correction=differences(before.parts, report.parts, material.corrects, material))


def _report(material: Material) -> AnnualReport:
    chapters = tuple(numbered(number, make(material)) for number, make in enumerate(CHAPTERS, 1))
    return AnnualReport(material, cover(material), summary(material), chapters, annexes(material))
