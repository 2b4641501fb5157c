"""Frozen scenarios: what they rest on, how they compare, what keeps one from the meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from funding.enums import ApplicationStatus, ReviewStatus, ScenarioStatus
from funding.models import Application, Call, Review, Scenario, ScenarioPlace
from funding.models.application import HEAVY
from funding.rules.boards import Terms
from funding.rules.scoring import TIERS
from funding.selectors.decisions import committed
from portal.kernel.audit import sha256

S = ApplicationStatus
STATE = (
    "pk", "number", "status", "score", "graded_by", "graded_at", "proposed_tier", "proposed_amount", "snapshot_hash",
)  # fmt: skip
COMPARED = 4  # side by side


def scenarios_of(call: Call, user: Any) -> QuerySet[Scenario]:
    """Those of a call, the newest first, with their approvals counted."""
    standing = Count("approvals", filter=Q(approvals__voided_at=None))
    rows = Scenario.everything.visible_to(user).filter(call=call).annotate(approved=standing)
    return rows.select_related("prepared_by", "call").defer("frozen").order_by("-ordinal")


def places_of(scenario: Scenario) -> QuerySet[ScenarioPlace]:
    """The cases in their order."""
    rows = scenario.places.select_related("application__consortium__lead", "application__district")
    return rows.defer(*(f"application__{name}" for name in HEAVY)).order_by("position")


# --- what a place rests on ---------------------------------------------------------------------
def states(applications: Iterable[UUID]) -> dict[UUID, str]:
    """The hash of everything that the place of each case rests on: grading, snapshot, every total handed in."""
    wanted = list(applications)
    totals: dict[UUID, list[Any]] = {pk: [] for pk in wanted}
    reviews = Review.everything.filter(application__in=wanted).exclude(status=ReviewStatus.RECUSED)
    for pk, *facts in reviews.order_by("ordinal").values_list("application", "ordinal", "status", "total"):
        totals[pk].append(facts)
    rows = Application.everything.filter(pk__in=wanted).order_by().values(*STATE)
    return {row["pk"]: sha256([*row.values(), totals[row["pk"]]]) for row in rows}


def changed(scenario: Scenario) -> list[str]:
    """The numbers of the cases that are not as they were when the scenario was frozen."""
    rows = list(scenario.places.values_list("application", "state", "application__number"))
    now = states(pk for pk, _state, _number in rows)
    return [number for pk, state, number in rows if now.get(pk) != state]


def ungraded(scenario: Scenario) -> list[str]:
    """The numbers of the cases that do not wait for a decision."""
    rows = scenario.places.exclude(application__status=S.GRADED)
    return list(rows.values_list("application__number", flat=True))


def unexplained(scenario: Scenario) -> list[str]:
    """The numbers of the cases that depart from the rules without a reason."""
    departs = ~Q(tier=F("rule_tier")) | ~Q(amount=F("rule_amount"))
    rows = scenario.places.filter(departs, reason="")
    return list(rows.values_list("application__number", flat=True))


def left_after(scenario: Scenario) -> Decimal:
    """What the budget has left after the list, in yuan; may be negative."""
    asked = sum(scenario.places.values_list("amount", flat=True), Decimal())
    return Decimal(scenario.call.budget) - committed(scenario.call) - asked


def over_quota(scenario: Scenario) -> list[str]:
    """The tiers that hold more than the rules let in."""
    held = dict(scenario.places.order_by().values_list("tier").annotate(n=Count("pk")))
    quotas = Terms(scenario.call.rules.data).quotas
    return [tier for tier, most in quotas.items() if most is not None and held.get(tier, 0) > most]


def standing_list(application: Application) -> QuerySet[Scenario]:
    """The list before the meeting that the case is on."""
    rows = Scenario.everything.filter(status=ScenarioStatus.PROPOSED, call=application.call_id)
    return rows.filter(places__application=application)


def is_approved(application: Application) -> bool:
    """Whether the list that the case is on has all its approvals."""
    approvals = Count("approvals", filter=Q(approvals__voided_at=None))
    return standing_list(application).annotate(given=approvals).filter(given__gte=F("needed")).exists()


# --- side by side ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sums:
    """A scenario in a column."""

    scenario: Scenario
    counts: tuple[tuple[str, int, Decimal], ...]
    asked: Decimal
    deviations: int


@dataclass(frozen=True)
class Compared:
    """A case in every scenario; None where it is not in one."""

    application: Application
    places: tuple[ScenarioPlace | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the scenarios do not agree on it."""
        return len({(one.tier, one.amount) if one else None for one in self.places}) > 1


def compare(chosen: Sequence[Scenario]) -> tuple[list[Sums], list[Compared]]:
    """Columns and rows, the cases in the order of the first scenario that has them."""
    found = [list(places_of(one)) for one in chosen]
    by_case = [{place.application_id: place for place in places} for places in found]
    cases = {place.application_id: place.application for places in found for place in places}
    rows = [Compared(case, tuple(places.get(pk) for places in by_case)) for pk, case in cases.items()]
    return [_sums(one, places) for one, places in zip(chosen, found, strict=True)], rows


def _sums(scenario: Scenario, places: Sequence[ScenarioPlace]) -> Sums:
    counts = tuple((tier, *_tier(places, tier)) for tier in TIERS)
    asked = sum((one.amount for one in places), Decimal())
    return Sums(scenario, counts, asked, sum(one.deviates for one in places))


def _tier(places: Sequence[ScenarioPlace], tier: str) -> tuple[int, Decimal]:
    amounts = [one.amount for one in places if one.tier == tier]
    return len(amounts), sum(amounts, Decimal())


def sums_of(scenario: Scenario, places: Sequence[ScenarioPlace]) -> Sums:
    """One scenario alone."""
    return _sums(scenario, places)


def totals(place: ScenarioPlace | None) -> list[Decimal]:
    """What the experts gave one case, from the lowest on, without a name."""
    if place is None:
        return []
    rows = place.application.reviews.filter(status=ReviewStatus.SUBMITTED).order_by("total")
    return [total for total in rows.values_list("total", flat=True) if total is not None]
