"""Lists of the funding room as files."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import PRESENT
from funding.models import Application, PaymentOrder, RecommendationEntry
from funding.models.application import HEAVY
from funding.rules.eligibility import SHORT
from funding.selectors.applications import days_waiting
from funding.selectors.recommendations import facts_of, given_up
from funding.selectors.separation import Checked, Occurrence, checked
from portal.kernel.columns import ListColumn
from portal.kernel.enumerating import enumerated
from portal.kernel.exporting import Column, Export, Params


def rows(_user: Any, _params: Params) -> QuerySet[RecommendationEntry]:
    """The view gives the places of the one list that it is about."""
    return RecommendationEntry.objects.none()


def fact(name: str) -> Callable[[RecommendationEntry], Any]:
    """A column of what the list says."""
    return lambda entry: facts_of(entry)[name]


RECOMMENDATIONS = Export(
    slug="recommendations",
    title=_("Recommendation list"),
    permission="funding.view_recommendations",
    rows=rows,
    columns=(
        Column(_("Place in the list"), lambda entry: entry.position, kind="int", width=6),
        Column(_("Application number"), fact("number"), width=16),
        Column(_("Consortium code"), fact("code"), width=16),
        Column(_("Consortium"), fact("consortium"), width=40),
        Column(_("Lead organisation"), fact("lead"), width=36),
        Column(_("Unified social credit code"), fact("uscc"), width=22),
        Column(_("Tier"), fact("tier"), width=6),
        Column(_("Requested amount"), lambda entry: Decimal(facts_of(entry)["amount"]), kind="money"),
        Column(_("Recommending opinion of the district"), fact("opinion"), width=40),
        Column(_("Remark"), lambda entry: given_up(entry.application)),
    ),
)


# --- the officials' list -----------------------------------------------------------------------
def applications(user: Any, _params: Params) -> QuerySet[Application]:
    """Those that the user may see, by number, each with the number of its members."""
    present = Count("consortium__participations", filter=Q(consortium__participations__status__in=PRESENT))
    named = ("consortium__lead", "consortium__sub_field", "call", "district")
    visible = Application.objects.visible_to(user).select_related(*named).defer(*HEAVY)
    return visible.annotate(members=present).order_by("number")


APPLICATIONS = Export(
    slug="applications",
    title=_("Applications"),
    permission="funding.export_applications",
    rows=applications,
    columns=(
        Column(_("Application number"), lambda row: row.number, width=16),
        Column(_("Consortium"), lambda row: row.consortium.name, width=40),
        Column(_("Lead organisation"), lambda row: row.consortium.lead.name, width=36),
        Column(_("Unified social credit code"), lambda row: row.consortium.lead.uscc, width=22),
        Column(_("Call"), lambda row: row.call.title, width=30),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("District"), lambda row: row.district),
        Column(_("Sub-field"), lambda row: row.consortium.sub_field),
        Column(_("Tier"), lambda row: row.requested_tier, width=6),
        Column(_("Requested amount"), lambda row: row.requested_amount, kind="money"),
        Column(_("Members"), lambda row: row.members, kind="int"),
        Column(_("What is missing"), lambda row: enumerated(SHORT.get(code, code) for code in row.findings), width=30),
        Column(_("Status"), lambda row: row.get_status_display()),
        Column(_("Submitted at"), lambda row: row.submitted_at, kind="date"),
        Column(_("Days waiting"), lambda row: days_waiting(row, timezone.localdate()), kind="int"),
    ),
)

APPLICATION_COLUMNS = (
    ListColumn(
        "name", _("Consortium and lead"),
        ("application_number", "consortium", "lead_organisation", "unified_social_credit_code"), fixed=True,
    ),
    ListColumn("sub_field", _("Sub-field"), ("sub_field",)),
    ListColumn("tier", _("Tier"), ("tier",)),
    ListColumn("amount", _("Requested amount"), ("requested_amount",)),
    ListColumn("members", _("Members"), ("members",)),
    ListColumn("missing", _("What is missing"), ("what_is_missing",)),
    ListColumn("status", _("Status"), ("status",)),
    ListColumn("waiting", _("Waiting"), ("days_waiting",)),
    ListColumn("call", _("Call"), ("call",), suggested=False),
    ListColumn("kind", _("Kind"), ("kind",), suggested=False),
    ListColumn("district", _("District"), ("district",), suggested=False),
    ListColumn("submitted", _("Submitted at"), ("submitted_at",), suggested=False),
)  # fmt: skip


# --- the file for the bank ---------------------------------------------------------------------
def orders(user: Any, _params: Params) -> QuerySet[PaymentOrder]:
    """The view gives those of one batch."""
    return PaymentOrder.objects.visible_to(user).select_related("batch__line", "tranche__award__consortium")


BANK_FILE = Export(
    slug="bank-file",
    title=_("File for the bank"),
    permission="funding.take_bank_file",
    rows=orders,
    personal=True,
    columns=(
        Column(_("No."), lambda row: row.sequence, kind="int", width=6),
        Column(_("Order number"), lambda row: row.number, width=20),
        Column(_("Payee"), lambda row: row.payee_name, width=40),
        Column(_("Bank account"), lambda row: row.bank_account.reveal(), width=26),
        Column(_("Bank and branch"), lambda row: row.bank_name, width=32),
        Column(_("Amount"), lambda row: row.amount, kind="money"),
        Column(_("Purpose of the payment"), lambda row: row.batch.purpose, width=30),
        Column(_("Budget item"), lambda row: row.batch.line.subject),
        Column(_("Consortium"), lambda row: row.tranche.award.consortium.name, width=40),
        Column(_("Document number"), lambda row: row.batch.document_number, width=24),
    ),
)


# --- separation of duties ----------------------------------------------------------------------
def separation_lines(user: Any) -> list[tuple[Checked, Occurrence | None]]:
    """A line for each occurrence; a pair that never occurred has one, too."""
    return [(row, one) for row in checked(user) for one in (row.found or (None,))]


SEPARATION = Export(
    slug="separation",
    title=_("Separation of duties"),
    permission="funding.view_separation",
    rows=lambda user, _params: separation_lines(user),
    columns=(
        Column(_("Duty"), lambda line: line[0].one.label, width=34),
        Column(_("Never together with"), lambda line: line[0].other.label, width=34, key="other"),
        Column(_("Occurrences"), lambda line: len(line[0].found), kind="int"),
        Column(_("Application number"), lambda line: line[1] and line[1].number, width=16),
        Column(_("Consortium"), lambda line: line[1] and line[1].consortium, width=40),
        Column(_("Person"), lambda line: line[1] and line[1].person),
    ),
)
