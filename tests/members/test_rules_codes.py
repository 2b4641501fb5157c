"""Credit codes: what is refused, what needs a reason, what passes."""

import pytest
from django.core.exceptions import ValidationError

from members.enums import IdScheme
from members.rules.codes import credit_code, identity, is_unusual, registration

GOOD = "91320599MA0000042L"
ODD = "91320599MA0000042A"


def codes(error: ValidationError) -> list[str]:
    return [each.code for each in error.error_list]


@pytest.mark.parametrize("text", [GOOD, GOOD.lower(), f" {GOOD} ", "9132 0599 MA00 0004 2L", "91320599-MA0000042-L"])
def test_a_good_code_is_brought_into_one_form(text: str) -> None:
    assert credit_code(text) == GOOD


@pytest.mark.parametrize(
    "text",
    ["", "1234", GOOD[:-1], GOOD + "1", "I1320599MA0000042L", "91320599MAO000042L", "九1320599MA0000042Y", "A" * 18],
)
@pytest.mark.parametrize("reason", ["", "it is so"])
def test_a_wrong_length_or_alphabet_is_refused_whatever_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        credit_code(text, reason=reason)
    assert codes(refusal.value) == ["malformed"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_wrong_check_digit_asks_for_a_reason(reason: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        credit_code(ODD, reason=reason)
    assert codes(refusal.value) == ["check_digit"]


def test_a_wrong_check_digit_passes_with_a_reason() -> None:
    assert credit_code(ODD.lower(), reason="as on the licence") == ODD
    assert is_unusual(ODD)
    assert not is_unusual(GOOD)


@pytest.mark.parametrize("scheme", [IdScheme.FOREIGN, IdScheme.NONE])
def test_other_schemes_keep_no_code(scheme: str) -> None:
    assert identity(id_scheme=scheme, code="whatever") is None


def test_a_registration_abroad_is_brought_into_one_form() -> None:
    told = registration(id_scheme=IdScheme.FOREIGN, country="ｄｅ ", number=" hrb   12345 ")

    assert told == {"country": "DE", "registration_number": "HRB 12345"}


@pytest.mark.parametrize("scheme", [IdScheme.USCC, IdScheme.NONE])
def test_other_schemes_keep_no_registration(scheme: str) -> None:
    kept = registration(id_scheme=scheme, country="DE", number="HRB 1")

    assert kept == {"country": "", "registration_number": ""}


@pytest.mark.parametrize(
    ("country", "number", "fields"),
    [("CN", "1", ["country"]), ("DE", "", ["registration_number"]), ("", "", ["country", "registration_number"])],
)
def test_a_registration_abroad_is_refused_by_field(country: str, number: str, fields: list[str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        registration(id_scheme=IdScheme.FOREIGN, country=country, number=number)

    assert list(refusal.value.error_dict) == fields


@pytest.mark.parametrize(("code", "expected"), [(None, "required"), ("  ", "required"), (ODD, "check_digit")])
def test_the_refusal_names_the_field(code: str | None, expected: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        identity(id_scheme=IdScheme.USCC, code=code)
    assert {field: codes(ValidationError(errors)) for field, errors in refusal.value.error_dict.items()} == {
        "uscc": [expected]
    }
