"""Numbers that identify people and their accounts: brought into one form, or refused with a sentence."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as InvalidNumber

MOBILE = re.compile(r"1[3-9][0-9]{9}")
ACCOUNT = re.compile(r"[0-9]{8,30}")
SEPARATORS = re.compile(r"[\s\-–]+")

NO_MOBILE = _("A mobile number of mainland China has eleven digits and begins with 13 to 19.")
NO_IDENTITY = _("This is no valid identity number: 18 signs with place, date of birth and a fitting check digit.")
NO_ACCOUNT = _("A bank account has 8 to 30 digits.")
UNUSUAL_ACCOUNT = _(
    "The check digit of this account is not that of a bank card. Accounts of organisations often have none; please "
    "compare it once more."
)


def mobile(text: str) -> str:
    """The eleven digits. Raises ValidationError."""
    number = SEPARATORS.sub("", text).removeprefix("+86")
    if not MOBILE.fullmatch(number):
        raise ValidationError(NO_MOBILE, code="mobile")
    return number


def identity_number(text: str) -> str:
    """The 18 signs, a final X as a capital letter. Raises ValidationError."""
    try:
        return str(ric.validate(text))
    except (InvalidNumber, ValueError):
        raise ValidationError(NO_IDENTITY, code="identity") from None


def bank_account(text: str) -> str:
    """The digits. Raises ValidationError; a check digit that does not fit is only `is_unusual_account`."""
    number = SEPARATORS.sub("", text)
    if not ACCOUNT.fullmatch(number):
        raise ValidationError(NO_ACCOUNT, code="account")
    return number


def is_unusual_account(number: str) -> bool:
    """Whether it lacks the check digit of bank cards."""
    return not luhn.is_valid(number)
