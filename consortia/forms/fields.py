"""Widgets of the room's forms."""

from typing import Any

from django import forms


def area(rows: int) -> forms.Textarea:
    """A text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


def in_order(form: Any, low: str, high: str, fault: Any, at: str = "", *, apart: bool = False) -> None:
    """Say `fault` at `at`, else at `high`, where `high` is below `low`; with `apart`, also where it is the same."""
    first, second = (form.cleaned_data.get(name) for name in (low, high))
    if first is not None and second is not None and (second < first or (apart and first == second)):
        form.add_error(at or high, fault)
