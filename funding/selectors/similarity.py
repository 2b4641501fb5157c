"""Applications that share passages with others: what is found when they are compared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from funding.enums import ApplicationStatus
from funding.models import Application, Passage, SimilarityCheck
from funding.rules.similarity import (
    COMMON_FROM,
    LEAST_OVERLAP,
    METHOD,
    Span,
    Stretch,
    covered,
    joined,
    letters,
    overlap,
    passages,
    runs,
    shingles,
    written,
)
from portal.kernel.models import Job

S = ApplicationStatus
JOB_KIND = "funding.compare_application"
NOT_COMPARED = (S.DRAFT, S.WITHDRAWN)
MOST_ALIKE = 600  # passages looked at for one: beyond them it is a common one
MOST_OTHERS = 100  # applications told of

# One search for all passages of an application. The index finds what has a band in common.
ALIKE = """
SELECT mine.ordinal, found.*
FROM funding_passage mine
CROSS JOIN LATERAL (
    SELECT other.id, other.application_id, their.consortium_id, other.section, other.start, other.text
    FROM funding_passage other
    JOIN funding_application their ON their.id = other.application_id
    JOIN funding_call their_call ON their_call.id = their.call_id
    WHERE other.bands && mine.bands AND other.method = mine.method AND other.application_id <> mine.application_id
        AND their.status <> ALL(%(left_out)s) AND their_call.rehearsal = %(rehearsal)s
    LIMIT %(most)s
) found
WHERE mine.application_id = %(application)s AND mine.method = %(method)s
ORDER BY mine.ordinal, found.id
"""


class Found(NamedTuple):
    """A passage of another application that has a band in common with the passage `ordinal` of this one."""

    ordinal: int
    passage: int
    application: UUID
    consortium: UUID
    section: str
    start: int
    text: str


@dataclass(frozen=True)
class Shared:
    """What an application shares with another one; `letters` are its own that stand in both."""

    other: UUID
    own: bool
    stretches: list[Stretch]
    letters: int


@dataclass(frozen=True)
class Comparison:
    """An application against all others; counts are letters."""

    compared: int
    characters: int
    shared: int
    others: list[Shared]


def others_of(application: Application) -> QuerySet[Application]:
    """The applications that it is compared with: submitted and not withdrawn; a rehearsal with rehearsals alone."""
    cut = Passage.objects.filter(application=OuterRef("pk"))
    alike = Application.everything.filter(call__rehearsal=application.is_rehearsal)
    return alike.exclude(status__in=NOT_COMPARED).exclude(pk=application.pk).filter(Exists(cut))


def job_key(application: Application) -> str:
    """The key of the job that compares the submission as it stands once more."""
    done = SimilarityCheck.objects.filter(application=application, snapshot_hash=application.snapshot_hash).count()
    return f"{JOB_KIND}:{application.pk}:{application.snapshot_hash[:16]}:{done}"


def job_of(application: Application) -> Job | None:
    """The job that was asked for and has not brought a comparison (yet)."""
    return Job.objects.filter(key=job_key(application)).first()


def uncompared() -> QuerySet[Application]:
    """Submissions that were not compared as they stand, or only by another method."""
    done = SimilarityCheck.objects.filter(
        application=OuterRef("pk"), snapshot_hash=OuterRef("snapshot_hash"), method=METHOD
    )
    return Application.everything.exclude(status__in=NOT_COMPARED).exclude(snapshot_hash="").exclude(Exists(done))


def compare(application: Application) -> Comparison:
    """Look for every stored passage of the application among those of all others."""
    mine = {passage.ordinal: passage for passage in application.passages.filter(method=METHOD)}
    texts = written(application.snapshot or {})
    pairs: dict[tuple[UUID, bool], list[Stretch]] = defaultdict(list)
    for ordinal, found in _uncommon(_alike(_unquoted(mine, application), candidates(application)), application):
        pairs[found.application, found.consortium == application.consortium_id].append(_stretch(mine[ordinal], found))
    others = [_shared(*pair, joined(stretches), texts) for pair, stretches in pairs.items()]
    told_of = sorted((one for one in others if one.letters), key=lambda one: (-one.letters, one.other))
    foreign = [stretch for one in others if not one.own for stretch in one.stretches]
    characters = sum(len(letters(text)) for text in texts.values())
    return Comparison(
        others_of(application).count(), characters, counted(foreign, texts), told_of[:MOST_OTHERS]
    )  # fmt: skip


def _shared(other: UUID, own: bool, stretches: list[Stretch], texts: dict[str, str]) -> Shared:
    return Shared(other, own, stretches, counted(stretches, texts))


def candidates(application: Application) -> list[Found]:
    """Passages of others that may be like one of this application, in one query."""
    facts: dict[str, Any] = {
        "application": application.pk,
        "method": METHOD,
        "left_out": list(NOT_COMPARED),
        "most": MOST_ALIKE,
        "rehearsal": application.is_rehearsal,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a LIMIT makes the planner hope to meet them by chance
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(ALIKE, facts)
        rows = [Found(*row) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")
    return rows


def _unquoted(mine: dict[int, Passage], application: Application) -> dict[int, frozenset[str]]:
    """The shingles of each passage but those of the guideline of the call: whoever quotes it copies from nobody."""
    guideline = [shingles(passage.text) for passage in passages({"guidelines": application.call.guidelines})]
    own = {ordinal: shingles(passage.text) for ordinal, passage in mine.items()}
    return {
        ordinal: these
        for ordinal, these in own.items()
        if not any(overlap(these, one) >= LEAST_OVERLAP for one in guideline)
    }


def _alike(own: dict[int, frozenset[str]], found: Iterable[Found]) -> dict[int, list[Found]]:
    """Of the passages with a band in common those that really are alike; of each application the likest."""
    theirs: dict[int, frozenset[str]] = {}
    best: dict[tuple[int, UUID], tuple[float, Found]] = {}
    for one in (one for one in found if one.ordinal in own):
        other = theirs.setdefault(one.passage, shingles(one.text))
        common = overlap(own[one.ordinal], other)
        place = (one.ordinal, one.application)
        if common >= LEAST_OVERLAP and (place not in best or common > best[place][0]):
            best[place] = (common, one)
    alike: dict[int, list[Found]] = defaultdict(list)
    for (ordinal, _application), (_common, one) in best.items():
        alike[ordinal].append(one)
    return alike


def _uncommon(alike: dict[int, list[Found]], application: Application) -> Iterator[tuple[int, Found]]:
    """What so many consortia have written that nobody can have copied it is left out."""
    most = application.call.rules.data.get("similarity", {}).get("common_from", COMMON_FROM)
    for ordinal, rows in alike.items():
        others = {found.consortium for found in rows} - {application.consortium_id}
        if len(others) < most:
            yield from ((ordinal, found) for found in rows)


def _stretch(mine: Passage, found: Found) -> Stretch:
    return Stretch(
        mine.section, mine.start, mine.text, found.section, found.start, found.text, runs(mine.text, found.text)
    )


def counted(stretches: Iterable[Stretch], texts: dict[str, str]) -> int:
    """How many letters of the texts stand in these, each counted once."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for one in stretches:
        spans[one.section] += one.spans
    return sum(
        len(letters(texts[section][start:end])) for section, those in spans.items() for start, end in covered(those)
    )
