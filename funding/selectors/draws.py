"""Reads for draws of experts: the pool, what stands in the way, what the pages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.rules.taxonomy import root_code
from funding.enums import ApplicationStatus, DrawStatus, ExpertMode, ReviewStatus
from funding.models import Application, Call, Draw, DrawEntry, Review
from funding.rules import drawing
from funding.rules.terms import Terms, least_missing, terms_of
from funding.selectors.experts import Candidate, candidates
from members.rules.experts import FORMER_YEARS, conflicts_since
from portal.kernel.workflow import Reason

TAKES_EXPERTS = frozenset({ApplicationStatus.CHECKED, ApplicationStatus.REVIEWING})
ROTATION = _("Reviewed this consortium lately: experts take turns")
TIED = _("Is bound by a tie: may be named for a reason, is never drawn")
COLLEAGUE = _("A colleague reviews this application")


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


def pool(application: Application, at: datetime) -> list[Candidate]:
    """Every expert, with what speaks against it for this draw: also turns, and colleagues on the panel."""
    terms = terms_of(application.call.rules.data)
    recent, panel = _recent(application, terms, at), panel_of(application)
    full = {one for one in panel.employers if panel.employers.count(one) >= terms.per_employer}
    found = []
    for one in candidates(application, at):
        more: list[str | Promise] = [TIED, one.tie] if one.needs_reason else []
        if one.expert.pk in recent:
            more.append(ROTATION)
        if one.expert.employer_id in full:
            more.append(COLLEAGUE)
        found.append(replace(one, reasons=(*one.reasons, *more)) if more else one)
    return found


def _recent(application: Application, terms: Terms, at: datetime) -> set[UUID]:
    """Who was asked to review the same consortium within the years of rotation, in another application."""
    since = conflicts_since(on=timezone.localdate(at), years=terms.rotation_years)
    rows = Review.objects.filter(application__consortium=application.consortium_id, assigned_at__date__gte=since)
    rows = rows.exclude(application=application).exclude(status=ReviewStatus.RECUSED)
    return set(rows.values_list("expert", flat=True))


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
    return {
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
    """Calls that draw their experts, with applications that wait for one without a draw under way."""
    waiting = Application.objects.filter(status=ApplicationStatus.CHECKED)
    waiting = waiting.exclude(pk__in=Draw.objects.standing().values("application"))
    rows = Call.objects.filter(expert_mode=ExpertMode.DRAWN, pk__in=waiting.values("call"))
    return rows.only("title").order_by("-opens_at", "pk")


def to_prepare(call: Any) -> QuerySet[Application]:
    """The applications of a call that wait for experts and have no draw under way."""
    standing = Draw.everything.standing().filter(application__call=call)
    rows = Application.everything.filter(call=call, status=ApplicationStatus.CHECKED)
    return rows.exclude(pk__in=standing.values("application")).order_by("number", "pk")
