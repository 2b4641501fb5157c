"""Applications in the hands of the applicant: started, written, submitted, withdrawn."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import ConsortiumStatus, Tier
from consortia.models import Consortium
from funding.enums import Action
from funding.forms.applications import ReasonedForm, StartForm, SubmitForm, UploadForm, WritersForm
from funding.models import Application, ApplicationFile, Call, Part
from funding.rules.kinds import kind_of
from funding.rules.returns import FILES
from funding.rules.sections import SECTIONS
from funding.selectors.eligibility import start_obstacles
from funding.selectors.previews import previews
from funding.selectors.progress import progress, section_url
from funding.selectors.writers import Candidate, candidates, leading
from funding.services.applications import (
    NOT_RETURNED,
    attach_file,
    detach_file,
    part_of_file,
    start_application,
    submit_application,
    take_back_application,
    withdraw_application,
)
from funding.services.writers import assign_section
from funding.views.finishing import FinishingMixin
from funding.workflow import APPLICATION
from members.enums import Role
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView


class ApplicationStart(LoadMixin, ServiceFormView):
    """A consortium of the kind that an open call takes."""

    model = Call
    permission = "funding.start_somewhere"
    form_class = StartForm
    template_name = "funding/application_start.html"
    success_message = _("The application is started. Fill in its parts in any order.")

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules", "taxonomy")

    def permission_object(self) -> None:
        """The consortium is chosen in the form; the service asks about it."""

    @cached_property
    def consortia(self) -> QuerySet[Consortium]:
        """What the reader writes for and may apply: in preparation, or recognised and sound."""
        leads = [place for role, place, _district in self.actor.grants if role == Role.APPLICANT]
        return Consortium.objects.filter(lead__in=leads, status__in=self.standing()).select_related("lead")

    def standing(self) -> list[str]:
        """Where a consortium stands that may apply in this call."""
        return [status for status in ConsortiumStatus.values if kind_of(status) in self.object.kinds]

    def get_initial(self) -> dict[str, Any]:
        return {"consortium": self.request.GET.get("consortium"), "tier": Tier.A}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "choices": self.consortia}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = [
            {"consortium": row, "obstacles": start_obstacles(self.object, row, Tier.A, self.at)}
            for row in self.consortia[:20]
        ]
        return super().get_context_data(call=self.object, options=options, at=self.at, **kwargs)

    def perform(self, form: StartForm) -> Application:
        facts = form.cleaned_data
        return start_application(
            call=self.object, consortium=facts["consortium"], tier=facts["tier"], actor=self.actor, at=self.at
        )


class DraftView(FinishingMixin, LoadMixin, ServiceFormView):
    """A page that changes a draft."""

    model = Application
    permission = "funding.edit_application"
    part = FILES

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead", "district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object, at=self.at, **kwargs)

    def closed(self) -> list[str]:
        if self.object.is_editable:
            return [] if self.object.is_reopened(self.part) else [str(NOT_RETURNED)]
        return [
            gettext("The application is in the state “%(status)s”; it cannot be changed.")
            % {"status": self.object.applicant_status.label}
        ]

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class SectionMixin(LoadMixin):
    """Knows the section of the application that the address names; there is no page for another one."""

    model = Application
    permission = "funding.write_section"

    def permission_object(self) -> Part:
        """The section, which may have been given to the reader."""
        part: Part = self.object.section(self.section.code)
        return part

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["section"] not in self.sections:
            raise Http404

    @property
    def sections(self) -> Mapping[str, Any]:
        """The sections that have this page: those that every application has."""
        return SECTIONS

    @cached_property
    def section(self) -> Any:
        """The part of the form that is written here."""
        return self.sections[self.kwargs["section"]]


class SectionAssign(SectionMixin, DraftView):
    """Gives a section to people of the members, beside those who write for the lead."""

    permission = "funding.assign_section"
    form_class = WritersForm
    template_name = "funding/section_assign.html"
    success_message = _("Saved. Whoever is new has been told.")

    @property
    def sections(self) -> Mapping[str, Any]:
        """Every section can be given, a designed one too."""
        return {**SECTIONS, **{section.code: section for section in self.object.designed}}

    def permission_object(self) -> Application:  # type: ignore[override]
        """The application: the lead decides who writes."""
        application: Application = self.object
        return application

    @cached_property
    def present(self) -> list[str]:
        """The ids of those to whom the section is given now."""
        rows = self.object.writers.filter(section=self.section.code)
        return [str(pk) for pk in rows.values_list("person", flat=True)]

    def get_initial(self) -> dict[str, Any]:
        return {"people": self.present, "shown": " ".join(self.present)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "candidates": self.candidates}

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Who may be chosen."""
        return candidates(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = section_url(self.object, self.section)
        return super().get_context_data(
            section=self.section, page=page, candidates=self.candidates, leading=leading(self.object), **kwargs
        )

    def perform(self, form: WritersForm) -> Application:
        return assign_section(
            application=self.object, section=self.section.code, actor=self.actor, at=self.at, **form.cleaned_data
        )


class ApplicationFiles(DraftView):
    """The files of a draft, and the form for one more."""

    template_name = "funding/application_files.html"
    form_class = UploadForm
    success_message = _("The file is attached.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.files.select_related("attachment__uploaded_by")
        return super().get_context_data(files=rows, previews=previews(self.object, self.actor), **kwargs)

    def perform(self, form: UploadForm) -> ApplicationFile:
        return attach_file(
            application=self.object, actor=self.actor, at=self.at, upload=form.cleaned_data["upload"],
            label=form.cleaned_data["label"],
        )  # fmt: skip

    def fallback_url(self) -> str:
        return reverse("funding:application-files", args=[self.object.pk])


class ApplicationFileRemove(DraftView):
    """Takes a file off a draft."""

    template_name = "funding/application_file_remove.html"
    success_message = _("The file is removed.")

    form_class = forms.Form

    @cached_property
    def file(self) -> ApplicationFile:
        """The file in question."""
        rows = ApplicationFile.objects.filter(application=self.object).select_related("attachment")
        return get_object_or_404(rows, pk=self.kwargs["file"])

    @property
    def part(self) -> str:  # type: ignore[override]
        """The section of the question that the file answers, or the files."""
        return part_of_file(application=self.object, question=self.file.question)

    def get_permission(self) -> str:
        return self.permission if self.part == FILES else "funding.write_section"

    def permission_object(self) -> Any:
        """A writer of a section takes off what answers it."""
        return self.object if self.part == FILES else self.object.section(self.part)

    def back(self) -> str:
        """The page on which the file stood."""
        section = self.object.designed_section(self.part)
        if section:
            return section_url(self.object, section)
        return reverse("funding:application-files", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(file=self.file, back=self.back(), **kwargs)

    def perform(self, form: Any) -> None:
        detach_file(file=self.file, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return self.back()


class ApplicationSubmit(FinishingMixin, TransitionView):
    """All that stands in the way, the declarations, and the act of submitting."""

    model = Application
    workflow, action = APPLICATION, Action.SUBMIT
    permission = "funding.submit_application"
    form_class = SubmitForm
    template_name = "funding/application_submit.html"

    def closed(self) -> list[str]:
        """What is missing stands on the page itself, each with its link."""
        return [] if self.object.is_editable else self.obstacles()

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead", "district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = progress(self.object, self.at) if self.object.is_editable else None
        return super().get_context_data(application=self.object, progress=state, at=self.at, **kwargs)

    def perform(self, form: SubmitForm) -> Application:
        return submit_application(
            application=self.object, actor=self.actor, at=self.at, declarations=form.declared, begun_at=self.begun_at
        )

    def fallback_url(self) -> str:
        return reverse("funding:application-receipt", args=[self.object.pk])


class ApplicationTakeBack(TransitionView):
    """Makes a draft again of what nobody has opened."""

    model = Application
    workflow, action = APPLICATION, Action.TAKE_BACK
    template_name = "funding/application_take_back.html"
    success_message = _("The application is a draft again. Submit it anew before the call closes.")

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call", "consortium__lead", "district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object, **kwargs)

    def perform(self, form: Any) -> Application:
        return take_back_application(application=self.object, actor=self.actor, at=self.at)


class ApplicationWithdraw(TransitionView):
    """Takes an application back."""

    model = Application
    workflow, action = APPLICATION, Action.WITHDRAW
    permission = "funding.withdraw_application"
    form_class = ReasonedForm
    template_name = "funding/application_withdraw.html"
    success_message = _("The application is withdrawn.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object, **kwargs)

    def perform(self, form: ReasonedForm) -> Application:
        return withdraw_application(
            application=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"]
        )
