"""What an officer writes about an excellent year."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import TypicalCase
from reports.selectors.published import excellent_years


def area(rows: int) -> forms.Textarea:
    """A text of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class CaseForm(forms.ModelForm[TypicalCase]):
    """A typical case; its English version is whole or left out."""

    class Meta:
        model = TypicalCase
        fields = ["evaluation", "title_zh", "text_zh", "practice_zh", "title_en", "text_en", "practice_en"]
        widgets = {"text_zh": area(10), "practice_zh": area(5), "text_en": area(10), "practice_en": area(5)}
        help_texts = {
            "text_zh": _("Everybody reads it: no amounts, no names of people, nothing that is not public."),
            "practice_zh": _("What another consortium could do in the same way."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evaluation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = excellent_years()
