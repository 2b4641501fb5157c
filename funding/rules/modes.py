"""Which modes of a call go together."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.enums import BudgetMode, SelectionMode


def mode_conflicts(
    *, selection_mode: str, budget_mode: str, district_step: bool, has_quotas: bool
) -> Iterator[tuple[str, str | Promise]]:
    """(field, why it cannot stand beside the others)."""
    if selection_mode == SelectionMode.BOUNTY and budget_mode != BudgetMode.LUMP_SUM:
        yield "budget_mode", _("A bounty is one sum, paid after the result: it goes with a lump sum.")
    if has_quotas and not district_step:
        yield "district_step", _("Quotas limit what districts recommend; without that step there are none.")
