"""Words of the compensation of losses."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class CompensationStatus(TextChoices):
    """Where a request for compensation stands."""

    FILED = "FILED", pgettext_lazy("compensation", "Waiting for the check of the loss")
    CHECKED = "CHECKED", pgettext_lazy("compensation", "Waiting for the decision")
    GRANTED = "GRANTED", pgettext_lazy("compensation", "Granted, to be paid")
    PAID = "PAID", pgettext_lazy("compensation", "Paid")
    REFUSED = "REFUSED", pgettext_lazy("compensation", "Refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("compensation", "Withdrawn")


class CompensationEntryKind(TextChoices):
    """A row of the register of payments; no row is ever changed."""

    PAYMENT = "PAYMENT", pgettext_lazy("compensation", "Payment")
    RETURN = "RETURN", pgettext_lazy("compensation", "Return")


LIVE_COMPENSATIONS = (
    CompensationStatus.FILED, CompensationStatus.CHECKED, CompensationStatus.GRANTED, CompensationStatus.PAID,
)  # fmt: skip
