"""Forms whose fields stand in the rows of a table, with some empty rows to add more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

Row = dict[str, Any]


@dataclass(frozen=True)
class ColumnOf:
    """A column: the name of its values, its head, and how a field of it is made."""

    code: str
    head: Any
    field: Callable[[], forms.Field]
    number: bool = False
    wide: bool = False


class RowsForm(forms.Form):
    """The field of row 2 and column `name` is called `r2_name`; a row without anything typed does not count."""

    spare = 2
    unit: Any = ""  # of the amounts
    most = 60

    def __init__(
        self, *args: Any, rows: Sequence[Mapping[str, Any]], columns: Sequence[ColumnOf], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = tuple(columns)
        wanted = min(max(len(rows) + self.spare, self._sent()), self.most)
        self.count = max(wanted, len(rows))  # a row that stands is never left out: saving would drop it
        for number in range(self.count):
            for column in self.columns:
                self._add(number, column, rows[number].get(column.code) if number < len(rows) else None)

    def _sent(self) -> int:
        """How many rows came back: somebody may have removed some meanwhile."""
        known = (name.partition("_")[0].removeprefix("r") for name in self.data if name.startswith("r"))
        return max((int(one) + 1 for one in known if one.isascii() and one.isdigit()), default=0)

    def _add(self, number: int, column: ColumnOf, initial: Any) -> None:
        field = column.field()
        field.required, field.initial = False, initial
        head = gettext("Row %(number)s: %(head)s") % {"number": number + 1, "head": column.head}
        field.widget.attrs["aria-label"] = field.label = head
        self.fields[f"r{number}_{column.code}"] = field

    @property
    def lines(self) -> list[list[tuple[ColumnOf, forms.BoundField]]]:
        """The cells of each row."""
        return [[(one, self[f"r{number}_{one.code}"]) for one in self.columns] for number in range(self.count)]

    def filled(self) -> Iterator[tuple[int, Row]]:
        """The rows that say something, with their numbers; what did not pass is None."""
        for number in range(self.count):
            row = {one.code: self.cleaned_data.get(f"r{number}_{one.code}") for one in self.columns}
            if any(value not in (None, "") for value in row.values()):
                yield number, row

    def needs(self, number: int, row: Mapping[str, Any], *codes: str) -> None:
        """Say beside each of these that it is missing, where nothing else is said there."""
        for code in codes:
            name = f"r{number}_{code}"
            if row[code] in (None, "") and name not in self.errors:
                self.add_error(name, gettext("Fill this in, or empty the whole row."))
