"""Designed sections of an application: written, saved while one types, their files attached."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.enums import QuestionKind
from funding.forms.answers import AnswersForm
from funding.forms.applications import UploadForm
from funding.models import Application, ApplicationFile
from funding.rules.designs import Question, Section
from funding.rules.freezing import read_answer
from funding.rules.judging import worded
from funding.selectors.answers import Sheet, sheet_of, shown_parts
from funding.selectors.progress import section_url
from funding.services.answers import AnswersChanged, save_answers
from funding.services.applications import attach_file
from funding.views.autosave import Autosave
from funding.views.drafts import DraftView, SectionMixin
from funding.views.sections import SectionPage


class DesignedMixin(SectionMixin):
    """Knows the designed section of the address, and what stands in it."""

    changed: type[Exception] = AnswersChanged

    @property
    def sections(self) -> Mapping[str, Any]:
        """The designed sections of the application."""
        return {section.code: section for section in self.object.designed}

    def sheet(self) -> Sheet:
        """What stands in the form now, read anew after a save."""
        found = sheet_of(self.object)
        if found is None:
            raise Http404
        return found

    def form_facts(self) -> dict[str, Any]:
        """What the form of the section is made of."""
        section: Section = self.section
        sheet = self.sheet()
        return {
            "section": section, "states": sheet.states, "values": sheet.values, "versions": sheet.versions,
            "files": sheet.files, "parts": shown_parts(self.object, section),
        }  # fmt: skip

    def save(self, form: AnswersForm) -> Application:
        """The one service call."""
        return save_answers(
            application=self.object, actor=self.request.user, at=self.at, section=self.section.code,  # type: ignore[arg-type]
            changes=form.changes, page=form.cleaned_data.get("page", ""),
        )  # fmt: skip


class AnswersEdit(DesignedMixin, SectionPage):
    """One designed section; an answer over somebody else's newer one shows both instead of overwriting."""

    template_name = "funding/application_answers.html"
    form_class = AnswersForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **self.form_facts()}

    def clash(self, form: AnswersForm, change: AnswersChanged) -> None:
        self.meanwhile = change
        form.see(change.answers)


class AnswersAutosave(DesignedMixin, Autosave):
    """Saves what was changed so far, what is right of it even beside what is wrong.

    Beside what every section tells: "fields" (the marks of the answers that were saved), "shown" and
    "needed" (whether each question is asked and compulsory now), "wrong" (what its check says, if it says no) and
    "worked" (what the portal works out, in words).
    """

    def read(self) -> AnswersForm:
        return AnswersForm(self.request.POST, section=self.section, states={}, values={})

    def keep(self, form: AnswersForm) -> JsonResponse:
        valid = form.is_valid()
        self.object = self.save(form)
        facts = {**self.saved(self.object), **self.now(form)}
        return JsonResponse(facts if valid else {**facts, "errors": form.errors}, status=200 if valid else 422)

    def clash(self, form: AnswersForm, change: AnswersChanged) -> dict[str, Any]:
        html = render_to_string("funding/_meanwhile.html", {"meanwhile": change}, self.request)
        return {"version": change.version, "html": html, "fields": form.marks(change.answers)}

    def now(self, form: AnswersForm) -> dict[str, Any]:
        """What the page must know after a save."""
        sheet, section = self.sheet(), self.section
        saved = {code: (sheet.versions.get(code, 0), change.value) for code, change in form.changes.items()}
        states = {question.code: sheet.states[question.code] for question in section.questions}
        return {
            "fields": form.marks(saved),
            "shown": {code: state.shown for code, state in states.items()},
            "needed": {code: state.required for code, state in states.items()},
            "wrong": {code: str(state.question.message) if state.wrong else "" for code, state in states.items()},
            "worked": {
                code: read_answer(state.question, worded(state.value), {}).text if state.filled else ""
                for code, state in states.items()
                if state.question.kind == QuestionKind.COMPUTED
            },
        }


class AnswersAttach(DesignedMixin, DraftView):
    """A file as the answer to a question."""

    form_class = UploadForm
    template_name = "funding/answers_attach.html"
    success_message = _("The file is attached.")

    @property
    def part(self) -> str:  # type: ignore[override]
        """The section that is written here."""
        return str(self.section.code)

    @cached_property
    def question(self) -> Question:
        """The question that the file answers."""
        found: Question | None = self.section.question(self.kwargs["question"])
        if found is None or found.kind != QuestionKind.FILE:
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"label": str(self.question.label)[:120]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = f"{section_url(self.object, self.section)}#ask-{self.question.code}"
        return super().get_context_data(section=self.section, question=self.question, back=back, **kwargs)

    def perform(self, form: UploadForm) -> ApplicationFile:
        return attach_file(
            application=self.object, actor=self.actor, at=self.at, upload=form.cleaned_data["upload"],
            label=form.cleaned_data["label"], question=self.question.code,
        )  # fmt: skip

    def fallback_url(self) -> str:
        return reverse("funding:answers-edit", args=[self.object.pk, self.section.code])
