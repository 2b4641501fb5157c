"""The bureau's registry at 100,000 consortia and 600,000 participations: queries, the page, the search.

`ratio_to_constant` holds the registry page against the same page made from rows that stand in memory;
`landscape_ms` is the city from above: all consortia by sub-field and district, overlaps, gaps in the chain.
`search_ratio` the slowest of three searches (every row, one in forty, one in two thousand) against the page of one
consortium. Times are medians of requests that take turns, so that the load of the machine meets both alike.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import path, reverse

from consortia.enums import ChainPosition
from consortia.models import Consortium, Participation
from consortia.views.lists import ConsortiumList
from members.models import Organisation
from portal.urls import *  # noqa: F403 - the portal's addresses, and one more
from portal.urls import urlpatterns as portal_addresses
from tests.bench.copies import Growth, growing
from tests.bench.lists import World, signed_in
from tests.bench.pages import medians, queries

SMALL, LARGE = 100, 100_000
MEMBERS = 6
WARM, MEASURED, FEW = 4, 21, 3
PLACES = [f"{a}{b}" for a in "澄星云岚沧溪" for b in "湖屿峰泽海山源"][:40]
TRADES = [f"{a}{b}" for a in "光芯精智航材药机" for b in "子片密能天料物床"][:50]

NAMED = """'样例' || (%(places)s::text[])[1 + n %% 40] || (%(trades)s::text[])[1 + n / 40 %% 50] || n"""
NUMBERS = "generate_series(%(first)s, %(last)s) n"
LEADS = "JOIN members_organisation lead ON lead.uscc = '91320599MB' || lpad(n::text, 8, '0')"
THEIRS = "JOIN consortia_consortium their ON their.code = 'LHT-' || lpad(n::text, 6, '0')"
WORDS = "kernel_fold(concat_ws(' ', {}))"  # what the triggers would fill, one row at a time
USCC, NAME = "'91320599MB' || lpad(n::text, 8, '0')", f"{NAMED} || '有限公司'"
CODE, CALLED = "'LHT-' || lpad(n::text, 6, '0')", f"{NAMED} || '创新联合体'"
ORGANISATION = {"uscc": USCC, "name": NAME, "words": WORDS.format(f"{NAME}, {USCC}")}
CONSORTIUM = {
    "code": CODE, "name": CALLED, "lead_id": "lead.id", "words": WORDS.format(f"{CODE}, {CALLED}, lead.name"),
    "district_id": "(%(districts)s::text[])[1 + n %% 10]", "sub_field_id": "(%(fields)s::text[])[1 + n %% 16]",
    "status": "CASE n %% 8 WHEN 0 THEN 'PREPARING' WHEN 1 THEN 'CULTIVATION' ELSE 'OPERATING' END",
    "tier": "CASE n %% 8 WHEN 0 THEN '' WHEN 1 THEN 'C' ELSE (ARRAY['A', 'B'])[1 + n %% 2] END",
    "recognised_on": "CASE n %% 8 WHEN 0 THEN NULL ELSE date '2024-01-01' + n %% 700 END",
    "build_from": "date '2024-01-01' + n %% 700", "build_to": "date '2027-01-01' + n %% 700",
}  # fmt: skip
PARTICIPATION = {
    "consortium_id": "their.id",
    "organisation_id": "CASE k WHEN 0 THEN their.lead_id ELSE (%(members)s::uuid[])[1 + (n * 5 + k) %% 60] END",
    "role": "CASE k WHEN 0 THEN 'LEAD' ELSE 'MEMBER' END",
    "chain_position": "(%(chain)s::text[])[1 + (k + n / 16) %% 7]",
}
GROWTH: Growth = (
    (Organisation, "organisation", ORGANISATION, NUMBERS),
    (Consortium, "consortium", CONSORTIUM, f"{NUMBERS} {LEADS}"),
    (Participation, "participation", PARTICIPATION, f"{NUMBERS} {THEIRS}, generate_series(0, %(last_member)s) k"),
)


def run() -> Iterator[tuple[str, float, str]]:
    """The figures."""
    client, grow = prepared()
    registry, ask = reverse("consortia:consortium-list"), partial(page, client)
    times = partial(medians, ask, warm=WARM, measured=MEASURED)
    grow(SMALL)
    yield "queries_100", queries(ask, registry), "queries"
    grow(LARGE - SMALL)
    yield "queries_100000", queries(ask, registry), "queries"
    yield "participations", Participation.objects.count(), "rows"
    constant = kept(client, registry)
    with override_settings(ROOT_URLCONF="tests.bench.registry"):
        shown, same = times(registry, "/constant/")
    yield "registry_ms", shown, "ms"
    yield "ratio_to_constant", round(shown / same, 2), f"registry page / the same from memory ({len(constant)} bytes)"
    yield "landscape_ms", medians(ask, reverse("consortia:landscape"), warm=1, measured=FEW)[0], "ms"
    one = Consortium.objects.order_by("code")[LARGE // 2].get_absolute_url()
    words = ("样例", PLACES[7], f"{PLACES[7]} {TRADES[3]}")
    pairs = [times(f"{registry}?q={word}", one) for word in words]
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
        "last_member": MEMBERS - 1, "chain": ChainPosition.values,
    }  # fmt: skip
    return signed_in(world.officer), growing(GROWTH, facts, after="VACUUM ANALYZE")


def page(client: Client, url: str) -> HttpResponse:
    """Ask for the page; a list must have its rows, or the time says nothing."""
    response: Any = client.get(url, HTTP_HOST="localhost")
    content = response.content
    full = content.count(b'class="c-name"') >= 40 or b'<nav class="tabs"' in content
    if response.status_code != 200 or not full:
        raise RuntimeError(f"{url} did not come whole: {response.status_code}")
    return response


# --- the page made from memory -----------------------------------------------------------------
MEMORY: dict[str, Any] = {}


def kept(client: Client, url: str) -> bytes:
    """Keep what the registry page shows, so that it can be made again without the database."""
    setup_test_environment()  # only then does a response tell its context
    response: Any = page(client, url)
    teardown_test_environment()
    names = ("page", "rows", "count", "filter", "sort", "default_sort", "sees_exits", "assigns_liaison",
             "sends_circulars")  # fmt: skip
    MEMORY.update({name: response.context[name] for name in names})
    content: bytes = response.content
    return content


class Constant(ConsortiumList):
    """The registry page over the rows in memory."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"view": self, "saved": [], "saved_query": "", "save_url": "", **MEMORY, **kwargs}

    def dispatch(self, request: WSGIRequest, *args: Any, **kwargs: Any) -> Any:
        return self.render_to_response(self.get_context_data())


urlpatterns = [*portal_addresses, path("constant/", Constant.as_view())]
