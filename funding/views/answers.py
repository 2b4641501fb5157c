"""Designed sections of an application: written, saved while one types, their files attached."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from consortia.selectors import facts_of
from funding.enums import QuestionKind
from funding.forms.answers import AnswersForm
from funding.forms.applications import UploadForm
from funding.models import Application, ApplicationFile
from funding.rules.designs import Question, Section
from funding.rules.freezing import read_answer
from funding.rules.judging import worded
from funding.selectors.answers import Sheet, sheet_of, whole_consortium
from funding.selectors.progress import section_url
from funding.services.answers import AnswersChanged, save_answers
from funding.services.applications import attach_file
from funding.views.autosave import Autosave
from funding.views.drafts import CHANGED, DraftView, SectionMixin
from portal.kernel.authz import may
from portal.kernel.workflow import TransitionRefused


class DesignedMixin(SectionMixin):
    """Knows the designed section of the address, and what stands in it."""

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
        shows = any(question.kind == QuestionKind.REFERENCE for question in section.questions)
        return {
            "section": section, "states": sheet.states, "values": sheet.values, "versions": sheet.versions,
            "files": sheet.files, "parts": facts_of(whole_consortium(self.object)) if shows else {},
        }  # fmt: skip

    def save(self, form: AnswersForm) -> Application:
        """The one service call."""
        return save_answers(
            application=self.object, actor=self.request.user, at=self.at, section=self.section.code,  # type: ignore[arg-type]
            changes=form.changes, page=form.cleaned_data.get("page", ""),
        )  # fmt: skip


class AnswersEdit(DesignedMixin, DraftView):
    """One designed section; an answer over somebody else's newer one shows both instead of overwriting."""

    template_name = "funding/application_answers.html"
    form_class = AnswersForm
    success_message = _("Saved.")
    meanwhile: AnswersChanged | None = None

    @property
    def part(self) -> str:  # type: ignore[override]
        """The section that is written here."""
        return str(self.section.code)

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **self.form_facts()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        saved = self.object.sections.get(self.section.code)
        return super().get_context_data(
            section=self.section, saved=saved, meanwhile=self.meanwhile, next=self.following(),
            may_assign=self.writes_all, **kwargs,
        )  # fmt: skip

    @cached_property
    def writes_all(self) -> bool:
        """Whether the reader writes for the lead."""
        return may(self.actor, "funding.edit_application", self.object)

    def following(self) -> Section | None:
        """The designed section after this one that the reader writes too."""
        order = list(self.sections.values())
        given = set() if self.writes_all else self.object.sections_of(self.actor)
        later = order[order.index(self.section) + 1 :]
        mine = (one for one in later if self.writes_all or one.code in given)
        return next((one for one in mine if self.object.is_reopened(one.code)), None)

    def perform(self, form: AnswersForm) -> Application:
        return self.save(form)

    def form_valid(self, form: AnswersForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except AnswersChanged as change:
            self.meanwhile = change
            form.see(change.answers)
            return self.refuse(form, TransitionRefused(CHANGED))

    def get_success_url(self) -> str:
        following = self.following()
        if "onward" in self.request.POST and following:
            return section_url(self.object, following)
        return super().get_success_url()


class AnswersAutosave(DesignedMixin, Autosave):
    """Saves what was changed so far, what is right of it even beside what is wrong; tells who else is there.

    As SectionAutosave, and beside it "fields" (the marks of the answers that were saved), "shown" and
    "needed" (whether each question is asked and compulsory now), "wrong" (what its check says, if it says no) and
    "worked" (what the portal works out, in words).
    """

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = AnswersForm(request.POST, section=self.section, states={}, values={})
        valid = form.is_valid()
        try:
            self.object = self.save(form)
        except AnswersChanged as change:
            html = render_to_string("funding/_meanwhile.html", {"meanwhile": change}, request)
            told = {"version": change.version, "html": html, "fields": form.marks(change.answers)}
            return JsonResponse(told, status=409)
        except TransitionRefused as refusal:
            return JsonResponse({"detail": " ".join(map(str, refusal.reasons))}, status=409)
        facts = {**self.saved(self.object), **self.now(form)}
        return JsonResponse(facts if valid else {**facts, "errors": form.errors}, status=200 if valid else 422)

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
