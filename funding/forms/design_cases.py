"""Forms of the test cases of a designed form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from funding.enums import QuestionKind as K
from funding.forms.designed import field_for, initial_of, kept
from funding.forms.designs import line
from funding.rules.designs import (
    Case,
    Design,
    Question,
)
from funding.rules.facts import FACTS
from funding.rules.judging import NO, RULE_WORDS, UNSURE, YES, facts_used, worded
from funding.rules.values import Sort
from portal.kernel.forms import DayField, NumberField

ANSWERS = [("", _("not looked at")), (YES, _("yes")), (NO, _("no")), (UNSURE, _("not known"))]


class CaseForm(forms.Form):
    """Answers and facts, and what the rules must make of them."""

    name = line(_("What is tested"), 120)

    def __init__(self, *args: Any, design: Design, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.design, self.present = design, case
        answers: Mapping[str, Any] = case.answers if case else {}
        self.fields["name"].initial = case.name if case else ""
        for question in design.questions.values():
            if question.answered:
                self.fields[f"a_{question.code}"] = _answer_field(question, answers.get(question.code))
        for code in sorted(facts_used(design) | set(case.facts if case else ())):
            self.fields[f"f_{code}"] = _fact_field(code, case.facts.get(code) if case else None)
        for code, question in design.questions.items():
            for rule in question.rules:
                expected = case.expected.get(f"{code}.{rule}", "") if case else ""
                self.fields[f"x_{code}.{rule}"] = _expected_field(question, rule, expected)

    def part(self, prefix: str) -> list[forms.BoundField]:
        """The fields of the answers (a_), facts (f_) or expectations (x_)."""
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def answers(self) -> list[forms.BoundField]:
        """What is answered."""
        return self.part("a_")

    @property
    def facts(self) -> list[forms.BoundField]:
        """What the portal knows."""
        return self.part("f_")

    @property
    def expected(self) -> list[forms.BoundField]:
        """What must come out."""
        return self.part("x_")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in [name for name in self.fields if name.startswith("x_")]:
            self._clean_number(name, cleaned)
        if not any(value for name, value in cleaned.items() if name.startswith("x_")) and not self.errors:
            raise ValidationError(_("Please say of at least one rule what must come out."))
        return cleaned

    def _clean_number(self, name: str, cleaned: dict[str, Any]) -> None:
        typed = cleaned.get(name)
        if not name.endswith(".formula") or typed in {None, "", UNSURE}:
            return
        try:
            cleaned[name] = worded(NumberField().clean(typed))
        except ValidationError as error:
            self.add_error(name, error)

    @property
    def case(self) -> dict[str, Any]:
        """The test case as JSON."""
        cleaned = self.cleaned_data
        answers = {
            code: _kept_answer(question, cleaned.get(f"a_{code}"))
            for code, question in self.design.questions.items()
            if question.answered
        }
        facts = {name[2:]: _fact_text(value) for name, value in cleaned.items() if name.startswith("f_")}
        return {
            "code": self.present.code if self.present else "",
            "name": cleaned["name"],
            "answers": {code: value for code, value in answers.items() if value is not None},
            "facts": {code: text for code, text in facts.items() if text},
            "expected": {name[2:]: value for name, value in cleaned.items() if name.startswith("x_") and value},
        }


def _answer_field(question: Question, value: Any) -> forms.Field:
    if question.kind == K.FILE:
        return forms.BooleanField(label=question.heading, required=False, initial=bool(value))
    return field_for(question, initial=initial_of(question, value))


def _kept_answer(question: Question, value: Any) -> Any:
    if question.kind == K.FILE:
        return ["x"] if value else None
    return kept(question, value)


def _fact_field(code: str, text: str | None) -> forms.Field:
    fact = FACTS[code]
    label = f"{fact.label} ({fact.unit})" if fact.unit else str(fact.label)
    if fact.name.sort is Sort.NUMBER:
        return NumberField(label=label, required=False, initial=text, max_digits=18, decimal_places=2)
    if fact.name.sort is Sort.DAY:
        return DayField(label=label, required=False, initial=text)
    codes = [(code, code) for code in sorted(fact.name.codes)]
    return forms.ChoiceField(label=label, required=False, initial=text, choices=[("", "---------"), *codes])


def _fact_text(value: Any) -> str:
    if value in (None, ""):
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _expected_field(question: Question, rule: str, expected: str) -> forms.Field:
    label = f"{question.label} · {RULE_WORDS[rule]}"
    if rule == "formula":
        said = _("A number, or “unknown”; empty if it is not looked at.")
        return line(label, 40, required=False, initial=expected, help_text=said)
    return forms.ChoiceField(
        label=label, required=False, initial=expected, choices=ANSWERS, help_text=escape(question.rules[rule])
    )
