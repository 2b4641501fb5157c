"""F18: what is disclosed to the public; no personal data."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.exporting import Column, Export
from reports.exporters.awards import notes, rows

DISCLOSURE = Export(
    slug="disclosure",
    title=_("F18 Public disclosure"),
    permission="reports.export_funding",
    rows=rows,
    notes=notes,
    columns=(
        Column(_("No."), lambda award: award.position, kind="int", width=6),
        Column(_("Year"), lambda award: award.year, kind="int"),
        Column(_("Consortium"), lambda award: award.consortium.name, width=40),
        Column(_("Lead organisation"), lambda award: award.consortium.lead.name, width=36),
        Column(_("Tier"), lambda award: award.tier, width=6),
        Column(_("Awarded amount"), lambda award: award.amount, kind="money"),
        Column(_("Approved on"), lambda award: award.approved_on, kind="date"),
    ),
)
