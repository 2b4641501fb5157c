"""What an application answers to the designed form of its call, and what its rules make of that."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from consortia.models import Consortium
from consortia.selectors import facts_of, load_whole
from funding.enums import QuestionKind, Reference
from funding.models import Answer, Application, ApplicationFile
from funding.rules.designs import Design, Section
from funding.rules.facts import OF_THE_DRAFT, facts_from
from funding.rules.freezing import freeze_design
from funding.rules.judging import Judgement, State, facts_used, judge
from funding.selectors.budgets import frozen_budget


def whole_consortium(application: Application) -> Consortium:
    """Its consortium with everything that belongs to it: loaded once for this row in memory.

    A row that is fetched anew, as the workflow does under its lock, has none yet; what is checked of it and what is
    frozen of it is then the same.
    """
    loaded = application._meta.get_field("consortium").is_cached(application)  # noqa: SLF001
    if not loaded or not hasattr(application.consortium, "present_members"):
        application.consortium = load_whole(Consortium(pk=application.consortium_id))
    return application.consortium


def whole_facts(application: Application) -> dict[str, Any]:
    """Its consortium as plain JSON values (see `consortium_facts`)."""
    return facts_of(whole_consortium(application))


@dataclass(frozen=True)
class Sheet:
    """A designed form as far as an application fills it. `values` are JSON by question, files among them by label."""

    design: Design
    rows: Mapping[str, Answer]
    files: Mapping[str, list[ApplicationFile]]
    values: Mapping[str, Any]
    states: Judgement

    @property
    def versions(self) -> dict[str, int]:
        """Which version of each answer this is."""
        return {code: row.version for code, row in self.rows.items()}

    def open_points(self, section: Section) -> list[State]:
        """What a submission waits for in a section: what is missing, and what its check refuses."""
        states = (self.states[question.code] for question in section.questions)
        return [state for state in states if state.missing or state.wrong]

    def filled(self, section: Section) -> int:
        """How many of the questions asked in a section have an answer."""
        return sum(state.filled for state in self.asked(section))

    def asked(self, section: Section) -> list[State]:
        """The questions of a section that want an answer now."""
        states = (self.states[question.code] for question in section.questions)
        return [state for state in states if state.shown and state.question.answered]


def sheet_of(application: Application) -> Sheet | None:
    """What stands in the designed form of an application; None where its call has none, without a query."""
    if application.form_version is None:
        return None
    design = application.form_version.design
    rows = {row.question: row for row in application.answers.all()}
    files: dict[str, list[ApplicationFile]] = defaultdict(list)
    for row in application.files.select_related("attachment").exclude(question="").order_by("created_at", "id"):
        files[row.question].append(row)
    values = values_of(design, rows, files)
    return Sheet(design, rows, files, values, judge(design, values, facts_for(application, design)))


def values_of(design: Design, rows: Mapping[str, Answer], files: Mapping[str, list[ApplicationFile]]) -> dict[str, Any]:
    """The answers as rules and snapshots know them."""
    typed = {code: row.value for code, row in rows.items() if row.value is not None}
    attached = {code: [row.label for row in many] for code, many in files.items()}
    of_files = {code for code, one in design.questions.items() if one.kind == QuestionKind.FILE}
    return {**{code: value for code, value in typed.items() if code not in of_files}, **attached}


def facts_for(application: Application, design: Design) -> dict[str, Any]:
    """The facts that the rules speak of; the consortium is read only when one of them is about it."""
    draft = draft_facts(application)
    if facts_used(design) <= OF_THE_DRAFT:
        return draft
    return {**draft, **facts_from(whole_facts(application))}


def draft_facts(application: Application) -> dict[str, Any]:
    """What is known without the consortium."""
    return {
        "requested_tier": application.requested_tier,
        "requested_amount": application.requested_amount,
        "closes_on": timezone.localdate(application.call.closes_at),
    }


def shown_parts(application: Application, section: Section) -> dict[str, Any]:
    """What the references of a section are read from; nothing, and no query, where it has none."""
    sources = {one.source for one in section.questions if one.kind == QuestionKind.REFERENCE}
    own = {"budget": frozen_budget(application)} if Reference.BUDGET_LINES in sources else {}
    return {**whole_facts(application), **own} if sources - {Reference.BUDGET_LINES} else own


def frozen_answers(application: Application) -> dict[str, Any]:
    """The designed part of a snapshot; nothing where the call has no form of its own."""
    sheet, form = sheet_of(application), application.form_version
    if sheet is None or form is None:
        return {}
    return {
        "form": {"code": form.code, "version": form.version, "sha256": form.sha256},
        "designed": freeze_design(sheet.design, sheet.states, sheet.values),
    }
