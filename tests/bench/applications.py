"""The officials' list at 200,000 applications: the queries of a page, and whether the last one comes like the first.

The first page, the one in the middle and the last are asked in turns, by the keys that the pager gives; `page_spread`
is the slowest median against the fastest. `queue_spread` is the same for the list as an official opens it: what waits
for the reader, the oldest first.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from consortia.models import Consortium, Participation
from funding.enums import ApplicationStatus
from funding.models import Application
from members.models import Organisation
from portal.kernel.querysets import keyset_page
from tests.bench.copies import Growth, growing
from tests.bench.lists import MEMBERS, STATES, World, page, signed_in
from tests.bench.pages import Ask, medians, queries
from tests.bench.registry import CONSORTIUM, LEADS, NUMBERS, ORGANISATION, PARTICIPATION, PLACES, THEIRS, TRADES

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
GROWTH: Growth = (
    (Organisation, "organisation", ORGANISATION, NUMBERS),
    (Consortium, "consortium", CONSORTIUM, f"{NUMBERS} {LEADS}"),
    (Participation, "participation", PARTICIPATION, f"{NUMBERS} {THEIRS}, generate_series(0, %(last_member)s) k"),
    (Application, "application", APPLICATION, f"{NUMBERS} {THEIRS}"),
)


def run(small: int = SMALL, large: int = LARGE) -> Iterator[tuple[str, float, str]]:
    """The figures."""
    client, grow = prepared()
    everything, ask = reverse("funding:application-list") + "?tab=all", partial(page, client)
    grow(small)
    yield f"queries_{small}", queries(ask, everything), "queries"
    grow(large - small)
    yield f"queries_{large}", queries(ask, everything), "queries"
    rows = Application.objects.all()
    shown = timed(ask, pages(everything, rows, "-moved_at"))
    queue = reverse("funding:application-list") + "?tab=check"
    recommended = rows.filter(status=ApplicationStatus.RECOMMENDED)
    waiting = timed(ask, pages(f"{queue}&sort=moved_at", recommended, "moved_at"))
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
    return signed_in(world.officer), growing(GROWTH, facts)


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


def timed(ask: Ask, addresses: dict[str, str]) -> dict[str, float]:
    """The median wall time of each page in milliseconds."""
    return dict(zip(addresses, medians(ask, *addresses.values(), warm=WARM, measured=MEASURED), strict=True))
