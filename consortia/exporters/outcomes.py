"""Registers of the consortia room as files."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consortia.models import Outcome
from consortia.selectors.outcomes import register
from portal.kernel.exporting import Column, Export, Params


def rows(user: Any, _params: Params) -> QuerySet[Outcome]:
    """The outcomes that the user may see, oldest first."""
    return register(user).order_by("date", "id")


def owners(outcome: Outcome) -> str:
    """All owners, those outside last."""
    members = [outcome.owner.name, *(row.organisation.name for row in outcome.co_owners.all())]
    return "; ".join(filter(None, [*members, outcome.outside_owners]))


def yes(answer: bool) -> str:
    """A mark, or nothing."""
    return str(_("Yes")) if answer else ""


OUTCOME_REGISTER = Export(
    slug="outcomes",
    title=_("Register of outcomes"),
    permission="consortia.export_outcomes",
    rows=rows,
    columns=(
        Column(_("Consortium code"), lambda row: row.consortium.code),
        Column(_("Consortium"), lambda row: row.consortium.name, width=40),
        Column(_("Lead organisation"), lambda row: row.consortium.lead.name, width=36),
        Column(_("District"), lambda row: row.consortium.district),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Level or type"), lambda row: row.level),
        Column(_("Outcome"), lambda row: row.name, width=40),
        Column(_("Number"), lambda row: row.identifier, width=22),
        Column(_("Owners"), owners, width=40),
        Column(_("Joint output"), lambda row: yes(row.joint)),
        Column(_("Research task"), lambda row: row.task, width=30),
        Column(_("Pipeline stage"), lambda row: row.get_stage_display()),
        Column(_("Date"), lambda row: row.date, kind="date"),
        Column(_("Sales or value"), lambda row: row.amount, kind="money"),
        Column(_("Evidence"), lambda row: yes(row.proven)),
        Column(_("Verification by the bureau"), lambda row: row.get_verification_display()),
        Column(_("Number in dispute"), lambda row: yes(row.disputed)),
        Column(_("Counts"), lambda row: yes(row.counts)),
    ),
)
