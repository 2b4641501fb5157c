"""The password policy beyond Django's own."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from members.models import User
from members.passwords import CharacterClassValidator, LengthValidator, classes_in


@pytest.mark.parametrize(
    ("password", "classes"),
    [
        ("", 0),
        ("abc", 1),
        ("ABC", 1),
        ("123", 1),
        ("!?-", 1),
        ("密码", 1),
        ("aB", 2),
        ("aB3", 3),
        ("aB3!", 4),
        ("aB密", 3),
    ],
)
def test_kinds_of_sign(password: str, classes: int) -> None:
    assert classes_in(password) == classes


@pytest.mark.parametrize(
    "password",
    ["short-A1", "alllowercaseletters", "lowercase123456", "Password123", "Sample-person@sample1", "样例申报" * 4],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(email="sample-person@sample.test", name="样例申报"))


def test_a_good_password_passes() -> None:
    validate_password("River-stone-47", User(email="sample@sample.test", name="样例申报"))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The password must mix at least 3 of: lower case letters, capital letters, digits, other signs."),
        ("zh-hans", "密码须至少包含小写字母、大写字母、数字、其他符号中的3类。"),
    ],
)
def test_the_policy_is_told_in_the_readers_language(language: str, sentence: str) -> None:
    with translation.override(language):
        assert CharacterClassValidator().get_help_text() == sentence


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh-hans", "密码至少10个字符。"), ("en", "The password must have at least 10 signs.")]
)
def test_a_short_password_is_refused_in_the_readers_language(language: str, sentence: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        LengthValidator(10).validate("Short-1")

    assert refused.value.messages == [sentence]
