"""What the liaison officers have to look after: visits with their follow-ups, and the supervision list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateField, Exists, Max, OuterRef, Prefetch, QuerySet, Value

from consortia.enums import AT_WORK
from consortia.models import Consortium, FollowUp, Issue, LiaisonVisit, PlatformMatch, SevenOnesItem
from consortia.models.liaison import MEDIATORS
from consortia.rules.registers import LIAISON_NOTICE_DAYS, VISIT_EVERY_DAYS, MatchResult
from consortia.selectors.sevenones import waiting_for, year_to_close
from members.enums import Role
from members.models import User
from members.selectors import holders

MOST = 100  # rows of each list of the supervision page


@dataclass(frozen=True)
class Supervision:
    """What is late or waits: follow-ups, consortia that nobody has visited, open issues, claims."""

    today: date
    late: list[FollowUp]
    soon: list[FollowUp]
    unvisited: list[Consortium]
    issues: list[Issue]
    claims: list[SevenOnesItem]
    matches: list[PlatformMatch]
    year_to_close: int | None


def visits_of(consortium: Consortium, reader: Any) -> QuerySet[LiaisonVisit]:
    """The visits that the reader may see, each with its follow-ups."""
    follow_ups = Prefetch("follow_ups", FollowUp.objects.select_related("done_by"))
    return LiaisonVisit.objects.visible_to(reader).filter(consortium=consortium).prefetch_related(follow_ups)


def issues_of(consortium: Consortium, reader: Any) -> QuerySet[Issue]:
    """The issues that the reader may see."""
    return Issue.objects.visible_to(reader).filter(consortium=consortium).select_related("raised_by")


def liaison_officers() -> QuerySet[User]:
    """Who may be assigned."""
    return holders(Role.LIAISON).order_by("name", "pk")


def mediators(consortium: Consortium) -> list[User]:
    """The liaison officer; the division while nobody is assigned."""
    officer = consortium.liaison_officer
    return [officer] if officer and officer.is_active else list(holders(Role.HEAD, Role.OFFICER))


def accompanied_by(user: Any, _at: datetime) -> QuerySet[Consortium]:
    """The consortia that name this person as their liaison officer."""
    return Consortium.objects.filter(liaison_officer=user.pk)


def accompanied(reader: Any) -> QuerySet[Consortium]:
    """The consortia at work that the reader supervises: all for those who mediate, else those assigned to it."""
    rows = Consortium.objects.filter(status__in=AT_WORK)
    return rows if reader.holds_any(MEDIATORS) else rows.filter(liaison_officer=reader.pk)


def supervision(reader: Any, *, today: date) -> Supervision:
    """The supervision list of a reader, the longest overdue first; at most MOST rows each."""
    mine = accompanied(reader)
    follow_ups = FollowUp.objects.undone().filter(visit__consortium__in=mine)
    follow_ups = follow_ups.select_related("visit__consortium__lead", "visit__consortium__liaison_officer")
    soon = follow_ups.filter(due__range=(today, today + timedelta(days=LIAISON_NOTICE_DAYS)))
    issues = Issue.objects.visible_to(reader).unsettled().select_related("consortium", "raised_by")
    return Supervision(
        today,
        list(follow_ups.filter(due__lt=today)[:MOST]),
        list(soon[:MOST]),
        _unvisited(mine, today),
        list(issues.order_by("created_at", "id")[:MOST]),
        list(waiting_for(reader, mine)[:MOST]),
        list(_unanswered(mine)[:MOST]),
        year_to_close(today.year),
    )


def _unanswered(consortia: QuerySet[Consortium]) -> QuerySet[PlatformMatch]:
    """Requests for a platform that nobody has answered, the oldest first."""
    rows = PlatformMatch.objects.filter(consortium__in=consortia, result=MatchResult.ASKED, answer="")
    return rows.select_related("consortium").order_by("date", "id")


def _unvisited(rows: QuerySet[Consortium], today: date) -> list[Consortium]:
    """Those whose last visit is too long ago, the never visited first."""
    rows = rows.select_related("lead", "liaison_officer")
    never = rows.filter(~Exists(LiaisonVisit.objects.filter(consortium=OuterRef("pk")))).order_by("code")
    since = today - timedelta(days=VISIT_EVERY_DAYS)
    visited = rows.filter(visits__isnull=False).annotate(visited_on=Max("visits__date")).filter(visited_on__lt=since)
    first: list[Any] = list(never.annotate(visited_on=Value(None, DateField()))[:MOST])
    return first + list(visited.order_by("visited_on", "code")[: MOST - len(first)])
