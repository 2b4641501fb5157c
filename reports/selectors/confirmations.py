"""Which member confirmed what its registers say, figure by figure."""

from typing import Any

from django.utils import timezone

from consortia.enums import JOINED
from consortia.models import Consortium, Participation
from members.enums import FigureSource
from members.models import YearFigures
from reports.selectors.facts import Window

Said = list[dict[str, Any]]  # {"member": name, "on": ISO day or None}


def confirmations(consortium: Consortium, window: Window) -> dict[str, Said]:
    """By metric code, in the order of names; a member's own statement is its confirmation, an import is not."""
    rows = Participation.objects.filter(consortium=consortium, status__in=JOINED).select_related("organisation")
    parts = list(rows.order_by("organisation__name", "id"))
    stated = YearFigures.objects.filter(
        organisation__in=[one.organisation_id for one in parts], year=window[0].year, stated_by__isnull=False
    ).exclude(source=FigureSource.IMPORT)
    days = dict(stated.values_list("organisation", "stated_at"))
    return {
        "members_kept": [_said(one, one.confirmed_at) for one in parts],
        "own_funds": [_said(one, one.confirmed_at) for one in parts if one.cash],
        "rd_growth": [_said(one, days.get(one.organisation_id)) for one in parts],
    }


def _said(part: Participation, at: Any) -> dict[str, Any]:
    return {"member": part.organisation.name, "on": timezone.localdate(at).isoformat() if at else None}
