"""What the credit data said."""

from typing import Any

from members.models import CreditCheck, Organisation
from members.selectors.organisations import PANELS, Panel
from portal.kernel.authz import may

LATEST = 5


def credit_of(organisation: Organisation, reader: Any) -> dict[str, Any] | None:
    """The newest checks for officials; nothing for anybody else."""
    if not may(reader, "members.view_credit", organisation):
        return None
    rows = CreditCheck.objects.visible_to(reader).filter(organisation=organisation)
    checks = list(rows.select_related("checked_by", "document")[:LATEST])
    return {"checks": checks, "organisation": organisation, "may": may(reader, "members.check_credit", organisation)}


def latest_credit(organisation: Organisation) -> CreditCheck | None:
    """The newest check."""
    return organisation.credit_checks.select_related("checked_by").first()


PANELS.append(Panel("members/_credit.html", credit_of))
