"""One application is compared with 20,000 others: how long the job takes on one core, and whether it finds all.

Every application has prose of its own, cut and sketched as the job does it. Into each of those that are compared a few
sentences of others were copied, half of them lightly edited; exactly these others have to be found.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from django.db import connection

from funding.models import Application, Passage
from funding.rules.similarity import METHOD
from funding.selectors.similarity import Comparison
from funding.services.similarity import compare_application
from portal.kernel.audit import sha256
from tests import prose
from tests.bench.lists import World

OTHERS, COMPARED, PLANTED = 20_000, 3, 12
LONG = 45  # characters of a sentence that is copied
CHUNK = 200
COLUMNS = ("application_id", "method", "section", "ordinal", "start", "end", "text", "bands")


def run(others: int = OTHERS, compared: int = COMPARED, planted: int = PLANTED) -> Iterator[tuple[str, float, str]]:
    """The figures: seconds is the slowest of those compared, `missed` and `suspected_wrongly` must be 0."""
    world = Written(others, compared, planted)
    world.grow(others + compared)
    index(others)
    seconds, missed, wrong, found = [], 0, 0, 0
    for number in range(others, others + compared):
        took, comparison = once(Application.objects.select_related("call__rules").get(number=f"2026-{number:06d}"))
        told = {one.other for one in comparison.others}
        copied = set(Application.objects.filter(number__in=world.copied[number]).values_list("pk", flat=True))
        seconds.append(took)
        found, missed, wrong = found + len(told & copied), missed + len(copied - told), wrong + len(told - copied)
    yield "seconds", round(max(seconds), 2), "s, the slowest"
    yield "missed", missed, "applications"
    yield "suspected_wrongly", wrong, "applications"
    yield "found", found, "applications"
    yield "planted", planted * compared, "applications"
    yield "passages", Passage.objects.count(), "rows"
    yield "compared_with", comparison.compared, "applications"


def once(application: Application) -> tuple[float, Comparison]:
    """Cut, sketch and search as the job does."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # one core
    begin = time.perf_counter()
    comparison = compare_application(application=application, snapshot_hash=application.snapshot_hash)
    took = time.perf_counter() - begin
    assert comparison is not None
    return took, comparison


class Written(World):
    """Applications with prose of their own; the last ones have copied from others."""

    def __init__(self, others: int, compared: int, planted: int) -> None:
        super().__init__()
        self.others = others
        self.copied: dict[int, list[str]] = {}
        self.from_whom = iter(random.Random(2).sample(range(others), compared * planted))
        self.planted = planted

    def _application(self, n: int, consortium: Any) -> Application:
        application = super()._application(n, consortium)
        texts = prose.texts_of(n) if n < self.others else self._copy(n)
        application.snapshot = {"schema": 1, "application": texts, "call": {"title": "样例"}}
        application.snapshot_hash = sha256(application.snapshot)
        return application

    def _copy(self, n: int) -> dict[str, str]:
        """Prose of its own with a sentence of each of some others in it."""
        texts, dice = prose.texts_of(n), random.Random(n)
        self.copied[n] = []
        for place, other in zip(range(self.planted), self.from_whom, strict=False):
            sentence = dice.choice(
                [
                    one
                    for one in prose.texts_of(other)["route"].replace("；", "。").replace("\n", "").split("。")
                    if len(one) > LONG
                ]
            )
            copied = sentence if place % 2 else prose.edited(sentence, dice)
            texts["foundation"] += f"{copied}。{prose.sentence(dice)}"
            self.copied[n].append(f"2026-{other:06d}")
        return texts


# --- filling -----------------------------------------------------------------------------------
def index(others: int) -> None:
    """Cut and sketch all others in processes of their own, and store them in bulk; the index is made at the end."""
    ids = dict(Application.objects.values_list("number", "pk"))
    chunks = [range(first, min(first + CHUNK, others)) for first in range(0, others, CHUNK)]
    names = ", ".join(f'"{column}"' for column in COLUMNS)
    with connection.cursor() as cursor, ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        cursor.execute("DROP INDEX passage_bands")
        with cursor.copy(f"COPY funding_passage ({names}) FROM STDIN") as copy:
            for rows in pool.map(prose.cut, chunks):
                for number, *row in rows:
                    copy.write_row((ids[f"2026-{number:06d}"], METHOD, *row))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # inside the transaction of a test
        cursor.execute("CREATE INDEX passage_bands ON funding_passage USING gin (bands) WITH (fastupdate = off)")
        cursor.execute("ANALYZE")
