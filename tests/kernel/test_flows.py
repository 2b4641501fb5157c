"""The picture of who gives what to whom: everything stands in it, nothing overlaps, words are escaped."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.flows import BOX, BROAD, NARROW, Flow, flows
from portal.kernel.palettes import light

NAMES = st.sampled_from(["甲", "乙", "丙", "丁", "戊"])
ROWS = st.lists(st.builds(Flow, NAMES, NAMES, NAMES, st.just("说明"), st.booleans()), max_size=12)


def boxes(picture: str) -> list[tuple[float, float]]:
    """Where each box begins."""
    return [(float(x), float(y)) for x, y in re.findall(r'<rect class="[^"]*" x="([\d.]+)" y="([\d.]+)"', picture)]


@given(rows=ROWS, columns=st.sampled_from([BROAD, NARROW]))
def test_everything_stands_in_it_and_nothing_overlaps(rows: list[Flow], columns: object) -> None:
    picture = str(flows(rows, label="图", columns=columns))  # type: ignore[arg-type]
    height = float(re.findall(r'viewBox="0 0 [\d.]+ ([\d.]+)"', picture)[0])

    found = boxes(picture)
    assert len(found) == len(rows) + len({row.giver for row in rows}) + len({row.taker for row in rows})
    assert (picture.count("<path"), picture.count("link bad")) == (len(rows), sum(row.alarming for row in rows))
    for column in {x for x, _y in found}:
        ys = sorted(y for x, y in found if x == column)
        assert all(below - above >= BOX for above, below in pairwise(ys))
    assert all(y >= 0 and y + BOX <= height for _x, y in found)


def test_words_are_escaped_and_cut() -> None:
    picture = flows([Flow("<b>样例</b>", "长" * 40, "丙", "<i>")], label="<u>")

    assert not re.search(r"<[biu]>", picture)
    assert "长" * 40 in picture  # whole in the title
    assert f">{'长' * 13}…</text>" in picture


def test_a_pdf_gets_plain_colours() -> None:
    assert "var(--" not in flows([Flow("甲", "乙", "丙", "", True)], label="图", palette=light())
