"""The arithmetic of comparing: cutting, letters, bands, runs."""

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from funding.rules.similarity import (
    BANDS,
    LEAST,
    LEAST_SHARED,
    Span,
    bands,
    covered,
    length,
    letters,
    passages,
    places,
    runs,
    written,
)
from tests import prose

TEXTS = st.text(alphabet="样例创新联合体完成指标abcXYZ019，。；！？、：\n 　．Ａ㎡①", max_size=300)
FAST = settings(max_examples=80, deadline=None)


@FAST
@given(TEXTS)
def test_passages_stand_where_they_say_and_are_long_enough(text: str) -> None:
    for n, one in enumerate(passages({"a": text})):
        assert (one.ordinal, one.text) == (n, text[one.start : one.end])
        assert length(one.text) >= LEAST


@FAST
@given(TEXTS)
def test_every_letter_knows_its_place(text: str) -> None:
    assert len(places(text)) == len(letters(text))
    assert letters(text) == letters(letters(text))
    assert all(letters(text[place]) for place in places(text))


@FAST
@given(TEXTS, TEXTS)
def test_runs_are_the_same_in_both(text: str, other: str) -> None:
    found = runs(text, other)

    assert all(letters(text[a:b]) == letters(other[c:d]) for a, b, c, d in found if "㎡" not in text + other)
    assert not found or sum(len(letters(text[run.start : run.end])) for run in found) >= LEAST_SHARED


@FAST
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20))))
def test_covered_spans_do_not_overlap_and_lose_nothing(drawn: list[tuple[int, int]]) -> None:
    spans = [Span(start, start + size) for start, size in drawn]
    union = covered(spans)

    assert {place for span in union for place in range(*span)} == {place for span in spans for place in range(*span)}
    assert all(one.end < other.start for one, other in pairwise(union))


def test_bands_are_the_same_every_time_and_whatever_the_spelling() -> None:
    text = prose.text(random.Random(1), 3)
    spelt = text.replace("，", " ,").upper()

    assert bands([text, spelt])[0] == bands([spelt])[0]
    assert len(bands([text])[0]) == BANDS
    assert bands([]) == []


def test_bands_stay_what_they_are() -> None:
    """Stored bands are compared with those of later versions: a change needs a new METHOD."""
    found = bands(["第一阶段完成关键材料与部件验证，第二阶段完成样机并通过第三方测试。"])

    assert found[0][:3] == [-1147178142, 64736826, 1771265866]


def test_what_the_portal_wrote_is_not_compared() -> None:
    text = "样" * LEAST
    snapshot = {
        "call": {"title": text}, "declarations": {"texts": {"a": text}}, "application": {"route": text, "number": "1"},
        "members": [{"duties": text, "id": "9e79cd1a-f867-4be0-8936-042269922d2c"}],
        "designed": [{"title": {"zh": text}, "questions": [{"question": {"help": text}, "value": [{"note": text}]}]}],
    }  # fmt: skip

    assert list(written(snapshot)) == ["application.route", "members.0.duties", "designed.0.questions.0.value.0.note"]
