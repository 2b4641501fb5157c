"""Members: what they are, promise, confirm and hand over."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ParticipationRole(TextChoices):
    """Role of a member organisation."""

    LEAD = "LEAD", _("Lead organisation")
    MEMBER = "MEMBER", _("Member organisation")


class ParticipationStatus(TextChoices):
    """Where a member stands."""

    INVITED = "INVITED", _("Waiting for confirmation")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    DECLINED = "DECLINED", _("Declined")
    EXPIRED = "EXPIRED", _("Invitation expired")
    WITHDRAWN = "WITHDRAWN", _("Invitation withdrawn")
    LEAVING = "LEAVING", _("Leaving")
    LEFT = "LEFT", _("Left")


PRESENT = (ParticipationStatus.INVITED, ParticipationStatus.CONFIRMED, ParticipationStatus.LEAVING)
# Members in full: whoever is leaving stays one until it is settled.
JOINED = frozenset({ParticipationStatus.CONFIRMED, ParticipationStatus.LEAVING})
NEVER_JOINED = frozenset({ParticipationStatus.DECLINED, ParticipationStatus.EXPIRED, ParticipationStatus.WITHDRAWN})


class PartItem(TextChoices):
    """What a member's part is made of; each is confirmed on its own."""

    DUTIES = "duties", _("Role and duties")
    COMMITMENTS = "commitments", _("Commitments")
    SHARES = "shares", _("Shares")
    WORK = "work", _("Tasks and technologies")


class Standing(TextChoices):
    """What a member's confirmation of an item is worth now."""

    CONFIRMED = "CONFIRMED", _("Confirmed")
    LAPSED = "LAPSED", _("Changed since it was confirmed")
    NEVER = "NEVER", _("Never confirmed")


class DepartureStatus(TextChoices):
    """Where the departure of a member stands."""

    OPEN = "OPEN", _("Being handed over")
    SETTLED = "SETTLED", _("Settled")
    CANCELLED = "CANCELLED", _("Taken back")


class HandOver(TextChoices):
    """What a member that leaves hands over."""

    TASK = "TASK", _("Research task with its budget")
    TECHNOLOGY = "TECHNOLOGY", _("Key technology")
    PLATFORM = "PLATFORM", _("Joint platform")
    FUND = "FUND", _("Fund")
    CASH = "CASH", _("Cash commitment")
    IN_KIND = "IN_KIND", _("In-kind commitment")
    PERSON_MONTHS = "PERSON_MONTHS", _("Person-months")
    IP_SHARE = "IP_SHARE", _("IP share")
    BENEFIT_SHARE = "BENEFIT_SHARE", _("Benefit share")
    SHAREHOLDING = "SHAREHOLDING", _("Share in the company")


SHARED_OUT = frozenset({HandOver.IP_SHARE, HandOver.BENEFIT_SHARE, HandOver.SHAREHOLDING})  # in per cent
FREEABLE = SHARED_OUT | {HandOver.CASH, HandOver.IN_KIND}  # money and shares may be given up; work may not


class Layer(TextChoices):
    """How close a member works."""

    CORE = "CORE", _("Core layer")
    CLOSE = "CLOSE", _("Close-cooperation layer")
    GENERAL = "GENERAL", _("General-collaboration layer")


class ChainPosition(TextChoices):
    """Position in the chain."""

    UPSTREAM = "UPSTREAM", _("Upstream")
    MIDSTREAM = "MIDSTREAM", _("Midstream")
    DOWNSTREAM = "DOWNSTREAM", _("Downstream")
    RESEARCH = "RESEARCH", _("Research")
    PLATFORM = "PLATFORM", _("Platform")
    SERVICE = "SERVICE", _("Service")
    CAPITAL = "CAPITAL", _("Capital")


IN_CHAIN = (
    ChainPosition.UPSTREAM, ChainPosition.MIDSTREAM, ChainPosition.DOWNSTREAM, ChainPosition.RESEARCH,
    ChainPosition.CAPITAL,
)  # fmt: skip
