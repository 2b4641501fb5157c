"""Reads for the lists of applications."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, IntegerField, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium, SubField
from consortia.selectors import Mix, mixes
from funding.enums import ApplicationKind, ApplicationStatus
from funding.models import Application, Call
from funding.models.application import HEAVY
from funding.rules.eligibility import SHORT
from members.enums import Role
from members.models import District, User
from portal.kernel.querysets import Count

S = ApplicationStatus

# Whose turn it is: the states in which a role has something to do.
QUEUES: dict[Role, frozenset[str]] = {
    Role.DISTRICT_OFFICER: frozenset({S.SUBMITTED}),
    Role.ACCEPTANCE: frozenset({S.RECOMMENDED, S.CHECKED}),
    Role.OFFICER: frozenset({S.RECOMMENDED, S.REVIEWING, S.DECIDED}),
    Role.LEADER: frozenset({S.GRADED, S.PUBLICISED}),
    Role.SUPERVISOR: frozenset({S.CREDIT_CHECKING, S.SUSPENDED, S.OBJECTED}),
}
ENDED = frozenset({S.NOT_RECOMMENDED, S.REJECTED, S.APPROVED, S.NOT_APPROVED, S.WITHDRAWN})
SLOW, TOO_SLOW = 5, 10  # days of waiting that are shown in amber and in red
ROWS = (
    "number", "status", "kind", "requested_tier", "requested_amount", "moved_at", "correction_due", "findings",
    "district", "consortium__name", "consortium__sub_field", "call", "submitted_at",
)  # fmt: skip
MINE = ("number", "status", "kind", "requested_tier", "requested_amount", "submitted_at", "correction_due",
        "call__title", "call__closes_at", "consortium__name", "consortium__lead")  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """A saved view of the list: the states in it, or all."""

    code: str
    label: str | Promise
    statuses: Collection[str] | None = None

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of this view."""
        return rows if self.statuses is None else rows.filter(status__in=self.statuses)


def queue(user: Any) -> frozenset[str]:
    """The states in which one of this person's roles is at work."""
    return frozenset().union(*(QUEUES.get(Role(role), frozenset()) for role in user.roles))


def tabs(user: Any) -> tuple[Tab, ...]:
    """The views offered to this person."""
    return (
        Tab("mine", _("For me"), queue(user)),
        Tab("all", _("All")),
        Tab("district", _("With the districts"), {S.SUBMITTED}),
        Tab("returned", _("Being corrected"), {S.RETURNED}),
        Tab("check", _("Formal check"), {S.RECOMMENDED}),
        Tab("credit", _("Integrity check"), {S.CREDIT_CHECKING, S.SUSPENDED}),
        Tab("review", _("Expert review"), {S.CHECKED, S.REVIEWING}),
        Tab("decision", _("Decision and notice"), {S.GRADED, S.DECIDED, S.PUBLICISED, S.OBJECTED}),
        Tab("ended", _("Ended"), ENDED),
    )


def tab_of(user: Any, code: str) -> Tab:
    """The view of this code, else what waits for the reader, else all."""
    by_code = {tab.code: tab for tab in tabs(user)}
    mine = by_code["mine"]
    return by_code.get(code, mine if mine.statuses else by_code["all"])


class _Capped(Subquery):
    """COUNT(*) over a sliced query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _capped)"
    output_field = IntegerField()


def counts(user: User, queries: Mapping[str, QuerySet[Application]], limit: int = 1000) -> dict[str, Count]:
    """How many rows each of several queries finds, none counted beyond `limit`, in one query."""
    plain = {name: rows.order_by().values("pk") for name, rows in queries.items()}
    capped: dict[str, Any] = {name: _Capped(rows[: limit + 1]) for name, rows in plain.items()}
    found: Any = User.objects.filter(pk=user.pk).values(**capped).get()
    numbers = {name: value or 0 for name, value in found.items()}  # NULL for a query that cannot find anything
    return {name: Count(min(value, limit), capped=value > limit) for name, value in numbers.items()}


@dataclass(frozen=True)
class References:
    """The names behind the codes in a row, which are also the choices of the filters."""

    calls: dict[str, str]
    districts: dict[str, str]
    sub_fields: dict[str, str]


def references() -> References:
    """Published calls, districts and sub-fields in the reader's language, in one query."""
    text = TextField()
    calls = Call.objects.published().values_list(Value("call"), Cast("pk", text), "title", Cast("batch", text))
    districts = District.objects.order_by().values_list(Value("district"), "pk", "name_zh", "name_en")
    sub_fields = SubField.objects.order_by().values_list(Value("sub_field"), "pk", "name_zh", "name_en")
    rows = sorted(districts.union(sub_fields, calls.order_by(), all=True))
    chinese = (get_language() or "zh").startswith("zh")
    newest_first = sorted((row for row in rows if row[0] == "call"), key=lambda row: int(row[3]), reverse=True)
    return References(
        {code: title for _kind, code, title, _batch in newest_first},
        {code: zh if chinese else en for kind, code, zh, en in rows if kind == "district"},
        {code: zh if chinese else en for kind, code, zh, en in rows if kind == "sub_field"},
    )


def listed(rows: QuerySet[Application]) -> QuerySet[Application]:
    """What a row of the officials' list shows, without texts and snapshots; names of codes come by `references`."""
    return rows.select_related("consortium").only(*ROWS).annotate(lead_name=F("consortium__lead__name"))


def own(rows: QuerySet[Application]) -> QuerySet[Application]:
    """What a row of the applicant's list shows."""
    return rows.select_related("consortium", "call").only(*MINE)


@dataclass(frozen=True)
class Row:
    """One line of the officials' list; `waiting` in days, negative after a deadline, None when it has ended."""

    pk: UUID
    url: str
    number: str
    name: str
    lead: str
    district: str
    sub_field: str
    upgrade: bool
    tier: str
    amount: Decimal  # yuan
    mix: Mix
    missing: tuple[str, ...]
    status: ApplicationStatus
    waiting: int | None
    wait: str
    loudness: str
    call: str
    submitted: datetime | None


def decorate(applications: Collection[Any], names: References, on: date) -> list[Row]:
    """The lines of one page (rows of `listed`), in one more query whatever their number."""
    found = mixes([application.consortium for application in applications])
    return [_row(application, names, found[application.consortium_id], on) for application in applications]


def _row(application: Any, names: References, mix: Mix, on: date) -> Row:
    consortium, waiting = application.consortium, days_waiting(application, on)
    return Row(
        pk=application.pk,
        url=application.get_absolute_url(),
        number=application.number,
        name=consortium.name,
        lead=application.lead_name,
        district=names.districts.get(application.district_id, application.district_id),
        sub_field=names.sub_fields.get(consortium.sub_field_id, consortium.sub_field_id),
        upgrade=application.kind == ApplicationKind.UPGRADE,
        tier=application.requested_tier,
        amount=application.requested_amount,
        mix=mix,
        missing=tuple(str(SHORT.get(code, code)) for code in application.findings),
        status=ApplicationStatus(application.status),
        waiting=waiting,
        wait=waiting_words(application, waiting),
        loudness=_loudness(application, waiting),
        call=names.calls.get(str(application.call_id), ""),
        submitted=application.submitted_at,
    )


def days_waiting(application: Application, on: date) -> int | None:
    """Since when nothing has happened, or until when something must; None when it has ended."""
    if application.status in ENDED:
        return None
    if application.status == S.RETURNED and application.correction_due:
        return (application.correction_due - on).days
    return (on - timezone.localdate(application.moved_at)).days


def waiting_words(application: Application, days: int | None) -> str:
    """`3 days`, `today`, `2 days left`, `overdue by 2 days`."""
    if days is None:
        return "—"
    if application.status != S.RETURNED:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days > 0 else gettext("today")
    if days < 0:
        return ngettext("overdue by %(n)s day", "overdue by %(n)s days", -days) % {"n": -days}
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


def _loudness(application: Application, waiting: int | None) -> str:
    if waiting is None:
        return ""
    if application.status == S.RETURNED:
        return "bad" if waiting < 0 else "warn" if waiting <= 1 else ""
    return "bad" if waiting >= TOO_SLOW else "warn" if waiting >= SLOW else ""


def applications_of(consortium: Consortium, user: Any) -> QuerySet[Application]:
    """The applications of one consortium as far as the reader may see them, newest first."""
    rows = Application.objects.visible_to(user).filter(consortium=consortium)
    return rows.select_related("call").defer(*HEAVY).order_by("-created_at")


def search(rows: QuerySet[Application], words: str) -> QuerySet[Application]:
    """Rows whose number, consortium or lead contains the words."""
    return rows.filter(
        Q(number__icontains=words) | Q(consortium__name__icontains=words) | Q(consortium__lead__name__icontains=words)
    )
