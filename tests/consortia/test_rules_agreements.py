"""Two texts laid over each other."""

from hypothesis import given
from hypothesis import strategies as st

from consortia.enums import Clause
from consortia.rules.agreements import MANDATORY, compare, sentences

TEXT = st.text("甲乙。；\n.;ab ", max_size=40)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_out_of_the_pieces(before: str, after: str) -> None:
    pieces = compare(before, after)

    assert "".join(one.text for one in pieces if one.kind != "new") == before
    assert "".join(one.text for one in pieces if one.kind != "gone") == after


def test_sentences_keep_their_stops() -> None:
    assert sentences("一。二；3.5 元\n完") == ["一。", "二；", "3.", "5 元\n", "完"]


def test_the_mandatory_clauses_are_all_but_two() -> None:
    assert set(Clause) - set(MANDATORY) == {Clause.DIFFUSION, Clause.INCENTIVES}
