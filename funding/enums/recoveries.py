"""Words of money that is claimed back."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class RecoveryGround(TextChoices):
    """Why money is claimed back."""

    TERMINATED = "TERMINATED", pgettext_lazy("recovery", "Project terminated")
    REVOKED = "REVOKED", pgettext_lazy("recovery", "Grant revoked")
    VIOLATION = "VIOLATION", pgettext_lazy("recovery", "Spent against the rules")
    SURPLUS = "SURPLUS", pgettext_lazy("recovery", "Surplus to be returned")
    DOUBLE = "DOUBLE", pgettext_lazy("recovery", "Paid for twice")


class RecoveryStatus(TextChoices):
    """Where a claim stands."""

    OPEN = "OPEN", pgettext_lazy("recovery", "Waiting for approval")
    NOTICED = "NOTICED", pgettext_lazy("recovery", "Notice served")
    PARTLY = "PARTLY", pgettext_lazy("recovery", "Paid back in part")
    ASKED = "ASKED", pgettext_lazy("recovery", "Write-off proposed")
    SETTLED = "SETTLED", pgettext_lazy("recovery", "Paid back")
    WRITTEN_OFF = "WRITTEN_OFF", pgettext_lazy("recovery", "Written off")
    STOPPED = "STOPPED", pgettext_lazy("recovery", "Stopped")


class ClaimOutcome(TextChoices):
    """What became of an objection to a claim; empty while it waits."""

    STANDS = "STANDS", pgettext_lazy("recovery", "The claim stands")
    REDUCED = "REDUCED", pgettext_lazy("recovery", "The claim is reduced")
    REVERSED = "REVERSED", pgettext_lazy("recovery", "The claim is reversed")


UNSETTLED = (RecoveryStatus.OPEN, RecoveryStatus.NOTICED, RecoveryStatus.PARTLY, RecoveryStatus.ASKED)
TO_PAY_BACK = (RecoveryStatus.NOTICED, RecoveryStatus.PARTLY, RecoveryStatus.ASKED)
CLOSED = (RecoveryStatus.SETTLED, RecoveryStatus.WRITTEN_OFF, RecoveryStatus.STOPPED)
