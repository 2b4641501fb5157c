"""What of a password everybody can guess who knows the person, the city or the year."""

import re
from collections.abc import Iterable

YEAR = re.compile(r"(?:19|20)\d\d")
WORD = re.compile(r"[a-z]{4,}")
HAN = re.compile(r"[㐀-鿿]+")


def signs_left(password: str, phrases: Iterable[str]) -> int:
    """How many signs of the password stand outside years, words and pieces (two signs and more) of Chinese phrases."""
    lowered = password.lower()
    covered = {at for match in YEAR.finditer(lowered) for at in range(*match.span())}
    for phrase in phrases:
        for word in WORD.findall(phrase.lower()):
            covered |= _places(lowered, word)
        for han in HAN.findall(phrase):
            for start in range(len(han) - 1):
                covered |= _places(lowered, han[start : start + 2])
    return len(password) - len(covered)


def _places(text: str, piece: str) -> set[int]:
    starts = [match.start() for match in re.finditer(f"(?={re.escape(piece)})", text)]
    return {start + step for start in starts for step in range(len(piece))}
