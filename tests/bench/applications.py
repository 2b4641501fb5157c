"""The officials' list at 200,000 applications: the queries of a page, and whether the last one comes like the first.

The first page, the one in the middle and the last are asked in turns, by the keys that the pager gives; `page_spread`
is the slowest median against the fastest. `queue_spread` is the same for the list as an official opens it: what waits
for the reader, the oldest first.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse

from consortia.models import Consortium, Participation
from funding.enums import ApplicationStatus
from funding.models import Application
from members.models import Organisation
from portal.kernel.querysets import keyset_page
from tests.bench.lists import MEMBERS, STATES, World, page, queries, signed_in
from tests.bench.registry import CONSORTIUM, LEADS, NUMBERS, ORGANISATION, PARTICIPATION, PLACES, THEIRS, TRADES, copy

SMALL, LARGE = 200, 200_000
WARM, MEASURED = 3, 15
SIZE = 50  # rows of a page
APPLICATION = {
    "number": "'2026-' || lpad(n::text, 6, '0')",
    "call_id": "(%(calls)s::uuid[])[1 + n %% 5]",
    "consortium_id": "their.id",
    "district_id": "their.district_id",
    "requested_tier": "(ARRAY['A', 'B', 'C'])[1 + n %% 3]",
    "requested_amount": "1000000 + n",
    "status": "(%(states)s::text[])[1 + n %% 5]",
    "moved_at": "now() - n * interval '7 seconds'",
}
GROWTH: tuple[tuple[type[Model], str, dict[str, str], str], ...] = (
    (Organisation, "organisation", ORGANISATION, NUMBERS),
    (Consortium, "consortium", CONSORTIUM, f"{NUMBERS} {LEADS}"),
    (Participation, "participation", PARTICIPATION, f"{NUMBERS} {THEIRS}, generate_series(0, %(last_member)s) k"),
    (Application, "application", APPLICATION, f"{NUMBERS} {THEIRS}"),
)


def run(small: int = SMALL, large: int = LARGE) -> Iterator[tuple[str, float, str]]:
    """The figures."""
    client, grow = prepared()
    everything = reverse("funding:application-list") + "?tab=all"
    grow(small)
    yield f"queries_{small}", queries(client, everything), "queries"
    grow(large - small)
    yield f"queries_{large}", queries(client, everything), "queries"
    rows = Application.objects.all()
    shown = medians(client, pages(everything, rows, "-moved_at"))
    queue = reverse("funding:application-list") + "?tab=check"
    waiting = medians(
        client, pages(f"{queue}&sort=moved_at", rows.filter(status=ApplicationStatus.RECOMMENDED), "moved_at")
    )
    for place, took in shown.items():
        yield f"{place}_page_ms", took, "ms"
    yield "page_spread", round(max(shown.values()) / min(shown.values()), 2), "slowest page / fastest"
    yield "queue_spread", round(max(waiting.values()) / min(waiting.values()), 2), "slowest page / fastest"
    yield "applications", rows.count(), "rows"


def prepared() -> tuple[Client, Callable[[int], None]]:
    """A signed-in officer, and a function that makes so many applications more, with consortia of seven members."""
    world = World()
    world.grow(1)  # the pattern that all others are copied from
    pattern = Application.objects.get()
    facts = {
        "places": PLACES, "trades": TRADES, "districts": [one.pk for one in world.districts],
        "fields": [one.pk for one in world.sub_fields], "members": [one.pk for one in world.members],
        "calls": [one.pk for one in world.calls], "states": [str(state) for state in STATES],
        "organisation": pattern.consortium.lead_id, "consortium": pattern.consortium_id, "application": pattern.pk,
        "participation": Participation.objects.get(consortium=pattern.consortium, role="LEAD").pk,
        "last_member": len(MEMBERS), "chain": ["MIDSTREAM"] * 7,
    }  # fmt: skip
    made = [0]

    def grow(rows: int) -> None:
        first, last = made[0] + 1, made[0] + rows
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # the rows are whole: no trigger has to see them
            for model, pattern_of, different, source in GROWTH:
                copy(cursor, model, pattern_of, different, source, {**facts, "first": first, "last": last})
            cursor.execute("RESET session_replication_role")
            cursor.execute("ANALYZE")
        made[0] = last

    return signed_in(world.officer), grow


def pages(url: str, rows: QuerySet[Application], sort: str) -> dict[str, str]:
    """The addresses of the first page, of the one in the middle and of the last."""
    tie = "-pk" if sort.startswith("-") else "pk"
    ordered, count = rows.order_by(sort, tie), rows.count()
    after = {"middle": count // 2, "last": count - SIZE}
    tokens = {place: token(rows, ordered[at - 1 : at + 1], (sort, tie)) for place, at in after.items()}
    return {"first": url, **{place: f"{url}&after={found}" for place, found in tokens.items()}}


def token(rows: QuerySet[Application], both: Any, order: tuple[str, str]) -> str:
    """What the pager writes below a page that ends with the first of these two rows."""
    found = keyset_page(rows.filter(pk__in=[row.pk for row in both]), order, size=1).next_token
    assert found
    return found


def medians(client: Client, addresses: dict[str, str]) -> dict[str, float]:
    """The median wall time of each page in milliseconds; the requests take turns."""
    times: dict[str, list[float]] = {place: [] for place in addresses}
    for turn in range(WARM + MEASURED):
        for place, url in addresses.items():
            begin = time.perf_counter()
            page(client, url)
            if turn >= WARM:
                times[place].append((time.perf_counter() - begin) * 1000)
    return {place: round(statistics.median(each), 1) for place, each in times.items()}
