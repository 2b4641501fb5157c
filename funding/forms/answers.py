"""One designed section to be answered, field by field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from funding.enums import QuestionKind
from funding.forms.designed import initial_of, kept, question_field
from funding.rules.designs import Question, Section
from funding.rules.freezing import read_answer
from funding.rules.judging import Judgement, State, worded
from funding.rules.wordings import Worded
from funding.services.answers import Change
from portal.kernel.audit import sha256
from portal.kernel.forms import WholeField

NO_VALUE = sha256(None)[:12]


def digest(value: Any) -> str:
    """A short mark of a kept value."""
    return sha256(value)[:12]


@dataclass(frozen=True)
class Item:
    """One line of the page: a question with its field, or with what is shown instead."""

    question: Question
    state: State
    field: Any
    worded: Worded
    files: tuple[Any, ...] = ()


class AnswersForm(forms.Form):
    """What is asked on one page. `version` is that of the application, `page` names the open page.

    Beside each field stands which version of the answer it began with and what that was, so that only what somebody
    really changed is saved, and nobody is told of a conflict in a field that was not touched.
    """

    version = WholeField(widget=forms.HiddenInput, min_value=0, initial=0)
    page = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, *args: Any, section: Section, states: Judgement, values: Mapping[str, Any],
        versions: Mapping[str, int] | None = None, parts: Mapping[str, Any] | None = None,
        files: Mapping[str, Sequence[Any]] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.section, self.states = section, states
        self.parts, self.attached = parts or {}, files or {}
        for question in section.typed:
            code, value = question.code, values.get(question.code)
            self.fields[f"a_{code}"] = field = question_field(question)
            field.initial = initial_of(question, value)
            mark = f"{(versions or {}).get(code, 0)}:{digest(value)}"
            self.fields[f"seen_{code}"] = forms.CharField(
                widget=forms.HiddenInput, max_length=40, required=False, initial=mark
            )

    def items(self) -> Iterator[Item]:
        """The questions of the page in their order, those too that are not asked at the moment."""
        for question in self.section.questions:
            field = self[f"a_{question.code}"] if question.typed else None
            state = self.states[question.code]
            worked = worded(state.value) if question.kind == QuestionKind.COMPUTED and state.filled else None
            shown = read_answer(question, worked, self.parts)
            yield Item(question, state, field, shown, tuple(self.attached.get(question.code, ())))

    @property
    def changes(self) -> dict[str, Change]:
        """What was changed and can be kept, by the code of the question; of a form with errors, the rest of it."""
        found = {}
        for question in self.section.typed:
            name = f"a_{question.code}"
            if name not in self.cleaned_data:
                continue
            seen, _colon, before = self.cleaned_data.get(f"seen_{question.code}", "").partition(":")
            value = kept(question, self.cleaned_data[name])
            if digest(value) != (before or NO_VALUE):
                found[question.code] = Change(value, int(seen) if re.fullmatch("[0-9]{1,9}", seen) else 0)
        return found

    @staticmethod
    def marks(answers: Mapping[str, tuple[int, Any]]) -> dict[str, str]:
        """The hidden fields that say which versions of these answers the page has seen."""
        return {f"seen_{code}": f"{version}:{digest(value)}" for code, (version, value) in answers.items()}

    def see(self, answers: Mapping[str, tuple[int, Any]]) -> None:
        """Having been shown these answers, one may save over them."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, mark in self.marks(answers).items():
            data[name] = mark
        self.data = data
