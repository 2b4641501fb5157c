"""What another version of its form would mean for the drafts of a call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from funding.enums import ApplicationStatus, CallStatus
from funding.models import Answer, Application, ApplicationFile, Call, FormVersion
from funding.rules.designs import Design
from funding.rules.judging import judge, typed
from funding.rules.values import UNKNOWN
from funding.selectors.answers import draft_facts, values_of


@dataclass(frozen=True)
class Effect:
    """One draft: how many answers it keeps, which are set aside, and what it is asked anew (labels)."""

    application: Application
    kept: int
    aside: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def touched(self) -> bool:
        """Whether its writers have anything to do."""
        return bool(self.aside or self.asked)


def drafts_of(call: Call) -> QuerySet[Application]:
    """The drafts that go by the form of their call; what was submitted or returned keeps its own."""
    return Application.everything.filter(call=call, status=ApplicationStatus.DRAFT)


def effects(call: Call, version: FormVersion | None) -> list[Effect]:
    """What would become of each draft, in three queries; facts of the consortium count as not known."""
    drafts = drafts_of(call).select_related("consortium__lead", "form_version").order_by("number")
    answers = Prefetch("answers", Answer.objects.exclude(value=None), to_attr="given")
    files = Prefetch("files", ApplicationFile.objects.exclude(question=""), to_attr="attached")
    design = version.design if version else Design()
    return [_effect(draft, call, design) for draft in drafts.prefetch_related(answers, files)]


def _effect(draft: Any, call: Call, design: Design) -> Effect:
    draft.call = call
    before = draft.form_version.design if draft.form_version else Design()
    rows = {row.question: row for row in draft.given}
    files: dict[str, list[ApplicationFile]] = {}
    for row in draft.attached:
        files.setdefault(row.question, []).append(row)
    old, new = values_of(before, rows, files), values_of(design, rows, files)
    aside = tuple(_label(before, code) for code in _in_order(before, old) if not _fits(design, code, new))
    facts = draft_facts(draft)
    had, has = ({code for code, state in judge(one, values, facts).items() if state.missing}
                for one, values in ((before, old), (design, new)))  # fmt: skip
    asked = tuple(_label(design, code) for code in design.questions if code in has - had)
    return Effect(draft, len(old) - len(aside), aside, asked)


def _in_order(design: Design, codes: Iterable[str]) -> list[str]:
    """As the questions stand in the design; what was set aside earlier comes last."""
    places = {code: place for place, code in enumerate(design.questions)}
    return sorted(codes, key=lambda code: (places.get(code, len(places)), code))


def _fits(design: Design, code: str, values: Mapping[str, Any]) -> bool:
    question = design.questions.get(code)
    return question is not None and typed(question, values.get(code)) is not UNKNOWN


def _label(design: Design, code: str) -> str:
    return str(design.questions[code].label) if code in design.questions else code


def calls_by_form(code: str) -> QuerySet[Call]:
    """The published calls that go by a version of this form."""
    return Call.objects.filter(form_version__code=code, status=CallStatus.PUBLISHED).select_related("form_version")
