"""The order of a recommendation list."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.selectors.recommendations import Line
from portal.kernel.forms import WholeField

TWICE = _("This place is given twice.")


class OrderForm(forms.Form):
    """A place for each application, from 1 on without a gap."""

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[self.name(line)] = WholeField(
                label=_("Place of %(number)s") % {"number": line.facts["number"]},
                initial=line.position, min_value=1, max_value=len(lines),
            )  # fmt: skip

    @staticmethod
    def name(line: Line) -> str:
        """The field of a line."""
        return f"place_{line.application.pk}"

    @property
    def rows(self) -> list[tuple[Line, forms.BoundField]]:
        """The lines with their fields."""
        return [(line, self[self.name(line)]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        places = Counter(self.cleaned_data.get(self.name(line)) for line in self.lines)
        for line in self.lines:
            place = self.cleaned_data.get(self.name(line))
            if place is not None and places[place] > 1:
                self.add_error(self.name(line), TWICE)
        return self.cleaned_data

    @property
    def order(self) -> list[UUID]:
        """The applications in the order asked for."""
        return [line.application.pk for line in sorted(self.lines, key=lambda one: self.cleaned_data[self.name(one)])]
