"""What an agreement must have, defaults; and what differs between two texts, sentence by sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from consortia.enums import Clause

# The others are recommended. A call may ask for more or less by its own rules.
MANDATORY = tuple(clause for clause in Clause if clause not in {Clause.DIFFUSION, Clause.INCENTIVES})
TERM_YEARS = 3  # how long an agreement runs unless the lead says otherwise
SECRET_YEARS = 5  # how long secrets are kept after its end
NOTICE_MONTHS = 3  # before a member leaves

SENTENCE = re.compile(r"[^。；！？.;!?\n]*(?:[。；！？;!?\n]|\.(?=\s|$)|$|\.)")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both, in the old one only, or in the new one only."""

    kind: Literal["same", "gone", "new"]
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The two texts laid over each other."""
    old, new = sentences(before), sentences(after)
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [piece for tag, a, b, c, d in found for piece in _pieces(tag, "".join(old[a:b]), "".join(new[c:d]))]


def sentences(text: str) -> list[str]:
    """The text cut behind each sentence and line."""
    return [one for one in SENTENCE.findall(text.replace("\r\n", "\n")) if one]


def _pieces(tag: str, old: str, new: str) -> Iterator[Piece]:
    if tag == "equal":
        yield Piece("same", old)
        return
    if old:
        yield Piece("gone", old)
    if new:
        yield Piece("new", new)
