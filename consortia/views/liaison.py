"""Visits, follow-ups and issues of a consortium, and the supervision list."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import Action
from consortia.forms.liaison import AssignForm, DoneForm, FollowUpForm, IssueForm, IssueNoteForm, VisitForm
from consortia.models import Consortium, FollowUp, Issue, LiaisonVisit
from consortia.selectors.liaison import issues_of, supervision, visits_of
from consortia.services import issues, liaison
from consortia.views.pages import ConsortiumPage
from consortia.views.work import AddView, PartMixin, UpdateView
from consortia.workflow import ISSUE, edit_obstacles
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ClockMixin, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

ASKED = (Action.ASSIGN_LIAISON, Action.RECORD_VISIT, Action.ADD_FOLLOW_UP, Action.RAISE_ISSUE)


class ConsortiumLiaison(ConsortiumPage):
    """Who accompanies the consortium; the visits and issues that the reader may see."""

    template_name = "consortia/consortium_liaison.html"
    tab = "liaison"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, user = super().get_context_data(**kwargs), self.request.user
        asked = {one for one in ASKED if not edit_obstacles(self.object, one)}
        return context | {
            "visits": visits_of(self.object, user),
            "issues": issues_of(self.object, user),
            "may": {one.value for one in asked if may(user, f"consortia.{one.value}", self.object)},
            "may_finish": may(user, "consortia.finish_follow_up", self.object),
            "today": timezone.localdate(self.at),
        }


class SupervisionList(ClockMixin, PermissionMixin, TemplateView):
    """What is overdue or waits, for the division and for liaison officers."""

    permission = "consortia.view_supervision"
    template_name = "consortia/supervision_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = supervision(self.request.user, today=timezone.localdate(self.at))
        may_close = may(self.request.user, "consortia.close_seven")
        answerable = {row.pk for row in found.matches if may(self.request.user, "consortia.answer_match", row)}
        return super().get_context_data(found=found, may_close=may_close, answerable=answerable, **kwargs)


class ConsortiumAssignLiaison(PartMixin, ServiceFormView):
    """Who accompanies the consortium from now on."""

    model, tab, form_class = Consortium, "liaison", AssignForm
    permission, action = "consortia.assign_liaison", Action.ASSIGN_LIAISON
    template_name = "consortia/part_form.html"
    success_message = _("Saved.")

    def get_queryset(self) -> QuerySet[Any]:
        return Consortium.objects.visible_to(self.request.user).select_related("lead")

    def get_initial(self) -> dict[str, Any]:
        return {"officer": self.object.liaison_officer_id}

    def perform(self, form: Any) -> int:
        return liaison.assign_liaison(
            consortia=[self.object], officer=form.cleaned_data["officer"], actor=self.request.user, at=self.at
        )


class VisitRecord(AddView):
    """A visit or service."""

    permission, action, form_class, tab = "consortia.record_visit", Action.RECORD_VISIT, VisitForm, "liaison"

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def perform(self, form: Any) -> LiaisonVisit:
        return liaison.record_visit(consortium=self.object, visit=form.instance, actor=self.request.user, at=self.at)


class VisitPart(PartMixin):
    """A page about a visit that the reader sees."""

    tab = "liaison"

    def get_queryset(self) -> QuerySet[Any]:
        return LiaisonVisit.objects.visible_to(self.request.user).select_related("consortium__lead")


class VisitUpdate(SeenMixin, VisitPart, UpdateView):
    """A changed visit."""

    model, form_class = LiaisonVisit, VisitForm
    permission, action = "consortia.update_visit", Action.UPDATE_VISIT

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self) | {"instance": self.object}

    def perform(self, form: Any) -> LiaisonVisit:
        return liaison.update_visit(
            visit=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class FollowUpAdd(VisitPart, UpdateView):
    """What has to be done after a visit."""

    model, form_class = LiaisonVisit, FollowUpForm
    permission, action = "consortia.add_follow_up", Action.ADD_FOLLOW_UP

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def perform(self, form: Any) -> FollowUp:
        return liaison.add_follow_up(visit=self.object, follow_up=form.instance, actor=self.request.user, at=self.at)


class FollowUpFinish(PartMixin, ServiceFormView):
    """Record that it is done."""

    model, form_class, tab = FollowUp, DoneForm, "liaison"
    permission, action = "consortia.finish_follow_up", Action.FINISH_FOLLOW_UP
    template_name = "consortia/follow_up_finish.html"
    success_message = _("Recorded as done.")

    def get_queryset(self) -> QuerySet[Any]:
        return FollowUp.objects.visible_to(self.request.user).select_related("visit__consortium__lead")

    def perform(self, form: Any) -> FollowUp:
        return liaison.finish_follow_up(follow_up=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


# --- issues ------------------------------------------------------------------------------------
class IssueRaise(AddView):
    """Raise an issue in confidence."""

    permission, action, form_class, tab = "consortia.raise_issue", Action.RAISE_ISSUE, IssueForm, "liaison"
    success_message = _("The issue has been raised. Only the parties, the liaison officer and the bureau see it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form: Any) -> Issue:
        return issues.raise_issue(
            consortium=self.object, issue=form.instance, parties=form.cleaned_data["parties"],
            actor=self.request.user, at=self.at,
        )  # fmt: skip


class IssueDetail(LoadMixin, TemplateView):
    """One issue with what was said about it."""

    model = Issue
    template_name = "consortia/issue_detail.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("consortium", "raised_by")
        return rows.prefetch_related("parties", "notes__author", "notes__organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actions = ISSUE.available(self.object, self.request.user, self.at)
        return super().get_context_data(issue=self.object, actions=actions, **kwargs)


class IssueStep(PartMixin, TransitionView):
    """One step of an issue, with a note."""

    model, form_class, tab, workflow = Issue, IssueNoteForm, "liaison", ISSUE
    template_name = "consortia/issue_step.html"
    success_message = _("Saved.")

    def get_queryset(self) -> QuerySet[Any]:
        return Issue.objects.visible_to(self.request.user).select_related("consortium__lead", "raised_by")

    def tab_url(self) -> str:
        return str(self.object.get_absolute_url())

    def perform(self, form: Any) -> Issue:
        doing = getattr(issues, str(Action(self.action)))
        found: Issue = doing(issue=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)
        return found


class IssueNoteView(IssueStep):
    """Say something about it."""

    permission, action = "consortia.note_issue", Action.NOTE_ISSUE


class IssueMediate(IssueStep):
    """Take it up."""

    permission, action = "consortia.mediate_issue", Action.MEDIATE_ISSUE


class IssueSettle(IssueStep):
    """Record what was agreed."""

    permission, action = "consortia.settle_issue", Action.SETTLE_ISSUE


class IssueClose(IssueStep):
    """Close it."""

    permission, action = "consortia.close_issue", Action.CLOSE_ISSUE
