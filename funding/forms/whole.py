"""The whole form of a call before anybody writes, read off the very forms that will be filled in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import PreparationStep
from consortia.forms.agreement import AgreementForm
from consortia.forms.consortium import ConsortiumForm
from consortia.forms.participation import PartForm
from consortia.forms.work import MilestoneForm, TaskForm, TechnologyForm
from consortia.rules.agreements import MANDATORY
from funding.enums import QuestionKind
from funding.forms.applications import SectionForm, UploadForm
from funding.forms.budget import AMOUNT, BUDGET_FIELDS
from funding.forms.designed import said
from funding.models import FormVersion
from funding.rules import designs
from funding.rules.designs import Words
from funding.rules.sections import BASICS, BUDGET, ELIGIBILITY, SECTIONS, Section
from members.forms.figures import YearForm
from portal.kernel.enumerating import enumerated

Text = str | Promise
Fields = Mapping[str, forms.Field]


@dataclass(frozen=True)
class Question:
    """One thing asked: `limit` in characters, 0 where it is no text; `answer` says what is given instead."""

    label: Text
    hint: Text
    limit: int
    answer: Text
    required: bool

    @property
    def most(self) -> str:
        """The limit as it is shown."""
        return f"{self.limit:,}"


@dataclass(frozen=True)
class Part:
    """Questions that are answered on one page."""

    title: Text | Words
    hint: Text | Words
    questions: tuple[Question, ...]


def written() -> list[Part]:
    """The sections that the lead writes."""
    return [_section(section) for section in SECTIONS.values()]


def designed(form_version: FormVersion | None) -> list[Part]:
    """The sections that the call asks beside them."""
    sections = form_version.design.sections if form_version else ()
    return [Part(one.title, one.hint, tuple(map(_designed_question, one.questions))) for one in sections]


def _designed_question(question: designs.Question) -> Question:
    return Question(
        label=question.heading,
        hint=" ".join(said(question)),
        limit=question.limit if question.kind == QuestionKind.TEXT else 0,
        answer=_designed_answer(question),
        required=question.required and not question.show_when,
    )


def _designed_answer(question: designs.Question) -> Text:
    if question.choices:
        return enumerated(str(one.label) for one in question.choices)
    if question.columns:
        return _("a table with: %(columns)s") % {"columns": enumerated(one.heading for one in question.columns)}
    return question.kind.label


def prepared() -> list[Part]:
    """What lead and members enter about themselves and the consortium."""
    return [
        _part(_("Profile of the consortium"), _("Entered once by the lead, for all calls."),
              ConsortiumForm.base_fields),
        _part(_("Yearly figures of the lead"), _("Of the last three years, with the document that shows them."),
              YearForm.base_fields),
        _part(_("Part of each member"), PreparationStep.MEMBERS.label, PartForm().fields),
        _part(_("Consortium agreement"), PreparationStep.AGREEMENT.label, AgreementForm(standard={}).fields,
              needed=MANDATORY),
        _part(_("Key-technology list"), PreparationStep.TECHNOLOGIES.label, TechnologyForm.base_fields),
        _part(_("Research tasks"), PreparationStep.TASKS.label, TaskForm.base_fields),
        _part(_("Milestones of a task"), _("At least one for each task."), MilestoneForm.base_fields),
    ]  # fmt: skip


def enclosed() -> Part:
    """The files."""
    return _part(_("Files"), _("As many as needed; none is compulsory unless the guidelines ask for it."),
                 UploadForm.base_fields)  # fmt: skip


def _section(section: Section) -> Part:
    if section is BUDGET:
        return _part(section.title, section.hint, BUDGET_FIELDS, needed=(AMOUNT,))
    fields = {name: field for name, field in SectionForm(section=section).fields.items() if not field.widget.is_hidden}
    hint = section.hint if section in {BASICS, ELIGIBILITY} else ""  # elsewhere it is that of the one question
    return _part(section.title, hint, fields, needed=() if section is ELIGIBILITY else section.fields)


def _part(title: Text, hint: Text, fields: Fields, needed: Collection[str] = ()) -> Part:
    """`needed` are the fields that may be saved empty and must not be when the application is submitted."""
    return Part(title, hint, tuple(_questions(fields, needed)))


def _questions(fields: Fields, needed: Collection[str]) -> Iterable[Question]:
    for name, field in fields.items():
        yield Question(
            label=field.label or "",
            hint=field.help_text,
            limit=getattr(field, "max_length", None) or 0,
            answer=_answer(field),
            required=field.required or name in needed,
        )


def _answer(field: Any) -> Text:
    """In which form the answer is given; the choices themselves where the portal knows them all."""
    if isinstance(field, forms.ModelChoiceField):
        return _("chosen from a list")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return enumerated(label for value, label in choices if value)
    return next((word for kind, word in KINDS if isinstance(field, kind)), _("written text"))


KINDS: tuple[tuple[type[forms.Field], Text], ...] = (
    (forms.FileField, _("a file")),
    (forms.BooleanField, _("yes or no")),
    (forms.DateField, _("a date")),
    (forms.IntegerField, _("a number")),
    (forms.DecimalField, _("a number")),
)
