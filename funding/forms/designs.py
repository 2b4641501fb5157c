"""Forms of the form designer."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import QuestionKind as K
from funding.enums import Reference
from funding.forms.designed import TableField
from funding.forms.fields import LongText
from funding.rules.designs import (
    CODE,
    MOST_CHARACTERS,
    MOST_CHOICES,
    MOST_COLUMNS,
    MOST_ROWS,
    SIMPLE,
    Choice,
    Column,
    Design,
    DesignFault,
    Question,
    Section,
    Words,
    read_question,
)
from funding.rules.expressions import LONGEST, faults, names_in
from funding.rules.judging import GIVES, RULE_WORDS, name_of
from funding.rules.values import Name
from portal.kernel.forms import NumberField, WholeField

CODE_HELP = _("Small Latin letters, digits and _, a letter first; at most 20 signs. It cannot be changed later.")
SIGNS = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


def code_field() -> forms.RegexField:
    """The name of a thing in rules and addresses."""
    return forms.RegexField(
        rf"^{CODE.pattern}\Z", label=pgettext_lazy("form", "Code"), help_text=CODE_HELP, max_length=20,
        error_messages={"invalid": CODE_HELP}, widget=forms.TextInput(attrs=SIGNS),
    )  # fmt: skip


def line(label: Any, most: int = 200, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **kwargs)


def _area(label: Any, most: int = 1000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False,
                           widget=forms.Textarea(attrs={"rows": 3}), **kwargs)  # fmt: skip


def _rule(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, required=False,
                           widget=forms.Textarea(attrs={"rows": 2, **SIGNS}))  # fmt: skip


class FormNameForm(forms.Form):
    """How a form is called."""

    name_zh = line(_("Chinese name"), 80)
    name_en = line(_("English name"), 120)


class NewFormForm(FormNameForm):
    """A new form."""

    code = code_field()
    field_order = ["code", "name_zh", "name_en"]


class SectionDesignForm(forms.Form):
    """A section: a page of the application."""

    code = code_field()
    title_zh = line(_("Chinese title"), 80)
    title_en = line(_("English title"), 120)
    hint_zh = _area(_("Chinese hint"), help_text=_("One or two sentences: what belongs here."))
    hint_en = _area(_("English hint"))

    def __init__(self, *args: Any, section: Section | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if section:
            del self.fields["code"]
            self.initial = {**_both("title", section.title), **_both("hint", section.hint)}

    @property
    def facts(self) -> dict[str, Any]:
        """Title and hint as they are kept."""
        return {name: self.words(name) for name in ("title", "hint")}

    def words(self, name: str) -> dict[str, str]:
        """A text in both languages."""
        return {language: self.cleaned_data[f"{name}_{language}"] for language in ("zh", "en")}


def _both(name: str, words: Words) -> dict[str, str]:
    return {f"{name}_zh": words.zh, f"{name}_en": words.en}


# --- questions ---------------------------------------------------------------------------------
def _heads(*pairs: tuple[str, Any], **more: Any) -> list[Column]:
    return [Column(code, K.TEXT, label, **more) for code, label in pairs]


CHOICE_COLUMNS = _heads(("code", pgettext_lazy("form", "Code")), ("zh", _("In Chinese")), ("en", _("In English")))
KINDS = tuple(Choice(kind.value, kind.label) for kind in SIMPLE)  # type: ignore[arg-type]
TICKED = (Choice("yes", _("Yes")),)  # type: ignore[arg-type]
TABLE_COLUMNS = [
    *_heads(("code", pgettext_lazy("form", "Code"))),
    Column("kind", K.CHOICE, _("Kind"), choices=KINDS),  # type: ignore[arg-type]
    *_heads(("zh", _("In Chinese")), ("en", _("In English")), ("unit", _("Unit: 台 / sets")),
            ("options", _("Choices: a = 甲 / A; b = 乙 / B"))),
    Column("required", K.CHOICE, pgettext_lazy("form", "Compulsory"), choices=TICKED),  # type: ignore[arg-type]
]  # fmt: skip


class QuestionDesignForm(forms.Form):
    """A question of one kind: only what this kind needs is asked."""

    code = code_field()
    label_zh = line(_("Chinese question"))
    label_en = line(_("English question"))
    help_zh = _area(_("Chinese help"))
    help_en = _area(_("English help"))

    def __init__(
        self, *args: Any, kind: K, names: Mapping[str, Name], question: Question | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.names, self.present = kind, names, question
        self.fields |= dict(_fields_of(kind))
        if question:
            del self.fields["code"]
            self.initial = _initial(question)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.question = read_question(self.data_of(cleaned))
            except DesignFault as fault:
                raise ValidationError(fault.sentences) from fault
            self._check_rules()
        return cleaned

    def _check_rules(self) -> None:
        itself = self.question.code
        names = {**self.names, **({} if self.kind == K.REFERENCE else {itself: name_of(self.question)})}
        for rule, expression in self.question.rules.items():
            for sentence in faults(expression, names, GIVES[rule]):
                self.add_error(rule, sentence)
            if rule in {"show_when", "formula"} and itself in names_in(expression):
                self.add_error(rule, _("This cannot depend on itself."))

    def data_of(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The question as JSON."""
        plain = ("required", "limit", "places", "most_rows", "source", *RULE_WORDS)
        words = ("label", "help", "unit", "message")
        bounds = {name: kept_number(cleaned.get(name)) for name in ("minimum", "maximum")}
        return {
            "code": self.present.code if self.present else cleaned["code"],
            "kind": self.kind.value,
            **{name: cleaned[name] for name in plain if name in cleaned},
            **{name: _pair(cleaned, name) for name in words if f"{name}_zh" in cleaned},
            **{name: value for name, value in bounds.items() if value is not None},
            "choices": [_choice(row) for row in cleaned.get("choices", [])],
            "columns": [_column(row) for row in cleaned.get("columns", [])],
        }


def kept_number(value: Decimal | None) -> str | None:
    """A bound as JSON keeps it."""
    return None if value is None else f"{value:f}"


def _pair(row: Mapping[str, Any], name: str = "") -> dict[str, str]:
    prefix = f"{name}_" if name else ""
    return {language: row.get(f"{prefix}{language}") or "" for language in ("zh", "en")}


def _choice(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"code": row.get("code") or "", "label": _pair(row)}


def _column(row: Mapping[str, Any]) -> dict[str, Any]:
    zh, _slash, en = (row.get("unit") or "").partition("/")
    return {
        "code": row.get("code") or "",
        "kind": row.get("kind") or K.TEXT.value,
        "label": _pair(row),
        "required": bool(row.get("required")),
        "unit": {"zh": zh.strip(), "en": en.strip() or zh.strip()},
        "choices": [_option(one) for one in (row.get("options") or "").replace("；", ";").split(";") if one.strip()],
    }


def _option(text: str) -> dict[str, Any]:
    code, _equals, label = text.partition("=")
    zh, _slash, en = label.partition("/")
    return {"code": code.strip(), "label": {"zh": zh.strip(), "en": en.strip()}}


def _options(column: Column) -> str:
    return "; ".join(f"{one.code} = {one.label.zh} / {one.label.en}" for one in column.choices)


def _fields_of(kind: K) -> Iterator[tuple[str, forms.Field]]:
    """The fields that questions of a kind have beside their words."""
    if kind == K.TEXT:
        yield "limit", WholeField(label=_("Characters at most"), min_value=1, max_value=MOST_CHARACTERS, initial=500)
    if kind in {K.NUMBER, K.COMPUTED}:
        yield "unit_zh", line(_("Unit in Chinese"), 40, required=False)
        yield "unit_en", line(_("Unit in English"), 40, required=False)
        yield "places", WholeField(label=_("Decimals"), min_value=0, max_value=6, initial=0)
    if kind in {K.NUMBER, K.MONEY}:
        yuan = _("In yuan.") if kind == K.MONEY else ""
        yield "minimum", NumberField(label=_("Lowest value"), required=False, help_text=yuan, max_digits=18)
        yield "maximum", NumberField(label=_("Highest value"), required=False, help_text=yuan, max_digits=18)
    yield from _fields_of_lists(kind)
    yield from _fields_of_rules(kind)


def _fields_of_lists(kind: K) -> Iterator[tuple[str, forms.Field]]:
    if kind in {K.CHOICE, K.CHOICES}:
        yield "choices", TableField(
            label=_("Choices"), columns=CHOICE_COLUMNS, most_rows=MOST_CHOICES, required=False,
            help_text=_("Saving gives further empty rows."),
        )  # fmt: skip
    if kind == K.TABLE:
        yield "columns", TableField(
            label=_("Columns"), columns=TABLE_COLUMNS, most_rows=MOST_COLUMNS, required=False,
            help_text=_("Saving gives further empty rows."),
        )  # fmt: skip
        yield "most_rows", WholeField(label=_("Rows at most"), min_value=1, max_value=MOST_ROWS, initial=20)
    if kind == K.REFERENCE:
        yield "source", forms.ChoiceField(label=_("What is shown"), choices=Reference.choices)


def _fields_of_rules(kind: K) -> Iterator[tuple[str, forms.Field]]:
    if kind == K.COMPUTED:
        yield "formula", _rule(RULE_WORDS["formula"], _("For example: sum(costs, 'amount') + own_funds"))
    yield "show_when", _rule(RULE_WORDS["show_when"], _("Empty for always. For example: kind == 'new'"))
    if kind not in {K.REFERENCE, K.COMPUTED}:
        yield "required", forms.BooleanField(label=_("Compulsory for the submission"), required=False)
        yield "require_when", _rule(RULE_WORDS["require_when"], _("For example: lead_revenue > 100000000"))
    if kind != K.REFERENCE:
        yield "check", _rule(RULE_WORDS["check"], _("What must hold before the submission, for example: amount <= 500"))
        yield "message_zh", line(_("What the applicant reads in Chinese when it does not hold"), 300, required=False)
        yield "message_en", line(_("The same in English"), 300, required=False)


def _initial(question: Question) -> dict[str, Any]:
    names = ("required", "limit", "places", "minimum", "maximum", "most_rows", "source", *RULE_WORDS)
    words = {name: getattr(question, name) for name in ("label", "help", "unit", "message")}
    return {
        **{name: getattr(question, name) for name in names},
        **{key: text for name, one in words.items() for key, text in _both(name, one).items()},
        "choices": [{"code": one.code, **_both_of(one.label)} for one in question.choices],
        "columns": [
            {"code": one.code, "kind": one.kind.value, **_both_of(one.label), "options": _options(one),
             "unit": " / ".join(filter(None, (one.unit.zh, one.unit.en))), "required": "yes" if one.required else ""}
            for one in question.columns
        ],
    }  # fmt: skip


def _both_of(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


class MoveForm(forms.Form):
    """One section or question, and in which direction it goes."""

    item = forms.ChoiceField(label=_("What"))
    way = forms.ChoiceField(label=_("Where to"), choices=[("up", _("Up")), ("down", _("Down"))])

    def __init__(self, *args: Any, design: Design, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.choices = [
            (f"{section.code}.{question.code}" if question else section.code, str(question or section.title))
            for section in design.sections
            for question in (None, *section.questions)
        ]


class MoveDraftsForm(forms.Form):
    """Why a call goes by another version of its form."""

    note = LongText(label=_("Reason"), rows=3, max_length=1000)
