"""The ledger leaves the portal: a million postings as CSV and as a workbook, beside COPY and beside XlsxWriter.

`csv_ratio_to_copy` is our rows a second, through the view and its response, by those of a plain COPY … TO STDOUT of the
same joined rows in the same run, best of three each. The workbook is compared with XlsxWriter in constant memory that
writes the same cells out of the same cursor. Peaks are those of processes of their own.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from funding.models import BudgetLine, LedgerAccount, LedgerEntry, Posting
from members.models import User
from tests.bench._exporting import export_of, take_csv
from tests.factories.funding import make_contract
from tests.personas import Personas

ROWS = int(os.environ.get("BENCH_EXPORT_ROWS", "1000000"))
MB = 1024 * 1024
TIMES = 3


def run(rows: int = ROWS) -> Iterator[tuple[str, float, str]]:
    """Fill the ledger, then take it."""
    user = fill(rows)
    total = Posting.objects.count()
    take_csv(user)  # the first request of a process pays for what it loads
    copied = max(timed(lambda: copy(user)) for _ in range(TIMES))
    taken = [take_csv(user) for _ in range(TIMES)]
    ours = max(speed for speed, _first in taken)
    yield "rows", total, "rows"
    yield "copy_rows_per_s", round(total * copied), "rows/s"
    yield "csv_rows_per_s", round(total * ours), "rows/s"
    yield "csv_ratio_to_copy", round(ours / copied, 3), "ratio"
    yield "first_byte_s", round(max(first for _speed, first in taken), 3), "s"
    yield "csv_growth_mb", alone("csv", user)["growth"], "MB"
    library, workbook = alone("library", user), alone("xlsx", user)
    yield "xlsx_library_rows_per_s", round(total / library["seconds"]), "rows/s"
    yield "xlsx_rows_per_s", round(total / workbook["seconds"]), "rows/s"
    yield "xlsx_ratio_to_library", round(library["seconds"] / workbook["seconds"], 3), "ratio"
    yield "xlsx_peak_mb", workbook["peak"], "MB"


def timed(work: Callable[[], Any]) -> float:
    """How often a second it could be done."""
    begin = time.perf_counter()
    work()
    return 1 / (time.perf_counter() - begin)


# --- a ledger ----------------------------------------------------------------------------------
def fill(rows: int) -> User:
    """Appropriations of two postings each, by one statement; who takes them."""
    people = Personas()
    make_contract(people)
    line = BudgetLine.objects.get()
    accounts = LedgerAccount.objects.filter(line=line, award=None)
    source, available = (accounts.get(kind=kind).pk for kind in ("APPROPRIATED", "AVAILABLE"))
    entries = (rows - Posting.objects.count()) // 2
    last = LedgerEntry.objects.order_by("-id")[0].pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("funding_posting", "funding_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO funding_ledgerentry (key, kind, legs, happened_on, entered_at, entered_by_id, note) "
            "SELECT 'bench:' || n, 'APPROPRIATION', 2, date '2026-01-01' + n %% 300, now(), %s, "
            "CASE WHEN n %% 50 = 0 THEN '=样例' ELSE '样财〔2026〕' END || n FROM generate_series(1, %s) AS n",
            [people.finance.pk, entries],
        )
        cursor.execute(
            "INSERT INTO funding_posting (entry_id, account_id, amount) "
            "SELECT e.id, legs.account, legs.sign * (100 + e.id %% 1000 + 0.25) FROM funding_ledgerentry e "
            "CROSS JOIN (VALUES (%s::uuid, 1), (%s::uuid, -1)) AS legs (account, sign) WHERE e.id > %s ORDER BY e.id",
            [available, source, last],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("funding_posting", "funding_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.cursor().execute("ANALYZE")
    return people.finance


# --- CSV ---------------------------------------------------------------------------------------
def copy(user: User) -> int:
    """The same rows by COPY alone, to nowhere."""
    inner, params = export_of(user).values.query.sql_with_params()
    size = 0
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({inner}) TO STDOUT (FORMAT csv)", params) as rows:
        for row in rows:
            size += len(row)
    return size


# --- in processes of their own -----------------------------------------------------------------
def alone(what: str, user: User) -> dict[str, float]:
    """What it takes in a process that does nothing else."""
    program = "import django; django.setup(); from tests.bench import _exporting; "
    program += f"_exporting.measured({what!r}, {str(user.pk)!r})"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
