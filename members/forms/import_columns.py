"""The columns of files for import: what they are called, and how a text becomes a value or a sentence."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.enums import ImportKind
from members.forms.figures import FIRST_YEAR, SignedCentField
from members.forms.organisations import KINDS, OUTSIDE, SERVICES
from members.models import District, Organisation, YearFigures
from members.models.organisation import FOUR_DIGITS, SIX_DIGITS
from members.rules.codes import country_code, credit_code, foreign_number
from members.rules.intake import text_of
from portal.kernel.forms import CentField, FoundingDayField, NameField, WholeField

DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
UNKNOWN_WORD = _("“%(word)s” is none of the choices; they stand on the second sheet of the template.")
REGISTRATION = {"country": country_code, "registration_number": foreign_number}
UNIT = _("%(title)s (×10k yuan)")
ABROAD = _(
    "Only for an organisation abroad without a credit code: its country (two letters, like DE) and number there."
)
NO_KEY = _("Enter the credit code, or for an organisation abroad its country and registration number.")
TWO_KEYS = _("An organisation has either a credit code or a registration abroad, not both.")
REASON = _("Reason for an unusual code")
ONLY_SERVICES = _("Only for service agencies and platforms.")
TOO_MANY_RD = _("The R&D staff cannot be more than the staff.")
Errors = list[tuple[str, ValidationError]]


def spelt(text: str) -> str:
    """Without the differences that nobody means: width, case, blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def in_all_languages(text: Callable[[], str]) -> set[str]:
    """What the text is called in each language of the portal."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(spelt(text()))
    return found


class CodeField(forms.CharField):
    """Digits and letters; full-width ones are taken as well."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "").replace(" ", "")


class WordField(forms.Field):
    """One of several values, given by its code or by its name in any language."""

    def __init__(self, choices: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = [(str(value), label) for value, label in choices if value != ""]
        self.words = {spelt(value): value for value, _label in self.choices}
        for value, label in self.choices:
            self.words |= dict.fromkeys(in_all_languages(lambda label=label: str(label)), value)  # type: ignore[misc]

    def to_python(self, value: Any) -> str:
        word = spelt(value or "")
        if word and word not in self.words:
            raise ValidationError(UNKNOWN_WORD, params={"word": str(value)[:40]})
        return self.words.get(word, "")


class PlaceField(WordField):
    """A district by code, Chinese, English or short name; empty for outside the city."""

    def __init__(self, **kwargs: Any) -> None:
        districts = list(District.objects.all())
        super().__init__([(one.pk, one) for one in districts], **kwargs)
        for one in districts:
            names = {one.name_zh, one.name_en} | in_all_languages(lambda one=one: one.short_name)  # type: ignore[misc]
            self.words |= {spelt(name): one.pk for name in names if name}
        self.words |= dict.fromkeys(in_all_languages(lambda: str(OUTSIDE)), "")


@dataclass(frozen=True)
class Column:
    """One column; `name` is the field it fills."""

    name: str
    title: str | Promise
    field: forms.Field
    required: bool = False
    hint: str | Promise = ""

    @property
    def is_money(self) -> bool:
        """Whether it is filled in 10,000 yuan and kept in yuan."""
        return isinstance(self.field, CentField)

    @property
    def heading(self) -> str:
        """What stands above it, with its unit."""
        title = capfirst(str(self.title))
        return str(UNIT % {"title": title}) if self.is_money else title

    @property
    def offered(self) -> list[str]:
        """The choices in the reader's language."""
        return [str(label) for _value, label in getattr(self.field, "choices", [])]

    @cached_property
    def names(self) -> set[str]:
        """All that it may be called in a file."""
        return {spelt(self.name)} | in_all_languages(lambda: self.heading)

    def read(self, text: str) -> str:
        """The value as rows keep it. Raises ValidationError."""
        return text_of(self.field.clean(text))

    def shown(self, text: str) -> str:
        """A kept value for people."""
        if not text:
            return "—"
        if self.is_money:
            return str(CentField().prepare_value(Decimal(text)))
        return str(dict(getattr(self.field, "choices", [])).get(text, text))


def _title(model: Any, name: str) -> Any:
    return model._meta.get_field(name).verbose_name  # noqa: SLF001


def _choice(name: str, **options: Any) -> Column:
    column: Any = Organisation._meta.get_field(name)  # noqa: SLF001
    choices = options.pop("choices", None) or column.choices
    required = options.get("required", False)
    return Column(name, _title(Organisation, name), WordField(choices, required=required), **options)


def _field(model: Any, name: str, field: forms.Field, **options: Any) -> Column:
    return Column(name, _title(model, name), field, required=field.required, **options)


def _registration() -> tuple[Column, ...]:
    """Where an organisation abroad is registered, and under which number."""
    return tuple(
        _field(Organisation, name, forms.CharField(max_length=most, required=False), hint=ABROAD)
        for name, most in (("country", 30), ("registration_number", 60))
    )


def organisation_columns() -> tuple[Column, ...]:
    """Of a file of organisations; code, name and kind say which one it is."""
    of = Organisation
    return (
        _field(of, "uscc", CodeField(max_length=30, required=False), hint=_("18 signs, as on the business licence.")),
        _field(of, "name", NameField(max_length=200)),
        _choice("type", required=True, choices=KINDS),
        *_registration(),
        _choice("service", hint=ONLY_SERVICES),
        _choice("lead_class"),
        _choice("ownership"),
        _choice("size_class"),
        _choice("listing"),
        _choice("chain_link"),
        _field(of, "industry_code", CodeField(max_length=4, validators=[FOUR_DIGITS], required=False)),
        _field(of, "registered_capital", CentField(required=False)),
        _field(of, "legal_representative", NameField(max_length=60, required=False)),
        _field(of, "established_on", FoundingDayField(input_formats=DAYS, required=False), hint=_("Like 2020-05-31.")),
        _field(of, "district", PlaceField(required=False)),
        _field(of, "province", forms.CharField(max_length=60, required=False)),
        _field(of, "city", forms.CharField(max_length=60, required=False)),
        _field(of, "adcode", CodeField(max_length=6, validators=[SIX_DIGITS], required=False)),
        _field(of, "address", forms.CharField(max_length=200, required=False)),
        Column(
            "uscc_override",
            REASON,
            forms.CharField(max_length=300, required=False),
            hint=_("If its check digit is odd."),
        ),
    )


def year_columns(at: datetime) -> tuple[Column, ...]:
    """Of a file of yearly figures."""
    of = YearFigures
    ends = [MinValueValidator(FIRST_YEAR), MaxValueValidator(timezone.localdate(at).year)]
    return (
        _field(Organisation, "uscc", CodeField(max_length=30, required=False)),
        *_registration(),
        _field(of, "year", WholeField(validators=ends)),
        _field(of, "revenue", CentField()),
        _field(of, "rd_expense", CentField()),
        _field(of, "net_profit", SignedCentField(required=False), hint=_("A loss is written with a minus.")),
        _field(of, "total_assets", CentField(required=False)),
        _field(of, "staff", WholeField(min_value=0, max_value=2_147_483_647)),
        _field(of, "rd_staff", WholeField(min_value=0, max_value=2_147_483_647)),
    )


def columns_of(kind: str, at: datetime) -> tuple[Column, ...]:
    """The columns of a kind of file."""
    return organisation_columns() if kind == ImportKind.ORGANISATIONS else year_columns(at)


# --- what a row says as a whole ----------------------------------------------------------------
def tidy_organisation(values: dict[str, str], errors: Errors) -> None:
    """The code is sound; service and place fit the rest."""
    _tidy_key(values, errors, reason=values.get("uscc_override", ""))
    if values.get("type") not in SERVICES:
        if values.get("service"):
            errors.append(("service", ValidationError(ONLY_SERVICES)))
        values["service"] = ""
    if values.get("district"):
        values |= {"province": "", "city": "", "adcode": ""}


def tidy_year(values: dict[str, str], errors: Errors) -> None:
    """The code is one of an organisation that may have it with a reason; the part is no larger than the whole."""
    _tidy_key(values, errors, reason="known")
    if {"staff", "rd_staff"} <= values.keys() and int(values["rd_staff"]) > int(values["staff"]):
        errors.append(("rd_staff", ValidationError(TOO_MANY_RD)))


def _tidy_key(values: dict[str, str], errors: Errors, *, reason: str) -> None:
    """A credit code, or a registration abroad."""
    if values.keys() & REGISTRATION.keys():
        _tidy_registration(values, errors)
    elif "uscc" not in values and all(name != "uscc" for name, _error in errors):
        errors.append(("uscc", ValidationError(NO_KEY)))
    _tidy_code(values, errors, reason=reason)


def _tidy_registration(values: dict[str, str], errors: Errors) -> None:
    """Both parts of it are there and sound, and there is no credit code."""
    if "uscc" in values:
        errors.append(("uscc", ValidationError(TWO_KEYS)))
    for name, normal in REGISTRATION.items():
        try:
            values[name] = normal(values.get(name, ""))
        except ValidationError as error:
            errors.append((name, error))


def _tidy_code(values: dict[str, str], errors: Errors, *, reason: str) -> None:
    try:
        if "uscc" in values:
            values["uscc"] = credit_code(values["uscc"].upper(), reason=reason)
    except ValidationError as error:
        errors.append(("uscc", error))


TIDY = {ImportKind.ORGANISATIONS: tidy_organisation, ImportKind.YEARS: tidy_year}
