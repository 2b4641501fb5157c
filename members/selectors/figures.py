"""Where the figures of a year come from, for every page that shows some."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import FigureSource, FigureStatus
from members.models import Organisation, YearFigures

LINES = {
    FigureStatus.STATED: _("%(year)s: %(source)s, stated on %(day)s, not verified"),
    FigureStatus.VERIFIED: _("%(year)s: %(source)s, stated on %(day)s, verified on %(checked)s"),
    FigureStatus.QUESTIONED: _("%(year)s: %(source)s, stated on %(day)s, questioned"),
}


@dataclass(frozen=True)
class Origin:
    """Source, and how far the figures are verified."""

    year: int
    source: str
    stated_at: datetime
    status: FigureStatus
    checked_at: datetime | None


def origin_facts(figures: YearFigures) -> dict[str, Any]:
    """The origin as plain JSON values, for snapshots; no person is named."""
    return {
        "source": figures.source,
        "version": figures.version,
        "stated_at": figures.stated_at.isoformat(),
        "verification": figures.status,
        "checked_at": figures.checked_at.isoformat() if figures.checked_at else None,
    }


def origins_of(organisation: Organisation, years: int = 3) -> list[Origin]:
    """Where the figures of its newest years come from, as they stand."""
    return [origin(row) for row in organisation.years.all()[:years]]


def origin(figures: YearFigures) -> Origin:
    """Of one year as it stands."""
    return Origin(
        year=figures.year,
        source=str(FigureSource(figures.source).label),
        stated_at=figures.stated_at,
        status=FigureStatus(figures.status),
        checked_at=figures.checked_at,
    )


def origin_line(found: Origin) -> str:
    """The same as one sentence, for documents."""
    said = {
        "year": found.year, "source": found.source, "day": _day(found.stated_at),
        "checked": _day(found.checked_at) if found.checked_at else "",
    }  # fmt: skip
    return str(LINES[found.status] % said)


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()


def origin_in(row: Mapping[str, Any]) -> Origin | None:
    """The origin in a row of a snapshot; None where it was frozen without one."""
    if not row.get("source"):
        return None
    checked = row["checked_at"]
    return Origin(
        year=row["year"],
        source=str(FigureSource(row["source"]).label),
        stated_at=datetime.fromisoformat(row["stated_at"]),
        status=FigureStatus(row["verification"]),
        checked_at=datetime.fromisoformat(checked) if checked else None,
    )
