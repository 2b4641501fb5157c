"""The registry of consortia as a file."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consortia.enums import PRESENT
from consortia.models import Consortium
from portal.kernel.columns import ListColumn
from portal.kernel.exporting import Column, Export, Params


def rows(user: Any, _params: Params) -> QuerySet[Consortium]:
    """The consortia that the user may see, by code, each with the number of its members."""
    present = Count("participations", filter=Q(participations__status__in=PRESENT))
    visible = Consortium.objects.visible_to(user).select_related("lead", "sub_field", "district")
    return visible.defer("mission", "governance").annotate(members=present).order_by("code")


REGISTRY = Export(
    slug="consortia",
    title=_("Consortia"),
    permission="consortia.view_registry",
    rows=rows,
    columns=(
        Column(_("Consortium code"), lambda row: row.code, width=16),
        Column(_("Consortium"), lambda row: row.name, width=40),
        Column(_("Lead organisation"), lambda row: row.lead.name, width=36),
        Column(_("Unified social credit code"), lambda row: row.lead.uscc, width=22),
        Column(_("District"), lambda row: row.district),
        Column(_("Cluster"), lambda row: row.sub_field.cluster),
        Column(_("Sub-field"), lambda row: row.sub_field),
        Column(_("Type"), lambda row: row.get_type_display()),
        Column(_("Form"), lambda row: row.get_form_display()),
        Column(_("Tier"), lambda row: row.tier, width=6),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Members"), lambda row: row.members, kind="int"),
        Column(_("Recognised on"), lambda row: row.recognised_on, kind="date"),
        Column(_("Build period from"), lambda row: row.build_from, kind="date"),
        Column(_("Build period until"), lambda row: row.build_to, kind="date"),
    ),
)

WHO = ("consortium_code", "consortium", "lead_organisation", "unified_social_credit_code")
COLUMNS = (
    ListColumn("name", _("Consortium and lead"), WHO, fixed=True),
    ListColumn("sub_field", _("Sub-field"), ("cluster", "sub_field")),
    ListColumn("district", _("District"), ("district",)),
    ListColumn("tier", _("Tier"), ("tier",)),
    ListColumn("members", _("Members"), ("members",)),
    ListColumn("status", _("Status"), ("status",)),
    ListColumn("health", _("Health of the consortium")),
    ListColumn("recognised_on", _("Recognised on"), ("recognised_on",)),
    ListColumn("type", _("Type"), ("type",), suggested=False),
    ListColumn("form", _("Form"), ("form",), suggested=False),
    ListColumn("build_period", _("Build period"), ("build_period_from", "build_period_until"), suggested=False),
)
