"""Reads for ranking, decision and public notice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from funding.enums import ApplicationStatus, ObjectionStatus, ReviewStatus
from funding.models import Application, Call, Objection, PublicNotice, Review
from funding.models.application import HEAVY
from funding.rules import scoring, windows
from funding.rules.scoring import Panel
from funding.rules.windows import Point

S = ApplicationStatus
COMMITTED = [S.DECIDED, S.PUBLICISED, S.OBJECTED, S.APPROVED]
RANKED = [S.REVIEWING, S.GRADED, *COMMITTED, S.NOT_APPROVED]
PAGE = 100
AXIS = 200  # units from the lowest to the highest score in the picture of a row


def committed(call: Call, reader: Any = None) -> Decimal:
    """What was decided in a call and not overturned, in yuan; for a page without what its reader keeps away from."""
    rows = call.applications.all() if reader is None else Application.everything.visible_to(reader).filter(call=call)
    decided: QuerySet[Application] = rows.filter(status__in=COMMITTED)
    return Decimal(decided.aggregate(sum=Coalesce(Sum("decided_amount"), Decimal()))["sum"])


# --- the ranking board -------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """One application of the ranking; `below` the budget line when the sum so far exceeds the budget."""

    rank: int
    application: Application
    score: Decimal
    panel: Panel | None
    dots: tuple[int, ...]
    mean_at: int
    tier: str
    amount: Decimal | None
    cumulative: Decimal
    below: bool


@dataclass(frozen=True)
class Board:
    """The ranking of a call; rows of one page, sums over all of it."""

    call: Call
    rows: tuple[Row, ...]
    found: int
    waiting: int  # under review, experts still at work
    supported: int
    asked: Decimal  # what the supported rows add up to
    committed: Decimal
    tiers: tuple[tuple[str, int, Decimal], ...]
    dispersed: int
    sub_fields: int
    low: int

    @property
    def left(self) -> Decimal:
        """What the budget has left when every supported row is granted; may be negative."""
        return self.call.budget - self.asked


@dataclass(frozen=True)
class Standing:
    """What orders an application, before its row is loaded."""

    pk: UUID
    status: str
    score: Decimal
    totals: tuple[Decimal, ...]
    tier: str
    amount: Decimal | None
    sub_field: str


def ranked_calls(user: Any) -> QuerySet[Call]:
    """Calls with something to rank, the newest first."""
    ranked = Application.objects.visible_to(user).filter(status__in=RANKED, call=OuterRef("pk"))
    return Call.objects.filter(Exists(ranked)).select_related("rules").order_by("-batch")


def board(call: Call, user: Any, *, tier: str = "", status: str = "", page: int = 1) -> Board:
    """The ranking in a constant number of queries, however long it is.

    What the window of aggregates keeps from the reader, and what it keeps away from, is neither ranked nor added up.
    """
    whole, waiting = _standings(call, user)
    sums = _cumulated(whole)
    ranks = {standing.pk: rank for rank, standing in enumerate(whole, 1)}
    shown = [one for one in whole if tier in {"", one.tier} and status in {"", one.status}]
    low = _lowest(whole)
    supported = [one for one in whole if _counts(one)]
    cut = shown[(page - 1) * PAGE : page * PAGE]
    return Board(
        call=call,
        rows=tuple(_rows(call, cut, ranks, sums, low)),
        found=len(shown),
        waiting=waiting,
        supported=len(supported),
        asked=sum((one.amount or Decimal() for one in supported), Decimal()),
        committed=committed(call, user),
        tiers=_by_tier(supported),
        dispersed=sum(_dispersed(call, one) for one in whole),
        sub_fields=len({one.sub_field for one in supported}),
        low=low,
    )


def _standings(call: Call, user: Any) -> tuple[list[Standing], int]:
    """The ranked applications, best first, and how many are still with the experts."""
    totals, unfinished = _totals(call)
    fields = ("pk", "status", "told_at", "score", "proposed_tier", "proposed_amount", "decided_tier", "decided_amount",
              "consortium__sub_field_id")  # fmt: skip
    rows = Application.everything.visible_to(user).filter(call=call, status__in=RANKED).order_by().values_list(*fields)
    needed = call.rules.data["panel"]["required"]
    trim = call.rules.data["panel"]["trim_from"]
    ranked, waiting = [], 0
    for pk, status, told, score, proposed_tier, proposed, decided_tier, decided, sub_field in rows:
        given = tuple(totals.get(pk, ()))
        unlocked = status == S.REVIEWING and (pk in unfinished or len(given) < needed)
        if unlocked or not may_rank(call, user.roles, status, told=bool(told)):
            waiting += 1
        elif given or score is not None:
            mean = scoring.panel_mean(given, trim) if score is None else score
            amount = proposed if decided is None else decided
            ranked.append(Standing(pk, status, mean, given, decided_tier or proposed_tier, amount, sub_field))
    return sorted(ranked, key=lambda one: (-one.score, one.pk)), waiting


def may_rank(call: Call, viewers: Set[str], status: str, *, told: bool = False) -> bool:
    """Whether the score of a case that is ready is open to these roles; `told` is its outcome."""
    decided = Point.PUBLISHED if told else Point.GRADED
    point = Point.LOCKED if status == S.REVIEWING else decided
    return windows.is_open(call.rules.data, windows.AGGREGATES, viewers, point)


def _totals(call: Call) -> tuple[dict[UUID, list[Decimal]], set[UUID]]:
    """The experts' totals by application, and the applications with an expert still at work."""
    totals: dict[UUID, list[Decimal]] = {}
    unfinished: set[UUID] = set()
    rows = Review.everything.filter(application__call=call).exclude(status=ReviewStatus.RECUSED).order_by("ordinal")
    for application, status, total in rows.values_list("application_id", "status", "total"):
        if status == ReviewStatus.SUBMITTED:
            totals.setdefault(application, []).append(total or Decimal())
        else:
            unfinished.add(application)
    return totals, unfinished


def _counts(standing: Standing) -> bool:
    return bool(standing.tier) and standing.status != S.NOT_APPROVED


def _cumulated(standings: Iterable[Standing]) -> dict[UUID, Decimal]:
    sums, so_far = {}, Decimal()
    for one in standings:
        so_far += (one.amount or Decimal()) if _counts(one) else Decimal()
        sums[one.pk] = so_far
    return sums


def _lowest(standings: Iterable[Standing]) -> int:
    """Where the axis of the picture begins: a round ten at or below every score, at most 60."""
    every = [*(total for one in standings for total in one.totals), Decimal(60)]
    return int(min(every)) // 10 * 10


def _by_tier(supported: Sequence[Standing]) -> tuple[tuple[str, int, Decimal], ...]:
    counts = Counter(one.tier for one in supported)
    sums = {tier: sum((one.amount or Decimal() for one in supported if one.tier == tier), Decimal()) for tier in counts}
    return tuple((tier, counts[tier], sums.get(tier, Decimal())) for tier in scoring.TIERS)


def _dispersed(call: Call, standing: Standing) -> bool:
    return bool(standing.totals) and scoring.judge_panel(standing.totals, call.rules.data).is_dispersed


def _rows(
    call: Call, cut: Sequence[Standing], ranks: Mapping[UUID, int], sums: Mapping[UUID, Decimal], low: int
) -> Iterable[Row]:
    wanted = Application.everything.filter(pk__in=[one.pk for one in cut]).defer(*HEAVY)
    loaded = {row.pk: row for row in wanted.select_related("consortium__sub_field", "consortium__lead", "district")}
    for one in cut:
        yield Row(
            rank=ranks[one.pk],
            application=loaded[one.pk],
            score=one.score,
            panel=scoring.judge_panel(one.totals, call.rules.data) if one.totals else None,
            dots=tuple(_at(total, low) for total in one.totals),
            mean_at=_at(one.score, low),
            tier=one.tier,
            amount=one.amount,
            cumulative=sums[one.pk],
            below=sums[one.pk] > call.budget,
        )


def _at(score: Decimal, low: int) -> int:
    return int((max(score, Decimal(low)) - low) / (100 - low) * AXIS)


# --- public notices ----------------------------------------------------------------------------
def decided(call: Call, user: Any) -> QuerySet[Application]:
    """What can be publicised now."""
    rows = (
        Application.everything.visible_to(user)
        .filter(call=call, status=S.DECIDED)
        .select_related("consortium__lead", "consortium__sub_field", "district")
    )
    return rows.defer(*HEAVY).order_by("decided_tier", "-score", "pk")


def calls_to_publicise(user: Any) -> QuerySet[Call]:
    """Calls with decided applications that are not published yet."""
    waiting = Application.objects.visible_to(user).filter(status=S.DECIDED, call=OuterRef("pk"))
    return Call.objects.filter(Exists(waiting))


def notices(on: date) -> QuerySet[PublicNotice]:
    """Notices that have begun, newest first."""
    return PublicNotice.objects.published(on).select_related("call").order_by("-starts_on", "-pk")


def objections(rows: QuerySet[Objection]) -> QuerySet[Objection]:
    """With the application each is about; the open ones first."""
    return (
        rows.select_related("application__consortium", "application__notice", "handled_by")
        .defer(*(f"application__{name}" for name in HEAVY))
        .order_by(F("handled_at").desc(nulls_first=True), "-received_at")
    )


def open_objections(rows: QuerySet[Objection]) -> int:
    """How many wait for a finding."""
    return rows.filter(status=ObjectionStatus.OPEN).count()
