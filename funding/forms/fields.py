"""Fields of this room: long texts and moments."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import YEARS_AHEAD


class LongText(forms.CharField):
    """A text of several lines; a line break counts as one character, as in the browser."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


FIRST_YEAR = 2000


class MomentField(forms.DateTimeField):
    """A moment in the portal's time zone, by the minute."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= timezone.localdate().year + YEARS_AHEAD:
            raise forms.ValidationError(_("This day lies too far away."), code="out_of_range")


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes drawn by one template instead of two a box: filters with many choices stay cheap."""

    template_name = "funding/_ticks.html"
