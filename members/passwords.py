"""Password policy beyond Django's own validators (GB/T 22239-2019, 8.1.4.1 a); settings switch each part."""

import string
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from members.models import Organisation, PastPassword
from members.rules.guessable import signs_left

AROUND = string.digits + string.punctuation + string.whitespace
TESTS = (str.islower, str.isupper, str.isdigit)


def classes_in(password: str) -> int:
    """How many of the four kinds of sign occur: lower case, upper case, digits, everything else."""
    kinds = [any(test(sign) for sign in password) for test in TESTS]
    other = any(not any(test(sign) for test in TESTS) for sign in password)
    return sum(kinds) + other


class LengthValidator(MinimumLengthValidator):
    """Django's own, with a sentence that is translated: its catalogue lacks this one in Chinese."""

    def get_error_message(self) -> str:
        return ngettext(
            "The password must have at least %(n)d sign.", "The password must have at least %(n)d signs.",
            self.min_length,
        ) % {"n": self.min_length}  # fmt: skip


class UncommonValidator(CommonPasswordValidator):
    """Django's own list, also for a common password with digits and signs around it, or a few signs again and again."""

    fewest = 6  # different signs, capital or not

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for what stands on every list of guesses, or nearly so."""
        lowered = password.lower()
        if len(set(lowered)) < self.fewest or lowered.strip(AROUND) in self.passwords:
            raise ValidationError(self.get_error_message(), code="password_too_common")
        super().validate(password, user)


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


class ContextValidator:
    """Asks for enough signs that are not the city's, the bureau's, the product's or one's own names, or a year."""

    def __init__(self, left: int = 8) -> None:
        self.left = left

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when too little is left; a user without organisations may carry `context_words`."""
        if signs_left(password, [*house_words(), *own_words(user)]) < self.left:
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        return gettext(
            "Too much of this password can be guessed: besides years and the names of the city, the bureau, the "
            "portal, your organisation and yourself, at least %(n)d signs must be left."
        ) % {"n": self.left}


class NotReusedValidator:
    """Refuses the present password and the last ones, and remembers each new one."""

    def __init__(self, last: int = 5) -> None:
        self.last = last

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for one of the last passwords of this person."""
        if any(check_password(password, past.hash) for past in self._past(user)):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def password_changed(self, _password: str, user: Any = None) -> None:
        """Django calls this after a password was saved; what is older than the rule asks for is forgotten."""
        PastPassword.objects.create(user=user, hash=user.password, set_at=timezone.now())
        kept = user.past_passwords.order_by("-set_at").values_list("pk", flat=True)[: max(self.last, 1)]
        user.past_passwords.exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        return ngettext(
            "This is your present or last password. Please choose a new one.",
            "This is one of your last %(n)d passwords. Please choose a new one.",
            self.last,
        ) % {"n": self.last}

    def _past(self, user: Any) -> Iterable[PastPassword]:
        known = user is not None and not user._state.adding  # noqa: SLF001
        return user.past_passwords.order_by("-set_at")[: self.last] if known else ()


@cache
def house_words() -> list[str]:
    """Names of the city, the bureau and the product in both languages, and what PASSWORD_CONTEXT adds."""
    found = list(settings.PASSWORD_CONTEXT)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += [str(settings.CITY["name"]), str(settings.CITY["bureau"])]
    return found


def own_words(user: Any) -> list[str]:
    """Name, the part of the address before the @, and the organisations that the person acts for."""
    if user is None:
        return []
    words = [user.name, user.email.partition("@")[0], *getattr(user, "context_words", ())]
    if not user._state.adding:  # noqa: SLF001
        words += Organisation.objects.filter(pk__in=user.organisation_ids).values_list("name", flat=True)
    return words
