"""Fifty experts score at once for two minutes, against the processes that bin/up starts.

Each opens its sheet and has it saved by itself every few seconds, one score or comment at a time. What an answer
acknowledged must stand in the sheet, and every change of a score on record.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse

from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Review, ReviewScore, ScoreChange
from funding.rules import scoring
from portal.kernel.idempotency import new_key
from tests.bench.rush import portal, until
from tests.bench.start import free_port
from tests.crowds import Answer, Browser, percentile, run_apart, session_of
from tests.factories.consortia import ready_consortium
from tests.factories.funding import freeze, make_application, make_call, make_review
from tests.factories.members import make_expert
from tests.personas import Personas

EXPERTS, WINDOW = 50, 120.0  # seconds
PAUSE = (1.5, 4.0)  # seconds between two saves of one expert


@dataclass
class Desk:
    """An expert at its sheet, and what it was told."""

    review: Review
    browser: Browser
    dice: random.Random
    acknowledged: dict[str, str] = field(default_factory=dict)  # field → what was sent with the last answer
    saves: list[float] = field(default_factory=list)
    wrong: list[Answer] = field(default_factory=list)

    async def score(self, window: float) -> None:
        """Open the sheet, then change one field after the other until the time is over."""
        began, page = asyncio.get_running_loop().time(), new_key()
        await until(began + self.dice.uniform(0, PAUSE[1]))
        self._look(await self.browser.get(self.review.get_absolute_url()))
        rubric = scoring.expert_indicators(self.review.application.call.rules.data)
        address = reverse("funding:review-autosave", args=[self.review.pk])
        while asyncio.get_running_loop().time() < began + window:
            name, typed = self._typed(self.dice.choice(rubric))
            answer = await self.browser.post(address, {name: typed, "page": page})
            self._look(answer)
            if answer.status == 200:
                self.acknowledged[name] = typed
                self.saves.append(answer.seconds)
            await asyncio.sleep(self.dice.uniform(*PAUSE))

    def _typed(self, indicator: scoring.Indicator) -> tuple[str, str]:
        tenths = self.dice.randint(0, int(indicator.maximum * 10))
        return f"score_{indicator.code}", str(Decimal(tenths) / 10)

    def _look(self, answer: Answer) -> None:
        if answer.status != 200:
            self.wrong.append(answer)


def run(experts: int = EXPERTS, window: float = WINDOW) -> Iterator[tuple[str, float, str]]:
    """The figures; `lost`, `unrecorded` and `errors` must be 0."""
    port = free_port()
    crowd = list(gather(experts, port))
    with portal(port):
        run_apart(everybody(crowd, window))
    yield from verdict(crowd)


def gather(number: int, port: int) -> Iterator[Desk]:
    """Everybody with a case of its own that it has declared to review."""
    people = Personas()
    call = make_call(people)
    for n in range(number):
        consortium = ready_consortium(people)
        application = freeze(make_application(people, ApplicationStatus.REVIEWING, consortium=consortium, call=call))
        expert = make_expert(f"bench{n}", f"样例专家{n:02d}")
        review = make_review(application, expert, people, ReviewStatus.ACCEPTED)
        yield Desk(review, Browser(port, session_of(expert.user)), random.Random(n))


async def everybody(crowd: list[Desk], window: float) -> None:
    """All of them at once."""
    await asyncio.gather(*(one.score(window) for one in crowd))


def verdict(crowd: list[Desk]) -> Iterator[tuple[str, float, str]]:
    """What an answer said against what stands in the database."""
    rows = ReviewScore.objects.filter(review__in=[one.review.pk for one in crowd])
    there = {(row.review_id, f"score_{row.indicator}"): row.score for row in rows}
    told = {(one.review.pk, name): Decimal(text) for one in crowd for name, text in one.acknowledged.items()}
    last = {(row.review_id, f"score_{row.indicator}"): row.new for row in ScoreChange.objects.order_by("at", "id")}
    wrong = Counter(answer.status for one in crowd for answer in one.wrong)
    times = [seconds for one in crowd for seconds in one.saves]
    yield "lost", sum(there.get(key) != score for key, score in told.items()), "scores"
    yield "unrecorded", sum(last.get(key) != score for key, score in told.items()), "scores"
    yield "errors", sum(wrong.values()), json.dumps({str(status): n for status, n in wrong.items()})
    yield "experts", len(crowd), "experts"
    yield "saves", len(times), "saves"
    yield "save_p50_s", percentile(times, 0.5), "s"
    yield "save_p95_s", percentile(times, 0.95), "s"
