"""The form designer: sections, questions and test cases of a draft."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.enums import QuestionKind
from funding.forms.design_cases import CaseForm
from funding.forms.designs import (
    QuestionDesignForm,
    SectionDesignForm,
)
from funding.models import FormVersion
from funding.rules.designs import Case, Question, Section
from funding.rules.facts import FACTS
from funding.rules.judging import names_of
from funding.rules.values import FUNCTIONS, Name
from funding.services.designs import (
    remove_case,
    remove_question,
    remove_section,
    save_case,
    save_question,
    save_section,
)
from funding.views.designs import DesignView


class SectionMixin(DesignView):
    """Knows the section that the address names."""

    @cached_property
    def section(self) -> Section:
        """The section in question."""
        found: Section | None = self.object.design.section(self.kwargs["section"])
        if found is None:
            raise Http404
        return found

    def place(self) -> str:
        return f"#{self.section.code}"


class FormSectionCreate(DesignView):
    """Adds a section."""

    form_class = SectionDesignForm
    heading = _("New section")
    label = _("Add section")

    def perform(self, form: SectionDesignForm) -> FormVersion:
        return save_section(**self.facts(form), code=form.cleaned_data["code"], facts=form.facts, new=True)


class FormSectionUpdate(SectionMixin):
    """Changes title and hint of a section."""

    form_class = SectionDesignForm
    heading = _("Edit section")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "section": self.section}

    def perform(self, form: SectionDesignForm) -> FormVersion:
        return save_section(**self.facts(form), code=self.section.code, facts=form.facts, new=False)


class FormSectionRemove(SectionMixin):
    """Takes a section out."""

    form_class = forms.Form
    heading = label = _("Remove section")
    note = _("Its questions go with it, from the test cases too.")
    success_message = _("Removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(heading=f"{self.heading}: {self.section.title}", **kwargs)

    def perform(self, form: forms.Form) -> FormVersion:
        return remove_section(**self.facts(form), code=self.section.code)

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


# --- questions ---------------------------------------------------------------------------------
class QuestionView(SectionMixin):
    """A page about one question."""

    @cached_property
    def question(self) -> Question | None:
        """The question that the address names, if it names one."""
        if "question" not in self.kwargs:
            return None
        if found := self.section.question(self.kwargs["question"]):
            return found
        raise Http404

    def place(self) -> str:
        return f"#{self.section.code}-{self.question.code}" if self.question else super().place()


class QuestionForm(QuestionView):
    """The form of a question; what its kind does not need is not asked."""

    form_class = QuestionDesignForm
    template_name = "funding/form_question.html"

    @property
    def kind(self) -> QuestionKind:
        """The kind of the question, that of a new one from the address."""
        if self.question:
            return self.question.kind
        asked = self.request.GET.get("kind", "")
        return QuestionKind(asked) if asked in QuestionKind.values else QuestionKind.TEXT

    @property
    def names(self) -> dict[str, Name]:
        """What rules may speak of."""
        return names_of(self.object.design)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.kind, "names": self.names, "question": self.question}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            kind=self.kind, kinds=QuestionKind, new=self.question is None, functions=FUNCTIONS, known=FACTS,
            asked=[one for one in self.object.design.questions.values() if one.kind != QuestionKind.REFERENCE],
            **kwargs,
        )  # fmt: skip

    def perform(self, form: QuestionDesignForm) -> FormVersion:
        data: Mapping[str, Any] = form.data_of(form.cleaned_data)
        new = self.question is None
        return save_question(**self.facts(form), section=self.section.code, question=data, new=new)


class FormQuestionCreate(QuestionForm):
    """Adds a question."""

    heading = _("New question")
    label = _("Add question")


class FormQuestionUpdate(QuestionForm):
    """Changes a question."""

    heading = _("Edit question")


class FormQuestionRemove(QuestionView):
    """Takes a question out."""

    form_class = forms.Form
    heading = label = _("Remove question")
    note = _("It goes from the test cases too. Rules that speak of it must be changed before publishing.")
    success_message = _("Removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.question.label if self.question else ""
        return super().get_context_data(heading=f"{self.heading}: {asked}", **kwargs)

    def perform(self, form: forms.Form) -> FormVersion:
        return remove_question(**self.facts(form), section=self.section.code, code=self.kwargs["question"])

    def fallback_url(self) -> str:
        return f"{self.object.get_absolute_url()}#{self.section.code}"


# --- test cases --------------------------------------------------------------------------------
class CaseView(DesignView):
    """A page about a test case."""

    @cached_property
    def case(self) -> Case | None:
        """The test case that the address names, if it names one."""
        if "case" not in self.kwargs:
            return None
        cases: tuple[Case, ...] = self.object.design.cases
        found = [case for case in cases if case.code == self.kwargs["case"]]
        if not found:
            raise Http404
        return found[0]

    def place(self) -> str:
        return "#cases"


class CaseEdit(CaseView):
    """Answers, facts, and what must come out."""

    form_class = CaseForm
    template_name = "funding/form_case.html"
    success_message = _("Saved. What came out stands beside the test case.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "design": self.object.design, "case": self.case}

    def perform(self, form: CaseForm) -> FormVersion:
        return save_case(**self.facts(form), case=form.case)


class FormCaseCreate(CaseEdit):
    """Adds a test case."""

    heading = _("New test case")
    label = _("Save and run")


class FormCaseUpdate(CaseEdit):
    """Changes a test case."""

    heading = _("Edit test case")
    label = _("Save and run")


class FormCaseRemove(CaseView):
    """Takes a test case out."""

    form_class = forms.Form
    heading = label = _("Remove test case")
    success_message = _("Removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = self.case.name if self.case else ""
        return super().get_context_data(heading=f"{self.heading}: {name}", **kwargs)

    def perform(self, form: forms.Form) -> FormVersion:
        return remove_case(**self.facts(form), code=self.kwargs["case"])
