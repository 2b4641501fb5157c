"""Drawing experts at random, so that anybody can repeat the draw from its seed."""

import hashlib
from collections.abc import Iterable

CAPITAL_SHARE = 3  # of three seats one goes to finance or investment


def draw(technical: Iterable[str], financial: Iterable[str], count: int, seed: str) -> list[str]:
    """`count` keys in the order of SHA-256(seed:key); a third of the seats for finance and investment.

    Seats that one group cannot fill go to the other; fewer than `count` when both are too small.
    """
    money = _ordered(financial, seed)
    others = _ordered(technical, seed)
    seats = min(count // CAPITAL_SHARE, len(money))
    chosen = money[:seats] + others[: count - seats]
    return chosen + money[seats : seats + count - len(chosen)]


def _ordered(keys: Iterable[str], seed: str) -> list[str]:
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())
