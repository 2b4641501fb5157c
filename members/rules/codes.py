"""Credit codes: what is wrong is refused, what is merely odd needs a reason."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidNumber

from members.enums import IdScheme

MALFORMED = _("A credit code has 18 signs: eight digits, then digits and capital letters except I, O, S, V and Z.")
CHECK_DIGIT = _(
    "The check digit of this code does not fit. Please compare it with the business licence; if it really is so, say "
    "why you are sure and go on."
)
MISSING = _("Please enter the unified social credit code.")
NO_COUNTRY = _("Enter the country or region by its two letters (ISO 3166), like DE or JP; a mainland body has a code.")
NO_NUMBER = _("Enter the registration number: at most 27 digits, capital letters and signs between them.")
NUMBER = re.compile(r"[0-9A-Z][0-9A-Z ./&()-]{0,26}")
COUNTRIES = {  # ISO 3166-1 without mainland China, where everybody has a credit code
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB",
    "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY",
    "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CO", "CR", "CU", "CV", "CW", "CX", "CY",
    "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM",
    "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT",
    "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS",
    "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB",
    "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML",
    "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF",
    "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN",
    "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH",
    "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG",
    "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ",
    "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
}  # fmt: skip


def credit_code(text: str, *, reason: str = "") -> str:
    """The code in its normal form. Raises ValidationError; a wrong check digit passes with a reason."""
    code = uscc.compact(text)
    try:
        uscc.validate(code)
    except InvalidChecksum:
        if not reason.strip():
            raise ValidationError(CHECK_DIGIT, code="check_digit") from None
    except InvalidNumber:
        raise ValidationError(MALFORMED, code="malformed") from None
    return code


def is_unusual(code: str) -> bool:
    """Whether the check digit does not fit."""
    return not uscc.is_valid(code)


def identity(*, id_scheme: str, code: str | None, reason: str = "") -> str | None:
    """The code to keep under this scheme, None where there is none. Raises ValidationError for the field `uscc`."""
    if id_scheme != IdScheme.USCC:
        return None
    if not (code or "").strip():
        raise ValidationError({"uscc": ValidationError(MISSING, code="required")})
    try:
        return credit_code(code or "", reason=reason)
    except ValidationError as error:
        raise ValidationError({"uscc": error}) from None


def registration(*, id_scheme: str, country: str, number: str) -> dict[str, str]:
    """Country and number of an organisation registered abroad, both empty under another scheme.

    Raises ValidationError for the fields `country` and `registration_number`.
    """
    if id_scheme != IdScheme.FOREIGN:
        return {"country": "", "registration_number": ""}
    found, errors = {}, {}
    for name, text, normal in (("country", country, country_code), ("registration_number", number, foreign_number)):
        try:
            found[name] = normal(text)
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return found


def country_code(text: str) -> str:
    """A country or region in its normal form. Raises ValidationError."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if code not in COUNTRIES:
        raise ValidationError(NO_COUNTRY)
    return code


def foreign_number(text: str) -> str:
    """A registration number in its normal form: half width, capitals, single blanks. Raises ValidationError."""
    number = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    if not NUMBER.fullmatch(number):
        raise ValidationError(NO_NUMBER)
    return number
