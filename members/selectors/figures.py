"""Where the figures of a year come from, for every page that shows some."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members.enums import FigureSource, FigureStatus
from members.models import YearFigures


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
