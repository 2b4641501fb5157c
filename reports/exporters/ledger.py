"""The ledger as a report: a row each posting of an entry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.enums import AccountKind, EntryKind
from funding.models import Posting
from funding.models.recusal import kept_from
from members.enums import BUREAU
from portal.kernel.copying import labels
from portal.kernel.exporting import Column
from reports.exporters.report import Report

POSITIVE = Case(When(amount__gt=0, then=F("amount")))
NEGATIVE = Case(When(amount__lt=0, then=-F("amount")))
SPACED, OPENED, CLOSED = Value(" · "), Value(" ("), Value(")")
LINE = Case(
    When(
        account__line__isnull=False,
        then=Concat(
            Cast("account__line__year", CharField()), SPACED, "account__line__name", OPENED, "account__line__subject",
            CLOSED,
        ),
    )
)  # fmt: skip


def postings(user: Any) -> QuerySet[Posting]:
    """Those of the entries that the reader may see."""
    if not (user.is_authenticated and user.holds_any(BUREAU)):
        return Posting.objects.none()
    return Posting.objects.filter(~kept_from(user, "entry__award__application"))


def with_accounts(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    """With entry, account and what they are about."""
    related = (
        "entry__award__consortium", "entry__entered_by", "account__line__programme", "account__organisation",
    )  # fmt: skip
    return rows.select_related(*related)


LEDGER = Report(
    number="F00",
    slug="ledger",
    title=_("Ledger"),
    about=_("Every entry with its postings; debits and credits come to the same."),
    base=postings,
    rows=with_accounts,
    order=("id",),
    filters={
        "q": ("entry__award__consortium__name", "entry__award__consortium__code", "entry__note"),
        "year": "entry__happened_on__year", "period": "entry__happened_on",
        "entry_kind": "entry__kind", "account_kind": "account__kind",
        "line": "account__line",
    },
    permission="funding.view_budget",
    columns=(
        Column(pgettext_lazy("ledger", "Entry"), lambda row: row.entry_id, kind="int", sql="entry_id"),
        Column(_("Day"), lambda row: row.entry.happened_on, kind="date", sql="entry__happened_on"),
        Column(_("Kind"), lambda row: row.entry.get_kind_display(),
               sql=lambda: labels("entry__kind", EntryKind.choices)),
        Column(_("Consortium code"), lambda row: row.entry.award and row.entry.award.consortium.code,
               sql="entry__award__consortium__code"),
        Column(_("Consortium"), lambda row: row.entry.award and row.entry.award.consortium.name, width=40,
               sql="entry__award__consortium__name"),
        Column(pgettext_lazy("ledger", "Account"), lambda row: row.account.get_kind_display(),
               sql=lambda: labels("account__kind", AccountKind.choices)),
        Column(_("Budget line"), lambda row: row.account.line, width=30, sql=LINE),
        Column(_("Organisation"), lambda row: row.account.organisation and row.account.organisation.name, width=36,
               sql="account__organisation__name"),
        Column(_("Debit"), lambda row: row.amount if row.amount > 0 else None, kind="money", total=POSITIVE,
               sql=POSITIVE),
        Column(_("Credit"), lambda row: -row.amount if row.amount < Decimal(0) else None, kind="money",
               total=NEGATIVE, sql=NEGATIVE),
        Column(_("Document"), lambda row: row.entry.note, width=24, sql="entry__note"),
        Column(_("Entered by"), lambda row: row.entry.entered_by, sql="entry__entered_by__name"),
        Column(_("Entered at"), lambda row: row.entry.entered_at, kind="date", sql="entry__entered_at", timed=True),
    ),
)  # fmt: skip
