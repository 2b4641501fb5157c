"""Pages of defences and site visits: arranging, the agenda, the room, the conclusion, the two locks."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, SessionKind, SessionStatus
from funding.forms.decisions import ReasonForm
from funding.forms.sessions import ArrangeForm, ConclusionForm, SlotFileForm
from funding.models import Application, Call, ReviewSession, SessionSlot, SlotFile
from funding.rules.calendar_file import Entry, calendar_file
from funding.rules.sessions import terms_of
from funding.selectors.sessions import (
    agenda,
    calls_to_hear,
    check_lines,
    heard,
    kinds_of,
    moves_of,
    officials_to_seat,
    people_to_chair,
    seated,
    seats_of,
    session_rows,
    times_out,
    to_hear,
    visit_due,
)
from funding.services.sessions import (
    arrange_session,
    attach_to_slot,
    cancel_session,
    conclude_slot,
    invite_to_session,
    lock_session,
    sign_in_to_session,
    sign_in_to_slot,
)
from funding.workflow import SESSION
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

STEP_URLS = {
    Action.INVITE_TO_SESSION: "funding:session-invite",
    Action.LOCK_SESSION: "funding:session-lock",
    Action.MOVE_SESSION: "funding:session-move",
    Action.CANCEL_SESSION: "funding:session-cancel",
}
QUIET = (Action.MOVE_SESSION, Action.CANCEL_SESSION)


class SessionList(PermissionMixin, ListView):
    """Every session, newest first."""

    model = ReviewSession
    permission = "funding.list_sessions"
    template_name = "funding/session_list.html"
    sorts = ("starts_at",)
    default_sort = "-starts_at"

    def get_queryset(self) -> QuerySet[ReviewSession]:
        return session_rows(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calls = list(calls_to_hear()) if may(self.request.user, "funding.arrange_session") else []
        offers = [(call, kind) for call in calls for kind in kinds_of(call)]
        return super().get_context_data(offers=offers, **kwargs)


class SessionArrange(LoadMixin, ServiceFormView):
    """The cases that wait, and the form that puts them into a session."""

    model = Call
    permission, action = "funding.arrange_session", Action.ARRANGE_SESSION
    form_class = ArrangeForm
    template_name = "funding/session_arrange.html"
    success_message = _("The session is arranged. Look at the agenda, then invite.")

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules")

    @cached_property
    def kind(self) -> SessionKind:
        """Which kind the address names."""
        found = [kind for kind in kinds_of(self.object) if kind == self.kwargs["kind"]]
        if not found:
            raise Http404
        return found[0]

    @cached_property
    def cases(self) -> QuerySet[Application]:
        """Those that no session of the kind holds."""
        return to_hear(self.object, self.kind, self.actor)

    def get_initial(self) -> dict[str, Any]:
        return {"minutes": terms_of(self.object.rules.data).minutes[self.kind]}

    def get_form_kwargs(self) -> dict[str, Any]:
        people = {"chairs": people_to_chair(self.object), "officials": officials_to_seat()}
        return {**super().get_form_kwargs(), "cases": self.cases, **people}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visits = self.kind == SessionKind.SITE_VISIT
        rows = [(case, visit_due(case) if visits else True) for case in self.cases]
        posted = set(self.request.POST.getlist("applications"))
        chosen = posted if self.request.method == "POST" else {str(case.pk) for case, due in rows if due}
        return super().get_context_data(
            call=self.object, kind=self.kind, rows=rows, chosen=chosen, visits=visits,
            terms=terms_of(self.object.rules.data), **kwargs,
        )  # fmt: skip

    def perform(self, form: ArrangeForm) -> ReviewSession:
        return arrange_session(
            call=self.object, kind=self.kind, applications=list(form.cleaned_data["applications"]), plan=form.plan,
            table=form.table, actor=self.actor, at=self.at,
        )  # fmt: skip

    def back_url(self) -> str:
        return reverse("funding:session-list")


class SessionPage(LoadMixin):
    """Loads a session."""

    model = ReviewSession

    def get_queryset(self) -> QuerySet[ReviewSession]:
        return super().get_queryset().select_related("call__rules", "arranged_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(session=self.object, **kwargs)


class SessionDetail(SessionPage, PermissionMixin, TemplateView):
    """Agenda, room, presence; every reader sees of the cases only those that are open to it."""

    permission = "funding.see_session"
    template_name = "funding/session_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session, user = self.object, self.request.user
        offered = SESSION.offered(session, user)
        steps = [
            {
                "label": action.label, "url": reverse(url, args=[session.pk]),
                "obstacles": SESSION.obstacles(session, action, self.at), "quiet": action in QUIET,
            }
            for action, url in STEP_URLS.items() if action in offered
        ]  # fmt: skip
        seats = seats_of(session)
        own = next((seat for seat in seats if seat.person_id == user.pk), None)
        named = may(user, "funding.name_seated", session)
        return super().get_context_data(
            steps=steps, seats=seated(session, seats) if named else [], seat_count=len(seats), own=own, named=named,
            here=sum(bool(seat.signed_in_at) for seat in seats), slots=heard(session, user),
            out=times_out(session, user), conducts=may(user, "funding.conduct_session", session),
            is_open=session.takes_entries(self.at), moves=moves_of(session),
            prints=session.status == SessionStatus.LOCKED and may(user, "funding.print_minutes", session), **kwargs,
        )  # fmt: skip


class SessionStep(SessionPage, TransitionView):
    """A step of the session as a page of its own."""

    workflow = SESSION
    template_name = "funding/session_step.html"
    explanation: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = getattr(self.action, "label", "")
        return super().get_context_data(label=label, explanation=self.explanation, **kwargs)


class SessionInvite(SessionStep):
    """Tells everybody; the order stands from now on."""

    action = Action.INVITE_TO_SESSION
    success_message = _("Everybody is told.")
    explanation = _(
        "Each lead is told its own time and place, never another case. The experts and officials see when they are "
        "needed and when they leave the room. The order does not change any more."
    )

    def perform(self, form: Any) -> ReviewSession:
        return invite_to_session(session=self.object, actor=self.actor, at=self.at)


class SessionCancel(SessionStep):
    """Gives the session up."""

    action, form_class = Action.CANCEL_SESSION, ReasonForm
    success_message = _("The session is cancelled.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(danger=True, **kwargs)

    def perform(self, form: Any) -> ReviewSession:
        return cancel_session(session=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class SessionLock(SessionStep):
    """One of the two locks."""

    action = Action.LOCK_SESSION
    success_message = _("Your lock is recorded.")
    explanation = _(
        "With your lock nothing is added any more: no signature, no conclusion, no file. With the second one the "
        "minutes are final and the cases can be graded."
    )

    def perform(self, form: Any) -> ReviewSession:
        return lock_session(session=self.object, actor=self.actor, at=self.at)


class SessionSignIn(SessionPage, ServiceFormView):
    """One's own presence, with the time."""

    permission, action = "funding.attend_session", Action.SIGN_IN
    form_class = forms.Form
    template_name = "funding/session_step.html"
    success_message = _("You are signed in.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action.SIGN_IN.label, explanation="", **kwargs)

    def perform(self, form: Any) -> Any:
        return sign_in_to_session(session=self.object, actor=self.actor, at=self.at)

    def get_success_url(self) -> str:
        return str(self.object.get_absolute_url())

    back_url = get_success_url


class SessionCalendar(SessionPage, PermissionMixin):
    """The session as an entry for one's own calendar; no case is named."""

    permission = "funding.see_session"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        session = self.object
        slots = agenda(session, request.user)
        entry = Entry(
            str(session.pk), gettext("%(kind)s (%(number)s)") % {"kind": session.get_kind_display(),
            "number": session.number}, slots[0].starts_at, slots[-1].ends_at, session.place or session.address,
            request.build_absolute_uri(session.get_absolute_url()),
        )  # fmt: skip
        return _calendar(entry, session.number, self.at)


# --- a case in a session -----------------------------------------------------------------------
class SlotPage(LoadMixin):
    """Loads a case of a session."""

    model = SessionSlot

    def get_queryset(self) -> QuerySet[SessionSlot]:
        rows = super().get_queryset().select_related("session__call__rules", "application__consortium__lead")
        return rows.select_related("concluded_by", "application__call")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slot = self.object
        return super().get_context_data(slot=slot, session=slot.session, application=slot.application, **kwargs)


class SlotDetail(SlotPage, PermissionMixin, TemplateView):
    """For a lead time and place alone; for the others also the room, the conclusion and the files."""

    permission = "funding.see_slot"
    template_name = "funding/slot_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slot, user = self.object, self.request.user
        session = slot.session
        inside = may(user, "funding.see_session", session)
        mine = slot.presences.filter(person=user).first()
        is_open = session.takes_entries(self.at)
        return super().get_context_data(
            inside=inside, mine=mine, is_open=is_open,
            may_sign_in=is_open and not mine and may(user, "funding.attend_slot", slot),
            may_conclude=is_open and may(user, "funding.conclude_slot", slot),
            named=may(user, "funding.name_seated", session), lines=check_lines(slot) if inside else [],
            absences=slot.absences.select_related("person") if inside else (),
            presences=slot.presences.select_related("person"),
            files=slot.files.select_related("attachment", "added_by") if inside else (), **kwargs,
        )  # fmt: skip


class SlotStep(SlotPage, ServiceFormView):
    """Something done to a case of a session."""

    template_name = "funding/slot_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=getattr(self.action, "label", ""), **kwargs)

    def get_success_url(self) -> str:
        return str(self.object.get_absolute_url())

    back_url = get_success_url


class SlotSignIn(SlotStep):
    """Somebody of the applicant's has come."""

    permission, action = "funding.attend_slot", Action.SIGN_IN
    form_class = forms.Form
    success_message = _("You are signed in.")

    def perform(self, form: Any) -> Any:
        return sign_in_to_slot(slot=self.object, actor=self.actor, at=self.at)


class SlotConclude(SlotStep):
    """What came of the case."""

    permission, action = "funding.conclude_slot", Action.CONCLUDE_SLOT
    form_class = ConclusionForm
    success_message = _("The conclusion is saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"conclusion": self.object.conclusion}

    def get_form_kwargs(self) -> dict[str, Any]:
        checks = [line.check for line in check_lines(self.object)]
        return {**super().get_form_kwargs(), "checks": checks, "given": self.object.checklist}

    def perform(self, form: ConclusionForm) -> SessionSlot:
        text = form.cleaned_data["conclusion"]
        return conclude_slot(
            slot=self.object, conclusion=text, checklist=form.answers, actor=self.actor, at=self.at
        )  # fmt: skip


class SlotAttach(SlotStep):
    """A photo or document."""

    permission, action = "funding.conclude_slot", Action.ATTACH_TO_SLOT
    form_class = SlotFileForm
    success_message = _("The file is added.")

    def perform(self, form: Any) -> SlotFile:
        return attach_to_slot(slot=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class SlotFileDownload(SlotPage, PermissionMixin):
    """The file, for those inside."""

    permission = "funding.see_session"
    http_method_names = ["get", "head", "options"]

    def permission_object(self) -> ReviewSession:
        """The session that it is of."""
        session: ReviewSession = self.object.session
        return session

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        row = get_object_or_404(self.object.files.select_related("attachment"), pk=self.kwargs["file"])
        return files.serve(row.attachment, request=request)


class SlotCalendar(SlotPage, PermissionMixin):
    """The appointment as an entry for one's own calendar."""

    permission = "funding.see_slot"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        slot = self.object
        words = {"kind": slot.session.get_kind_display(), "number": slot.consortium.name}
        entry = Entry(
            str(slot.pk), gettext("%(kind)s (%(number)s)") % words, slot.starts_at, slot.ends_at,
            slot.session.place or slot.session.address, request.build_absolute_uri(slot.get_absolute_url()),
        )  # fmt: skip
        return _calendar(entry, slot.application.number, self.at)


def _calendar(entry: Entry, name: str, at: Any) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(calendar_file(entry, at), content_type="text/calendar; charset=utf-8", headers=headers)
