"""The funding exports, in the order of the export centre."""

from portal.kernel.exporting import Export
from reports.exporters.awards import AWARD_REGISTER
from reports.exporters.disclosure import DISCLOSURE
from reports.exporters.tranches import TRANCHE_LEDGER

EXPORTS: tuple[Export, ...] = (AWARD_REGISTER, TRANCHE_LEDGER, DISCLOSURE)
BY_SLUG = {export.slug: export for export in EXPORTS}
