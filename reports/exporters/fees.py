"""F19: what experts are to get for their reviews and sessions, by call and month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import ReviewStatus, SeatRole, SessionKind, SessionStatus
from funding.models import Call, Review, SessionSeat
from funding.rules.fees import Fees, fees_of
from members.models import Expert
from portal.kernel.exporting import Column
from portal.kernel.fields import person as masked
from reports.exporters.report import Report

REVIEW = "REVIEW"
Key = tuple[UUID, date, UUID]  # call, month, person


@dataclass
class Pay:
    """The work of one expert for a call in a month, and the pay in yuan."""

    call: Call
    fees: Fees
    month: date
    expert: Expert
    done: Counter[str] = field(default_factory=Counter)

    @property
    def amount(self) -> Decimal:
        """Before tax."""
        sessions = sum((fee * self.done[kind] for kind, fee in self.fees.session.items()), Decimal(0))
        return self.fees.review * self.done[REVIEW] + sessions

    @property
    def tax(self) -> Decimal:
        """What is withheld."""
        return self.fees.withheld(self.amount)


def calls(user: Any) -> QuerySet[Call]:
    """What the reader may see, without rehearsals."""
    return Call.objects.visible_to(user).live()


def pays(rows: QuerySet[Call]) -> list[Pay]:
    """A row for each call, month and expert: reviews handed in, sessions signed in to whose minutes are locked."""
    chosen = {call.pk: call for call in rows.select_related("rules")}
    fees = {key: fees_of(call.rules.data) for key, call in chosen.items()}
    done: dict[Key, Counter[str]] = {}
    for call, month, expert, kind, count in [*_reviews(rows), *_sessions(rows)]:
        done.setdefault((call, month, expert), Counter())[kind] += count
    pool = Expert.objects.filter(user__in={person for _call, _month, person in done}).select_related("user")
    people = {expert.user_id: expert for expert in pool}
    found = [Pay(chosen[call], fees[call], month, people[expert], of) for (call, month, expert), of in done.items()]
    return sorted(found, key=lambda pay: (pay.call.batch, pay.month, pay.expert.user.name, pay.expert.pk))


def _reviews(rows: QuerySet[Call]) -> list[tuple[UUID, date, UUID, str, int]]:
    handed_in = Review.objects.filter(status=ReviewStatus.SUBMITTED, application__call__in=rows.order_by().values("pk"))
    by_month = handed_in.order_by().annotate(month=TruncMonth("submitted_at", output_field=DateField()))
    counted = by_month.values_list("application__call", "month", "expert__user").annotate(n=Count("pk"))
    return [(call, month, expert, REVIEW, count) for call, month, expert, count in counted]


def _sessions(rows: QuerySet[Call]) -> QuerySet[Any]:
    seats = SessionSeat.objects.filter(
        role=SeatRole.EXPERT, signed_in_at__isnull=False, session__status=SessionStatus.LOCKED,
        session__call__in=rows.order_by().values("pk"),
    )  # fmt: skip
    by_month = seats.order_by().annotate(month=TruncMonth("session__starts_at", output_field=DateField()))
    keys = ("session__call", "month", "person", "session__kind")
    return by_month.values_list(*keys).annotate(n=Count("pk"))


def fee(kind: str) -> Any:
    """The standard for a session of a kind."""
    return lambda pay: pay.fees.session[kind]


EXPERT_FEES = Report(
    number="F19",
    slug="expert-fees",
    title=_("Expert fees"),
    about=_("What experts are to get for reviews handed in and sessions attended; names are masked."),
    base=calls,
    rows=pays,
    filters={"q": ("title", "document_number"), "year": "year", "programme": "line__programme", "line": "line"},
    rules="rules",
    permission="funding.view_budget",
    signed=True,
    off_paper=frozenset({"call"}),
    personal=True,
    small=True,
    columns=(
        Column(_("Cumulative batch"), lambda pay: pay.call.batch, kind="int"),
        Column(_("Call"), lambda pay: pay.call.title, width=30),
        Column(_("Expert"), lambda pay: masked(pay.expert.user.name), width=10),
        Column(_("End of the account"), lambda pay: str(pay.expert.bank_account), width=14),
        Column(_("Month"), lambda pay: f"{pay.month:%Y-%m}", width=10),
        Column(_("Reviews handed in"), lambda pay: pay.done[REVIEW], kind="count"),
        Column(_("Fee for a review"), lambda pay: pay.fees.review, kind="money", total=None),
        Column(_("Defences attended"), lambda pay: pay.done[SessionKind.DEFENCE], kind="count"),
        Column(_("Fee for a defence"), fee(SessionKind.DEFENCE), kind="money", total=None),
        Column(_("Site visits attended"), lambda pay: pay.done[SessionKind.SITE_VISIT], kind="count"),
        Column(_("Fee for a site visit"), fee(SessionKind.SITE_VISIT), kind="money", total=None),
        Column(pgettext_lazy("fee", "Amount before tax"), lambda pay: pay.amount, kind="money"),
        Column(_("Income tax withheld"), lambda pay: pay.tax, kind="money"),
        Column(_("Amount after tax"), lambda pay: pay.amount - pay.tax, kind="money"),
        Column(_("Received on (by hand)"), lambda _pay: None, kind="date"),
    ),
)
