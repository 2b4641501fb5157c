"""Money from other programmes: the register, and how far it overlaps with an application."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from funding.models import Application, OtherSubsidy, OverlapFinding
from funding.rules.doubling import degree, terms_of
from funding.rules.similarity import written
from funding.selectors.credit_checks import organisations_of
from members.models import Organisation


@dataclass(frozen=True)
class Overlap:
    """One subsidy beside an application."""

    subsidy: OtherSubsidy
    degree: int
    is_close: bool
    finding: OverlapFinding | None

    @property
    def is_open(self) -> bool:
        """Whether supervision still has to conclude."""
        return self.is_close and self.finding is None


def subsidies(user: Any) -> QuerySet[OtherSubsidy]:
    """The register, as far as the reader may see it."""
    return OtherSubsidy.objects.visible_to(user).select_related("document", "recorded_by")


def overlaps(application: Application) -> list[Overlap]:
    """What the lead and the members had from other programmes in the years that count, the closest first."""
    terms = terms_of(application.call.rules.data)
    year = timezone.localdate(application.submitted_at or application.created_at).year
    codes = Organisation.objects.filter(pk__in=organisations_of(application), uscc__isnull=False)
    rows = OtherSubsidy.objects.standing().filter(credit_code__in=codes.values("uscc"), year__gte=year - terms.years)
    found = {one.subsidy_id: one for one in OverlapFinding.objects.filter(application=application)}
    mine = [application.consortium.name, *written(application.snapshot or {}).values()]
    degrees = [(degree(mine, [row.project, row.content]), row) for row in rows]
    lines = [Overlap(row, value, value >= terms.from_percent, found.get(row.pk)) for value, row in degrees]
    return sorted(lines, key=lambda one: (-one.degree, -one.subsidy.year, str(one.subsidy.pk)))


def concluded(user: Any) -> QuerySet[OverlapFinding]:
    """Every conclusion with its two sides: the organisation, this project and the other one."""
    rows = OverlapFinding.objects.visible_to(user).select_related("subsidy", "application__consortium", "judged_by")
    return rows.order_by("-judged_at", "pk")
