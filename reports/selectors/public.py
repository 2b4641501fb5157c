"""What everybody may read on the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.fields.json import KT
from django.utils import timezone

from consortia.models import Consortium, KeyTechnology
from funding.models import Call, PublicNotice
from members.models import District
from reports.models import Publication
from reports.selectors.published import published_editions

EDITIONS = 4
NAME = KT("snapshot__consortium__name")


@dataclass(frozen=True)
class Overview:
    """The figures and lists of the public first page."""

    consortia: int
    technologies: int
    districts: list[tuple[District, int]]
    calls: list[Call]
    notices: list[PublicNotice]
    newest: list[Consortium]
    editions: list[Publication]


def overview(at: datetime) -> Overview:
    """Published consortia and reports, open calls and notices; seven queries."""
    published = Consortium.objects.published()
    by_district = dict(published.order_by().values_list("district").annotate(Count("pk")))
    return Overview(
        consortia=sum(by_district.values()),
        technologies=KeyTechnology.objects.filter(consortium__in=published).count(),
        districts=[(district, by_district.get(district.pk, 0)) for district in District.objects.all()],
        calls=list(Call.objects.open(at).defer("guidelines")),
        notices=list(PublicNotice.objects.published(timezone.localdate(at)).defer("rows")[:5]),
        newest=list(published.select_related("lead", "district", "sub_field").order_by("-recognised_on", "code")[:8]),
        editions=list(published_editions().annotate(consortium=NAME).defer("snapshot")[:EDITIONS]),
    )
