"""What officials see of the passages that applications share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funding.models import Application, SharedPassage, SimilarityCheck, SimilarityFinding
from funding.models.application import HEAVY
from funding.rules.sections import SECTIONS
from funding.rules.similarity import DESIGNED, Run, Span, covered
from funding.selectors.readings import PARTS
from funding.selectors.similarity import NOT_COMPARED, job_of
from portal.kernel.models import Job

Sections = Sequence[Mapping[str, Any]]
TITLES: dict[str, str | Promise] = {name: one.title for one in SECTIONS.values() for name in one.fields}


@dataclass(frozen=True)
class Line:
    """Another application that shares passages with one; `later` when it was found from the other side.

    Letters and share (0 to 100) are those of the application that was checked.
    """

    finding: SimilarityFinding
    other: Application
    later: bool

    @property
    def percent(self) -> float:
        """The share in per cent."""
        return self.finding.percent


@dataclass(frozen=True)
class State:
    """Where the comparison of a submission stands, and what it found."""

    check: SimilarityCheck | None
    job: Job | None
    lines: list[Line]

    @property
    def percent(self) -> float:
        """How much of it other consortia have written, too."""
        return self.check.share * 100 if self.check else 0.0

    @property
    def foreign(self) -> list[Line]:
        """The lines that speak of other consortia."""
        return [line for line in self.lines if not line.finding.own]

    @property
    def open(self) -> int:
        """How many of those nobody has judged yet."""
        return sum(not line.finding.verdict for line in self.foreign)

    @property
    def is_waiting(self) -> bool:
        """Whether a comparison is still to come."""
        return bool(self.job and not self.job.is_ended)


def state(application: Application, user: Any) -> State:
    """The newest comparison of an application, as far as the reader may know of it."""
    checks = application.similarity_checks.filter(snapshot_hash=application.snapshot_hash)
    return State(checks.first(), job_of(application), _lines(application, user))


def _lines(application: Application, user: Any) -> list[Line]:
    """Those that it shares most with first, its own at the end."""
    found = _newest(user)
    near = [Line(one, one.other, later=False) for one in found.filter(comparison__application=application)]
    known = {line.other.pk for line in near}
    far = [Line(one, one.application, later=True) for one in found.filter(other=application)]
    lines = [*near, *(line for line in far if line.other.pk not in known)]
    return sorted(lines, key=lambda line: (line.finding.own, -line.finding.shared, line.other.number))


def _newest(user: Any) -> QuerySet[SimilarityFinding]:
    """The findings of every application's newest comparison; what was withdrawn is not told of."""
    newest = SimilarityCheck.objects.filter(application=OuterRef("comparison__application")).values("pk")[:1]
    return (
        findings(user)
        .filter(comparison=Subquery(newest))
        .exclude(comparison__application__status__in=NOT_COMPARED)
        .exclude(other__status__in=NOT_COMPARED)
    )


def findings(user: Any) -> QuerySet[SimilarityFinding]:
    """Findings with both applications, without their texts."""
    sides = ("comparison__application", "other")
    named = [f"{side}__{name}" for side in sides for name in ("consortium__lead", "call__rules")]
    heavy = [f"{side}__{name}" for side in sides for name in HEAVY]
    return SimilarityFinding.objects.visible_to(user).select_related(*named, "judged_by").defer(*heavy)


def earlier(finding: SimilarityFinding) -> SimilarityFinding | None:
    """What was last said of the same two applications, in an earlier comparison."""
    same = SimilarityFinding.objects.filter(comparison__application=finding.application, other=finding.other)
    judged = same.exclude(verdict="").exclude(pk=finding.pk).select_related("judged_by")
    return judged.order_by("-judged_at").first()


# --- side by side ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Piece:
    """A piece of a text; `both` when the other text has it, too."""

    text: str
    both: bool


@dataclass(frozen=True)
class Pair:
    """A shared passage, as it stands in each of the two; likeness in per cent."""

    title: str
    pieces: list[Piece]
    other_title: str
    other_pieces: list[Piece]
    percent: float


def pairs(finding: SimilarityFinding) -> list[Pair]:
    """The shared passages, longest first."""
    rows = sorted(finding.passages.all(), key=lambda row: (-len(row.text), row.ordinal))
    designed = _designed(finding) if any(DESIGNED in (row.section + row.other_section) for row in rows) else {}
    mine, other = (designed.get(one.pk) or [] for one in (finding.application, finding.other))
    return [_pair(row, mine, other) for row in rows]


def _designed(finding: SimilarityFinding) -> dict[UUID, Any]:
    """The designed sections of both applications."""
    both = [finding.application.pk, finding.other.pk]
    rows = SimilarityFinding.objects.filter(pk=finding.pk)
    sides = rows.values_list("comparison__application__snapshot__designed", "other__snapshot__designed").get()
    return dict(zip(both, sides, strict=True))


def _pair(row: SharedPassage, designed: Sections, other_designed: Sections) -> Pair:
    runs = [Run(*run) for run in row.runs]
    mine = _pieces(row.text, (Span(run.start, run.end) for run in runs))
    theirs = _pieces(row.other_text, (Span(run.other_start, run.other_end) for run in runs))
    titles = title_of(row.section, designed), title_of(row.other_section, other_designed)
    return Pair(titles[0], mine, titles[1], theirs, float(row.likeness) * 100)


def _pieces(text: str, marked: Iterable[Span]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in covered(marked):
        pieces += [Piece(text[at:start], both=False), Piece(text[start:end], both=True)]
        at = end
    return [piece for piece in [*pieces, Piece(text[at:], both=False)] if piece.text]


def title_of(path: str, designed: Sections = ()) -> str:
    """What a reader calls a text of the snapshot: `application.route` is the technical route."""
    part, *rest = path.split(".")
    if title := next((TITLES[name] for name in reversed(rest) if name in TITLES), ""):
        return str(title)
    place = next((int(step) for step in rest if step.isdigit()), -1)
    if part == DESIGNED:
        return _title(designed[place]["title"]) if -1 < place < len(designed) else _("Application form")
    name = str(PARTS.get(part) or _("Application form"))
    return f"{name} {place + 1}" if place >= 0 else name


def _title(words: Mapping[str, str]) -> str:
    """In the reader's language, else in Chinese."""
    return (not (get_language() or "zh").startswith("zh") and words.get("en")) or words["zh"]
