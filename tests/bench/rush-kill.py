"""The rush of `rush` while web workers are killed at random; whoever gets no answer sends the same again."""

from collections.abc import Iterator

from tests.bench.rush import ENTERPRISES, WINDOW, gather, portal, receipts, run_apart, rush, verdict
from tests.bench.start import free_port

PAUSE = 3.0  # seconds between two kills


def run(
    enterprises: int = ENTERPRISES, window: float = WINDOW, pause: float = PAUSE
) -> Iterator[tuple[str, float, str]]:
    """The figures; the first two must be 0."""
    port = free_port()
    crowd = list(gather(enterprises, window, port, insists=True))
    with portal(port) as master:
        killed = run_apart(rush(crowd, master, pause))
    yield from receipts(crowd)
    yield from verdict(crowd)
    yield "kills", killed, "workers"
    yield "sent_again", sum(one.sent_again for one in crowd), "requests"
