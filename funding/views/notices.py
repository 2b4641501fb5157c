"""Public notices for everybody, objections by anybody, and their handling."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from funding.enums import Action, ObjectionEffect
from funding.forms.notices import FindingForm, FollowForm, ObjectionForm, PublishForm, UpholdForm
from funding.models import Call, Objection, ObjectionFile, PublicNotice
from funding.rules.publicity import counts_working_days, days_left, last_day, new_code, sealed_code
from funding.rules.separation import Duty
from funding.selectors.decisions import calls_to_publicise, decided, notices, objections, open_objections
from funding.selectors.objections import followed, objection_counts, reply_state
from funding.selectors.outcomes import calls_to_tell
from funding.selectors.separation import in_the_way
from funding.services.notices import (
    dismiss_objection,
    publicise_applications,
    record_objection,
    refuse_objection,
    uphold_objection,
)
from funding.workflow import OBJECTION
from members.views.stepup import StepUpMixin
from portal.kernel import files, origin
from portal.kernel.authz import may
from portal.kernel.querysets import keyset_page
from portal.kernel.views import (
    ClockMixin,
    KeyedMixin,
    ListView,
    LoadMixin,
    PermissionMixin,
    ServiceFormView,
    TransitionView,
)
from portal.kernel.views_reveal import RevealView
from portal.kernel.workflow import TransitionRefused

HOUR = 3600
OBJECTIONS_AN_HOUR = 5  # from one address
FOLLOWED_AN_HOUR = 30
RECEIVED = "objection_received"  # in the session, until the receipt is shown
STEP_URLS = {
    Action.DISMISS: "funding:objection-dismiss",
    Action.UPHOLD: "funding:objection-uphold",
    Action.REFUSE_OBJECTION: "funding:objection-refuse",
}


# --- for everybody -----------------------------------------------------------------------------
def frame(user: Any) -> str:
    """The signed-in frame or the public one."""
    return "shell.html" if user.is_authenticated else "public.html"


@method_decorator(login_not_required, name="dispatch")
class NoticeList(TemplateView):
    """Every public notice that has begun, newest first."""

    template_name = "funding/notice_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today, query = self.request.user, timezone.localdate(), self.request.GET
        rows = notices(today)
        page = keyset_page(rows, ("-starts_on", "-pk"), after=query.get("after"), before=query.get("before"))
        publishes = may(user, "funding.publicise_application")
        handles = may(user, "funding.view_objections")
        return super().get_context_data(
            frame=frame(user),
            page=page,
            today=today,
            calls=calls_to_publicise(user) if publishes else (),
            untold=calls_to_tell(user) if publishes else (),
            handles=handles,
            open_objections=open_objections(Objection.objects.visible_to(user)) if handles else 0,
            **kwargs,
        )


class PublishedNotice(LoadMixin):
    """Loads a notice: for the public once it has begun, for those who handle objections at once."""

    model = PublicNotice

    def get_queryset(self) -> QuerySet[PublicNotice]:
        signed_in = self.request.user.is_authenticated
        rows = (PublicNotice.everything if signed_in else PublicNotice.objects).select_related(
            "call__rules", "published_by", "amends"
        )
        return rows if may(self.request.user, "funding.view_objections") else rows.published(timezone.localdate())


@method_decorator(login_not_required, name="dispatch")
class NoticeDetail(PublishedNotice, TemplateView):
    """The list as it was published; its hash proves it."""

    template_name = "funding/notice_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, notice = self.request.user, self.object
        insider = may(user, "funding.view_objections")
        about = Objection.everything.visible_to(user).filter(application__notice=notice)
        rules, today = notice.call.rules.data, timezone.localdate(self.at)
        return super().get_context_data(
            frame=frame(user),
            left=days_left(notice.ends_on, max(today, notice.starts_on), rules),
            working_days=counts_working_days(rules),
            amendments=notice.amendments.published(today),
            notice=notice,
            running=notice.is_running(timezone.localdate(self.at)),
            insider=insider,
            total=sum(Decimal(row["amount"]) for row in notice.rows),
            objections=objections(about) if insider else (),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class NoticeObject(KeyedMixin, PublishedNotice, FormView[ObjectionForm]):
    """An objection by anybody while the notice runs; attempts are counted by address, not by session."""

    form_class = ObjectionForm
    template_name = "funding/notice_object.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "notice": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        running = self.object.is_running(timezone.localdate(self.at))
        return super().get_context_data(frame=frame(self.request.user), notice=self.object, running=running, **kwargs)

    def form_valid(self, form: ObjectionForm) -> HttpResponse:
        if form.is_trapped:
            return HttpResponseRedirect(self.get_success_url())
        if self.too_many():
            form.add_error(None, gettext("Too many objections from your address; please try again in an hour."))
            return self.form_invalid(form)
        code = new_code()
        try:
            objection = record_objection(**form.facts, code=code, at=self.at)
        except TransitionRefused as refusal:
            form.add_error(None, [str(reason) for reason in refusal.reasons])
            return self.render_to_response(self.get_context_data(form=form), status=409)
        shown = code if objection.code_hash == sealed_code(objection.number, code) else ""  # "" the second time
        self.request.session[RECEIVED] = [objection.number, shown, objection.answer_due and str(objection.answer_due)]
        return HttpResponseRedirect(self.get_success_url())

    def too_many(self) -> bool:
        """Counts this attempt; whether the address has used up its hour."""
        return used_up("objections", OBJECTIONS_AN_HOUR)

    def get_success_url(self) -> str:
        return reverse("funding:notice-received", args=[self.object.pk])


@method_decorator(login_not_required, name="dispatch")
class NoticeReceived(PublishedNotice, TemplateView):
    """What happens after an objection; says nothing about anybody."""

    template_name = "funding/notice_received.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number, code, due = self.request.session.pop(RECEIVED, ("", "", None))
        facts = {"number": number, "code": code, "due": due and date.fromisoformat(due)}
        return super().get_context_data(frame=frame(self.request.user), notice=self.object, **facts, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class NoticePrint(PublishedNotice, TemplateView):
    """The notice as it is put up on a board."""

    template_name = "funding/notice_print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = self.object
        total = sum(Decimal(row["amount"]) for row in notice.rows)
        working = counts_working_days(notice.call.rules.data)
        return super().get_context_data(
            frame=frame(self.request.user),
            notice=notice,
            total=total,
            working_days=working,
            city=settings.CITY,
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class ObjectionFollow(ClockMixin, FormView[FollowForm]):
    """How far an objection is, for whoever has its number and its code."""

    form_class = FollowForm
    template_name = "funding/objection_follow.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frame=frame(self.request.user), **kwargs)

    def form_valid(self, form: FollowForm) -> HttpResponse:
        if used_up("objections-followed", FOLLOWED_AN_HOUR):
            form.add_error(None, gettext("Too many attempts from your address; please try again in an hour."))
            return self.form_invalid(form)
        found = followed(**form.cleaned_data)
        if found is None:
            form.add_error(None, gettext("Number and code do not fit."))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, objection=found))


@method_decorator(login_not_required, name="dispatch")
class ObjectionStatistics(TemplateView):
    """How many objections came and what became of them, by call; nothing that could tell who."""

    template_name = "funding/objection_statistics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(frame=frame(self.request.user), rows=objection_counts(), **kwargs)


def used_up(what: str, most: int) -> bool:
    """Counts an attempt of this address; whether its hour is used up."""
    key = f"{what}:{origin.current().address}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > most
    except ValueError:  # expired between the two calls
        return False


# --- publishing --------------------------------------------------------------------------------
class CallPublicise(LoadMixin, ServiceFormView):
    """Publishes decided applications of a call."""

    model = Call
    permission = "funding.publicise_application"
    form_class = PublishForm
    template_name = "funding/notice_publicise.html"
    success_message = _("The list is published.")

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules")

    def get_initial(self) -> dict[str, Any]:
        title = gettext("Public notice of proposed approvals: %(call)s") % {"call": self.object.title}
        return {"title": title[:200], "starts_on": timezone.localdate(self.at)}

    def get_form_kwargs(self) -> dict[str, Any]:
        waiting, rules = decided(self.object, self.actor), self.object.rules.data
        return {**super().get_form_kwargs(), "decided": waiting, "rules": rules}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = self.object.rules.data
        return super().get_context_data(
            call=self.object,
            decided=decided(self.object, self.actor),
            days=rules["periods"]["publicity_days"],
            ends_on=last_day(timezone.localdate(self.at), rules),
            chosen=set(self.request.POST.getlist("applications")),
            **kwargs,
        )

    def perform(self, form: PublishForm) -> PublicNotice:
        facts = {**form.cleaned_data, "applications": list(form.cleaned_data["applications"])}
        return publicise_applications(call=self.object, actor=self.actor, at=self.at, **facts)


# --- handling objections -----------------------------------------------------------------------
class ObjectionList(PermissionMixin, ListView):
    """Objections, the open ones first to be seen by their badge."""

    model = Objection
    permission = "funding.view_objections"
    template_name = "funding/objection_list.html"
    sorts = ("received_at",)
    default_sort = "-received_at"

    def get_queryset(self) -> QuerySet[Objection]:
        return objections(super().get_queryset())


class ObjectionDetail(LoadMixin, PermissionMixin, TemplateView):
    """One objection; who objects is shown to supervision only."""

    model = Objection
    permission = "funding.view_objections"
    template_name = "funding/objection_detail.html"

    def get_queryset(self) -> QuerySet[Objection]:
        return objections(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        objection, user = self.object, self.request.user
        sees = may(user, "funding.see_objector", objection)
        barred = in_the_way(user, objection.application, Duty.HANDLER) if sees else []
        offered = [
            {
                "label": Action(action).label,
                "url": reverse(STEP_URLS[Action(action)], args=[objection.pk]),
                "obstacles": OBJECTION.obstacles(objection, action, self.at),
            }
            for action in OBJECTION.offered(objection, user)
        ]
        return super().get_context_data(
            objection=objection,
            application=objection.application,
            sees_objector=sees,
            barred=[duty.label for duty in barred],
            evidence=objection.evidence.select_related("attachment") if sees else (),
            reply=reply_state(objection) if sees else None,
            steps=offered,
            **kwargs,
        )


class ObjectorReveal(StepUpMixin, RevealView):
    """Who objects and how to reach: supervision, which examines the objection."""

    step_up = True
    model = Objection
    permission = "funding.reveal_objector"
    fields = ("name", "contact")


class ObjectionEvidence(PermissionMixin, LoadMixin):
    """A file that came with an objection: supervision alone."""

    model = Objection
    permission = "funding.see_objector"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> Any:
        rows = ObjectionFile.objects.filter(objection=self.object).select_related("attachment")
        return files.serve(get_object_or_404(rows, pk=self.kwargs["file"]).attachment, request=request)


class ObjectionStep(TransitionView):
    """A finding; subclasses say which."""

    model = Objection
    workflow = OBJECTION
    permission = "funding.handle_objection"
    form_class = FindingForm
    template_name = "funding/decision_step.html"
    danger = False

    def get_queryset(self) -> QuerySet[Objection]:
        return objections(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"application": self.object.application, "label": Action(self.action).label, "danger": self.danger}
        return super().get_context_data(**facts, **kwargs)


class ObjectionDismiss(ObjectionStep):
    """Without ground."""

    action = Action.DISMISS
    success_message = _("The objection is dismissed.")

    def perform(self, form: FindingForm) -> Objection:
        return dismiss_objection(objection=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ObjectionRefuse(ObjectionStep):
    """Not admitted."""

    action = Action.REFUSE_OBJECTION
    success_message = _("The objection is not admitted.")

    def perform(self, form: FindingForm) -> Objection:
        return refuse_objection(objection=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ObjectionUphold(ObjectionStep):
    """Right."""

    form_class = UpholdForm

    action = Action.UPHOLD
    danger = True

    def get_success_message(self) -> str:
        if self.object.effect == ObjectionEffect.AMEND:
            return gettext("The objection is upheld; tier and amount can be lowered now.")
        return gettext("The objection is upheld; the decision can be overturned now.")

    def perform(self, form: FindingForm) -> Objection:
        return uphold_objection(objection=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
