"""Words of how contracts end: accepted, or terminated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AcceptanceStatus(TextChoices):
    """Where the acceptance of a project stands."""

    REQUESTED = "REQUESTED", pgettext_lazy("acceptance", "Waiting for the parties")
    CONFIRMED = "CONFIRMED", pgettext_lazy("acceptance", "Waiting for the check of the file")
    CHECKED = "CHECKED", pgettext_lazy("acceptance", "Waiting for the opinion")
    ASSESSED = "ASSESSED", pgettext_lazy("acceptance", "Waiting for the decision")
    DECIDED = "DECIDED", pgettext_lazy("acceptance", "Decided")
    RETURNED = "RETURNED", pgettext_lazy("acceptance", "Returned")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("acceptance", "Withdrawn")


class Conclusion(TextChoices):
    """What comes of an acceptance."""

    PASSED = "PASSED", pgettext_lazy("acceptance", "Passed")
    CONCLUDED = "CONCLUDED", pgettext_lazy("acceptance", "Concluded without full acceptance")
    NOT_PASSED = "NOT_PASSED", pgettext_lazy("acceptance", "Not passed")


class Attainment(TextChoices):
    """How far a target was reached."""

    REACHED = "REACHED", pgettext_lazy("target", "Reached")
    PARTLY = "PARTLY", pgettext_lazy("target", "Reached in part")
    MISSED = "MISSED", pgettext_lazy("target", "Not reached")


class OpinionForm(TextChoices):
    """How the opinion about an acceptance came about."""

    PANEL = "PANEL", pgettext_lazy("acceptance", "Meeting of a panel")
    WRITTEN = "WRITTEN", pgettext_lazy("acceptance", "Written review")


class TerminationKind(TextChoices):
    """Whether somebody is to blame."""

    NO_FAULT = "NO_FAULT", _("Termination without fault")
    FAULT = "FAULT", _("Termination for breach")


class TerminationStatus(TextChoices):
    """Where a termination stands."""

    ASKED = "ASKED", pgettext_lazy("termination", "Waiting for the officer")
    PROPOSED = "PROPOSED", pgettext_lazy("termination", "Waiting for the decision")
    DECIDED = "DECIDED", pgettext_lazy("termination", "In force")
    REFUSED = "REFUSED", pgettext_lazy("termination", "Refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("termination", "Withdrawn")
