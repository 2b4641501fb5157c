"""A designed form as frozen values, read from JSON with a sentence for everything that is wrong in it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import QuestionKind as K
from funding.enums import Reference
from funding.rules.returns import PARTS

CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
SIMPLE = (K.TEXT, K.NUMBER, K.MONEY, K.DATE, K.CHOICE)  # what a column of a table may be
TYPED = (*SIMPLE, K.CHOICES, K.TABLE)  # what somebody types
MOST_SECTIONS, MOST_QUESTIONS, MOST_CHOICES, MOST_COLUMNS, MOST_ROWS, MOST_CASES = 12, 30, 40, 10, 50, 40
MOST_CHARACTERS = 20_000
GREATEST = Decimal(10) ** 15
RESERVED = {*PARTS, "lead", "members", "agreement", "technologies", "tasks", "platforms", "funds", "outcomes"}
Text = str | Promise


class DesignFault(Exception):
    """A design that cannot be; `sentences` say why."""

    def __init__(self, *sentences: Text) -> None:
        super().__init__(*sentences)
        self.sentences = [str(one) for one in sentences]


@dataclass(frozen=True)
class Words:
    """A text in both languages; as a string it is the one of the reader."""

    zh: str = ""
    en: str = ""

    def __str__(self) -> str:
        first, second = (self.zh, self.en) if (get_language() or "zh").startswith("zh") else (self.en, self.zh)
        return first or second

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@dataclass(frozen=True)
class Choice:
    """One answer that may be chosen."""

    code: str
    label: Words


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    code: str
    kind: K
    label: Words
    required: bool = False
    choices: tuple[Choice, ...] = ()
    unit: Words = Words()

    @property
    def heading(self) -> str:
        """The label with its unit."""
        return headed(self)


@dataclass(frozen=True)
class Question:
    """One thing asked or shown; `limit` in counted characters, bounds of money in yuan."""

    code: str
    kind: K
    label: Words
    help: Words = Words()
    required: bool = False
    limit: int = 500
    unit: Words = Words()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    places: int = 0
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    most_rows: int = 20
    source: str = ""
    formula: str = ""
    show_when: str = ""
    require_when: str = ""
    check: str = ""
    message: Words = Words()

    @property
    def typed(self) -> bool:
        """Whether somebody writes the answer into a field."""
        return self.kind in TYPED

    @property
    def answered(self) -> bool:
        """Whether it has an answer of the applicant's: typed or attached."""
        return self.typed or self.kind == K.FILE

    @property
    def heading(self) -> str:
        """The label with its unit."""
        return headed(self)

    @property
    def rules(self) -> dict[str, str]:
        """Its expressions by what they decide."""
        names = ("show_when", "require_when", "check", "formula")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def headed(asked: Question | Column) -> str:
    """The label of a question or column with the unit of its number."""
    unit = gettext("×10k yuan") if asked.kind == K.MONEY else str(asked.unit)
    if not unit or asked.kind not in {K.NUMBER, K.MONEY, K.COMPUTED}:
        return str(asked.label)
    return gettext("%(label)s (%(unit)s)") % {"label": asked.label, "unit": unit}


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    code: str
    title: Words
    hint: Words = Words()
    questions: tuple[Question, ...] = ()
    limit: int = 0  # as the built-in sections have it: no single text that is counted for the page

    @property
    def typed(self) -> list[Question]:
        """What is typed on the page."""
        return [question for question in self.questions if question.typed]

    def question(self, code: str) -> Question | None:
        """The question of this code."""
        return next((one for one in self.questions if one.code == code), None)


@dataclass(frozen=True)
class Case:
    """A test of the rules: answers and facts, and what must come out by the name `question.rule`."""

    code: str
    name: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """The sections of a form and the tests of its rules."""

    sections: tuple[Section, ...] = ()
    cases: tuple[Case, ...] = ()

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its code, in the order of the form."""
        return {question.code: question for section in self.sections for question in section.questions}

    def section(self, code: str) -> Section | None:
        """The section of this code."""
        return next((one for one in self.sections if one.code == code), None)

    def section_of(self, question: str) -> Section | None:
        """The section in which a question stands."""
        return next((one for one in self.sections if one.question(question)), None)


# --- reading -----------------------------------------------------------------------------------
def read_design(data: Any) -> Design:
    """The design that JSON describes. Raises DesignFault with every sentence about its shape."""
    faults: list[str] = []
    design = _Reader(faults).design(data)
    if faults:
        raise DesignFault(*faults)
    return design


class _Reader:
    """Reads one design; what is wrong is noted, and something harmless put in its place."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        self.place = ""

    def fault(self, sentence: Text) -> None:
        self.faults.append(f"{self.place}: {sentence}" if self.place else str(sentence))

    def design(self, data: Any) -> Design:
        if not isinstance(data, Mapping):
            self.fault(_("A form is a list of sections."))
            return Design()
        sections = tuple(self.section(one) for one in self.rows(data, "sections", MOST_SECTIONS))
        cases = tuple(self.case(one) for one in self.rows(data, "cases", MOST_CASES))
        self.place = ""
        self.distinct([section.code for section in sections])
        self.distinct([question.code for section in sections for question in section.questions])
        return Design(sections, cases)

    def section(self, data: Mapping[str, Any]) -> Section:
        code = self.code(data)
        if code in RESERVED:
            self.fault(_("This code belongs to a part that every application has."))
        questions = [self.question(one) for one in self.rows(data, "questions", MOST_QUESTIONS)]
        self.place = code
        return Section(code, self.words(data, "title", needed=True), self.words(data, "hint"), tuple(questions))

    def question(self, data: Mapping[str, Any]) -> Question:
        code = self.code(data)
        question = Question(
            code=code, kind=self.kind(data, tuple(K)), label=self.words(data, "label", needed=True),
            help=self.words(data, "help"), required=data.get("required") is True,
            limit=self.whole(data, "limit", 500, MOST_CHARACTERS), unit=self.words(data, "unit"),
            minimum=self.number(data, "minimum"), maximum=self.number(data, "maximum"),
            places=self.whole(data, "places", 0, 6, least=0), choices=self.choices(data),
            columns=tuple(self.column(one) for one in self.rows(data, "columns", MOST_COLUMNS)),
            most_rows=self.whole(data, "most_rows", 20, MOST_ROWS), message=self.words(data, "message"),
            **{name: self.text(data, name) for name in ("source", "formula", "show_when", "require_when", "check")},
        )  # fmt: skip
        self.place = code
        for sentence in _lacking(question):
            self.fault(sentence)
        return question

    def column(self, data: Mapping[str, Any]) -> Column:
        kind = self.kind(data, SIMPLE)
        column = Column(
            self.code(data), kind, self.words(data, "label", needed=True), data.get("required") is True,
            self.choices(data), self.words(data, "unit"),
        )  # fmt: skip
        if kind == K.CHOICE and not column.choices:
            self.fault(_("There is nothing to choose from."))
        return column

    def choices(self, data: Mapping[str, Any]) -> tuple[Choice, ...]:
        rows = self.rows(data, "choices", MOST_CHOICES)
        found = tuple(Choice(self.code(one), self.words(one, "label", needed=True)) for one in rows)
        self.distinct([one.code for one in found])
        return found

    def case(self, data: Mapping[str, Any]) -> Case:
        self.place = gettext("Test case")
        parts = {name: data.get(name) or {} for name in ("answers", "facts", "expected")}
        if not all(isinstance(part, Mapping) for part in parts.values()):
            self.fault(_("A test case holds answers, facts and what is expected."))
            parts = {}
        return Case(code=self.code(data), name=self.text(data, "name", most=120), **parts)

    # --- pieces
    def rows(self, data: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
        found = data.get(name) or []
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            self.fault(_("“%(name)s” is not a list.") % {"name": name})
            return []
        if len(found) > most:
            self.fault(_("There are more than %(most)s of “%(name)s”.") % {"most": most, "name": name})
        return found[:most]

    def code(self, data: Mapping[str, Any]) -> str:
        code = data.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code):
            self.fault(
                _("A code is made of small Latin letters, digits and _, begins with a letter, at most 20 signs.")
            )
            return "x"
        self.place = code
        return code

    def kind(self, data: Mapping[str, Any], allowed: tuple[K, ...]) -> K:
        if data.get("kind") in {one.value for one in allowed}:
            return K(data["kind"])
        self.fault(_("There is no such kind of question."))
        return K.TEXT

    def text(self, data: Mapping[str, Any], name: str, most: int = 500) -> str:
        found = data.get(name) or ""
        if isinstance(found, str) and len(found) <= most:
            return found.strip()
        self.fault(_("“%(name)s” is not a text of at most %(most)s signs.") % {"name": name, "most": most})
        return ""

    def words(self, data: Mapping[str, Any], name: str, *, needed: bool = False) -> Words:
        found = data.get(name) or {}
        if not isinstance(found, Mapping):
            self.fault(_("“%(name)s” is not a text in two languages.") % {"name": name})
            return Words()
        words = Words(self.text(found, "zh", 1000), self.text(found, "en", 1000))
        if bool(words.zh) != bool(words.en) or (needed and not words):
            self.fault(_("“%(name)s” is needed in both languages.") % {"name": name})
        return words

    def whole(self, data: Mapping[str, Any], name: str, usual: int, most: int, least: int = 1) -> int:
        found = data.get(name, usual)
        if type(found) is int and least <= found <= most:
            return found
        self.fault(_("“%(name)s” is a whole number from %(least)s to %(most)s.")
                   % {"name": name, "least": least, "most": most})  # fmt: skip
        return usual

    def number(self, data: Mapping[str, Any], name: str) -> Decimal | None:
        if (found := data.get(name)) in (None, ""):
            return None
        try:
            value = Decimal(found) if isinstance(found, str) else Decimal("nan")
        except InvalidOperation:
            value = Decimal("nan")
        if value.is_finite() and abs(value) <= GREATEST:
            return value
        self.fault(_("“%(name)s” is not a number.") % {"name": name})
        return None

    def distinct(self, codes: list[str]) -> None:
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.fault(_("The code “%(code)s” is used twice.") % {"code": code})


def _lacking(question: Question) -> Iterator[Text]:
    """What the kind of a question needs and is not there."""
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield _("The lowest value is above the highest.")
    needs: dict[str, tuple[Callable[[Question], Any], Text]] = {
        K.CHOICE: (lambda one: one.choices, _("There is nothing to choose from.")),
        K.CHOICES: (lambda one: one.choices, _("There is nothing to choose from.")),
        K.TABLE: (lambda one: one.columns, _("A table needs a column.")),
        K.REFERENCE: (lambda one: one.source in Reference.values, _("Please choose what is to be shown.")),
        K.COMPUTED: (lambda one: one.formula, _("Please say how it is worked out.")),
    }
    if question.kind in needs and not needs[question.kind][0](question):
        yield needs[question.kind][1]
    if question.check and not question.message:
        yield _("Please say what is told to the applicant when the check fails.")
    if len({one.code for one in question.columns}) < len(question.columns):
        yield _("Two columns have the same code.")


# --- writing -----------------------------------------------------------------------------------
def plain_question(question: Question) -> dict[str, Any]:
    """The JSON of a question, without what is as usual."""
    usual = Question(code="", kind=question.kind, label=Words())
    found = {name: _plain(getattr(question, name)) for name in Question.__dataclass_fields__}
    kept = {name: value for name, value in found.items() if getattr(question, name) != getattr(usual, name)}
    return {**kept, "code": question.code, "kind": question.kind.value}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Words | Choice | Column):
        return {name: _plain(getattr(value, name)) for name in type(value).__dataclass_fields__}
    if isinstance(value, K):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def read_question(data: Any) -> Question:
    """One question from JSON. Raises DesignFault."""
    faults: list[str] = []
    reader = _Reader(faults)
    question = reader.question(data if isinstance(data, Mapping) else {})
    if faults:
        raise DesignFault(*faults)
    return question
