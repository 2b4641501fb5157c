"""Passages of an application and how alike two of them are: arithmetic over text, without a database.

A passage begins at a sentence and goes on until it is long enough. As there is one for every sentence, what was copied
is cut alike wherever it stands, whatever comes before it. Blanks, punctuation, width and case do not count; offsets
tell where the letters that count stand in the text as it was written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from struct import Struct
from typing import Any, NamedTuple
from zlib import crc32

from rensa import RMinHash

METHOD = 1  # of cutting and sketching: passages of another method cannot be found, and have to be made anew
SHINGLE = 4  # letters
BANDS, ROWS, SEED = 24, 4, 20_260_930
LEAST, LONGEST, SENTENCE = 30, 80, 8  # by `length`: of a passage, a sentence, a sentence by itself
LEAST_OVERLAP = 0.6  # of the shingles of the shorter passage
LEAST_RUN, LEAST_SHARED = 6, 13  # letters: of one run, of all runs of two passages
GAP = 3  # characters of a break between two passages
COMMON_FROM = 10  # so many other consortia: what they all write nobody copied from one of them
TOLD_FROM = 10  # per cent that others have written, too: officers are told; a rule set may say otherwise
NOT_WRITTEN = frozenset({"schema", "call", "form", "declarations", "submitted", "findings", "files", "agreement"})
DESIGNED, ASKED = "designed", frozenset({"title", "question"})  # of designed sections the answers count, not what asks

NUMBERS, UNSIGNED, SIGNED = Struct(f">{BANDS * ROWS}I"), Struct(f">{BANDS}I"), Struct(f">{BANDS}i")
WIDTH = 4 * ROWS  # bytes of a band
HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
ENDS = re.compile(r"[。！？!?；;\n]+[”’」』）)\"]*|\.(?=\s)")
CLAUSES = re.compile(r"[，,、：:]")


class Span(NamedTuple):
    """From where to where in a text."""

    start: int
    end: int


class Run(NamedTuple):
    """A piece that stands in both of two texts, from where to where in each."""

    start: int
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True)
class Passage:
    """A piece of a text; `section` is the path of the text in the snapshot, as `written` gives it."""

    section: str
    ordinal: int
    start: int
    end: int
    text: str


# --- reading a snapshot ------------------------------------------------------------------------
def written(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """The texts that people wrote, long enough to be compared, by their paths: `application.route`, `members.2.duties`.

    What a form asks for later is read too: every text of the snapshot counts but those of the portal's own.
    """
    parts = ((part, value) for part, value in snapshot.items() if part not in NOT_WRITTEN)
    leaves = (leaf for part, value in parts for leaf in _leaves(part, value))
    return {path: text for path, text in leaves if length(text) >= LEAST}


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path[:200], value
    elif isinstance(value, Mapping):
        is_asked = ASKED if path.startswith(DESIGNED) else frozenset[str]()
        for key, inner in value.items():
            if key not in is_asked:
                yield from _leaves(f"{path}.{key}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(f"{path}.{place}", inner)


def length(text: str) -> int:
    """In Chinese characters and in words or numbers of other scripts; unlike `counting.counted` without the marks."""
    return sum(1 for _ in WORD.finditer(text))


# --- cutting -----------------------------------------------------------------------------------
def passages(texts: Mapping[str, str]) -> list[Passage]:
    """The passages of every text, numbered through."""
    cut = ((section, text, span) for section, text in texts.items() for span in _spans(text))
    return [Passage(section, n, *span, text[span.start : span.end]) for n, (section, text, span) in enumerate(cut)]


def _spans(text: str) -> Iterator[Span]:
    """From every sentence on as many as make a passage; what is too short at the end of a text makes none."""
    sentences = list(_sentences(text))
    words = [length(text[one.start : one.end]) for one in sentences]
    for first, sentence in enumerate(sentences):
        total = 0
        for last in range(first, len(sentences)):
            total += words[last]
            if total >= LEAST:
                yield Span(sentence.start, sentences[last].end)
                break


def _sentences(text: str) -> Iterator[Span]:
    """A long sentence is cut between its clauses; what is hardly a sentence goes with the next one."""
    for sentence in _pieces(text, Span(0, len(text)), ENDS, SENTENCE):
        is_long = length(text[sentence.start : sentence.end]) > LONGEST
        yield from _pieces(text, sentence, CLAUSES, LEAST) if is_long else (sentence,)


def _pieces(text: str, whole: Span, marks: re.Pattern[str], least: int) -> Iterator[Span]:
    """A stretch of a text, cut behind its marks into pieces of at least so many words (the last may have fewer)."""
    start = whole.start
    for mark in marks.finditer(text, whole.start, whole.end):
        if length(text[start : mark.end()]) >= least:
            yield _trimmed(text, start, mark.end())
            start = mark.end()
    if text[start : whole.end].strip():
        yield _trimmed(text, start, whole.end)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


# --- comparing ---------------------------------------------------------------------------------
@lru_cache(maxsize=20_000)
def _plain(letter: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", letter).casefold() if one.isalnum())


def letters(text: str) -> str:
    """What counts when texts are compared."""
    return "".join(map(_plain, text))


def places(text: str) -> list[int]:
    """Where in the text each of its `letters` stands."""
    return [place for place, letter in enumerate(text) for _ in _plain(letter)]


def shingles(text: str) -> frozenset[str]:
    """Every few letters in a row."""
    plain = letters(text)
    return frozenset(plain[n : n + SHINGLE] for n in range(max(1, len(plain) - SHINGLE + 1)))


def bands(texts: Iterable[str]) -> list[list[int]]:
    """What an index finds each text by: two that are alike have a band in common, by all odds."""
    tokens = [list(shingles(text)) for text in texts]
    sketches = RMinHash.digest_matrix_from_token_sets(tokens, num_perm=BANDS * ROWS, seed=SEED)
    return [_bands(sketch) for sketch in sketches.to_rows()] if tokens else []


def _bands(sketch: list[int]) -> list[int]:
    """Each as a signed number of 32 bits, its place among them included, so that only like bands meet."""
    raw = NUMBERS.pack(*sketch)
    sums = (crc32(raw[n * WIDTH : (n + 1) * WIDTH], n) for n in range(BANDS))
    return list(SIGNED.unpack(UNSIGNED.pack(*sums)))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the smaller set stands in the other, 0 to 1."""
    return len(one & other) / min(len(one), len(other))


def runs(text: str, other: str) -> list[Run]:
    """What stands in both, from longer stretches on; nothing when it is too little to speak of."""
    mine, theirs = places(text), places(other)
    blocks = SequenceMatcher(None, letters(text), letters(other), autojunk=False).get_matching_blocks()
    found = [block for block in blocks if block.size >= LEAST_RUN]
    if sum(block.size for block in found) < LEAST_SHARED:
        return []
    return [Run(mine[a], mine[a + size - 1] + 1, theirs[b], theirs[b + size - 1] + 1) for a, b, size in found]


def covered(spans: Iterable[Span]) -> list[Span]:
    """The same without overlaps, in their order."""
    union: list[Span] = []
    for span in sorted(spans):
        if union and span.start <= union[-1].end:
            union[-1] = Span(union[-1].start, max(union[-1].end, span.end))
        else:
            union.append(span)
    return union


# --- stretches ---------------------------------------------------------------------------------
@dataclass
class Stretch:
    """What two applications share in one go: passages that follow each other in both, joined.

    `runs` count from the beginning of either text.
    """

    section: str
    start: int
    text: str
    other_section: str
    other_start: int
    other_text: str
    runs: list[Run]

    def follows(self, other: "Stretch") -> bool:
        """Whether this one goes on where the other is, in both texts."""
        return (
            (self.section, self.other_section) == (other.section, other.other_section)
            and other.start <= self.start <= other.start + len(other.text) + GAP
            and other.other_start <= self.other_start <= other.other_start + len(other.other_text) + GAP
        )

    @property
    def spans(self) -> list[Span]:
        """What of the own section is shared, in its offsets."""
        return covered(Span(self.start + run.start, self.start + run.end) for run in self.runs)

    @property
    def likeness(self) -> float:
        """How much of the two texts stands in both, 0 to 1."""
        mine = sum(len(letters(self.text[run.start : run.end])) for run in self.runs)
        return min(1.0, 2 * mine / max(1, len(letters(self.text)) + len(letters(self.other_text))))


def joined(found: Iterable[Stretch]) -> list[Stretch]:
    """The stretches of two applications, those that go on where another is joined into one."""
    whole: list[Stretch] = []
    for one in sorted(found, key=lambda one: (one.section, one.start, one.other_section, one.other_start)):
        if whole and one.follows(whole[-1]):
            whole[-1] = _extended(whole[-1], one)
        else:
            whole.append(one)
    return [one for one in whole if one.runs]


def _extended(first: Stretch, then: Stretch) -> Stretch:
    """Both as one."""
    on, other_on = then.start - first.start, then.other_start - first.other_start
    return Stretch(
        first.section, first.start, _overlaid(first.text, then.text, on),
        first.other_section, first.other_start, _overlaid(first.other_text, then.other_text, other_on),
        _merged([*first.runs, *(Run(a + on, b + on, c + other_on, d + other_on) for a, b, c, d in then.runs)]),
    )  # fmt: skip


def _merged(found: list[Run]) -> list[Run]:
    """Runs in their order, those that two passages both told of only once."""
    whole = found[:1]
    for run in found[1:]:
        last = whole[-1]
        if run.start > last.end or (run.start == last.end and run.other_start >= last.other_end):
            whole.append(run)
        elif last.other_start <= run.other_start <= last.other_end and run.end > last.end:
            whole[-1] = Run(last.start, run.end, last.other_start, max(run.other_end, last.other_end))
    return whole


def _overlaid(text: str, then: str, offset: int) -> str:
    """One text laid over the end of the other; only a break can have stood between them."""
    return text[:offset].ljust(offset, "\n") + then + text[offset + len(then) :]
