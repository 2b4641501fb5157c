"""Fields for designed questions: each kind of question in its field, tables of any simple kinds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import QuestionKind as K
from funding.forms.fields import LongText, Ticks
from funding.rules.counting import counted
from funding.rules.designs import Choice, Column, Question
from funding.rules.judging import typed
from funding.rules.values import UNKNOWN
from portal.kernel.forms import CENT, WAN, CentField, DayField, NumberField

SHORT = 60  # counted characters up to which a text has one line
SIGNS = 40  # signs that one counted word may have, so that a limit in words is one in memory, too
CELL = 200  # counted characters of a text in a table
SPARE = 2  # empty rows offered below those that are filled
FIRST_DAY = date(1949, 10, 1)


class Counted:
    """Refuses a text that is longer than it may be, counted as Chinese people count."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, text: str) -> None:
        length = counted(text)
        if length > self.limit or len(text) > self.limit * SIGNS:
            raise ValidationError(
                _("This is %(length)s characters long; at most %(limit)s are allowed."),
                code="too_long", params={"length": f"{length:,}", "limit": f"{self.limit:,}"},
            )  # fmt: skip


class MoneyField(CentField):
    """An amount between two bounds in yuan, typed in 10,000 yuan."""

    def __init__(self, *, least: Decimal | None = None, most: Decimal | None = None, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        yuan = super().clean(value)
        if yuan is not None and self.least is not None and yuan < self.least:
            raise ValidationError(_("At least %(amount)s ×10k yuan.") % {"amount": _wan(self.least)})
        if yuan is not None and self.most is not None and yuan > self.most:
            raise ValidationError(_("At most %(amount)s ×10k yuan.") % {"amount": _wan(self.most)})
        return yuan


def _wan(yuan: Decimal) -> str:
    return f"{(yuan / WAN).normalize():f}"


# --- one field for each kind -------------------------------------------------------------------
def field_for(asked: Question | Column, **kwargs: Any) -> forms.Field:
    """The field in which a question or a cell is answered; a draft may leave it empty."""
    kwargs = {"label": asked.heading, "required": False, **kwargs}
    made: forms.Field = FIELDS[asked.kind](asked, kwargs)
    return made


def _text(asked: Any, kwargs: Any) -> forms.Field:
    limit = getattr(asked, "limit", CELL)
    if limit <= SHORT or isinstance(asked, Column):
        return forms.CharField(validators=[Counted(limit)], **kwargs)
    field = LongText(rows=min(max(limit // 120, 4), 16), validators=[Counted(limit)], **kwargs)
    field.widget.attrs["data-words"] = limit
    return field


def _number(asked: Any, kwargs: Any) -> forms.Field:
    places = getattr(asked, "places", 6)
    least, most = getattr(asked, "minimum", None), getattr(asked, "maximum", None)
    return NumberField(min_value=least, max_value=most, decimal_places=places, max_digits=15 + places, **kwargs)


def _money(asked: Any, kwargs: Any) -> forms.Field:
    return MoneyField(least=getattr(asked, "minimum", None), most=getattr(asked, "maximum", None), **kwargs)


def _choice(asked: Any, kwargs: Any) -> forms.Field:
    return forms.ChoiceField(choices=[("", "---------"), *_pairs(asked.choices)], **kwargs)


def _choices(asked: Any, kwargs: Any) -> forms.Field:
    return forms.MultipleChoiceField(choices=_pairs(asked.choices), widget=Ticks, **kwargs)


def _pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(one.code, str(one.label)) for one in choices]


def _table(asked: Any, kwargs: Any) -> forms.Field:
    return TableField(columns=asked.columns, most_rows=asked.most_rows, **kwargs)


FIELDS: dict[K, Callable[[Any, Any], forms.Field]] = {
    K.TEXT: _text, K.NUMBER: _number, K.MONEY: _money, K.CHOICE: _choice, K.CHOICES: _choices, K.TABLE: _table,
    K.DATE: lambda _asked, kwargs: DayField(first=FIRST_DAY, **kwargs),
}  # fmt: skip


def question_field(question: Question) -> forms.Field:
    """The field of a question with what is said beside it; what officials wrote is text, never markup."""
    return field_for(question, help_text=escape(" ".join(said(question))))


def said(question: Question) -> Iterator[str]:
    """What is said beside a question: its help, and how much of what is taken."""
    if question.help:
        yield str(question.help)
    if question.kind == K.TEXT:
        words = {"limit": f"{question.limit:,}"}
        yield (
            gettext("At most %(limit)s characters: a Chinese character or mark is one, a Latin word or number is one.")
            % words
        )
    if question.kind in {K.NUMBER, K.MONEY}:
        yield from _bounds(question)
    if question.kind == K.TABLE:
        yield gettext("At most %(rows)s rows; saving gives further empty ones.") % {"rows": question.most_rows}


def _bounds(question: Question) -> Iterator[str]:
    say = _wan if question.kind == K.MONEY else lambda value: f"{value:f}"
    if question.minimum is not None:
        yield gettext("At least %(bound)s.") % {"bound": say(question.minimum)}
    if question.maximum is not None:
        yield gettext("At most %(bound)s.") % {"bound": say(question.maximum)}


# --- values ------------------------------------------------------------------------------------
def initial_of(question: Question, value: Any) -> Any:
    """What a field shows of a kept value."""
    found = typed(question, value)
    if found is UNKNOWN:
        return None
    if question.kind == K.TABLE:
        return [{code: None if cell is UNKNOWN else cell for code, cell in row.items()} for row in found]
    return list(found) if question.kind == K.CHOICES else found


def kept(asked: Question | Column, value: Any) -> Any:
    """What is kept of a cleaned value: JSON with one spelling, None for no answer."""
    if value in (None, "", []):
        return None
    if asked.kind == K.MONEY:
        return f"{value.quantize(CENT):f}"
    if asked.kind == K.NUMBER:
        return f"{value.normalize():f}"
    if asked.kind == K.DATE:
        return value.isoformat()
    if asked.kind == K.TABLE:
        return [_kept_row(asked, row) for row in value]
    return value


def _kept_row(asked: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {column.code: kept(column, row.get(column.code)) for column in asked.columns}
    return {code: value for code, value in cells.items() if value is not None}


# --- tables ------------------------------------------------------------------------------------
class TableWidget(forms.Widget):
    """Rows of cells, some empty ones at the end; works without a script."""

    template_name = "funding/_table_widget.html"
    use_fieldset = True

    def __init__(self, cells: Mapping[str, forms.Field], most_rows: int) -> None:
        super().__init__()
        self.cells, self.most_rows = dict(cells), most_rows

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        return [
            {code: cell.widget.value_from_datadict(data, files, f"{name}-{row}-{code}")
             for code, cell in self.cells.items()}
            for row in range(self.most_rows)
            if any(f"{name}-{row}-{code}" in data for code in self.cells)
        ]  # fmt: skip

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def format_value(self, value: Any) -> Any:
        return value or []

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = self.format_value(value)
        shown = min(self.most_rows, max(len(rows) + SPARE, 3))
        padded = [*rows, *({} for _i in range(shown - len(rows)))]
        context["widget"]["heads"] = [cell.label for cell in self.cells.values()]
        context["widget"]["rows"] = [self._row(name, number, row) for number, row in enumerate(padded)]
        return context

    def _row(self, name: str, number: int, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "head": cell.label,
                "html": cell.widget.render(
                    f"{name}-{number}-{code}", cell.prepare_value(row.get(code)),
                    {**cell.widget_attrs(cell.widget), "id": f"id_{name}-{number}-{code}",
                     "aria-label": f"{cell.label} {number + 1}"},
                ),
            }
            for code, cell in self.cells.items()
        ]  # fmt: skip


class TableField(forms.Field):
    """The rows that somebody filled; a row without anything in it is none."""

    def __init__(self, *, columns: Sequence[Column], most_rows: int, **kwargs: Any) -> None:
        self.columns = {column.code: column for column in columns}
        self.cells = {code: field_for(column) for code, column in self.columns.items()}
        super().__init__(widget=TableWidget(self.cells, most_rows), **kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        errors: list[ValidationError] = []
        rows = []
        for number, row in enumerate(value or [], 1):
            if any(str(typed or "").strip() for typed in row.values()):
                rows.append(self._row(number, row, errors))
        if errors:
            raise ValidationError(errors)
        self.validate(rows)
        return rows

    def _row(self, number: int, row: Mapping[str, Any], errors: list[ValidationError]) -> dict[str, Any]:
        found = {}
        for code, cell in self.cells.items():
            try:
                found[code] = self._cell(code, cell.clean(row.get(code)))
            except ValidationError as error:
                place = gettext("Row %(row)s, %(column)s: ") % {"row": number, "column": cell.label}
                errors += [ValidationError(place + message) for message in error.messages]
        return found

    def _cell(self, code: str, value: Any) -> Any:
        if self.columns[code].required and value in (None, ""):
            raise ValidationError(_("Please fill this in."))
        return value
