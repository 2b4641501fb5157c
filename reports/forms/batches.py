"""The order of all reports of a year."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.enums import BatchScope


class BatchForm(forms.Form):
    """In which language, and of which evaluations."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    scope = forms.ChoiceField(label=_("Evaluations"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, numbers: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (scope, self._label(BatchScope(scope), number)) for scope, number in numbers.items()
        ]

    @staticmethod
    def _label(scope: BatchScope, number: int) -> str:
        words = {"scope": scope.label, "number": number}
        return ngettext("%(scope)s: %(number)d report", "%(scope)s: %(number)d reports", number) % words
