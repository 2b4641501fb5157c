"""The pages on which a section of an application is written: what they have in common, and that of the texts."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from funding.forms.applications import SectionForm
from funding.models import Application
from funding.rules.sections import ELIGIBILITY, SECTIONS
from funding.selectors.progress import section_url
from funding.selectors.snapshots import check_eligibility
from funding.services.applications import SectionChanged, edit_application
from funding.views.drafts import DraftView, SectionMixin
from members.selectors.figures import origins_of
from portal.kernel.authz import may
from portal.kernel.workflow import TransitionRefused

CHANGED = _("Somebody else saved this part after you opened it. Please compare both texts.")


class SectionPage(SectionMixin, DraftView):
    """One section; a save over what somebody else saved meanwhile shows both instead of overwriting.

    Subclasses give `form_class`, `template_name`, `save` and what it raises then: `changed`.
    """

    success_message = _("Saved.")
    changed: type[Exception]
    meanwhile: Exception | None = None

    @property
    def part(self) -> str:  # type: ignore[override]
        """The section that is written here."""
        return str(self.section.code)

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            section=self.section, saved=self.object.sections.get(self.section.code), meanwhile=self.meanwhile,
            next=self.following(), may_assign=self.writes_all, **kwargs,
        )  # fmt: skip

    @cached_property
    def writes_all(self) -> bool:
        """Whether the reader writes for the lead."""
        return may(self.actor, "funding.edit_application", self.object)

    @cached_property
    def given(self) -> set[str]:
        """The sections that were given to the reader."""
        found: set[str] = self.object.sections_of(self.actor)
        return found

    def writes(self, section: Any) -> bool:
        """Whether the reader may write this section too."""
        return self.writes_all or section.code in self.given

    def following(self) -> Any:
        """The section after this one that the reader writes too, if there is one; the designed ones come last."""
        order = [*SECTIONS.values(), *self.object.designed]
        later = order[order.index(self.section) + 1 :]
        return next((one for one in later if self.object.is_reopened(one.code) and self.writes(one)), None)

    def save(self, form: Any) -> Application:
        """The one service call."""
        raise NotImplementedError

    def perform(self, form: Any) -> Application:
        return self.save(form)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except self.changed as change:
            self.clash(form, change)
            return self.refuse(form, TransitionRefused(CHANGED))

    def clash(self, form: Any, change: Any) -> None:
        """Show what stands there now; having seen it, one may save over it."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        following = self.following()
        if "onward" in self.request.POST and following:
            return section_url(self.object, following)
        return super().get_success_url()


class TextMixin(SectionMixin):
    """A section that every application has, but for the budget."""

    actor: Any
    changed: type[Exception] = SectionChanged

    def save(self, form: SectionForm) -> Application:
        """The one service call."""
        return edit_application(
            application=self.object, actor=self.actor, at=self.at, section=self.section.code, values=form.values,
            loaded=form.cleaned_data["version"], page=form.cleaned_data["page"],
        )  # fmt: skip


class ApplicationEdit(TextMixin, SectionPage):
    """Its page."""

    template_name = "funding/application_edit.html"
    form_class = SectionForm

    def get_initial(self) -> dict[str, Any]:
        values = {name: getattr(self.object, name) for name in self.section.fields}
        return {**values, **super().get_initial()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "section": self.section}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        findings = check_eligibility(self.object, self.at) if self.section is ELIGIBILITY else None
        origins = origins_of(self.object.consortium.lead) if findings else []
        return super().get_context_data(findings=findings, origins=origins, length=self.length(), **kwargs)

    def length(self) -> int:
        """How long the saved text is, in characters."""
        return len(getattr(self.object, self.section.fields[0])) if self.section.limit else 0

    def clash(self, form: SectionForm, change: SectionChanged) -> None:
        self.meanwhile = change
        form.data = {**form.data.dict(), "version": str(change.version)}  # type: ignore[attr-defined]
