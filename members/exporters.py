"""The registry of organisations and the expert pool as files."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Expert
from members.selectors.experts import pool, technology_words
from members.selectors.organisations import registry
from portal.kernel.columns import ListColumn
from portal.kernel.enumerating import enumerated
from portal.kernel.exporting import Column, Export

ORGANISATIONS = Export(
    slug="organisations",
    title=_("Organisations"),
    permission="members.export_organisations",
    rows=lambda user, _params: registry(user).order_by("name", "pk"),
    columns=(
        Column(_("Organisation"), lambda row: row.name, width=36),
        Column(_("Unified social credit code"), lambda row: row.code or row.get_id_scheme_display(), width=22),
        Column(_("Kind of organisation"), lambda row: row.get_type_display()),
        Column(_("Kind of service"), lambda row: row.get_service_display()),
        Column(_("District"), lambda row: row.place),
        Column(_("Ownership"), lambda row: row.get_ownership_display()),
        Column(pgettext_lazy("organisation", "Size"), lambda row: row.get_size_class_display()),
        Column(_("Listing"), lambda row: row.get_listing_display()),
        Column(_("Makes"), lambda row: row.get_chain_link_display()),
        Column(_("Industry code"), lambda row: row.industry_code),
        Column(_("Registered capital"), lambda row: row.registered_capital, "money"),
        Column(_("Class as a lead"), lambda row: row.get_lead_class_display()),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Verified at"), lambda row: row.verified_at if row.is_verified else None, "date"),
        Column(_("Barred"), lambda row: _("Yes") if row.barred else _("No"), key="barred"),
        Column(_("Newest year"), lambda row: row.newest_year, "int"),
        Column(_("Revenue"), lambda row: row.newest_revenue, "money"),
        Column(_("R&D expense"), lambda row: row.newest_rd, "money", key="rd_expense"),
        Column(_("Parent organisation"), lambda row: row.parent),
    ),
)

ORGANISATION_COLUMNS = (
    ListColumn("name", _("Organisation"), ("organisation", "unified_social_credit_code"), fixed=True),
    ListColumn("kind", _("Kind"), ("kind_of_organisation", "kind_of_service")),
    ListColumn("ownership", _("Ownership and size"), ("ownership", "size")),
    ListColumn("lead_class", _("Class as a lead"), ("class_as_a_lead",)),
    ListColumn("district", _("District"), ("district",)),
    ListColumn("since", _("In the portal since")),
    ListColumn("status", _("Status"), ("status",), suggested=False),
    ListColumn("listing", _("Listing"), ("listing",), suggested=False),
    ListColumn("verified", _("Verified at"), ("verified_at",), suggested=False),
    ListColumn("industry", _("Industry code"), ("industry_code",), suggested=False),
    ListColumn("capital", _("Registered capital"), ("registered_capital",), suggested=False),
)

EXPERTS = Export(
    slug="experts",
    title=_("Expert pool"),
    permission="members.export_experts",
    personal=True,
    rows=lambda user, _params: pool(Expert.objects.visible_to(user), timezone.now()),
    columns=(
        Column(pgettext_lazy("person", "Name"), lambda row: row.user.name, width=14),
        Column(_("Position"), lambda row: row.user.title),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Fields of technology"), lambda row: enumerated(technology_words(row)), width=36),
        Column(_("Sub-fields"), lambda row: enumerated(row.fields), width=20),
        Column(_("Professional title"), lambda row: row.get_title_level_display()),
        Column(_("Place of work"), lambda row: row.get_region_display()),
        Column(_("Employer"), lambda row: row.employer or row.workplace, width=30),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Reviews this year"), lambda row: row.reviews_this_year, "int"),
        Column(_("Reviews a year at most"), lambda row: row.yearly_limit, "int"),
        Column(_("Data confirmed at"), lambda row: row.refreshed_at, "date"),
        Column(_("In the pool since"), lambda row: row.admitted_at, "date"),
    ),
)
