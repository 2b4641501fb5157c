"""Lists of grades: published by the bureau, read and objected to by anybody, made final when they are over."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from funding.forms.notices import FollowForm
from funding.rules.publicity import new_code, sealed_code
from funding.views.notices import FOLLOWED_AN_HOUR, frame, used_up
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.querysets import keyset_page
from portal.kernel.views import ClockMixin, KeyedMixin, LoadMixin, ServiceFormView
from portal.kernel.workflow import TransitionRefused
from reports.enums import Grade
from reports.forms.appeals import ObjectionForm, PublishForm
from reports.models import Appeal, Evaluation, EvaluationCycle, GradeList
from reports.selectors.appeals import followed, to_finalise, waiting_for_a_list
from reports.services.appeals import object_to_grade
from reports.services.gradelists import AT_ONCE, finalise_list, publicise_grades

OBJECTIONS_AN_HOUR = 5  # from one address
RECEIVED = "grade_objection_received"  # in the session, until the receipt is shown


# --- for everybody -----------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class GradeListList(TemplateView):
    """Every list of grades that has begun, newest first."""

    template_name = "reports/grade_lists.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, query = self.request.user, self.request.GET
        rows = GradeList.objects.visible_to(user).select_related("cycle")
        page = keyset_page(rows, ("-starts_on", "-pk"), after=query.get("after"), before=query.get("before"))
        return super().get_context_data(frame=frame(user), page=page, today=timezone.localdate(), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class GradeListDetail(LoadMixin, TemplateView):
    """The list as it was published; its hash proves it."""

    model = GradeList
    template_name = "reports/grade_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, published = self.request.user, self.object
        insider = may(user, "reports.list_appeals")
        waiting = to_finalise(published.evaluations.all(), self.at) if insider else Evaluation.objects.none()
        about = Appeal.objects.visible_to(user).filter(evaluation__grade_list=published)
        return super().get_context_data(
            frame=frame(user),
            published=published,
            rows=[{**row, "grade_label": Grade(row["grade"]).label} for row in published.rows],
            running=published.is_running(timezone.localdate(self.at)),
            insider=insider,
            appeals=about.select_related("evaluation__consortium") if insider else (),
            waiting=waiting.count() if may(user, "reports.publicise_grade") else 0,
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class GradeListObject(KeyedMixin, LoadMixin, FormView[ObjectionForm]):
    """An objection by anybody while the list runs; attempts are counted by address, not by session."""

    model = GradeList
    form_class = ObjectionForm
    template_name = "reports/grade_list_object.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "grade_list": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        running = self.object.is_running(timezone.localdate(self.at))
        user = self.request.user
        return super().get_context_data(frame=frame(user), published=self.object, running=running, **kwargs)

    def form_valid(self, form: ObjectionForm) -> HttpResponse:
        if form.is_trapped:
            return HttpResponseRedirect(self.get_success_url())
        if used_up("grade-objections", OBJECTIONS_AN_HOUR):
            form.add_error(None, gettext("Too many objections from your address; please try again in an hour."))
            return self.form_invalid(form)
        code = new_code()
        try:
            objection = object_to_grade(**form.facts, code=code, at=self.at)
        except TransitionRefused as refusal:
            form.add_error(None, [str(reason) for reason in refusal.reasons])
            return self.render_to_response(self.get_context_data(form=form), status=409)
        shown = code if objection.code_hash == sealed_code(objection.number, code) else ""  # "" the second time
        self.request.session[RECEIVED] = [objection.number, shown, objection.answer_due.isoformat()]
        return HttpResponseRedirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("reports:grade-list-received", args=[self.object.pk])


@method_decorator(login_not_required, name="dispatch")
class GradeListReceived(LoadMixin, TemplateView):
    """What happens after an objection; says nothing about anybody."""

    model = GradeList
    template_name = "reports/grade_list_received.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number, code, due = self.request.session.pop(RECEIVED, ("", "", ""))
        facts = {"number": number, "code": code, "due": date.fromisoformat(due) if due else None}
        return super().get_context_data(frame=frame(self.request.user), published=self.object, **facts, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class GradeListFollow(ClockMixin, FormView[FollowForm]):
    """How far an objection to a grade is, for whoever has its number and its code."""

    form_class = FollowForm
    template_name = "reports/grade_list_follow.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frame=frame(self.request.user), **kwargs)

    def form_valid(self, form: FollowForm) -> HttpResponse:
        if used_up("grade-objections-followed", FOLLOWED_AN_HOUR):
            form.add_error(None, gettext("Too many attempts from your address; please try again in an hour."))
            return self.form_invalid(form)
        found = followed(**form.cleaned_data)
        if found is None:
            form.add_error(None, gettext("Number and code do not fit."))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, objection=found))


# --- for the bureau ----------------------------------------------------------------------------
class GradesPublicise(StepUpMixin, LoadMixin, ServiceFormView):
    """What a meeting decided about a year is published for objections."""

    step_up = True
    model = EvaluationCycle
    permission = "reports.publicise_grade"
    form_class = PublishForm
    template_name = "reports/grades_publicise.html"
    success_message = _("The list is published.")

    @cached_property
    def waiting(self) -> QuerySet[Evaluation]:
        """What can be on it."""
        return waiting_for_a_list(self.object, self.actor, self.at)

    def get_initial(self) -> dict[str, Any]:
        words = {"city": settings.CITY, "year": self.object.year}
        title = gettext("Public notice of the annual evaluation %(year)s") % words
        chosen = [one.pk for one in self.waiting]
        return {"title": title, "starts_on": timezone.localdate(self.at), "evaluations": chosen}

    def get_form_kwargs(self) -> dict[str, Any]:
        today = timezone.localdate(self.at)
        return {**super().get_form_kwargs(), "waiting": self.waiting, "today": today}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cycle=self.object, waiting=len(self.waiting), **kwargs)

    def perform(self, form: PublishForm) -> GradeList:
        chosen = list(form.cleaned_data["evaluations"])
        return publicise_grades(
            cycle=self.object, evaluations=chosen, publication=form.publication(), actor=self.actor, at=self.at
        )


class GradeListFinalise(StepUpMixin, LoadMixin, ServiceFormView):
    """Makes everything final that is over and that nobody contests."""

    step_up = True
    model = GradeList
    permission = "reports.publicise_grade"
    form_class = Form
    template_name = "reports/grade_list_finalise.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = to_finalise(self.object.evaluations.all(), self.at).count()
        facts = {"published": self.object, "waiting": waiting, "most": AT_ONCE}
        return super().get_context_data(**facts, **kwargs)

    def perform(self, form: Any) -> GradeList:
        grade_list: GradeList = self.object
        self.made = finalise_list(grade_list=grade_list, actor=self.actor, at=self.at)
        return grade_list

    def get_success_message(self) -> str:
        return ngettext("%(n)s grade is final.", "%(n)s grades are final.", self.made) % {"n": self.made}
