"""The dashboard of the money over 200,000 tranches of ten years, beside the same page over 200.

`queries` are those of the dashboard, without what every page asks about its reader, which a page
that is not there asks as well; `queries_page` are all of them. `ratio_to_constant` is the time of
the page over 200,000 tranches against the time over 200, medians of requests of the warm process.
"""

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.test import Client
from django.urls import reverse

from consortia.models import Consortium
from funding.models import Application, Award, BudgetLine, Contract, Payment, Tranche
from tests.bench.lists import signed_in
from tests.bench.pages import medians, queries
from tests.factories.funding import make_contract, make_tranche
from tests.personas import Personas

SMALL, LARGE = 200, 200_000
WARM, MEASURED = 3, 15
YEARS = 10
FRAME = "/reports/nothing-there/"
TABLES = ("consortia_consortium", "funding_application", "funding_award", "funding_tranche", "funding_payment")


def run() -> Iterator[tuple[str, float, str]]:
    """The figures."""
    people = Personas()
    award = make_contract(people).award
    make_tranche(people, award, "PAID")
    client = signed_in(people.officer)
    ask, url = partial(page, client), f"{reverse('reports:dashboard')}?year={award.year}"
    grow(award, 0, SMALL)
    [small] = medians(ask, url, warm=WARM, measured=MEASURED)
    grow(award, SMALL, LARGE)
    [large] = medians(ask, url, warm=WARM, measured=MEASURED)
    yield "rows", Tranche.objects.count(), "rows"
    every = queries(ask, url)
    yield "queries", every - queries(partial(client.get, HTTP_HOST="localhost"), FRAME), "queries"
    yield "queries_page", every, "queries"
    yield "ms_small", small, "ms"
    yield "ms_large", large, "ms"
    yield "ratio_to_constant", round(large / small, 2), "ratio"
    if BudgetLine.objects.count() != 1 or Contract.objects.count() != 1:
        raise RuntimeError("the benchmark grew more than awards and tranches")


def page(client: Client, url: str) -> None:
    """Ask for the page; it must be the real one."""
    response = client.get(url, HTTP_HOST="localhost")
    if response.status_code != 200 or b"hx q" not in response.content:
        raise RuntimeError(f"the dashboard did not come: {response.status_code}")


def grow(award: Award, first: int, last: int) -> None:
    """Copies of one application and award, two tranches each, the first one paid: up to `last` tranches in all.

    Written beside the books: the dashboard reads only budgets there.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for n in range(len(VALUES)):
            cursor.execute(*statement(n, award, first // 2, last // 2))
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        cursor.execute("VACUUM ANALYZE")


def statement(step: int, award: Award, first: int, last: int) -> tuple[str, dict[str, object]]:
    """One of the five copies; every key is a digest of its number."""
    model = (Consortium, Application, Award, Tranche, Payment)[step]
    columns = [field.column for field in model._meta.concrete_fields]
    made = VALUES[step]
    values = ", ".join(made.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    facts = {
        "award": award.pk,
        "application": award.application_id,
        "consortium": award.consortium_id,
        "first": first,
        "last": last,
        "years": YEARS,
    }
    several = " CROSS JOIN generate_series(1, 2) AS s" if step == 3 else ""
    source = f"{SOURCES[step]} CROSS JOIN generate_series(%(first)s + 1, %(last)s) AS n{several}"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}", facts  # noqa: S608


def key(kind: str, number: str = "n") -> str:
    """An identifier of the copy with this number."""
    return f"md5('{kind}' || {number})::uuid"


YEAR = "(2026 - n %% %(years)s)"
CONSORTIUM, APPLICATION, AWARD = key("consortium"), key("application"), key("award")
FIRST = key("tranche", "(n * 2 + 1)")
SOURCES = (
    "(SELECT * FROM consortia_consortium WHERE id = %(consortium)s) AS t",
    "(SELECT * FROM funding_application WHERE id = %(application)s) AS t",
    "(SELECT * FROM funding_award WHERE id = %(award)s) AS t",
    "(SELECT * FROM funding_tranche WHERE award_id = %(award)s LIMIT 1) AS t",
    "(SELECT * FROM funding_payment LIMIT 1) AS t",
)
VALUES = (
    {"id": CONSORTIUM, "code": "'B-' || n", "name": "'样例' || n"},
    {"id": APPLICATION, "consortium_id": CONSORTIUM, "number": "'B-' || n"},
    {"id": AWARD, "application_id": APPLICATION, "consortium_id": CONSORTIUM, "year": YEAR},
    {
        "id": key("tranche", "(n * 2 + s)"), "award_id": AWARD, "sequence": "s",
        "status": "CASE WHEN s = 1 THEN 'CONFIRMED' WHEN n %% 40 = 0 THEN 'REQUESTED' ELSE 'PLANNED' END",
    },
    {
        "id": key("payment"), "tranche_id": FIRST, "standing_id": FIRST, "voucher": "'B-' || n",
        "paid_on": f"make_date({YEAR}, 1 + n %% 10, 1 + n %% 28)", "order_id": "NULL::uuid",
    },
)  # fmt: skip
