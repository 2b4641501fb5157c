"""The tier board of 500 applications with 7 reviews each by 17 indicators, counted again after a line was moved.

`ms` is the whole answer on the server without the page: rows from the database, ranks, money, ties, grey zone,
sensitivity. `ms_page` is the page with every row, `ms_first` what the first count of a panel takes, which works the
likely ranks out. `queries_…` are those of the officials' ranking, which adds everything up, at 200 and 20,000 rows.
"""

import random
import time
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Application, Call, Review, ReviewScore, RuleSet
from funding.rules import scoring
from funding.rules.boards import Terms, parts_of
from funding.rules.defaults import DEFAULT_RULES
from funding.selectors.boards import Setting, count, panels
from members.models import Expert, User
from portal.kernel.audit import sha256
from tests.bench.lists import World, signed_in
from tests.bench.pages import medians, queries

CASES, PANEL, EXPERTS, INDICATORS = 500, 7, 200, 17
SMALL, LARGE = 200, 20_000
WARM, MEASURED = 2, 15
LEFT_OUT = {"M3", "E3", "E4"}  # of the twenty of the default rules


def run() -> Iterator[tuple[str, float, str]]:
    """The figures."""
    world = World()
    world.grow(CASES * len(world.calls))
    call = seventeen(world.calls[0])
    review(world, call)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    cache.clear()
    began = time.perf_counter()
    recount(call, world.officer, 8_500)
    yield "ms_first", (time.perf_counter() - began) * 1000, "ms"
    for lines in range(WARM):
        recount(call, world.officer, 8_400 + lines)
    times = sorted(timed(call, world.officer, 8_000 + 10 * n) for n in range(MEASURED))
    yield "ms", times[len(times) // 2], "ms"
    yield "ms_worst", times[-1], "ms"
    client = signed_in(world.officer)
    [cpu] = medians(partial(page, client), reverse("funding:tier-board", args=[call.pk]), warm=1, measured=3)
    yield "ms_page", cpu, "ms"
    yield from ranking(world, client)


def seventeen(call: Call) -> Call:
    """The call under rules of seventeen indicators."""
    data: Any = deepcopy(DEFAULT_RULES)
    data["code"] = "BENCH-17"
    for dimension in data["dimensions"]:
        dimension["indicators"] = [one for one in dimension["indicators"] if one["code"] not in LEFT_OUT]
    if len(scoring.indicators(data)) != INDICATORS:
        raise RuntimeError("the rubric of the benchmark has another size")
    call.rules = RuleSet.objects.create(code=data["code"], name="样例规则", data=data, sha256=sha256(data))
    call.save()
    return call


def review(world: World, call: Call) -> None:
    """A complete panel for each case of the call."""
    dice = random.Random(1)
    users = User.objects.bulk_create(User(email=f"e{n}@sample.test", name=f"样例专家{n}") for n in range(EXPERTS))
    experts = Expert.objects.bulk_create(Expert(user=user, kind="TECHNOLOGY") for user in users)
    rubric = scoring.indicators(call.rules.data)
    cases = list(Application.objects.filter(call=call)[:CASES])
    reviews, scores = [], []
    for case in cases:
        worth = dice.uniform(0.55, 0.97)
        for ordinal, expert in enumerate(dice.sample(experts, PANEL), 1):
            given = {one.code: _score(one.maximum, worth + dice.uniform(-0.08, 0.08)) for one in rubric}
            row = Review(
                application=case, expert=expert, ordinal=ordinal, status=ReviewStatus.SUBMITTED, suggested_tier="B",
                assigned_by=world.officer, assigned_at=world.now, declared_at=world.now, submitted_at=world.now,
                total=scoring.total(given), parts=parts_of(call.rules.data, given),
            )  # fmt: skip
            reviews.append(row)
            scores += [ReviewScore(review=row, indicator=code, score=score) for code, score in given.items()]
    Review.objects.bulk_create(reviews, batch_size=2_000)
    ReviewScore.objects.bulk_create(scores, batch_size=5_000)
    for case in cases:
        case.status = ApplicationStatus.REVIEWING
        case.snapshot = {**(case.snapshot or {}), "agreement": {"clauses": call.rules.data["eligibility"]["clauses"]},
                         "technologies": [{"name": "样例"}] * 4, "platforms": [{"kind": "JOINT_LAB"}]}  # fmt: skip
    Application.objects.bulk_update(cases, ["status", "snapshot"], batch_size=100)


def _score(maximum: Decimal, share: float) -> Decimal:
    return (maximum * Decimal(min(max(share, 0), 1))).quantize(scoring.TENTH)


def recount(call: Call, user: User, line: int) -> None:
    """What the server does between a moved line and the page."""
    found = panels(Call.objects.select_related("rules").get(pk=call.pk), user)
    terms: Terms = found.terms
    ranking, shaken, _bounds = count(found, Setting({"A": line, "B": 7_500, "C": 6_000}, terms.weights))
    if len(ranking.rows) != CASES or len(shaken.of) != CASES:
        raise RuntimeError(f"{len(ranking.rows)} of {CASES} cases were counted, {found.waiting} wait")


def timed(call: Call, user: User, line: int) -> float:
    """Milliseconds of one count."""
    began = time.perf_counter()
    recount(call, user, line)
    return (time.perf_counter() - began) * 1000


def page(client: Client, url: str) -> None:
    """The page with all its rows."""
    response = client.get(url, HTTP_HOST="localhost")
    if response.status_code != 200 or response.content.count(b"data-score=") != CASES:
        raise RuntimeError(f"the board did not come: {response.status_code}")


def ranking(world: World, client: Client) -> Iterator[tuple[str, float, str]]:
    """The ranking of one call with its sums, small and large."""
    call = world.calls[1]
    world.calls = [call] * len(world.calls)
    Application.objects.filter(call=call).update(call=world.calls[0])
    grade(call, SMALL)
    url = f"{reverse('funding:grading-board')}?call={call.pk}"
    yield "queries_200", queries(partial(ranked, client), url), "queries"
    world.grow(LARGE)
    grade(call, LARGE)
    yield "queries_20000", queries(partial(ranked, client), url), "queries"


def grade(call: Call, number: int) -> None:
    """So many of the call wait for the decision."""
    some = Application.objects.filter(call=call).values("pk")[:number]
    Application.objects.filter(pk__in=some).update(
        status=ApplicationStatus.GRADED, score=Decimal(80), proposed_tier="B", proposed_amount=Decimal(700_000),
        graded_by=call.created_by, graded_at=call.opens_at,
    )  # fmt: skip


def ranked(client: Client, url: str) -> None:
    """The ranking must be the real one."""
    response = client.get(url, HTTP_HOST="localhost")
    if response.status_code != 200 or response.content.count(b'class="rk num"') != 100:
        raise RuntimeError(f"the ranking did not come: {response.status_code}")
