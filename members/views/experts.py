"""The expert pool: the list, one expert, one's own profile, and the steps on the way in and out."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import EXPERT_READERS, Action, ExpertKind, ExpertStatus, Role
from members.exporters import EXPERTS
from members.filters import ExpertFilter
from members.forms.experts import (
    EMPLOYER,
    ApplyForm,
    CheckForm,
    EmployerForm,
    NominateForm,
    ProfileForm,
    SourceForm,
    SuspendForm,
)
from members.forms.standing import ReasonForm, RemarkForm
from members.models import Expert, Organisation
from members.selectors.experts import (
    employments,
    entry_warnings,
    field_words,
    obstacles,
    pool,
    present_employer,
    sub_fields,
)
from members.services import experts as services
from members.views.organisations import HISTORY
from members.views.relations import register_card
from members.views.stepup import StepUpMixin
from members.workflow import EXPERT
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView
from portal.kernel.views_exports import ListExport

OWN = "members:expert-own"


class ExpertList(PermissionMixin, ListView):
    """The pool."""

    permission = "members.view_experts"
    model = Expert
    filterset_class = ExpertFilter
    template_name = "members/expert_list.html"
    sorts = ("user__name", "admitted_at")
    default_sort = "user__name"
    saves_filters = True

    @cached_property
    def at(self) -> Any:
        """What the load of the year is counted by."""
        return timezone.now()

    def get_queryset(self) -> Any:
        return pool(super().get_queryset(), self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(pays_fees=self.actor.holds(Role.FINANCE), **kwargs)
        names = dict(sub_fields())
        return context | {
            "lines": [(row, field_words(row, names), row.is_overdue(self.at)) for row in context["rows"]],
            "exports": may(self.actor, "members.export_experts"),
            "nominates": may(self.actor, "members.nominate_expert"),
            "imports": may(self.actor, "members.import_relations"),
            "asked": self.request.GET.urlencode(),
        }


class ExpertExport(ListExport):
    """What the list shows, as a file."""

    export = EXPERTS
    filterset_class = ExpertFilter
    list_name = "members:expert-list"


# --- one expert ----------------------------------------------------------------------------------
class ExpertPage(LoadMixin, PermissionMixin, TemplateView):
    """The profile, where the expert stands, where it worked, what was done."""

    permission = "members.view_expert"
    model = Expert
    object: Expert
    template_name = "members/expert_detail.html"

    def get_queryset(self) -> Any:
        return pool(super().get_queryset(), self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expert, reader = self.object, self.request.user
        reads_pool = may(reader, "members.view_experts")
        return super().get_context_data(
            own=expert.user_id == reader.pk,
            reads_pool=reads_pool,
            fields=field_words(expert, dict(sub_fields())),
            employments=employments(expert),
            overdue=expert.is_overdue(self.at),
            **register_card(expert, reader),
            obstacles=obstacles(expert),
            warnings=entry_warnings(expert, self.at),
            admitted=expert.status in {ExpertStatus.ACTIVE, ExpertStatus.SUSPENDED},
            acts=EXPERT.available(expert, reader, self.at),
            history=trail(expert)[:HISTORY] if reads_pool or expert.user_id == reader.pk else (),
            **kwargs,
        )


class ExpertDetail(ExpertPage):
    """Any expert that one may see."""


class ExpertOwn(ExpertPage):
    """Oneself; whoever is not there yet is led to the application."""

    object: Any

    def load(self) -> Any:
        return self.get_queryset().filter(user=self.request.user.pk).first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs) if self.object else redirect("members:expert-apply")


# --- one's own word ------------------------------------------------------------------------------
class OwnExpert(LoadMixin, ServiceFormView):
    """A form about one's own profile."""

    model = Expert
    object: Expert

    def load(self) -> Any:
        return self.get_queryset().filter(user=self.request.user.pk).first()

    def fallback_url(self) -> str:
        return reverse(OWN)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=reverse(OWN if self.object else "members:data-own"), **kwargs)

    def back_url(self) -> str:
        return reverse(OWN)


class ExpertApply(OwnExpert):
    """Ask to enter the pool."""

    action = Action.APPLY_EXPERT
    permission = "members.apply_expert"
    form_class = ApplyForm
    template_name = "members/expert_apply.html"
    success_message = _("You have applied; your employer is asked first.")

    def closed(self) -> list[str]:
        there = self.object is not None and self.object.status != ExpertStatus.REMOVED
        return [str(services.IN_POOL)] if there else []

    def get_initial(self) -> dict[str, Any]:
        user: Any = self.request.user
        home = Organisation.objects.filter(pk__in=user.organisation_ids).first()
        return {"code": home.uscc if home else "", "position": user.title, "kind": ExpertKind.TECHNOLOGY}

    def perform(self, form: ApplyForm) -> Expert:
        return services.apply_expert(actor=self.actor, at=self.at, employer=form.employer(), **form.profile())


class ExpertRefresh(OwnExpert):
    """Confirm or change one's data, once a year at least."""

    action = Action.REFRESH_EXPERT
    permission = "members.update_expert"
    form_class = ProfileForm
    template_name = "members/expert_refresh.html"
    success_message = _("Your data are confirmed.")

    def get_initial(self) -> dict[str, Any]:
        stated = {name: getattr(self.object, name) for name in services.PROFILE}
        return {**stated, "sub_fields": self.object.fields}

    def perform(self, form: ProfileForm) -> Expert:
        return services.refresh_expert(expert=self.object, actor=self.actor, at=self.at, **form.profile())


class ExpertEmploy(OwnExpert):
    """A new employer."""

    action = Action.EMPLOY_EXPERT
    permission = "members.update_expert"
    form_class = EmployerForm
    template_name = "members/expert_employ.html"
    success_message = _("The employer is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(present=present_employer(self.object), **kwargs)

    def perform(self, form: EmployerForm) -> Expert:
        facts = {name: form.cleaned_data[name] for name in EMPLOYER}
        return services.employ_expert(expert=self.object, actor=self.actor, at=self.at, **facts)


class ExpertNominate(ServiceFormView):
    """Propose somebody who has an account."""

    action = Action.NOMINATE_EXPERT
    permission = "members.nominate_expert"
    form_class = NominateForm
    template_name = "members/expert_nominate.html"
    success_message = _("The person is nominated and asked for its data.")

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.request.GET.get("email", "")}

    def back(self) -> str:
        """Where the reader came from: the pool, or the own organisation."""
        pool_reader = may(self.actor, "members.view_experts")
        return reverse("members:expert-list" if pool_reader else "members:organisation-own")

    def fallback_url(self) -> str:
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.back(), **kwargs)

    def perform(self, form: NominateForm) -> Expert:
        return services.nominate_expert(**form.cleaned_data, actor=self.actor, at=self.at)


# --- steps ---------------------------------------------------------------------------------------
class ExpertStep(StepUpMixin, TransitionView):
    """One step with an expert; the page says in one sentence what follows from it."""

    step_up = True
    model = Expert
    object: Expert
    workflow = EXPERT
    template_name = "members/expert_step.html"
    form_class: type[forms.BaseForm] = ReasonForm
    consequence: str | Promise = ""

    def get_queryset(self) -> Any:
        return pool(super().get_queryset(), self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"fields": field_words(self.object, dict(sub_fields())), "employments": employments(self.object)}
        return super().get_context_data(**facts, **kwargs)

    def service(self, **facts: Any) -> Expert:
        """The service of this step."""
        name: str = self.action
        act: Any = getattr(services, name)
        done: Expert = act(expert=self.object, actor=self.actor, at=self.at, **facts)
        return done

    def perform(self, form: Any) -> Expert:
        return self.service(**form.cleaned_data)

    def fallback_url(self) -> str:
        """Whoever may not see the profile afterwards is led to the own organisation."""
        sees = self.actor.holds_any(EXPERT_READERS)
        return self.object.get_absolute_url() if sees else reverse("members:organisation-own")


class ExpertConfirm(ExpertStep):
    """The employer's word."""

    action = Action.CONFIRM_UNIT
    permission = "members.confirm_expert"
    form_class = RemarkForm
    consequence = _("You confirm that the person works for your organisation and may review for the city.")
    success_message = _("The employer's word is recorded.")


class ExpertRecord(ExpertStep):
    """The word of an employer outside the portal."""

    action = Action.RECORD_UNIT
    permission = "members.record_expert"
    form_class = SourceForm
    consequence = _("The employer has no administrator in the portal: record how it agreed.")
    success_message = _("The employer's word is recorded.")


class ExpertCheck(ExpertStep):
    """The checklist."""

    action = Action.CHECK_ENTRY
    permission = "members.check_expert"
    form_class = CheckForm
    consequence = _("The division head decides on the admission after you.")
    success_message = _("The entry is checked.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(warnings=entry_warnings(self.object, self.at), **kwargs)

    def perform(self, form: CheckForm) -> Expert:
        return self.service(ticked=form.ticked(), note=form.cleaned_data["note"])


class ExpertAdmit(ExpertStep):
    """Into the pool."""

    action = Action.ADMIT_EXPERT
    permission = "members.admit_expert"
    form_class = RemarkForm
    consequence = _("The person gets the role of an expert and can be drawn from now on.")
    success_message = _("The expert is admitted.")


class ExpertSuspend(ExpertStep):
    """Nothing new to review."""

    action = Action.SUSPEND_EXPERT
    permission = "members.suspend_expert"
    form_class = SuspendForm
    consequence = _("The expert gets nothing new to review. Reviews that run stay.")
    success_message = _("The expert is suspended.")


class ExpertResume(ExpertStep):
    """As before."""

    action = Action.RESUME_EXPERT
    permission = "members.resume_expert"
    consequence = _("The expert can be drawn again.")
    success_message = _("The suspension is over.")


class ExpertRemove(ExpertStep):
    """Out of the pool."""

    action = Action.REMOVE_EXPERT
    permission = "members.remove_expert"
    consequence = _("The role of an expert ends at once. The person may apply again.")
    success_message = _("The person has left the pool.")


class ExpertLeave(ExpertStep):
    """Out of the pool by one's own wish."""

    action = Action.LEAVE_POOL
    permission = "members.leave_pool"
    form_class = forms.Form
    consequence = _("Your role as an expert ends at once; reviews in your hands go to others. You may apply again.")
    success_message = _("You have left the pool.")

    def fallback_url(self) -> str:
        return reverse(OWN)
