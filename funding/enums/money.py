"""Words of budget lines, the ledger, contracts and tranches."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContractStatus(TextChoices):
    """Where a contract stands."""

    DRAFT = "DRAFT", _("Being drafted")
    CONFIRMING = "CONFIRMING", _("Waiting for the parties to confirm")
    OFFERED = "OFFERED", _("Waiting for the parties to sign")
    SIGNED = "SIGNED", _("Waiting for the bureau's signature")
    EFFECTIVE = "EFFECTIVE", _("Effective")
    AMENDING = "AMENDING", _("Being amended")
    COMPLETED = "COMPLETED", _("Accepted and closed")
    TERMINATED = "TERMINATED", _("Terminated")
    EXPIRED = "EXPIRED", _("Expired without acceptance")


class AmendmentKind(TextChoices):
    """What an amendment changes."""

    EXTENSION = "EXTENSION", _("Extension of the term")
    TARGETS = "TARGETS", _("Change of targets")
    BUDGET = "BUDGET", _("Adjustment of the budget")
    MEMBERS = "MEMBERS", _("Change of members")


class AmendmentStatus(TextChoices):
    """Where an amendment stands."""

    PROPOSED = "PROPOSED", _("Waiting for the consent of the parties")
    CONSENTED = "CONSENTED", _("Waiting for the officer")
    CHECKED = "CHECKED", _("Waiting for the decision")
    IN_FORCE = "IN_FORCE", pgettext_lazy("amendment", "In force")
    REFUSED = "REFUSED", pgettext_lazy("amendment", "Refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("amendment", "Withdrawn")


class TrancheCondition(TextChoices):
    """What must have happened before a tranche may be requested."""

    CONTRACT = "CONTRACT", _("Contract effective")
    EVALUATION = "EVALUATION", _("Annual evaluation at least qualified")
    ACCEPTANCE = "ACCEPTANCE", _("Project accepted")


class TrancheStatus(TextChoices):
    """Where a tranche stands."""

    PLANNED = "PLANNED", _("Planned")
    REQUESTED = "REQUESTED", _("Waiting for verification")
    VERIFIED = "VERIFIED", _("Waiting for the finance review")
    REVIEWED = "REVIEWED", _("Waiting for approval")
    APPROVED = "APPROVED", _("Waiting for payment")
    BATCHED = "BATCHED", _("In a payment batch")
    SENT = "SENT", _("With the treasury")
    PAID = "PAID", _("Paid")
    CONFIRMED = "CONFIRMED", _("Receipt confirmed")
    RETURNED = "RETURNED", _("Returned by the bank")
    ON_HOLD = "ON_HOLD", _("On hold")
    CANCELLED = "CANCELLED", _("Cancelled")


class BatchStatus(TextChoices):
    """Where a payment batch stands."""

    PREPARED = "PREPARED", _("Waiting for release")
    RELEASED = "RELEASED", _("Released, to be sent")
    SENT = "SENT", _("With the treasury")
    DROPPED = "DROPPED", _("Given up")


class LineOutcome(TextChoices):
    """What a bank statement says of an order."""

    PAID = "PAID", _("Paid")
    FAILED = "FAILED", _("Failed")
    RETURNED = "RETURNED", pgettext_lazy("payment", "Returned")


class AppropriationKind(TextChoices):
    """What an appropriation is to its line."""

    INITIAL = "INITIAL", _("Budget at the beginning of the year")
    ADJUSTMENT = "ADJUSTMENT", _("Adjustment within the year")


class AppropriationStatus(TextChoices):
    """Where an appropriation stands; only a confirmed one counts."""

    RECORDED = "RECORDED", _("Waiting for confirmation")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    DROPPED = "DROPPED", _("Dropped")


class AccountKind(TextChoices):
    """Where money stands in the books; the first is the source of all, the others never fall below zero."""

    APPROPRIATED = "APPROPRIATED", _("Appropriated")
    AVAILABLE = "AVAILABLE", _("Available")
    COMMITTED = "COMMITTED", _("Committed, not paid")
    HELD = "HELD", _("With the organisation")


class EntryKind(TextChoices):
    """What happened to the money."""

    APPROPRIATION = "APPROPRIATION", _("Appropriation")
    COMMITMENT = "COMMITMENT", _("Commitment")
    RELEASE = "RELEASE", _("Release of a commitment")
    PAYMENT = "PAYMENT", pgettext_lazy("ledger", "Payment")
    RETURN = "RETURN", pgettext_lazy("ledger", "Payment returned by the bank")
    TRANSFER = "TRANSFER", pgettext_lazy("ledger", "Passed on to a member")
    RECOVERY = "RECOVERY", pgettext_lazy("ledger", "Claimed back and received")


class RelayStatus(TextChoices):
    """Where money stands that the lead says to have passed on to a member."""

    REPORTED = "REPORTED", pgettext_lazy("relay", "Waiting for the member")
    CONFIRMED = "CONFIRMED", pgettext_lazy("relay", "Receipt confirmed")
    REFUSED = "REFUSED", pgettext_lazy("relay", "Not received")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("relay", "Withdrawn")


class CofundingStatus(TextChoices):
    """Where money stands that a lead says to have got from its district."""

    REPORTED = "REPORTED", pgettext_lazy("cofunding", "Waiting for the district")
    CONFIRMED = "CONFIRMED", pgettext_lazy("cofunding", "Arrived")
    REFUSED = "REFUSED", pgettext_lazy("cofunding", "Not confirmed")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("cofunding", "Withdrawn")
    REVERSED = "REVERSED", pgettext_lazy("cofunding", "Reversed")


class LimitStatus(TextChoices):
    """Where an approval limit of a leader stands."""

    PROPOSED = "PROPOSED", pgettext_lazy("limit", "Waiting for the second administrator")
    IN_FORCE = "IN_FORCE", pgettext_lazy("limit", "In force")
    ENDED = "ENDED", pgettext_lazy("limit", "Ended")
    DECLINED = "DECLINED", pgettext_lazy("limit", "Declined")
