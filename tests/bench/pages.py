"""What a page costs: its queries, and the medians of its times in requests that take turns."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

Ask = Callable[[str], Any]  # asks for an address, and sees to it that the page comes whole


def queries(ask: Ask, url: str) -> int:
    """The queries of a warm request that shows a full page."""
    ask(url)
    with CaptureQueriesContext(connection) as captured:
        ask(url)
    return len(captured)


def medians(
    ask: Ask, *urls: str, warm: int, measured: int, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """The median time of each address in milliseconds, by this clock; the requests take turns."""
    for url in urls * warm:
        ask(url)
    times: dict[str, list[float]] = {url: [] for url in urls}
    for url in urls * measured:
        times[url].append(cost(ask, url, clock))
    return [round(statistics.median(times[url]), 1) for url in urls]


def cost(ask: Ask, url: str, clock: Callable[[], float]) -> float:
    """The time of one request in milliseconds."""
    begin = clock()
    ask(url)
    return (clock() - begin) * 1000
