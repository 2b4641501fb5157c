"""Amounts in Chinese capitals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.capitals import DIGITS, capitals


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("1200000", "壹佰贰拾万元整"), ("0.05", "伍分"), ("0.5", "伍角整"), ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"), ("1001", "壹仟零壹元整"), ("1010", "壹仟零壹拾元整"), ("10001", "壹万零壹元整"),
        ("100010", "壹拾万零壹拾元整"), ("10010000", "壹仟零壹万元整"), ("20000001", "贰仟万零壹元整"),
        ("100000001", "壹亿零壹元整"), ("1000100010", "壹拾亿零壹拾万零壹拾元整"), ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"), ("325.04", "叁佰贰拾伍元零肆分"), ("0.005", "壹分"), ("-0.001", "零元整"),
        ("-1200000", "负壹佰贰拾万元整"),
    ],
)  # fmt: skip
def test_as_banks_write_it(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


def test_what_has_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="1E"):
        capitals(Decimal("1E+12"))


def read(words: str) -> Decimal:
    """The other way round."""
    sign, words = (-1, words[1:]) if words.startswith("负") else (1, words)
    whole, group, digit, fen = 0, 0, 0, 0
    for one in words:
        if one in DIGITS:
            digit = DIGITS.index(one)
        elif one in "拾佰仟":
            group, digit = group + digit * {"拾": 10, "佰": 100, "仟": 1000}[one], 0
        elif one in "万亿元":
            whole, group, digit = whole + (group + digit) * {"万": 10**4, "亿": 10**8, "元": 1}[one], 0, 0
        elif one in "角分":
            fen, digit = fen + digit * {"角": 10, "分": 1}[one], 0
    return sign * (whole + Decimal(fen) / 100)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_any_amount_can_be_read_back(amount: Decimal) -> None:
    words = capitals(amount)

    assert read(words) == amount
    assert "零零" not in words
