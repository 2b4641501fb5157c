"""The agreement, and what must stand before a consortium applies."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Clause(TextChoices):
    """What an agreement should settle, in its order; the codes are those of the rule sets."""

    GOALS = "goals", _("Goals and tasks")
    DIVISION = "division", _("Division of work")
    GOVERNANCE = "governance", _("Decision-making and governance")
    FUNDS = "funds", _("Raising and using funds")
    IP_BACKGROUND = "ip_background", _("Background intellectual property")
    IP_FOREGROUND = "ip_foreground", _("Foreground intellectual property")
    BENEFITS = "benefits", _("Benefit distribution")
    RISKS = "risks", _("Risk sharing")
    FLOW = "flow", _("Sharing of staff, equipment and data")
    MANAGEMENT = "management", _("Supervision and management of outcomes")
    DIFFUSION = "diffusion", _("Diffusion of publicly funded results")
    INCENTIVES = "incentives", _("Incentives for cooperation")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    JOINING = "joining", _("Joining")
    LEAVING = "leaving", pgettext_lazy("clause", "Leaving")
    DISSOLUTION = "dissolution", _("Term, dissolution and liquidation")
    BREACH = "breach", _("Liability for breach")


class AgreementStatus(TextChoices):
    """Where a version of the agreement stands."""

    DRAFT = "DRAFT", pgettext_lazy("agreement", "Draft")
    SIGNING = "SIGNING", _("Waiting for signatures")
    EFFECTIVE = "EFFECTIVE", pgettext_lazy("agreement", "In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    EXPIRED = "EXPIRED", pgettext_lazy("agreement", "Expired")


class ForegroundRule(TextChoices):
    """Whom the results of joint work belong to."""

    SHARED = "SHARED", _("Jointly owned, in the shares of the schedule")
    CREATOR = "CREATOR", _("Owned by whoever created it; the others have a licence")


class SigningMethod(TextChoices):
    """How a member has signed."""

    SYSTEM = "SYSTEM", _("In the portal, with a second factor")
    SCAN = "SCAN", _("On paper, sealed, with a scan")


class PreparationStep(TextChoices):
    """What must stand before a consortium can apply."""

    MEMBERS = "members", _("Every member has confirmed its part")
    AGREEMENT = "agreement", _("Every member has signed the agreement")
    TECHNOLOGIES = "technologies", _("The key-technology list is drawn up")
    TASKS = "tasks", _("Every research task has a milestone and a responsible member")
