"""F01: the award register."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from funding.models import Award, Contract
from portal.kernel.exporting import Column, Export, Params

ORDER = ("year", "consortium__code", "approved_on", "id")


def rows(user: Any, params: Params) -> QuerySet[Award]:
    """Awards that the user may see, of one year if asked for, numbered."""
    awards = Award.objects.visible_to(user).select_related(
        "consortium__lead", "consortium__district", "consortium__sub_field", "application__call", "contract"
    )
    return numbered(of_year(awards, "year", params), ORDER)


def of_year(queryset: QuerySet[Any], field: str, params: Params) -> QuerySet[Any]:
    """The rows of the year in `params`, or all."""
    return queryset.filter(**{field: params["year"]}) if params.get("year") else queryset


def numbered(queryset: QuerySet[Any], order: tuple[str, ...]) -> QuerySet[Any]:
    """The rows in this order, each with its `position`."""
    rows: QuerySet[Any] = queryset.annotate(position=Window(RowNumber(), order_by=order))
    return rows.order_by("position")


def notes(_user: Any, params: Params) -> Iterable[tuple[str, str]]:
    """The filter in words."""
    return [(str(_("Year")), str(params.get("year") or _("all years")))]


def of_contract(value: Callable[[Contract], Any]) -> Callable[[Any], Any]:
    """A column of the award's contract; empty where there is none."""

    def cell(award: Any) -> Any:
        contract = getattr(award, "contract", None)
        return value(contract) if contract else None

    return cell


AWARD_REGISTER = Export(
    slug="awards",
    title=_("F01 Award register"),
    permission="reports.export_funding",
    rows=rows,
    notes=notes,
    columns=(
        Column(_("No."), lambda award: award.position, kind="int", width=6),
        Column(_("Year"), lambda award: award.year, kind="int"),
        Column(_("Cumulative batch"), lambda award: award.application.call.batch, kind="int"),
        Column(_("Consortium code"), lambda award: award.consortium.code),
        Column(_("Consortium"), lambda award: award.consortium.name, width=40),
        Column(_("Lead organisation"), lambda award: award.consortium.lead.name, width=36),
        Column(_("Unified social credit code"), lambda award: award.consortium.lead.uscc, width=22),
        Column(_("District"), lambda award: award.consortium.district),
        Column(_("Sub-field"), lambda award: award.consortium.sub_field),
        Column(_("Tier"), lambda award: award.tier, width=6),
        Column(_("Requested amount"), lambda award: award.application.requested_amount, kind="money"),
        Column(_("Awarded amount"), lambda award: award.amount, kind="money"),
        Column(_("Approval document"), lambda award: award.document_number, width=22),
        Column(_("Approved on"), lambda award: award.approved_on, kind="date"),
        Column(_("Contract number"), of_contract(lambda contract: contract.number), width=16),
        Column(_("Contract from"), of_contract(lambda contract: contract.starts_on), kind="date"),
        Column(_("Contract until"), of_contract(lambda contract: contract.ends_on), kind="date"),
        Column(_("Contract status"), of_contract(lambda contract: contract.get_status_display())),
    ),
)
