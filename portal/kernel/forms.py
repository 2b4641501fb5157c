"""Form fields of the house."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.kernel import files


class UploadField(forms.FileField):
    """A file checked for size and real type; errors stand next to the field."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        allowed = files.limit(kind)
        kwargs.setdefault("widget", forms.FileInput())
        kwargs.setdefault(
            "help_text",
            format_lazy(
                _("{types}, at most {limit} MB."),
                types=files.listed(e for e in allowed.extensions if e != ".jpeg"),
                limit=allowed.megabytes,
            ),
        )
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the browser offer only what will be taken."""
        return {**super().widget_attrs(widget), "accept": ",".join(files.limit(self.kind).extensions)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            files.check(upload, self.kind)
        return upload


# --- names -------------------------------------------------------------------------------------
def plain_name(text: str) -> None:
    """Refuse what makes one name look like another, or like markup. Raises ValidationError."""
    odd = {sign for sign in text if sign in "<>" or unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}}
    if odd:
        raise forms.ValidationError(_("A name holds no invisible signs and no angle brackets."), code="odd_signs")


class NameField(forms.CharField):
    """The name of a person or an organisation."""

    default_validators = [plain_name]


class TickField(forms.BooleanField):
    """A box; one that must be ticked says so."""

    default_error_messages = {"required": _("Please tick this box.")}


# --- numbers and money -------------------------------------------------------------------------
WAN = Decimal(10_000)
CENT = Decimal("0.01")
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+", re.ASCII)


def spelt_out(typed: Any) -> Any:
    """A typed number in plain digits: full-width signs become ASCII, commas go if they part groups of three.

    Raises ValidationError for anything that might be read in two ways: exponents, `1,50`, `1 000`.
    """
    if not isinstance(typed, str) or not typed.strip():
        return typed
    text = unicodedata.normalize("NFKC", typed).strip()
    if not NUMBER.fullmatch(text):
        raise forms.ValidationError(
            _("Write the number in digits, like 1234.5 or 1,234.5; a comma only parts groups of three digits."),
            code="invalid",
        )
    return text.replace(",", "")


class NumberField(forms.DecimalField):
    """A number that can be read in one way only."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(spelt_out(value))


class WholeField(forms.IntegerField):
    """A whole number that can be read in one way only."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(spelt_out(value))


class WanField(NumberField):
    """Typed in 10,000 yuan with two decimals, cleaned to yuan; below zero only when it is `signed`."""

    places = 2

    def __init__(self, *, signed: bool = False, **kwargs: Any) -> None:
        shape = {"max_digits": 12 + self.places, "decimal_places": self.places, "min_value": None if signed else 0}
        super().__init__(**kwargs | shape)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned is None else (cleaned * WAN).quantize(CENT)

    def prepare_value(self, value: Any) -> Any:
        """Yuan of the model as 10,000 yuan, to the cent if need be; what was typed stays as it was typed."""
        if not isinstance(value, Decimal):
            return value
        amount = value / WAN
        return f"{amount:.2f}" if amount == amount.quantize(CENT) else f"{amount.normalize():f}"


class CentField(WanField):
    """An amount in 10,000 yuan of which no cent may be lost: accounts and budgets."""

    places = 6


# --- days --------------------------------------------------------------------------------------
FIRST_DAY = date(1990, 1, 1)
YEARS_AHEAD = 20


class DayInput(forms.DateInput):
    """The browser's own calendar; the value is ISO 8601 whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A day of our times, between `first` and the same day in `ahead` years (0: today)."""

    first = FIRST_DAY
    ahead = YEARS_AHEAD

    def __init__(self, *, first: date | None = None, ahead: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayInput())
        self.first = first or self.first
        self.ahead = self.ahead if ahead is None else ahead
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        today = timezone.localdate()
        last = today if not self.ahead else date(today.year + self.ahead, 12, 31)
        if value and not self.first <= value <= last:
            raise forms.ValidationError(
                _("Give a day between %(first)s and %(last)s."),
                code="out_of_range",
                params={"first": self.first, "last": last},
            )


class PastDayField(DayField):
    """A day that is not still to come."""

    ahead = 0


class FoundingDayField(PastDayField):
    """The day on which an organisation came into being: the oldest universities are of the Qing dynasty."""

    first = date(1800, 1, 1)
