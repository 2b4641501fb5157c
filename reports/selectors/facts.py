"""What the portal's own records say of a consortium's year, for the automatic scores."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from consortia.enums import JOINED, Action, OutcomeKind, ParticipationStatus, PatentType
from consortia.models import Consortium, Fund, Milestone, Outcome, Participation, Platform
from members.models import YearFigures
from portal.kernel.models import AuditEntry
from reports.figures import Reading, growth, milestone_points

WAN = Decimal(10_000)
ZERO = Decimal(0)
KINDS = {
    OutcomeKind.PATENT: "patents",
    OutcomeKind.STANDARD: "standards",
    OutcomeKind.PRODUCT: "products",
    OutcomeKind.CONTRACT: "contracts",
}

Window = tuple[date, date]


def year_facts(consortium: Consortium, window: Window) -> dict[str, Reading]:
    """Readings by metric code; a stated metric may find its target here (own funds promised)."""
    readings: dict[str, Reading] = {}
    for read in READS:
        readings.update(read(consortium, window))
    return readings


def _milestones(consortium: Consortium, window: Window) -> dict[str, Reading]:
    """Milestones due in the year; what was reached after its end counts nothing."""
    due = Milestone.objects.filter(task__consortium=consortium, due__range=window)
    rows = due.values_list("weight", "target", "actual", "reached_on")
    return {
        "milestones": milestone_points(
            (weight, target, None if reached_on and reached_on > window[1] else actual)
            for weight, target, actual, reached_on in rows
        )
    }


def _outcomes(consortium: Consortium, window: Window) -> dict[str, Reading]:
    """What counts of the year; a patent is an invention that was granted."""
    rows = Outcome.objects.counted().filter(consortium=consortium, date__range=window).order_by()
    rows = rows.exclude(kind=OutcomeKind.PATENT, granted_on=None).exclude(
        kind=OutcomeKind.PATENT, patent_type__in=[PatentType.UTILITY, PatentType.DESIGN]
    )
    counts = dict(rows.values_list("kind").annotate(Count("pk")))
    return {code: Reading(Decimal(counts.get(kind, 0))) for kind, code in KINDS.items()}


def _members(consortium: Consortium, window: Window) -> dict[str, Reading]:
    """Members at the moment against those plus whoever left in the year; cash promised, in 万元."""
    confirmed = Participation.objects.filter(consortium=consortium, status__in=JOINED)
    kept, cash = confirmed.aggregate(kept=Count("pk"), cash=Sum("cash", default=ZERO)).values()
    left = len(departures(consortium, window))
    return {
        "members_kept": Reading(Decimal(kept), Decimal(kept + left)),
        "own_funds": Reading(None, cash / WAN if cash else None),
    }


def departures(consortium: Consortium, window: Window) -> list[AuditEntry]:
    """The recorded departures of members in the year, oldest first."""
    gone = Participation.objects.filter(consortium=consortium, status=ParticipationStatus.LEFT)
    entries = AuditEntry.objects.filter(
        subject_type=Participation._meta.label_lower,  # noqa: SLF001
        subject_id__in=[str(pk) for pk in gone.values_list("pk", flat=True)],
        action=Action.LEAVE,
        at__date__range=window,
    )
    return list(entries.order_by("id"))


def _rd_growth(consortium: Consortium, window: Window) -> dict[str, Reading]:
    """Over the confirmed members that stated both years."""
    year = window[0].year
    confirmed = Participation.objects.filter(consortium=consortium, status__in=JOINED)
    stated = YearFigures.objects.filter(organisation__in=confirmed.values("organisation"), year__in=[year - 1, year])
    both = stated.values("organisation").order_by().annotate(years=Count("pk")).filter(years=2).values("organisation")
    sums = stated.filter(organisation__in=both).aggregate(
        now=Sum("rd_expense", filter=Q(year=year), default=ZERO),
        before=Sum("rd_expense", filter=Q(year=year - 1), default=ZERO),
    )
    return {"rd_growth": Reading(growth(sums["now"], sums["before"]))}


def _platforms(consortium: Consortium, window: Window) -> dict[str, Reading]:
    running = Platform.objects.filter(consortium=consortium, opened_on__lte=window[1]).count()
    return {"platforms": Reading(Decimal(running))}


def _funds(consortium: Consortium, _window: Window) -> dict[str, Reading]:
    sums = Fund.objects.filter(consortium=consortium).aggregate(
        paid=Sum("paid_in", default=ZERO), scale=Sum("scale", default=ZERO)
    )
    return {"fund_paid": Reading(sums["paid"] / WAN, sums["scale"] / WAN or None)}


READS: tuple[Callable[[Consortium, Window], dict[str, Reading]], ...] = (
    _milestones, _outcomes, _members, _rd_growth, _platforms, _funds,
)  # fmt: skip
