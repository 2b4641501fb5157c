"""Numbers, money and days as people type them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.utils import timezone, translation

from portal.kernel.forms import (
    CentField,
    DayField,
    FoundingDayField,
    NameField,
    NumberField,
    PastDayField,
    TickField,
    WanField,
    WholeField,
    spelt_out,
)

UNCLEAR = ["Write the number in digits, like 1234.5 or 1,234.5; a comma only parts groups of three digits."]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def said(field: forms.Field, typed: Any) -> list[str]:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(typed)
    return refusal.value.messages


# --- names -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sign", ["\u202e", "\u200f", "\u2066", "\u200b", "\ufeff", "\x07", "\n", "\u2028", "<", ">", "\ue000"]
)
def test_a_name_hides_nothing(sign: str) -> None:
    assert said(NameField(), f"样例{sign}甲") == ["A name holds no invisible signs and no angle brackets."]


@pytest.mark.parametrize("name", ["样例·阿凡提", "样例科技（苏州）有限公司", "O’Sample & Söhne GmbH", "样例 甲"])
def test_a_name_may_be_unusual(name: str) -> None:
    assert NameField().clean(name) == name


# --- numbers and money -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1234.5", "1234.5"), (" 1,234.5 ", "1234.5"), ("12,345,678", "12345678"), ("－１２，３４５．５", "-12345.5"),
        (".5", ".5"), ("7.", "7."), ("", ""), (None, None), (Decimal("1.5"), Decimal("1.5")),
    ],
)  # fmt: skip
def test_a_number_is_spelt_out(typed: Any, plain: Any) -> None:
    assert spelt_out(typed) == plain


@pytest.mark.parametrize(
    "typed", ["1,50", "1,5000", "1e2", "1E2", "1 000", "1_000", "12,34", ",5", "1.2.3", "NaN", "٣"]
)
@pytest.mark.parametrize("field", [NumberField(), WholeField(), WanField(), CentField()])
def test_what_can_be_read_in_two_ways_is_refused(field: forms.Field, typed: str) -> None:
    assert said(field, typed) == UNCLEAR


def test_money_is_typed_in_10k_yuan_and_kept_in_yuan() -> None:
    assert (WanField().clean("1,234.56"), CentField().clean("0.000001")) == (Decimal("12345600.00"), Decimal("0.01"))
    assert said(WanField(), "1.234") == ["Ensure that there are no more than 2 decimal places."]
    assert said(WanField(), "-1") == ["Ensure this value is greater than or equal to 0."]


@pytest.mark.parametrize(
    ("yuan", "shown"), [("1800000", "180.00"), ("15000.50", "1.50005"), ("0.01", "0.000001"), ("0", "0.00")]
)
def test_money_in_a_form_loses_no_cent(yuan: str, shown: str) -> None:
    field = CentField()

    assert field.prepare_value(Decimal(yuan)) == shown
    assert field.clean(shown) == Decimal(yuan)


# --- days --------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "9999-12-31"])
@pytest.mark.parametrize("field", [DayField(), PastDayField()])
def test_a_day_is_of_our_times(field: DayField, day: str) -> None:
    today = timezone.localdate()
    last = today if isinstance(field, PastDayField) else date(today.year + 20, 12, 31)

    assert said(field, day) == [f"Give a day between 1990-01-01 and {last}."]


def test_a_day_that_is_over_is_not_tomorrow() -> None:
    today = timezone.localdate()

    assert PastDayField().clean(today.isoformat()) == today
    assert len(said(PastDayField(), (today + timedelta(days=1)).isoformat())) == 1
    assert DayField().clean((today + timedelta(days=1)).isoformat()) == today + timedelta(days=1)


def test_an_old_university_may_say_when_it_was_founded() -> None:
    assert FoundingDayField().clean("1900-05-18") == date(1900, 5, 18)


# --- everywhere --------------------------------------------------------------------------------
ROOMS = ("members", "consortia", "funding", "reports")
HOUSE = (DayField, NumberField, WholeField)


LIBRARY = "members.forms.signin"  # forms of a library, only dressed


def every_form(kind: type[Any] = forms.BaseForm) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        if one.__module__ != LIBRARY:
            yield one
        yield from every_form(one)


NAMES = {"name", "person_name", "contact_name", "legal_representative", "chief_scientist", "wanted", "title"}
OF_A_BODY = {"members", "consortia"}
OF_A_WORK = {
    "TechnologyForm", "TaskForm", "MilestoneForm", "OutcomeForm", "PlatformForm", "FundForm", "BackgroundForm",
    "DemandForm", "RecognitionForm", "SharingForm", "FieldMilestoneForm",
}  # fmt: skip


def test_names_of_people_and_organisations_are_typed_into_the_field_of_names() -> None:
    ours = {form for form in every_form() if form.__module__.split(".")[0] in OF_A_BODY}
    found = {
        f"{form.__qualname__}.{name}": type(field)
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if name in NAMES and form.__qualname__ not in OF_A_WORK and isinstance(field, forms.CharField)
    }

    assert len(found) >= 12
    assert {name: kind for name, kind in found.items() if kind is not NameField} == {}


def test_days_and_numbers_are_typed_into_fields_of_the_house() -> None:
    assert apps.ready
    ours = {form for form in every_form() if form.__module__.split(".")[0] in ROOMS}
    plain = [
        f"{form.__qualname__}.{name}"
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, (forms.DateField, forms.DecimalField, forms.IntegerField)) and not isinstance(field, HOUSE)
    ]

    assert len(ours) > 50
    assert sorted(plain) == []


def test_a_box_that_must_be_ticked_says_so() -> None:
    ours = {form for form in every_form() if form.__module__.split(".")[0] in ROOMS}
    plain = [
        f"{form.__qualname__}.{name}"
        for form in ours
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.BooleanField) and field.required
        if not isinstance(field, TickField | forms.NullBooleanField)
    ]

    assert said(TickField(), False) == ["Please tick this box."]
    assert sorted(plain) == []


def test_a_browser_does_not_cut_what_is_pasted() -> None:
    """A text area names no limit; the form says how long the text is, and the text is still there."""

    class Reason(forms.Form):
        note = forms.CharField(max_length=5, widget=forms.Textarea(attrs={"rows": 4}))

    form = Reason({"note": "<eight>"})

    assert list(form.errors) == ["note"]
    assert str(form["note"]).split() == [
        "<textarea", 'name="note"', 'cols="40"', 'rows="4"', "required", 'aria-invalid="true"',
        'aria-describedby="id_note_error"', 'id="id_note">', "&lt;eight&gt;</textarea>",
    ]  # fmt: skip
