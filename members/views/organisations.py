"""Organisations: the registry, one of them, one's own."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import Role
from members.filters import OrganisationFilter
from members.forms.organisations import OrganisationForm, YearForm
from members.forms.people import ColleagueRoleForm, InviteForm
from members.models import Organisation, User, YearFigures
from members.selectors import colleagues, pending_invitations, years
from members.services.invitations import invite_colleague
from members.services.organisations import EDITABLE, record_year, update_organisation
from members.services.roles import give_colleague_role
from members.views.stepup import StepUpMixin
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView

OWN = "members:organisation-own"
HISTORY = 12  # entries


class OrganisationList(PermissionMixin, ListView):
    """The registry, cut to one's district."""

    permission = "members.view_registry"
    model = Organisation
    filterset_class = OrganisationFilter
    template_name = "members/organisation_list.html"
    sorts = ("name", "created_at")
    default_sort = "name"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("district")


class OrganisationPage(LoadMixin, TemplateView):
    """What one may know of an organisation, and what one may do for it."""

    model = Organisation
    object: Organisation | None

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation, user = self.object, self.request.user
        if organisation is None:
            return super().get_context_data(**kwargs)
        context = super().get_context_data(years=years(organisation), **kwargs)
        if may(user, "members.view_payee", organisation):
            context |= {"sees_payee": True, "reveals_payee": may(user, "members.reveal_payee", organisation)}
        if may(user, "members.view_people", organisation):
            context["people"] = colleagues(organisation)
        if may(user, "members.view_integrity"):
            context |= {"records": organisation.integrity_records.all(), "history": trail(organisation)[:HISTORY]}
        if may(user, "members.update_organisation", organisation):
            context |= {"administers": True, "invitations": pending_invitations(organisation), "at": self.at}
            context["history"] = trail(organisation)[:HISTORY]
        return context


class OrganisationDetail(OrganisationPage):
    """Any organisation that one may see."""

    template_name = "members/organisation_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(registry=may(self.request.user, "members.view_registry"), **kwargs)


class OrganisationOwn(OrganisationPage):
    """One's own organisation; somebody with several chooses by `?organisation=`."""

    template_name = "members/organisation_own.html"

    @cached_property
    def mine(self) -> list[Organisation]:
        """Those that one acts for."""
        user: Any = self.request.user
        return list(self.get_queryset().filter(pk__in=user.organisation_ids)) if user.is_authenticated else []

    def load(self) -> Organisation | None:
        asked = self.request.GET.get("organisation")
        chosen = [organisation for organisation in self.mine if asked in {None, str(organisation.pk)}]
        return chosen[0] if chosen else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mine=self.mine, **kwargs)


class OrganisationFormView(LoadMixin, ServiceFormView):
    """A form of an organisation's administrators; it leads back to the page of their organisation."""

    model = Organisation
    object: Organisation

    def fallback_url(self) -> str:
        return f"{reverse(OWN)}?organisation={self.object.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.fallback_url(), **kwargs)


class OrganisationUpdate(SeenMixin, OrganisationFormView):
    """Keep the data right."""

    seen_names = EDITABLE
    permission = "members.update_organisation"
    form_class = OrganisationForm
    template_name = "members/organisation_update.html"
    success_message = _("The data are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Organisation.objects.get(pk=self.object.pk)}

    def perform(self, form: OrganisationForm) -> Organisation:
        return update_organisation(
            organisation=self.object,
            actor=self.actor,
            at=self.at,
            **form.cleaned_data,
        )


class YearRecord(OrganisationFormView):
    """State the figures of a year, or correct them (`?year=`)."""

    permission = "members.record_year"
    form_class = YearForm
    template_name = "members/year_record.html"
    success_message = _("The figures are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        latest = timezone.localdate(self.at).year
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == len("2025") else 0
        figures = YearFigures.objects.filter(organisation=self.object, year=year).first()
        return {**super().get_form_kwargs(), "latest": latest, "instance": figures or YearFigures(year=latest - 1)}

    def perform(self, form: YearForm) -> YearFigures:
        return record_year(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ColleagueInvite(OrganisationFormView):
    """Ask a colleague to join."""

    permission = "members.invite_colleague"
    form_class = InviteForm
    template_name = "members/colleague_invite.html"
    success_message = _("The invitation is on its way; its link is good for seven days.")

    def perform(self, form: InviteForm) -> Any:
        return invite_colleague(organisation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class ColleagueGrant(StepUpMixin, OrganisationFormView):
    """Give a colleague one more role."""

    step_up = True

    permission = "members.invite_colleague"
    form_class = ColleagueRoleForm
    template_name = "members/colleague_grant.html"
    success_message = _("The role is given.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        people = User.objects.filter(role_grants__organisation=self.object, role_grants__revoked_at=None).distinct()
        self.colleague: User = get_object_or_404(people, pk=kwargs["user"])

    def get_form_kwargs(self) -> dict[str, Any]:
        held = {role for role, organisation, _district in self.colleague.grants if organisation == self.object.pk}
        return {**super().get_form_kwargs(), "held": held}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(colleague=self.colleague, **kwargs)

    def perform(self, form: ColleagueRoleForm) -> Any:
        return give_colleague_role(
            organisation=self.object, user=self.colleague, role=Role(form.cleaned_data["role"]),
            actor=self.actor, at=self.at,
        )  # fmt: skip
