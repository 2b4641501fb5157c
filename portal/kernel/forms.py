"""Form fields of the house."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
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
