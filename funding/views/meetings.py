"""The minutes of a decision meeting: who came, who voted how, closed by the chair."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, MeetingChoice, ScenarioStatus
from funding.forms.meetings import AttendanceForm, BallotForm, CloseMeetingForm
from funding.models import Application, DecisionMeeting
from funding.selectors.meetings import (
    barred,
    meeting_snapshot,
    minutes_hash,
    present_at,
    record_of,
    to_invite,
    unvoted,
)
from funding.services.meetings import close_meeting, record_attendance, record_ballot
from funding.views.scenarios import ScenarioPage
from members.models import User
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.views import PermissionMixin, ServiceFormView

NOT_YET = _("Only a list that is before the meeting has minutes written.")
CLOSED = _("The minutes of this meeting are closed.")
NOBODY_YET = _("Please write down first who came.")


class MeetingPage(ScenarioPage):
    """Loads a list with the minutes of its meeting."""

    @cached_property
    def record(self) -> DecisionMeeting | None:
        """What is written so far."""
        return record_of(self.object)

    @property
    def is_open(self) -> bool:
        """Whether minutes are written now."""
        return self.object.status == ScenarioStatus.PROPOSED and not (self.record and self.record.closed_at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, **kwargs)


class MeetingDetail(MeetingPage, PermissionMixin, TemplateView):
    """The minutes as they stand, or as they were closed."""

    permission = "funding.view_meeting"
    template_name = "funding/meeting_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record, user = self.record, self.actor
        said = record and (record.frozen or meeting_snapshot(record))
        writes = self.is_open and may(user, "funding.record_meeting", self.object)
        closes = bool(self.is_open and record and record.chair_id == user.pk)
        return super().get_context_data(
            said=said, writes=writes, closes=closes and may(user, "funding.close_meeting", self.object),
            missing=unvoted(record) if record and self.is_open else [], words=dict(MeetingChoice.choices),
            sees_list=may(user, "funding.view_board"), **kwargs,
        )  # fmt: skip


class MeetingStep(MeetingPage, ServiceFormView):
    """A form that writes a part of the minutes."""

    permission = "funding.record_meeting"
    needs_record = True

    def closed(self) -> list[str]:
        if self.is_open:
            return [str(NOBODY_YET)] if self.needs_record and not self.record else []
        return [str(CLOSED if self.record else NOT_YET)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action(self.action).label, **kwargs)

    def fallback_url(self) -> str:
        return reverse("funding:scenario-record", args=[self.object.pk])

    def back_url(self) -> str:
        return self.fallback_url()


class MeetingAttendance(MeetingStep):
    """Who was invited and who came."""

    action, form_class = Action.RECORD_MEETING, AttendanceForm
    template_name = "funding/meeting_attendance.html"
    success_message = _("Attendance is written down.")
    needs_record = False

    @cached_property
    def people(self) -> list[User]:
        """Who may be invited."""
        return list(to_invite())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": to_invite()}

    def get_initial(self) -> dict[str, Any]:
        if self.record is None:
            return {}
        return {"held_at": self.record.held_at, "place": self.record.place, "chair": self.record.chair_id}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = {str(seat.person_id): seat.present for seat in self.record.seats.all()} if self.record else {}
        invited, came = set(seats), {pk for pk, present in seats.items() if present}
        if self.request.method == "POST":
            invited, came = (set(self.request.POST.getlist(name)) for name in ("invited", "present"))
        rows = [(one, str(one.pk) in invited, str(one.pk) in came) for one in self.people]
        return super().get_context_data(rows=rows, **kwargs)

    def perform(self, form: AttendanceForm) -> DecisionMeeting:
        return record_attendance(scenario=self.object, attendance=form.attendance, actor=self.actor, at=self.at)


class MeetingBallot(MeetingStep):
    """The votes on a case that the address names, else on the list as a whole."""

    action, form_class = Action.RECORD_VOTES, BallotForm
    template_name = "funding/meeting_ballot.html"
    success_message = _("The votes are written down.")

    @cached_property
    def case(self) -> Application | None:
        """What is voted on; None for the whole list."""
        asked = self.request.GET.get("of", "")
        found = next((one.application for one in self.places if str(one.application_id) == asked), None)
        if asked and found is None:
            raise Http404
        return found

    @cached_property
    def people(self) -> list[User]:
        """Who came."""
        return present_at(self.record) if self.record else []

    @cached_property
    def kept_out(self) -> dict[Any, Any]:
        """Who of them does not vote on it, and why."""
        return barred(self.object, self.case, self.people)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": self.people, "barred": self.kept_out}

    def get_initial(self) -> dict[str, Any]:
        votes = self.record.votes.filter(application=self.case) if self.record else ()
        return {f"vote_{one.person_id}": one.choice for one in votes}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        out = [(one.name, self.kept_out[one.pk]) for one in self.people if one.pk in self.kept_out]
        return super().get_context_data(case=self.case, out=out, places=self.places, **kwargs)

    def perform(self, form: BallotForm) -> DecisionMeeting:
        return record_ballot(
            scenario=self.object, application=self.case, choices=form.choices, actor=self.actor, at=self.at
        )


class MeetingClose(StepUpMixin, MeetingStep):
    """The chair's word on the minutes."""

    step_up = True
    action, form_class = Action.CLOSE_MEETING, CloseMeetingForm
    permission = "funding.close_meeting"
    template_name = "funding/meeting_close.html"
    success_message = _("The minutes of the meeting are closed.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": minutes_hash(self.record)} if self.record else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = meeting_snapshot(self.record) if self.record else None
        return super().get_context_data(said=said, words=dict(MeetingChoice.choices), **kwargs)

    def perform(self, form: CloseMeetingForm) -> DecisionMeeting:
        return close_meeting(scenario=self.object, seen=form.cleaned_data["seen"], actor=self.actor, at=self.at)
