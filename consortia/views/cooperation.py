"""The registers of a consortium's year: one view each to add, update and remove, for every kind of entry."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from consortia.charts import supply_picture
from consortia.enums import Action
from consortia.forms.registers import FORMS, MatchAnswerForm
from consortia.models import Contribution, Entry, PlatformMatch, SupplyLink
from consortia.selectors.cooperation import cooperation
from consortia.selectors.demands import demands_of
from consortia.selectors.links import links_of
from consortia.selectors.registers import REGISTERS, Book, Register, arrivals, books_of
from consortia.services.matches import answer_match
from consortia.services.registers import add_entry, confirm_contribution, remove_entry, update_entry
from consortia.views.pages import ConsortiumPage
from consortia.views.work import AddView, RemoveView, UpdateView
from consortia.workflow import edit_obstacles
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.flows import BROAD, NARROW
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin


class ConsortiumCooperation(ConsortiumPage):
    """The registers, the demands, what has arrived, and the sums of the year."""

    template_name = "consortia/consortium_cooperation.html"
    tab = "cooperation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, user = super().get_context_data(**kwargs), self.request.user
        whole, year = self.overview.consortium, timezone.localdate(self.at).year
        alive = not edit_obstacles(whole, Action.ADD_ENTRY)
        books = [offered(book, whole, user) if alive else book for book in books_of(whole)]
        for book in books:
            if book.register.model is SupplyLink and book.rows:
                book.pictures = [supply_picture([row.entry for row in book.rows], sheet) for sheet in (BROAD, NARROW)]
        return context | {
            "books": books,
            "arrivals": arrivals(self.overview.members),
            "demands": demands_of(whole),
            "links": links_of(whole),
            "may_link": "propose_link" in context["edits"],
            "may_pose": alive and may(user, "consortia.pose_demand", whole),
            "sums": cooperation(whole, year),
            "year": year,
        }


def offered(book: Book, consortium: Any, user: Any) -> Book:
    """The book with what the reader may do."""
    book.may_add = may(user, "consortia.add_entry", book.register.blank(consortium))
    for row in book.rows:
        if may(user, "consortia.update_entry", row.entry):
            row.edits = {"update", "remove"}
        if isinstance(row.entry, Contribution) and not row.entry.is_final:
            row.edits |= {"confirm"} if may(user, "consortia.confirm_contribution", row.entry) else set()
        if isinstance(row.entry, PlatformMatch) and may(user, "consortia.answer_match", row.entry):
            row.edits |= {"answer"}
    return book


class OfRegister(View):
    """Knows its register from the address; forms are told who writes."""

    register: Register = REGISTERS[0]
    tab = "cooperation"
    object: Any

    def get_form_class(self) -> Any:
        return FORMS[self.register.slug]

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return kwargs | {"user": self.request.user}

    def label(self) -> str:
        """The verb with its register."""
        return f"{super().label()} · {self.register.title}"  # type: ignore[misc]


class EntryAdd(OfRegister, AddView):
    """A new entry of a register."""

    permission, action = "consortia.add_entry", Action.ADD_ENTRY

    def permission_object(self) -> Entry:
        return self.register.blank(self.object)

    def label(self) -> str:
        return str(self.register.adding)

    def perform(self, form: Any) -> Entry:
        return add_entry(entry=form.instance, actor=self.request.user, at=self.at, **form.facts())


class EntryUpdate(OfRegister, SeenMixin, UpdateView):
    """A changed entry."""

    model = Entry
    permission, action = "consortia.update_entry", Action.UPDATE_ENTRY

    def perform(self, form: Any) -> Entry:
        seen = form.cleaned_data["seen"]
        return update_entry(entry=form.instance, actor=self.request.user, at=self.at, seen=seen, **form.facts())


class EntryRemove(OfRegister, RemoveView):
    """The question before an entry is removed."""

    model = Entry
    permission, action = "consortia.remove_entry", Action.REMOVE_ENTRY

    def get_form_class(self) -> Any:
        return forms.Form

    def get_form_kwargs(self) -> dict[str, Any]:
        return super(OfRegister, self).get_form_kwargs()

    def perform(self, form: Any) -> None:
        remove_entry(entry=self.object, actor=self.request.user, at=self.at)


class EntryProof(LoadMixin):
    """The file of an entry."""

    register: Register = REGISTERS[0]

    def load(self) -> Any:
        rows = self.register.model.objects.visible_to(self.request.user).exclude(proof=None)
        return get_object_or_404(rows.select_related("proof"), pk=self.kwargs["pk"])

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.proof, request=self.request)


class ContributionConfirm(SeenMixin, UpdateView):
    """The lead confirms that something has arrived."""

    model, tab, form_class = Contribution, "cooperation", forms.Form
    permission, action = "consortia.confirm_contribution", Action.CONFIRM_CONTRIBUTION
    template_name = "consortia/contribution_confirm.html"
    success_message = _("The arrival is confirmed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {name: value for name, value in kwargs.items() if name not in {"instance", "consortium"}}

    def perform(self, form: Any) -> Contribution:
        seen = form.cleaned_data["seen"]
        return confirm_contribution(contribution=self.object, actor=self.request.user, at=self.at, seen=seen)


class MatchAnswer(SeenMixin, UpdateView):
    """What the bureau says to a request for a platform."""

    model, tab, form_class = PlatformMatch, "cooperation", MatchAnswerForm
    permission, action = "consortia.answer_match", Action.ANSWER_MATCH
    template_name = "consortia/match_answer.html"
    success_message = _("The answer is recorded; the lead has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {name: value for name, value in kwargs.items() if name not in {"instance", "consortium"}}

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.object.answer}

    def perform(self, form: Any) -> PlatformMatch:
        return answer_match(match=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


def addresses() -> list[URLPattern]:
    """The addresses of every register, from the one table."""
    return [one for register in REGISTERS for one in _addresses(register)]


def _addresses(register: Register) -> list[URLPattern]:
    slug, known = register.slug, {"register": register, "model": register.model}
    found = [
        path(f"<uuid:pk>/{slug}/add/", EntryAdd.as_view(register=register), name=f"{slug}-add"),
        path(f"{slug}/<uuid:pk>/update/", EntryUpdate.as_view(**known), name=f"{slug}-update"),
        path(f"{slug}/<uuid:pk>/remove/", EntryRemove.as_view(**known), name=f"{slug}-remove"),
    ]
    if register.is_proven:
        found.append(path(f"{slug}/<uuid:pk>/proof/", EntryProof.as_view(register=register), name=f"{slug}-proof"))
    return found
