"""One number, one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consortia.enums import OutcomeKind
from consortia.rules.numbers import canonical_number

SAME: list[tuple[OutcomeKind, str, list[str]]] = [
    (OutcomeKind.PATENT, "202310123456", [
        "ZL202310123456.7", "ZL 2023 1 0123456.7", "CN202310123456.7", "202310123456", "2023101234567",
        "zl202310123456.x", "ＺＬ２０２３１０１２３４５６．７", "专利号：ZL202310123456.7", "CN 2023 1 0123456.7",
        "ZL2023\u200b10123456.7",
    ]),
    (OutcomeKind.PATENT, "115123456", ["CN115123456B", "CN 115123456 A", "115123456"]),
    (OutcomeKind.PATENT, "95115608", ["ZL95115608.X", "CN95115608.X", "ZL95115608X", "95115608X", "ZL 95 1 15608"]),
    (OutcomeKind.PATENT, "97101765", ["ZL97101765.4", "97101765.4", "ZL971017654"]),
    (OutcomeKind.PATENT, "US11234567", ["US 11,234,567 B2", "US11234567B2", "us 11234567"]),
    (OutcomeKind.PATENT, "EP21123456", ["EP 21 123 456.7", "EP21123456", "EP21123456A1"]),
    (OutcomeKind.PATENT, "WO2023123456", ["WO 2023/123456 A1", "WO2023123456"]),
    (OutcomeKind.PATENT, "PCTCN2023123456", ["PCT/CN2023/123456", "pct/cn2023/123456 "]),
    (OutcomeKind.STANDARD, "GBT12342026", ["GB/T 1234-2026", "GB/T1234—2026", "gbt 1234–2026", "GB/T 1234:2026"]),
    (OutcomeKind.STANDARD, "TYL0012026", ["T/YL 001—2026", "Ｔ/YL 001-2026", "标准编号：T/YL 001-2026"]),
    (OutcomeKind.CONTRACT, "2026320599000001", ["2026 3205 99 000001", "合同登记编号：2026-3205-99-000001"]),
    (OutcomeKind.SOFTWARE, "2026SR0123456", ["2026SR0123456", "登记号：2026sr0123456", "No. 2026SR0123456"]),
    (OutcomeKind.PAPER, "10.1000/ABC.1", ["10.1000/abc.1", "DOI:10.1000/abc.1", "https://doi.org/10.1000/ABC.1"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "number", "written"), SAME)
def test_spellings_of_one_number(kind: OutcomeKind, number: str, written: list[str]) -> None:
    assert {canonical_number(kind, one) for one in written} == {number}


def test_different_numbers_stay_different() -> None:
    numbers = ["ZL202310123456.7", "ZL202310123457.5", "ZL202320123456.7", "CN115123456B"]

    assert len({canonical_number(OutcomeKind.PATENT, one) for one in numbers}) == len(numbers)


@pytest.mark.parametrize("text", ["", " ", "　", "-", "./."])
def test_no_number(text: str) -> None:
    assert {canonical_number(kind, text) for kind in OutcomeKind if kind != OutcomeKind.PAPER} == {""}


@given(st.sampled_from(OutcomeKind), st.from_regex(r"\A[A-Z]{0,2}[0-9]{4,13}\Z"), st.sampled_from("  -－—. "))
def test_separators_never_matter(kind: OutcomeKind, number: str, separator: str) -> None:
    spaced = f" {number[:4]} {number[4:]} "

    assert canonical_number(kind, spaced) == canonical_number(kind, number)
    assert len(canonical_number(kind, number)) <= len(number)
