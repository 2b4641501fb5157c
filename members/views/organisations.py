"""Organisations: the registry, one of them, one's own."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import Role
from members.exporters import ORGANISATION_COLUMNS
from members.filters import OrganisationFilter
from members.forms.organisations import OrganisationForm
from members.forms.people import ColleagueRoleForm, InviteForm
from members.models import Organisation, User, YearFigures
from members.selectors import colleagues, pending_invitations, years
from members.selectors.organisations import bears_out, panels, qualifications, with_standing
from members.services.invitations import invite_colleague
from members.services.organisations import EDITABLE, update_organisation
from members.services.roles import give_colleague_role
from members.views.stepup import StepUpMixin
from members.workflow import ORGANISATION
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.charts import spark
from portal.kernel.columns import columns_here
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
    saves_filters = True
    list_columns = ORGANISATION_COLUMNS

    def get_queryset(self) -> Any:
        return with_standing(super().get_queryset().select_related("district"), timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_export=may(self.actor, "members.export_organisations"),
            may_import=may(self.actor, "members.view_imports"),
            asked=self.request.GET.urlencode(),
            **columns_here(self.request, ORGANISATION_COLUMNS),
            **kwargs,
        )


class OrganisationPage(LoadMixin, TemplateView):
    """What one may know of an organisation, and what one may do for it."""

    model = Organisation
    object: Organisation | None

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("district", "parent", "verified_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation, user = self.object, self.request.user
        if organisation is None:
            return super().get_context_data(**kwargs)
        context = super().get_context_data(**self.about(organisation), **kwargs)
        if may(user, "members.view_payee", organisation):
            context |= {"sees_payee": True, "reveals_payee": may(user, "members.reveal_payee", organisation)}
        if may(user, "members.view_people", organisation):
            context["people"] = colleagues(organisation)
        if may(user, "members.view_integrity", organisation):
            context["records"] = [(row, row.is_in_force(self.today)) for row in organisation.integrity_records.all()]
            context["records_integrity"] = may(user, "members.record_integrity", organisation)
        if may(user, "members.view_registry"):
            context |= self.for_officials(organisation)
        if may(user, "members.update_organisation", organisation):
            context |= {"administers": True, "invitations": pending_invitations(organisation), "at": self.at}
            context["history"] = trail(organisation)[:HISTORY]
        return context

    @property
    def today(self) -> date:
        """The day in the city."""
        return timezone.localdate(self.at)

    def about(self, organisation: Organisation) -> dict[str, Any]:
        """What everybody sees who may see the organisation."""
        stated = list(years(organisation))
        visible = Organisation.objects.visible_to(self.request.user)
        return {
            "years": stated,
            "trends": trends(stated),
            "qualifications": [(row, row.is_expired(self.today)) for row in qualifications(organisation)],
            "subsidiaries": organisation.subsidiaries.filter(pk__in=visible.values("pk")),
            "sees_parent": visible.filter(pk=organisation.parent_id).exists() if organisation.parent_id else False,
            "panels": panels(organisation, self.request.user),
        }

    def for_officials(self, organisation: Organisation) -> dict[str, Any]:
        """How far it is verified, and what the reader may do about it."""
        user = self.request.user
        return {
            "history": trail(organisation)[:HISTORY],
            "borne_out": bears_out(organisation, self.today),
            "verifies": may(user, "members.verify_organisation", organisation),
            "acts": ORGANISATION.offered(organisation, user),
        }


def insight(user: Any, subject: Any) -> dict[str, Any]:
    """Who stated and checked something of an organisation, and its history, as far as the reader may know them."""
    organisation, official = subject.organisation, may(user, "members.view_registry")
    known = official or may(user, "members.update_organisation", organisation)
    return {
        "official": official,
        "names_people": may(user, "members.view_people", organisation),
        "history": trail(subject)[:HISTORY] if known else (),
    }


def trends(stated: list[YearFigures]) -> list[tuple[Promise, SafeString]]:
    """Small lines of revenue and R&D expense over the years, oldest first; none for a single year."""
    if len(stated) < 2:
        return []
    years = list(reversed(stated))
    return [
        (title, spark([float(getattr(year, name)) for year in years], label=str(title), size=(160, 36)))
        for title, name in ((_("Revenue"), "revenue"), (_("R&D expense"), "rd_expense"))
    ]


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
