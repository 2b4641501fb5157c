"""Pages of assignments: asked for, looked at, changed by hand, agreed to."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, AssignmentStatus
from funding.filters import ProposalFilter
from funding.forms.assignments import AgreeAssignmentForm, ExchangeForm, PrepareAssignmentForm
from funding.forms.decisions import ReasonForm
from funding.models import Assignment, AssignmentPair, Call
from funding.rules.terms import terms_of
from funding.selectors.assignments import (
    assignments_of,
    case_rows,
    exchangeable,
    job_of,
    overview,
    tables,
    to_assign,
)
from funding.selectors.draws import pool
from funding.services.assignments import (
    agree_assignment,
    change_pair,
    drop_assignment,
    hand_over_assignment,
    prepare_assignment,
)
from funding.workflow import ASSIGNMENT
from portal.kernel.authz import may
from portal.kernel.querysets import keyset_page
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView, TransitionView, safe_next

STEP_URLS = {
    Action.HAND_OVER_ASSIGNMENT: "funding:assignment-hand-over",
    Action.AGREE_ASSIGNMENT: "funding:assignment-agree",
    Action.DROP_ASSIGNMENT: "funding:assignment-drop",
}

TABS = {"short": _("Cannot be filled"), "weighed": _("Ties to weigh"), "changed": _("Changed by hand")}
PAGE = 10


class CallAssign(LoadMixin, ServiceFormView):
    """Which applications of a call are assigned at once; and the assignments made before."""

    model = Call
    permission, action = "funding.prepare_assignment", Action.PREPARE_ASSIGNMENT
    form_class = PrepareAssignmentForm
    template_name = "funding/assignment_prepare.html"
    success_message = _("The assignment is being worked out.")

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules")

    @cached_property
    def rows(self) -> Any:
        """Those that wait and that the reader did not check."""
        return to_assign(self.object, self.actor)

    def get_initial(self) -> dict[str, Any]:
        return {"seats": self.object.rules.data["panel"]["required"]}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "choices": self.rows}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = assignments_of(self.object, self.actor)
        chosen = set(self.request.POST.getlist("applications"))
        return super().get_context_data(call=self.object, rows=self.rows, chosen=chosen, earlier=earlier, **kwargs)

    def perform(self, form: PrepareAssignmentForm) -> Assignment:
        return prepare_assignment(call=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class AssignmentPage(LoadMixin):
    """Loads an assignment."""

    model = Assignment

    def get_queryset(self) -> QuerySet[Assignment]:
        return super().get_queryset().select_related("call__rules", "prepared_by", "decided_by")


class AssignmentDetail(AssignmentPage, PermissionMixin, TemplateView):
    """Who is proposed for which application and why, what could not be filled, what was changed by hand."""

    permission = "funding.view_assignments"
    template_name = "funding/assignment_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assignment, user = self.object, self.request.user
        offered = ASSIGNMENT.offered(assignment, user)
        steps = [
            {
                "label": action.label,
                "url": reverse(url, args=[assignment.pk]),
                "obstacles": ASSIGNMENT.obstacles(assignment, action, self.at),
                "quiet": action == Action.DROP_ASSIGNMENT,
            }
            for action, url in STEP_URLS.items()
            if action in offered
        ]
        changeable = assignment.status == AssignmentStatus.PROPOSED and not assignment.is_pool
        return super().get_context_data(
            assignment=assignment, job=job_of(assignment), steps=steps,
            changeable=changeable and may(user, "funding.change_assignment", assignment), **self.shown(), **kwargs,
        )  # fmt: skip

    def shown(self) -> dict[str, Any]:
        """The applications of the page, by the tab and the words of the address."""
        query, whole, rows = self.request.GET, overview(self.object), case_rows(self.object)
        tab = query.get("tab", "")
        if tab in whole.wanting:
            rows = rows.filter(pk__in=whole.wanting[tab])
        narrowed = ProposalFilter(query, queryset=rows, request=self.request)
        order, after, before = ("application__number", "pk"), query.get("after"), query.get("before")
        page = keyset_page(narrowed.qs, order, after=after, before=before, size=PAGE)
        tabs = [("", _("All"), whole.cases)]
        tabs += [(key, TABS[key], len(found)) for key, found in whole.wanting.items()]
        return {
            "tables": tables(page.rows), "page": page, "count": narrowed.qs.count(), "overview": whole, "tabs": tabs,
            "tab": tab if tab in whole.wanting else "", "filter": narrowed,
        }  # fmt: skip


class AssignmentProgress(AssignmentPage, PermissionMixin, TemplateView):
    """How far the job is; when it is over the page is opened anew."""

    permission = "funding.view_assignments"
    template_name = "funding/_assignment_progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        job = job_of(self.object)
        answer = super().get(request, *args, job=job, assignment=self.object, **kwargs)
        if job is None or job.is_ended:
            answer["HX-Redirect"] = self.object.get_absolute_url()
        return answer


class AssignmentStep(AssignmentPage, TransitionView):
    """A step as a page of its own."""

    workflow = ASSIGNMENT
    template_name = "funding/assignment_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(assignment=self.object, label=Action(self.action).label, **kwargs)


class AssignmentHandOver(AssignmentStep):
    """Freezes the proposal for the supervisor."""

    action, form_class = Action.HAND_OVER_ASSIGNMENT, forms.Form
    success_message = _("The assignment is frozen. The supervisors are asked to agree.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("Question, answer and changes by hand are frozen with their hash; from now on nothing can be changed.")
        return super().get_context_data(explanation=text, **kwargs)

    def perform(self, form: Any) -> Assignment:
        return hand_over_assignment(assignment=self.object, actor=self.actor, at=self.at)


class AssignmentAgree(AssignmentStep):
    """The supervisor agrees."""

    action, form_class = Action.AGREE_ASSIGNMENT, AgreeAssignmentForm
    success_message = _("The assignment is agreed to.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invited = _("The experts are asked to review as soon as you agree.")
        drawn = _("Chance still draws: each application is drawn from its own pool, with a witness as ever.")
        return super().get_context_data(explanation=drawn if self.object.is_pool else invited, **kwargs)

    def perform(self, form: Any) -> Assignment:
        note = form.cleaned_data["note"]
        return agree_assignment(assignment=self.object, actor=self.actor, at=self.at, note=note)


class AssignmentDrop(AssignmentStep):
    """Gives it up."""

    action, form_class = Action.DROP_ASSIGNMENT, ReasonForm
    success_message = _("The assignment is dropped.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(danger=True, **kwargs)

    def perform(self, form: Any) -> Assignment:
        return drop_assignment(assignment=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class AssignmentExchange(LoadMixin, ServiceFormView):
    """Puts another expert in the place of one."""

    model = AssignmentPair
    permission, action = "funding.change_assignment", Action.CHANGE_ASSIGNMENT
    form_class = ExchangeForm
    template_name = "funding/assignment_step.html"
    success_message = _("The change is recorded.")

    def get_queryset(self) -> QuerySet[AssignmentPair]:
        rows = super().get_queryset().select_related("case__application__consortium__lead", "expert__user")
        return rows.select_related("case__application__call__rules", "case__assignment__call")

    def permission_object(self) -> Assignment:
        assignment: Assignment = self.object.case.assignment
        return assignment

    def closed(self) -> list[str]:
        assignment = self.object.case.assignment
        if assignment.is_pool or assignment.status != AssignmentStatus.PROPOSED:
            return [str(_("This assignment is not open for changes."))]
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        application = self.object.case.application
        others = exchangeable(self.object, pool(application, self.at), terms_of(application.call.rules.data))
        return {**super().get_form_kwargs(), "others": others}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.object.case
        text = _("%(expert)s leaves %(number)s. Shown is who keeps the composition and has room this year.") % {
            "expert": self.object.expert, "number": case.application.number,
        }  # fmt: skip
        label, back = Action.CHANGE_ASSIGNMENT.label, safe_next(self.request, self.fallback_url())
        return super().get_context_data(
            assignment=case.assignment, label=label, explanation=text, back=back, **kwargs
        )  # fmt: skip

    def perform(self, form: ExchangeForm) -> AssignmentPair:
        return change_pair(pair=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.object.case.assignment.get_absolute_url())
