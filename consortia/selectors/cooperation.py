"""How closely a consortium worked together in a year, as figures that an evaluation can use."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from consortia.enums import Layer
from consortia.models import Consortium
from consortia.rules.cooperation import TENTH, part_in_year
from consortia.rules.registers import ContributionKind, UseUnit


@dataclass(frozen=True)
class Cooperation:
    """The sums of one calendar year; money in yuan, of contributions what the lead has confirmed."""

    person_months: Decimal
    trained: int
    hours_shared: Decimal
    times_shared: Decimal
    cash_arrived: Decimal
    in_kind_arrived: Decimal
    demands_matched: int
    recognitions: int
    exchanges: int
    across_layers: int

    @property
    def arrived(self) -> Decimal:
        """Cash and in kind."""
        return self.cash_arrived + self.in_kind_arrived


def cooperation(consortium: Consortium, year: int) -> Cooperation:
    """The sums of a consortium's year, in a constant number of queries; trained counts who began in the year."""
    shared = consortium.sharingrecords.filter(date__year=year).aggregate(
        hours=Sum("quantity", filter=Q(unit=UseUnit.HOURS)), times=Sum("quantity", filter=Q(unit=UseUnit.TIMES))
    )
    arrived = consortium.contributions.filter(received_on__year=year, confirmed_at__isnull=False).aggregate(
        cash=Sum("amount", filter=Q(kind=ContributionKind.CASH)),
        in_kind=Sum("amount", filter=Q(kind=ContributionKind.IN_KIND)),
    )
    pairs = consortium.exchanges.filter(date__year=year).values_list("layer", "with_layer")
    return Cooperation(
        person_months=_person_months(consortium, year),
        trained=consortium.jointtrainings.filter(start__year=year).aggregate(n=Sum("headcount"))["n"] or 0,
        hours_shared=shared["hours"] or Decimal(0),
        times_shared=shared["times"] or Decimal(0),
        cash_arrived=arrived["cash"] or Decimal(0),
        in_kind_arrived=arrived["in_kind"] or Decimal(0),
        demands_matched=consortium.demands.filter(matched_on__year=year).count(),
        recognitions=consortium.recognitions.filter(date__year=year).count(),
        exchanges=len(pairs),
        across_layers=sum({first, second} == {Layer.CORE, Layer.CLOSE} for first, second in pairs),
    )


def _person_months(consortium: Consortium, year: int) -> Decimal:
    rows = consortium.talents.filter(start__year__lte=year, end__year__gte=year)
    periods = rows.values_list("person_months", "start", "end")
    return sum((part_in_year(months, start, end, year) for months, start, end in periods), Decimal(0)).quantize(TENTH)
