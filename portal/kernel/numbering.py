"""Human-readable numbers without gaps: taken in the transaction that uses them."""

from django.db import connection

NEXT = """
    INSERT INTO kernel_counter (series, value) VALUES (%s, 1)
    ON CONFLICT (series) DO UPDATE SET value = kernel_counter.value + 1
    RETURNING value
"""


HOLD = """
    INSERT INTO kernel_counter (series, value) VALUES (%s, 0)
    ON CONFLICT (series) DO UPDATE SET value = kernel_counter.value
"""


def hold(series: str) -> None:
    """Lock the series until the end of the transaction: for a number that is taken after the audit trail was locked."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [series])


def next_number(series: str) -> int:
    """The next number of the series; two transactions never get the same one."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series])
        return int(cursor.fetchone()[0])
