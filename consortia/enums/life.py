"""Leaving the programme, and another lead."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExitTrigger(TextChoices):
    """Why a consortium is to leave."""

    VOLUNTARY = "VOLUNTARY", _("Of its own will")
    PERIOD_OVER = "PERIOD_OVER", _("Build period over")
    UNQUALIFIED = "UNQUALIFIED", _("Unqualified in evaluation or rectification")
    VIOLATION = "VIOLATION", _("Violation of rules")
    LOW_OUTPUT = "LOW_OUTPUT", _("High input, low output")
    LOST_CONTACT = "LOST_CONTACT", _("Lost contact")


class ExitStatus(TextChoices):
    """Where an exit case stands."""

    OPENED = "OPENED", _("Case opened")
    NOTICE_SERVED = "NOTICE_SERVED", _("Notice served")
    STATEMENT_PERIOD = "STATEMENT_PERIOD", _("Statement period")
    ASSESSED = "ASSESSED", _("Settlement assessed")
    MEETING_DECIDED = "MEETING_DECIDED", _("Decided by the meeting")
    PUBLICISED = "PUBLICISED", _("Decision publicised")
    APPEALED = "APPEALED", _("Under appeal")
    UPHELD = "UPHELD", _("Decision upheld")
    REVERSED = "REVERSED", _("Decision reversed")
    CLOSED = "CLOSED", _("Case closed")
    DISMISSED = "DISMISSED", _("Case dismissed")
    WITHDRAWN = "WITHDRAWN", _("Application for exit taken back")


EXIT_ENDED = [ExitStatus.REVERSED, ExitStatus.CLOSED, ExitStatus.DISMISSED, ExitStatus.WITHDRAWN]


class ExitMeasure(TextChoices):
    """How the consortium leaves."""

    EXIT = "EXIT", _("The consortium leaves")
    REVOKE = "REVOKE", _("The recognition is revoked")


class LeadChangeGround(TextChoices):
    """Why another organisation is to lead."""

    HANDED_OVER = "HANDED_OVER", _("The lead hands over")
    LEAVES = "LEAVES", _("The lead leaves or can lead no longer")
    SILENT = "SILENT", _("The lead does not answer")


class LeadChangeStatus(TextChoices):
    """Where a change of the lead stands."""

    OPEN = "OPEN", _("Being decided")
    APPROVED = "APPROVED", pgettext_lazy("change", "Approved")
    REJECTED = "REJECTED", pgettext_lazy("change", "Rejected")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("change", "Taken back")
