"""Words of what is spent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvoiceKind(TextChoices):
    """How an invoice is numbered, if there is one."""

    NONE = "NONE", _("No invoice")
    PAPER = "PAPER", _("Invoice with code and number")
    DIGITAL = "DIGITAL", _("Fully digital invoice")


class ExpenditureStatus(TextChoices):
    """Where an expenditure stands."""

    RECORDED = "RECORDED", pgettext_lazy("expenditure", "Waiting for the check")
    ACCEPTED = "ACCEPTED", pgettext_lazy("expenditure", "Accepted")
    REFUSED = "REFUSED", pgettext_lazy("expenditure", "Refused")
    REPLACED = "REPLACED", pgettext_lazy("expenditure", "Replaced by a correction")


# Those that count, and that bar another one with the same invoice or voucher.
STANDING = (ExpenditureStatus.RECORDED, ExpenditureStatus.ACCEPTED)
