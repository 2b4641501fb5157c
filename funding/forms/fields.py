"""Fields of this room: long texts and moments."""

from pathlib import Path
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funding.rules.spending import reference
from portal.kernel.files import clean_name
from portal.kernel.forms import YEARS_AHEAD, UploadField


class LongText(forms.CharField):
    """A text of several lines; a line break counts as one character, as in the browser."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ReferenceField(forms.CharField):
    """The number of a voucher or a bank slip, in the one spelling in which it is kept and compared."""

    def to_python(self, value: Any) -> str:
        return reference(super().to_python(value) or "")


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


class SeveralFiles(forms.FileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True


class FilesField(UploadField):
    """Several files, each looked at as every upload is."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SeveralFiles())
        words = _("Up to {most} files: PDF, JPG or PNG, at most 10 MB each.")
        kwargs.setdefault("help_text", format_lazy(words, most=most))
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(chosen) > self.most:
            raise forms.ValidationError(_("At most %(most)s files are taken.") % {"most": self.most})
        return [super(FilesField, self).clean(one, initial) for one in chosen or ([None] if self.required else [])]


class NamelessFilesField(FilesField):
    """Files under names that tell nothing: a name may tell who objects, and stands in logs when it is refused."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        for number, one in enumerate(chosen, 1):
            one.name = f"evidence-{number}{Path(clean_name(one.name)).suffix.lower()}"
        return super().clean(chosen, initial)
