"""Calls: lists, pages and steps."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, CallStatus
from funding.forms.calls import CallForm, ConcludeForm, ExtendForm, PublishForm
from funding.forms.whole import designed, enclosed, prepared, written
from funding.models import Call, CallExtension
from funding.rules import declarations
from funding.rules.milestones import closes_on_a_day_off
from funding.selectors.calls import calls_with_counts, milestones, modes, quotas, read_rules
from funding.services.calls import (
    TERMS,
    conclude_call,
    create_call,
    ensure_default_rules,
    extend_call,
    publish_call,
    update_call,
)
from funding.workflow import CALL
from members.enums import OFFICIALS
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView, VisibleMixin

CALL_URLS = {
    Action.PUBLISH_CALL: "funding:call-publish",
    Action.EXTEND_CALL: "funding:call-extend",
    Action.CONCLUDE_CALL: "funding:call-conclude",
}


def named(name: str, request: HttpRequest) -> str:
    """The page inside the portal, or its public twin for whoever is not signed in."""
    return f"{name}.html" if request.user.is_authenticated else f"{name}_public.html"


@method_decorator(login_not_required, name="dispatch")
class CallList(VisibleMixin, TemplateView):
    """Every call of the city: open ones first to be seen, then what was. Open to the public."""

    model = Call

    def get_template_names(self) -> list[str]:
        return [named("funding/call_list", self.request)]

    def get_queryset(self) -> QuerySet[Call]:
        return calls_with_counts(super().get_queryset(), self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, at = self.request.user, timezone.now()
        calls = list(self.get_queryset())
        return super().get_context_data(
            at=at,
            open_calls=[call for call in calls if call.is_open(at)],
            other_calls=[call for call in calls if not call.is_open(at)],
            may_create=may(user, "funding.create_call"),
            may_forms=may(user, "funding.view_forms"),
            insider=user.is_authenticated and user.holds_any(OFFICIALS),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class CallDetail(LoadMixin, TemplateView):
    """What the call wants, gives and asks, in words. Open to the public."""

    model = Call

    def get_template_names(self) -> list[str]:
        return [named("funding/call_detail", self.request)]

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, call = self.request.user, self.object
        return super().get_context_data(
            at=self.at,
            call=call,
            rules=read_rules(call),
            today=timezone.localdate(self.at),
            milestones=milestones(call),
            closes_on_a_day_off=closes_on_a_day_off(timezone.localdate(call.closes_at)),
            extensions=call.extensions.all(),
            outage_extensions=call.outage_extensions.select_related("outage"),
            modes=modes(call),
            quotas=quotas(call),
            documents=call.documents.select_related("attachment"),
            faq=call.questions.published(),
            may_ask=call.status == CallStatus.PUBLISHED and may(user, "funding.ask_somewhere"),
            actions=self.actions(),
            may_documents=call.status != CallStatus.CONCLUDED and may(user, "funding.update_call", call),
            may_create=may(user, "funding.create_call"),
            may_move_drafts=call.status == CallStatus.PUBLISHED and may(user, "funding.move_drafts", call),
            may_update="publish_call" in CALL.offered(call, user),
            insider=user.is_authenticated and user.holds_any(OFFICIALS),
            may_start=user.is_authenticated and call.is_open(self.at) and may(user, "funding.start_somewhere"),
            **kwargs,
        )

    def actions(self) -> list[Mapping[str, Any]]:
        """The steps open to the reader."""
        words = dict(Action.choices)
        offered = CALL.available(self.object, self.request.user, self.at)
        return [{"url": CALL_URLS[Action(action)], "label": words[action]} for action in offered]


@method_decorator(login_not_required, name="dispatch")
class CallWholeForm(LoadMixin, TemplateView):
    """Everything that an application in this call will be asked, to be read before one starts. Open to the public."""

    model = Call

    def get_template_names(self) -> list[str]:
        return [named("funding/call_whole_form", self.request)]

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            call=self.object,
            rules=read_rules(self.object),
            written=[*written(), *designed(self.object.form_version)],
            prepared=prepared(),
            enclosed=enclosed(),
            declarations=declarations.DECLARATIONS.values(),
            declarations_version=declarations.VERSION,
            **kwargs,
        )


class CallCreate(ServiceFormView):
    """A new draft."""

    permission = "funding.create_call"
    form_class = CallForm
    template_name = "funding/call_form.html"
    success_message = _("The draft is saved. Publish it when its document is issued.")

    def get_initial(self) -> dict[str, Any]:
        """The next batch of this year under the rules that ship with the portal."""
        year, last = timezone.localdate().year, Call.objects.order_by("-batch").first()
        following = last.round + 1 if last and last.year == year else 1
        blank = Call()
        caps = {name: getattr(blank, name) for name in ("cap_a", "cap_b", "cap_c")}
        batch = last.batch + 1 if last else 1
        return {"rules": ensure_default_rules(), "year": year, "round": following, "batch": batch, **caps}

    def perform(self, form: CallForm) -> Call:
        return create_call(actor=self.actor, at=self.at, facts=form.cleaned_data)


class CallCopy(LoadMixin, CallCreate):
    """A new draft that begins with what an earlier call said; its number and its times are its own."""

    model = Call

    def get_initial(self) -> dict[str, Any]:
        copied = {name: getattr(self.object, name) for name in TERMS}
        return {**super().get_initial(), **copied}


class CallUpdate(SeenMixin, LoadMixin, ServiceFormView):
    """Changes a draft."""

    model = Call
    permission = "funding.update_call"
    form_class = CallForm
    template_name = "funding/call_form.html"
    success_message = _("The draft is saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: CallForm) -> Call:
        facts = form.cleaned_data
        return update_call(call=self.object, actor=self.actor, at=self.at, facts=facts, seen=facts["seen"])


class CallPublish(TransitionView):
    """Makes a call public."""

    model = Call
    workflow, action = CALL, Action.PUBLISH_CALL
    permission = "funding.publish_call"
    form_class = PublishForm
    template_name = "funding/call_publish.html"
    success_message = _("The call is published.")

    def perform(self, form: PublishForm) -> Call:
        number = form.cleaned_data["document_number"]
        return publish_call(call=self.object, actor=self.actor, at=self.at, document_number=number)


class CallExtend(TransitionView):
    """Lets a call close later."""

    model = Call
    workflow, action = CALL, Action.EXTEND_CALL
    permission = "funding.extend_call"
    form_class = ExtendForm
    template_name = "funding/call_extend.html"
    success_message = _("The call is extended.")

    def perform(self, form: ExtendForm) -> CallExtension:
        return extend_call(call=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class CallConclude(TransitionView):
    """Ends the work on a call."""

    model = Call
    workflow, action = CALL, Action.CONCLUDE_CALL
    permission = "funding.conclude_call"
    form_class = ConcludeForm
    template_name = "funding/call_conclude.html"
    success_message = _("The call is concluded.")

    def perform(self, form: ConcludeForm) -> Call:
        return conclude_call(call=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])
