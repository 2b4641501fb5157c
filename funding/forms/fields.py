"""Fields of this room: money typed in 10,000 yuan, long texts, moments."""

from decimal import Decimal
from typing import Any

from django import forms

WAN = Decimal(10_000)


class WanField(forms.DecimalField):
    """Typed in 10,000 yuan with two decimals, cleaned to yuan; thousands commas are taken."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_digits=14, decimal_places=2, min_value=0, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").replace("，", "") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned is None else (cleaned * WAN).quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        """Yuan of the model as 10,000 yuan; what was typed stays as it was typed."""
        return f"{value / WAN:.2f}" if isinstance(value, Decimal) else value


class LongText(forms.CharField):
    """A text of several lines; a line break counts as one character, as in the browser."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class MomentField(forms.DateTimeField):
    """A moment in the portal's time zone, by the minute."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes drawn by one template instead of two a box: filters with many choices stay cheap."""

    template_name = "funding/_ticks.html"
