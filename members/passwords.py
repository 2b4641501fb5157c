"""Password policy beyond Django's own validators."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

TESTS = (str.islower, str.isupper, str.isdigit)


def classes_in(password: str) -> int:
    """How many of the four kinds of sign occur: lower case, upper case, digits, everything else."""
    kinds = [any(test(sign) for sign in password) for test in TESTS]
    other = any(not any(test(sign) for test in TESTS) for sign in password)
    return sum(kinds) + other


class CharacterClassValidator:
    """Asks for several kinds of sign."""

    def __init__(self, classes: int = 3) -> None:
        self.classes = classes

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when too few kinds occur."""
        if classes_in(password) < self.classes:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return ngettext(
            "The password must mix at least %(n)d of: lower case letters, capital letters, digits, other signs.",
            "The password must mix at least %(n)d of: lower case letters, capital letters, digits, other signs.",
            self.classes,
        ) % {"n": self.classes}
