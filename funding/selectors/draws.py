"""Reads for draws of experts: the pool, what stands in the way, what the pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.rules.taxonomy import root_code
from funding.enums import ApplicationStatus, AssignmentStatus, DrawStatus, ExpertMode, ReviewStatus
from funding.models import Application, AssignmentCase, Call, Draw, DrawEntry, Review
from funding.rules import drawing
from funding.rules.terms import Terms, least_missing, terms_of
from funding.selectors.experts import Candidate, candidates_of
from members.rules.experts import FORMER_YEARS, conflicts_since
from portal.kernel.workflow import Reason

TAKES_EXPERTS = frozenset({ApplicationStatus.CHECKED, ApplicationStatus.REVIEWING})
ROTATION = _("Reviewed this consortium lately: experts take turns")
TIED = _("Is bound by a tie: may be named for a reason, is never drawn")
COLLEAGUE = _("A colleague reviews this application")
ELSEWHERE = _("Stands in the pools of other applications, so that the load is balanced")


# --- the pool ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Panel:
    """Who reviews an application already."""

    kinds: tuple[str, ...]
    employers: tuple[UUID, ...]


def panel_of(application: Application) -> Panel:
    """Without those who stepped back."""
    rows = application.reviews.exclude(status=ReviewStatus.RECUSED).select_related("expert")
    experts = [review.expert for review in rows]
    employers = tuple(one.employer_id for one in experts if one.employer_id)
    return Panel(tuple(one.kind for one in experts), employers)


class Kept(Promise):
    """A tie as a reason: told in the language of the reader, kept as data."""

    def __init__(self, one: Candidate) -> None:
        self.one = one

    def __str__(self) -> str:
        return self.one.tie

    @property
    def kept(self) -> str:
        """One line, as `DrawEntry.reasons` takes it."""
        return drawing.canonical(self.one.tie_data).decode()


def pool(application: Application, at: datetime) -> list[Candidate]:
    """Every expert, with what speaks against it for this draw: also turns, and colleagues on the panel."""
    return next(pools([application], at))


def pools(applications: Sequence[Application], at: datetime) -> Iterator[list[Candidate]]:
    """The same for some applications of a call, in a constant number of queries."""
    terms = terms_of(applications[0].call.rules.data)
    recent, panels, shared = _recent(applications, terms, at), _employers_of(applications), shared_pools(applications)
    for application, found in zip(applications, candidates_of(applications, at), strict=True):
        lately = recent.get(application.consortium_id, {})
        full = {one for one, count in panels.get(application.pk, Counter()).items() if count >= terms.per_employer}
        kept = shared.get(application.pk)
        yield [
            _barred_too(one, (
                (one.expert.pk in lately and lately[one.expert.pk] != {application.pk}, ROTATION),
                (one.expert.employer_id in full, COLLEAGUE),
                (kept is not None and one.expert.pk not in kept, ELSEWHERE),
            ))
            for one in found
        ]  # fmt: skip


def _barred_too(one: Candidate, checks: Iterable[tuple[bool, str | Promise]]) -> Candidate:
    more: list[str | Promise] = [TIED, Kept(one)] if one.needs_reason else []
    more += [reason for broken, reason in checks if broken]
    return replace(one, reasons=(*one.reasons, *more)) if more else one


def _recent(applications: Sequence[Application], terms: Terms, at: datetime) -> dict[UUID, dict[UUID, set[UUID]]]:
    """By consortium who was asked to review it within the years of rotation, and in which applications."""
    since = conflicts_since(on=timezone.localdate(at), years=terms.rotation_years)
    consortia = {one.consortium_id for one in applications}
    rows = Review.objects.filter(application__consortium__in=consortia, assigned_at__date__gte=since)
    rows = rows.exclude(status=ReviewStatus.RECUSED).order_by()
    found: dict[UUID, dict[UUID, set[UUID]]] = {}
    for consortium, application, expert in rows.values_list("application__consortium", "application", "expert"):
        found.setdefault(consortium, {}).setdefault(expert, set()).add(application)
    return found


def _employers_of(applications: Sequence[Application]) -> dict[UUID, Counter[UUID]]:
    """By application how many of each employer sit on its panel."""
    rows = Review.everything.filter(application__in=applications, expert__employer__isnull=False)
    found: dict[UUID, Counter[UUID]] = {}
    for application, employer in rows.exclude(status=ReviewStatus.RECUSED).values_list(
        "application", "expert__employer"
    ):
        found.setdefault(application, Counter())[employer] += 1
    return found


def shared_pools(applications: Sequence[Application]) -> dict[UUID, set[UUID]]:
    """Who may be drawn for applications that stand in an assignment to which the supervisor agreed.

    It binds the first draw alone; for a panel that lacks somebody later the whole pool is asked.
    """
    waiting = [one.pk for one in applications if one.status == ApplicationStatus.CHECKED]
    rows = AssignmentCase.objects.filter(application__in=waiting, current=True)
    rows = rows.filter(assignment__status=AssignmentStatus.AGREED, assignment__mode=ExpertMode.DRAWN)
    found: dict[UUID, set[UUID]] = {}
    for application, expert in rows.values_list("application", "pairs__expert"):
        found.setdefault(application, set()).add(expert)
    return found


def seats_needed(application: Application) -> int:
    """How many experts the panel still lacks; at least one."""
    needed: int = application.call.rules.data["panel"]["required"]
    return max(needed - len(panel_of(application).kinds), 1)


def composition(application: Application, seats: int) -> dict[str, Any]:
    """What the draw keeps to, as it is frozen."""
    terms = terms_of(application.call.rules.data)
    least = least_missing(terms.least, panel_of(application).kinds, seats)
    return {"seats": seats, "least": least, "per_employer": terms.per_employer}


def filters_of(application: Application) -> dict[str, Any]:
    """By which the pool was cut, as it is frozen."""
    rules = application.call.rules.data
    shared = AssignmentCase.objects.filter(
        application=application, current=True, assignment__status=AssignmentStatus.AGREED
    ).values_list("assignment__frozen_hash", flat=True)
    bound = shared.first() if application.status == ApplicationStatus.CHECKED else None
    return {
        **({"assignment": bound} if bound else {}),
        "field": root_code(application.consortium.sub_field_id),
        "former_years": rules["panel"].get("former_years", FORMER_YEARS),
        "rotation_years": terms_of(rules).rotation_years,
    }


def can_fill(candidate_rows: Sequence[drawing.Candidate], rules: dict[str, Any]) -> bool:
    """Whether these candidates can fill the seats in whatever order they come to stand."""
    try:
        drawing.select(rules, candidate_rows)
    except drawing.NotEnough:
        return False
    return True


# --- what stands in the way --------------------------------------------------------------------
def experts_are_drawn(application: Application, _at: datetime) -> Reason | None:
    """Where the call draws its experts, nobody names them."""
    if application.call.expert_mode == ExpertMode.INVITED:
        return None
    return _("In this call experts are drawn. To name some is an exception that the supervisor has to agree to.")


def draw_is_timely(draw: Draw, at: datetime) -> Reason | None:
    """A witness sees the frozen pool before anybody can know the randomness."""
    return _("The randomness is public already: cancel this draw and prepare another.") if draw.is_public(at) else None


def randomness_is_public(draw: Draw, at: datetime) -> Reason | None:
    """Nobody enters what nobody can know."""
    return None if draw.is_public(at) else _("The randomness is not public yet.")


def application_takes_experts(row: Any, _at: datetime) -> Reason | None:
    """Of a draw or a naming: the application waits for experts or is under review."""
    return None if row.application.status in TAKES_EXPERTS else _("The application takes no experts any more.")


# --- the pages ---------------------------------------------------------------------------------
def entries_of(draw: Draw) -> list[DrawEntry]:
    """Everybody in the draw, with names."""
    return list(draw.entries.select_related("expert__user", "expert__employer", "review").order_by("rank", "key"))


def drawn_seats(draw: Draw, entries: Iterable[DrawEntry]) -> list[DrawEntry]:
    """Those drawn, then the substitutes as they were called."""
    by_key = {one.key: one for one in entries}
    drawn = sorted((one for one in by_key.values() if one.seat), key=lambda one: one.seat or 0)
    return [*drawn, *(by_key[call["called"]] for call in draw.calls)]


def to_replace(review: Review) -> DrawEntry | None:
    """The entry of a drawn expert who stepped back and was not replaced yet."""
    return DrawEntry.objects.filter(review=review, review__status=ReviewStatus.RECUSED, replaced=False).first()


def is_replaced(review: Review) -> bool:
    """Whether somebody else of the draw was called for the seat of this expert."""
    return DrawEntry.objects.filter(review=review, replaced=True).exists()


def replaceable_of(application: Application) -> set[UUID]:
    """The reviews of an application for which a substitute can be called."""
    rows = DrawEntry.objects.filter(review__application=application, review__status=ReviewStatus.RECUSED)
    return set(rows.filter(replaced=False).values_list("review", flat=True))


def draw_rows(rows: QuerySet[Draw]) -> QuerySet[Draw]:
    """What the list of draws shows, without what is heavy."""
    return rows.select_related("application__call", "application__consortium", "prepared_by").defer(
        "frozen", "record", "calls"
    )


def same_randomness(draw: Draw) -> QuerySet[Draw]:
    """The other witnessed draws that wait for the same randomness."""
    rows = Draw.everything.filter(status=DrawStatus.WITNESSED, source=draw.source, public_at=draw.public_at)
    rows = rows.filter(application__call__rehearsal=draw.is_rehearsal)
    return rows.exclude(pk=draw.pk).order_by("pk")


def public_draws() -> QuerySet[Draw]:
    """What everybody may read of: nothing of rehearsals."""
    return Draw.objects.defer("frozen", "record", "calls").order_by("-prepared_at", "-id")


def calls_to_draw() -> QuerySet[Call]:
    """Calls with applications that wait for experts without a draw under way."""
    waiting = Application.objects.filter(status=ApplicationStatus.CHECKED)
    waiting = waiting.exclude(pk__in=Draw.objects.standing().values("application"))
    rows = Call.objects.filter(pk__in=waiting.values("call"))
    return rows.only("title", "expert_mode").order_by("-opens_at", "pk")


def to_prepare(call: Any) -> QuerySet[Application]:
    """The applications of a call that wait for experts and have no draw under way."""
    standing = Draw.everything.standing().filter(application__call=call)
    rows = Application.everything.filter(call=call, status=ApplicationStatus.CHECKED)
    return rows.exclude(pk__in=standing.values("application")).order_by("number", "pk")
