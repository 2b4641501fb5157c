"""What district and bureau do with an application."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.forms.applications import BulkForm, CheckForm, DeclineForm, OpinionForm, ReturnForm
from funding.models import Application
from funding.rules.formal_check import Item
from funding.selectors.checks import check_list
from funding.selectors.previews import previews
from funding.selectors.readings import read
from funding.services.checks import (
    Outcome,
    check_application,
    check_applications,
    foreseen,
    reject_application,
    request_correction,
)
from funding.services.recommendations import decline_recommendation, recommend_application, return_application
from funding.views.applications import kept_files
from funding.views.finishing import OpeningMixin
from funding.views.similarity import similarity_card
from funding.workflow import APPLICATION
from members.selectors.credit import latest_credit
from portal.kernel.authz import may
from portal.kernel.calendar import add_working_days
from portal.kernel.querysets import MAX_SIZE
from portal.kernel.views import ServiceFormView, TransitionView, VisibleMixin
from portal.kernel.views_exports import uuids


class StepView(OpeningMixin, TransitionView):
    """A step of district or bureau beside the application's main facts."""

    model = Application
    workflow = APPLICATION

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead", "district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = self.object.call.rules.data["periods"]["correction_working_days"]
        due = add_working_days(timezone.localdate(self.at), days)
        return super().get_context_data(
            application=self.object, label=Action(self.action).label, days=days, due=due, at=self.at, **kwargs
        )


class ApplicationRecommend(StepView):
    """The district passes it on to the bureau."""

    action = Action.RECOMMEND
    permission = "funding.recommend_application"
    form_class = OpinionForm
    template_name = "funding/application_recommend.html"
    success_message = _("Recommended. The bureau checks it next.")

    def perform(self, form: OpinionForm) -> Application:
        opinion = form.cleaned_data["opinion"]
        return recommend_application(application=self.object, actor=self.actor, at=self.at, opinion=opinion)


class ApplicationDecline(StepView):
    """The district ends it."""

    action = Action.DECLINE_RECOMMENDATION
    permission = "funding.recommend_application"
    form_class = DeclineForm
    template_name = "funding/application_decline_recommendation.html"
    success_message = _("Not recommended. The applicant has been told.")

    def perform(self, form: DeclineForm) -> Application:
        return decline_recommendation(application=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ApplicationReturn(StepView):
    """The district gives it back for correction."""

    action = Action.RETURN
    permission = "funding.return_application"
    form_class = ReturnForm
    template_name = "funding/application_return.html"
    success_message = _("Returned for correction. The applicant has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "parts": self.object.parts}

    def perform(self, form: ReturnForm) -> Application:
        return return_application(application=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class CheckView(StepView):
    """The list of the formal check; three buttons lead to its three outcomes."""

    permission = "funding.check_application"
    form_class = CheckForm
    template_name = "funding/application_check.html"
    needed: Sequence[str] = ()

    @cached_property
    def items(self) -> list[Item]:
        """The list as the portal fills it in."""
        return check_list(self.object, self.at)

    def get_form_kwargs(self) -> dict[str, Any]:
        known = {"items": self.items, "needed": self.needed, "parts": self.object.parts}
        return {**super().get_form_kwargs(), **known}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reading = read(self.object.snapshot)
        lead = self.object.consortium.lead
        return super().get_context_data(
            reading=reading, kept_files=kept_files(self.object),
            previews=previews(self.object, self.actor), credit=latest_credit(lead),
            may_check_credit=may(self.actor, "members.check_credit", lead),
            similarity=similarity_card(self.object, self.actor), **kwargs,
        )  # fmt: skip

    def facts(self, form: CheckForm) -> dict[str, Any]:
        """What the three services take."""
        note = form.cleaned_data["note"]
        return {
            "application": self.object, "actor": self.actor, "at": self.at, "items": form.results, "note": note,
        }  # fmt: skip


class ApplicationCheck(CheckView):
    """Pass the formal check."""

    action = Action.CHECK

    def get_success_message(self) -> str:
        if self.object.call.credit_step:
            return gettext("The formal check is passed. Supervision checks integrity next.")
        return gettext("The formal check is passed. The officer assigns experts next.")

    def perform(self, form: CheckForm) -> Application:
        return check_application(**self.facts(form))


class ApplicationReject(CheckView):
    """Fail the formal check."""

    action = Action.REJECT
    needed = ("note", "reasons")
    success_message = _("The formal check is not passed. The applicant has been told.")

    def perform(self, form: CheckForm) -> Application:
        return reject_application(**self.facts(form), reasons=form.cleaned_data["reasons"])


class ApplicationRequestCorrection(CheckView):
    """Ask the applicant for a correction."""

    action = Action.REQUEST_CORRECTION
    needed = ("note", "reasons", "parts")
    success_message = _("A correction is requested. The applicant has been told.")

    def perform(self, form: CheckForm) -> Application:
        chosen = {name: form.cleaned_data[name] for name in ("parts", "reasons")}
        return request_correction(**self.facts(form), **chosen)


class BulkView(VisibleMixin, ServiceFormView):
    """Pass several at once: first what would happen to each, then each in a transaction of its own."""

    model = Application
    template_name = "funding/application_bulk_check.html"
    title: Any  # of the step
    idempotent = False  # each application in a transaction of its own; passed once, it is refused the second time

    @cached_property
    def chosen(self) -> list[Application]:
        """The rows ticked in the list, as far as the reader may see them."""
        rows = self.get_queryset().select_related("call__rules", "consortium__lead", "district")
        ids = uuids(self.request.GET.getlist("ids"))[:MAX_SIZE]
        return list(rows.filter(pk__in=ids).order_by("moved_at", "pk"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [Outcome(row, self.foreseen(row)) for row in self.chosen]
        passing = sum(line.passed for line in lines)
        return super().get_context_data(lines=lines, passing=passing, title=self.title, **kwargs)

    def foreseen(self, application: Application) -> list[Any]:
        """Why it would be refused now."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """The summary instead of a way back: what passed, and what did not and why."""
        lines = self.perform(form)
        context = {"lines": lines, "passed": sum(line.passed for line in lines), "done": True, "title": self.title}
        return self.render_to_response(ServiceFormView.get_context_data(self, form=form, **context))


class ApplicationBulkCheck(BulkView):
    """The formal check of several."""

    permission = "funding.check_application"
    form_class = BulkForm
    title = Action.CHECK.label

    def foreseen(self, application: Application) -> list[Any]:
        return foreseen(application=application, actor=self.actor, at=self.at)

    def perform(self, form: BulkForm) -> list[Outcome]:
        return check_applications(
            applications=self.chosen, actor=self.actor, at=self.at, note=form.cleaned_data["note"]
        )
