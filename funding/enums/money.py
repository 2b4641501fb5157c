"""Words of contracts and tranches."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContractStatus(TextChoices):
    """Where a contract stands."""

    OFFERED = "OFFERED", _("Waiting for the lead's signature")
    SIGNED = "SIGNED", _("Waiting for the bureau's signature")
    EFFECTIVE = "EFFECTIVE", _("Effective")


class TrancheCondition(TextChoices):
    """What must have happened before a tranche may be requested."""

    CONTRACT = "CONTRACT", _("Contract effective")
    EVALUATION = "EVALUATION", _("Annual evaluation at least qualified")


class TrancheStatus(TextChoices):
    """Where a tranche stands."""

    PLANNED = "PLANNED", _("Planned")
    REQUESTED = "REQUESTED", _("Waiting for verification")
    VERIFIED = "VERIFIED", _("Waiting for the finance review")
    REVIEWED = "REVIEWED", _("Waiting for approval")
    APPROVED = "APPROVED", _("Waiting for payment")
    PAID = "PAID", _("Paid")
    CONFIRMED = "CONFIRMED", _("Receipt confirmed")
    ON_HOLD = "ON_HOLD", _("On hold")
    CANCELLED = "CANCELLED", _("Cancelled")
