"""How many queries freeze a year of a consortium with 5 and with 40 members, each member with records of its own."""

import time
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.enums import EvaluationStatus
from reports.models import Evaluation
from reports.selectors.selfreport import filing_snapshot
from reports.selectors.snapshots import report_snapshot
from tests.factories.reports import crowded_evaluation
from tests.personas import Personas

SMALL, LARGE, RUNS = 5, 40, 5
MS = 1000


def run() -> Iterator[tuple[str, float, str]]:
    """Queries of both, and how long the large one takes."""
    people = Personas()
    small, large = (crowded_evaluation(people, number, EvaluationStatus.GRADED) for number in (SMALL, LARGE))
    yield "queries_small", queries_of(small), "queries"
    yield "queries_large", queries_of(large), "queries"
    yield "ms_large", round(min(taken(large) for _ in range(RUNS)) * MS, 1), "ms"


def queries_of(evaluation: Evaluation) -> int:
    """How many queries the snapshot of the report takes, its filing frozen anew."""
    with CaptureQueriesContext(connection) as asked:
        frozen(evaluation)
    return len(asked)


def frozen(evaluation: Evaluation) -> None:
    """What filing and ordering freeze together."""
    row = Evaluation.objects.select_related("cycle__rules", "consortium__lead").get(pk=evaluation.pk)
    filing_snapshot(row)
    report_snapshot(row)


def taken(evaluation: Evaluation) -> float:
    """Seconds of one run."""
    begin = time.perf_counter()
    frozen(evaluation)
    return time.perf_counter() - begin
