"""The bureau's registry at 100,000 consortia and 600,000 participations: queries, the page, the search.

`ratio_to_constant` holds the registry page against the same page made from rows that stand in memory;
`search_ratio` the slowest of three searches (every row, one in forty, one in two thousand) against the page of one
consortium. Times are medians of requests that take turns, so that the load of the machine meets both alike.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from consortia.models import Consortium, Participation
from consortia.views.lists import ConsortiumList
from members.models import Organisation
from portal.urls import *  # noqa: F403 - the portal's addresses, and one more
from portal.urls import urlpatterns as portal_addresses
from tests.bench.lists import World, signed_in

SMALL, LARGE = 100, 100_000
MEMBERS = 6
WARM, MEASURED = 4, 21
PLACES = [f"{a}{b}" for a in "澄星云岚沧溪" for b in "湖屿峰泽海山源"][:40]
TRADES = [f"{a}{b}" for a in "光芯精智航材药机" for b in "子片密能天料物床"][:50]

ORGANISATIONS = """
INSERT INTO members_organisation
SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(), 'uscc', '91320599MB' || lpad(n::text, 8, '0'), 'name',
    '样例' || (%(places)s::text[])[1 + n %% 40] || (%(trades)s::text[])[1 + n / 40 %% 50] || n || '有限公司'))).*
FROM members_organisation one, generate_series(%(first)s, %(last)s) n WHERE one.id = %(organisation)s
"""
CONSORTIA = """
INSERT INTO consortia_consortium
SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(), 'code', 'LHT-' || lpad(n::text, 6, '0'), 'lead_id', lead.id,
    'district_id', (%(districts)s::text[])[1 + n %% 10], 'sub_field_id', (%(fields)s::text[])[1 + n %% 16], 'name',
    '样例' || (%(places)s::text[])[1 + n %% 40] || (%(trades)s::text[])[1 + n / 40 %% 50] || n || '创新联合体'))).*
FROM consortia_consortium one, generate_series(%(first)s, %(last)s) n
JOIN members_organisation lead ON lead.uscc = '91320599MB' || lpad(n::text, 8, '0') WHERE one.id = %(consortium)s
"""
PARTICIPATIONS = """
INSERT INTO consortia_participation
SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(), 'consortium_id', their.id, 'organisation_id',
    CASE k WHEN 0 THEN their.lead_id ELSE (%(members)s::uuid[])[1 + (n * 5 + k) %% 60] END,
    'role', CASE k WHEN 0 THEN 'LEAD' ELSE 'MEMBER' END))).*
FROM consortia_participation one, generate_series(%(first)s, %(last)s) n
JOIN consortia_consortium their ON their.code = 'LHT-' || lpad(n::text, 6, '0'), generate_series(0, %(last_member)s) k
WHERE one.id = %(participation)s
"""


def run() -> Iterator[tuple[str, float, str]]:
    """The figures."""
    client, grow = prepared()
    registry = reverse("consortia:consortium-list")
    grow(SMALL)
    yield "queries_100", queries(client, registry), "queries"
    grow(LARGE - SMALL)
    yield "queries_100000", queries(client, registry), "queries"
    yield "participations", Participation.objects.count(), "rows"
    constant = kept(client, registry)
    with override_settings(ROOT_URLCONF="tests.bench.registry"):
        shown, same = medians(client, registry, "/constant/")
    yield "registry_ms", shown, "ms"
    yield "ratio_to_constant", round(shown / same, 2), f"registry page / the same from memory ({len(constant)} bytes)"
    one = Consortium.objects.order_by("code")[LARGE // 2].get_absolute_url()
    words = ("样例", PLACES[7], f"{PLACES[7]} {TRADES[3]}")
    pairs = [medians(client, f"{registry}?q={word}", one) for word in words]
    for word, (searched, _page) in zip(("all", "one_in_40", "one_in_2000"), pairs, strict=True):
        yield f"search_{word}_ms", searched, "ms"
    yield "search_ratio", round(max(searched / page for searched, page in pairs), 2), "slowest search / page by key"


def prepared() -> tuple[Client, Callable[[int], None]]:
    """A signed-in officer, and a function that makes so many consortia more."""
    world = World()
    world.grow(1)  # the pattern that all others are copied from
    pattern = Consortium.objects.get()
    Participation.objects.filter(consortium=pattern).exclude(role="MEMBER").delete()
    facts = {
        "places": PLACES, "trades": TRADES, "districts": [one.pk for one in world.districts],
        "fields": [one.pk for one in world.sub_fields], "members": [one.pk for one in world.members],
        "organisation": Organisation.objects.filter(uscc__startswith="91320599MA").latest("created_at").pk,
        "consortium": pattern.pk, "participation": Participation.objects.first().pk,  # type: ignore[union-attr]
        "last_member": MEMBERS - 1,
    }  # fmt: skip
    made = [0]

    def grow(rows: int) -> None:
        first, last = made[0] + 1, made[0] + rows
        with connection.cursor() as cursor:
            for statement in (ORGANISATIONS, CONSORTIA, PARTICIPATIONS):
                cursor.execute(statement, {**facts, "first": first, "last": last})
            cursor.execute("VACUUM ANALYZE")
        made[0] = last

    return signed_in(world.officer), grow


def queries(client: Client, url: str) -> int:
    """The queries of a warm request that shows a full page."""
    page(client, url)
    with CaptureQueriesContext(connection) as captured:
        page(client, url)
    return len(captured)


def medians(client: Client, *urls: str) -> tuple[float, ...]:
    """The median wall time of each address in milliseconds; the requests take turns."""
    for url in urls * WARM:
        page(client, url)
    times: dict[str, list[float]] = {url: [] for url in urls}
    for _ in range(MEASURED):
        for url in urls:
            times[url].append(cost(client, url))
    return tuple(round(statistics.median(times[url]), 1) for url in urls)


def cost(client: Client, url: str) -> float:
    """The wall time of one request in milliseconds."""
    begin = time.perf_counter()
    page(client, url)
    return (time.perf_counter() - begin) * 1000


def page(client: Client, url: str) -> HttpResponse:
    """Ask for the page; a list must be full, or the time says nothing."""
    response: Any = client.get(url, HTTP_HOST="localhost")
    full = response.content.count(b'class="c-name"') >= 50 or "consortium" in response.context
    if response.status_code != 200 or not full:
        raise RuntimeError(f"{url} did not come whole: {response.status_code}")
    return response


# --- the page made from memory -----------------------------------------------------------------
MEMORY: dict[str, Any] = {}


def kept(client: Client, url: str) -> bytes:
    """Keep what the registry page shows, so that it can be made again without the database."""
    response = page(client, url)
    MEMORY.update(
        {name: response.context[name] for name in ("page", "rows", "count", "filter", "sort", "default_sort")}
    )
    return response.content


class Constant(ConsortiumList):
    """The registry page over the rows in memory."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"view": self, "saved": [], "saved_query": "", "save_url": "", **MEMORY, **kwargs}

    def dispatch(self, request: WSGIRequest, *args: Any, **kwargs: Any) -> Any:
        return self.render_to_response(self.get_context_data())


urlpatterns = [*portal_addresses, path("constant/", Constant.as_view())]
