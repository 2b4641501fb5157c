"""Numbers that can be one, and numbers that cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consortia.enums import OutcomeKind, PatentType, StandardLevel
from consortia.rules.identifiers import (
    NO_CHECK,
    NO_PATENT,
    NO_SOFTWARE,
    OTHER_TYPE,
    check_sign,
    number_fault,
)

PATENT, STANDARD, SOFTWARE = OutcomeKind.PATENT, OutcomeKind.STANDARD, OutcomeKind.SOFTWARE


@pytest.mark.parametrize(
    ("digits", "sign"), [("201710601862", "3"), ("95115608", "X"), ("202310123456", "6"), ("97101765", "4")]
)
def test_the_check_digit_is_that_of_the_office(digits: str, sign: str) -> None:
    assert check_sign(digits) == sign


@pytest.mark.parametrize(
    "written",
    [
        "ZL 2017 1 0601862.3", "CN201710601862.3", "201710601862", "2017106018623", "专利号：ZL201710601862.3",
        "ＺＬ２０１７１０６０１８６２．３", "ZL95115608.X", "ZL 95 1 15608", "ZL97101765.4", "CN115123456B",
        "CN 115123456 A",
        "CN1234567C", "CN301234567S", "CN115123456", "PCT/CN2023/123456", "WO 2023/123456 A1", "US 11,234,567 B2",
        "EP 21 123 456.7", "JP2021-123456A",
    ],
)  # fmt: skip
def test_numbers_of_patents(written: str) -> None:
    assert number_fault(PATENT, written) == ""


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("ZL201710601862.4", NO_CHECK), ("ZL95115608.8", NO_CHECK), ("ZL971017655", NO_CHECK),
        ("97101765.5", NO_CHECK), ("ZL202300123456", NO_PATENT), ("ZL2017106018", NO_PATENT), ("ZL1", NO_PATENT),
        ("CN12345B", NO_PATENT), ("JS2026001", NO_PATENT), ("12345", NO_PATENT), ("ZL180010601862", NO_PATENT),
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_patent(written: str, fault: object) -> None:
    assert number_fault(PATENT, written) == fault


@pytest.mark.parametrize(
    ("written", "kind", "fault"),
    [
        ("ZL201710601862.3", PatentType.INVENTION, ""),
        ("ZL201710601862.3", PatentType.UTILITY, OTHER_TYPE),
        ("ZL202320123456", PatentType.UTILITY, ""),
        ("ZL202390123456", PatentType.UTILITY, ""),
        ("ZL202380123456", PatentType.INVENTION, ""),
        ("ZL202330123456", PatentType.DESIGN, ""),
        ("ZL95115608.X", PatentType.DESIGN, OTHER_TYPE),
        ("US 11,234,567 B2", PatentType.DESIGN, ""),
    ],
)
def test_the_number_says_the_type(written: str, kind: str, fault: object) -> None:
    assert number_fault(PATENT, written, patent_type=kind) == fault


@pytest.mark.parametrize(
    ("level", "written", "sound"),
    [
        (StandardLevel.NATIONAL, "GB/T 12345.6-2026", True),
        (StandardLevel.NATIONAL, "GB 4943.1—2022", True),
        (StandardLevel.NATIONAL, "GBT 1234:2026", True),
        (StandardLevel.NATIONAL, "GB/Z 1234-95", True),
        (StandardLevel.NATIONAL, "T/YL 001-2026", False),
        (StandardLevel.NATIONAL, "GB/T 1234", False),
        (StandardLevel.INDUSTRY, "SJ/T 11234-2026", True),
        (StandardLevel.INDUSTRY, "DB32/T 4567-2026", True),
        (StandardLevel.INDUSTRY, "DB3205/T 1096-2026", True),
        (StandardLevel.INDUSTRY, "GB/T 1234-2026", False),
        (StandardLevel.GROUP, "T/YL 001—2026", True),
        (StandardLevel.GROUP, "T/31SCTA 12.3-2026", True),
        (StandardLevel.GROUP, "T/YL 001", False),
        (StandardLevel.ENTERPRISE, "Q/320583 ABC 001-2026", True),
        (StandardLevel.ENTERPRISE, "GB/T 1-2026", False),
        (StandardLevel.INTERNATIONAL, "ISO/IEC 27001:2022", True),
        (StandardLevel.INTERNATIONAL, "ITU-T G.9804", True),
    ],
)
def test_numbers_of_standards(level: str, written: str, sound: bool) -> None:
    assert (number_fault(STANDARD, written, standard_level=level) == "") == sound


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("2026SR0123456", ""), ("登记号：2010sr012345", ""), ("软著登字第1234567号", NO_SOFTWARE),
        ("2026SR12345", NO_SOFTWARE), ("26SR0123456", NO_SOFTWARE),
    ],
)  # fmt: skip
def test_numbers_of_software(written: str, fault: object) -> None:
    assert number_fault(SOFTWARE, written) == fault


@pytest.mark.parametrize("kind", [OutcomeKind.PRODUCT, OutcomeKind.CONTRACT, OutcomeKind.AWARD, OutcomeKind.PAPER])
def test_other_kinds_have_no_form_of_their_own(kind: OutcomeKind) -> None:
    assert number_fault(kind, "样例 一号") == ""


@given(st.from_regex(r"\A20[0-2][0-9][12389][0-9]{7}\Z"), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_found(digits: str, place: int, more: int) -> None:
    other = str((int(digits[place]) + more) % 10)
    mistyped = digits[:place] + other + digits[place + 1 :]

    assert number_fault(PATENT, f"ZL{digits}.{check_sign(digits)}") == ""
    assert number_fault(PATENT, f"ZL{mistyped}.{check_sign(digits)}") != ""


@given(st.sampled_from(OutcomeKind), st.text(max_size=60), st.sampled_from(StandardLevel))
def test_any_text_gets_an_answer(kind: OutcomeKind, text: str, level: str) -> None:
    assert isinstance(str(number_fault(kind, text, standard_level=level)), str)
