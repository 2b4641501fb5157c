"""Named reads about organisations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from members.enums import LeadClass, Listing
from members.enums import QualificationKind as Kind
from members.models import IntegrityRecord, Organisation, Qualification, YearFigures


# --- the registry ------------------------------------------------------------------------------
def with_standing(rows: QuerySet[Organisation], on: date) -> QuerySet[Organisation]:
    """Organisations with `barred`: whether a record in force on the day keeps them from being funded."""
    barring = IntegrityRecord.objects.barring(on).filter(organisation=OuterRef("pk"))
    return rows.annotate(barred=Exists(barring))


def registry(user: Any) -> QuerySet[Organisation]:
    """Every organisation that the reader may see, with its place, standing and newest figures; for exports."""
    newest = YearFigures.objects.filter(organisation=OuterRef("pk")).order_by("-year")
    figures = {
        "newest_year": Subquery(newest.values("year")[:1]),
        "newest_revenue": Subquery(newest.values("revenue")[:1]),
        "newest_rd": Subquery(newest.values("rd_expense")[:1]),
    }
    rows = Organisation.objects.visible_to(user).select_related("district", "parent").annotate(**figures)
    return with_standing(rows, timezone.localdate())


# --- what an organisation is ---------------------------------------------------------------------
CLASSES = (
    (LeadClass.TOP500, {Kind.FORTUNE500, Kind.CHINA500}),
    (LeadClass.CHAMPION, {Kind.CHAMPION, Kind.LITTLE_GIANT}),
    (LeadClass.SEGMENT, {Kind.SEGMENT_LEADER, Kind.CHAIN_LEADER}),
    (LeadClass.HNTE, {Kind.HNTE}),
)


def supported_class(organisation: Organisation, on: date) -> LeadClass:
    """The best class as a lead that verified qualifications valid on the day, or the listing, bear out.

    A subsidiary counts as its parent does.
    """
    family = [one for one in (organisation, organisation.parent) if one is not None]
    kinds = set(Qualification.objects.valid_on(on).filter(organisation__in=family).values_list("kind", flat=True))
    found = [klass for klass, proofs in CLASSES if kinds & proofs]
    if any(one.listing != Listing.NONE for one in family):
        found.append(LeadClass.LISTED)
    return min(found, key=list(LeadClass).index, default=LeadClass.NONE)


def bears_out(organisation: Organisation, on: date) -> bool:
    """Whether the class that the organisation states is no better than what is borne out."""
    order = list(LeadClass)
    return order.index(supported_class(organisation, on)) <= order.index(LeadClass(organisation.lead_class))


def qualifications(organisation: Organisation) -> QuerySet[Qualification]:
    """All that was ever stated, newest first."""
    return organisation.qualifications.select_related("document", "checked_by")


# --- what the rooms above add to the page of an organisation -------------------------------------
@dataclass(frozen=True)
class Panel:
    """A part of the page: its template, and what it reads for (organisation, reader); None leaves it out."""

    template: str
    read: Callable[[Organisation, Any], Any]


PANELS: list[Panel] = []


def panels(organisation: Organisation, reader: Any) -> list[dict[str, Any]]:
    """The parts that have something to say to this reader."""
    found = ((panel.template, panel.read(organisation, reader)) for panel in PANELS)
    return [{"template": template, "rows": rows} for template, rows in found if rows is not None]
