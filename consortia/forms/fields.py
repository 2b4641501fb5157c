"""Widgets of the room's forms."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar; the value is ISO 8601 whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def area(rows: int) -> forms.Textarea:
    """A text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows})
