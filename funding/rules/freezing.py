"""The designed part of a snapshot: every question that was asked, with its words and its answer, readable by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from funding.enums import QuestionKind as K
from funding.rules.designs import Design, Question, Section, Words, plain_question, read_question
from funding.rules.judging import Judgement, State
from funding.rules.references import REFERENCES, referenced
from funding.rules.wordings import Worded, in_words

Frozen = dict[str, Any]


@dataclass(frozen=True)
class ReadSection:
    """A designed section as it is read."""

    code: str
    title: Words
    answers: tuple[Worded, ...]

    @property
    def plain(self) -> str:
        """Everything of it as one text, for comparing."""
        return "\n".join(f"{one.label}: {one.plain}" for one in self.answers)


def freeze_design(design: Design, states: Judgement, answers: Mapping[str, Any]) -> list[Frozen]:
    """The sections with what was asked in each; a question that was not asked leaves no trace."""
    return [_section(section, states, answers) for section in design.sections]


def _section(section: Section, states: Judgement, answers: Mapping[str, Any]) -> Frozen:
    asked = [states[one.code] for one in section.questions if states[one.code].shown]
    return {
        "code": section.code,
        "title": {"zh": section.title.zh, "en": section.title.en},
        "questions": [{"question": _unruled(one.question), "value": _value(one, answers)} for one in asked],
    }


def _unruled(question: Question) -> Frozen:
    return plain_question(replace(question, show_when="", require_when="", check="", message=Words()))


def _value(state: State, answers: Mapping[str, Any]) -> Any:
    if state.question.kind == K.COMPUTED:
        return f"{state.value.normalize():f}" if isinstance(state.value, Decimal) else None
    return answers.get(state.question.code) if state.filled else None


def read_frozen(sections: Sequence[Frozen], parts: Mapping[str, Any]) -> tuple[ReadSection, ...]:
    """The designed sections of a snapshot in words; `parts` is the snapshot, from which references are read."""
    return tuple(
        ReadSection(
            section["code"],
            Words(**section["title"]),
            tuple(read_answer(read_question(one["question"]), one["value"], parts) for one in section["questions"]),
        )
        for section in sections
    )


def read_answer(question: Question, value: Any, parts: Mapping[str, Any]) -> Worded:
    """One question with its answer, or with what the portal knows."""
    if question.kind != K.REFERENCE:
        return in_words(question, value)
    grid, origin = referenced(question.source, parts), str(REFERENCES[question.source].origin)
    return Worded(question.code, str(question.label), grid=grid, origin=origin)
