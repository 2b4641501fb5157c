"""Credit codes: what is wrong is refused, what is merely odd needs a reason."""

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
