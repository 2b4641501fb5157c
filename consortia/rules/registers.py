"""The words of the registers that a consortium keeps all year."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LIAISON_NOTICE_DAYS = 7  # follow-ups due within so many days stand on the supervision list as due soon
VISIT_EVERY_DAYS = 90  # a consortium that nobody has visited for longer is due for a visit


class Programme(TextChoices):
    """Talent programme, by who runs it."""

    NONE = "NONE", _("No programme")
    NATIONAL = "NATIONAL", _("National programme")
    PROVINCIAL = "PROVINCIAL", _("Provincial programme")
    CITY = "CITY", _("Municipal programme")
    GUSU = "GUSU", _("Gusu leading talent")
    DISTRICT = "DISTRICT", _("District programme")


class Secondment(TextChoices):
    """How somebody works at another member."""

    AT_ENTERPRISE = "AT_ENTERPRISE", _("Stationed at the enterprise")
    AT_UNIVERSITY = "AT_UNIVERSITY", _("Stationed at the university")
    TEMPORARY_POST = "TEMPORARY_POST", _("Temporary post")
    PART_TIME = "PART_TIME", _("Part-time")


class Degree(TextChoices):
    """What those trained together obtain."""

    BACHELOR = "BACHELOR", _("Bachelor")
    MASTER = "MASTER", _("Master")
    DOCTOR = "DOCTOR", _("Doctor")
    POSTDOC = "POSTDOC", _("Postdoctoral researcher")
    ENGINEER = "ENGINEER", _("Engineer")


class Resource(TextChoices):
    """What a member lets others use."""

    EQUIPMENT = "EQUIPMENT", _("Equipment")
    DATA = "DATA", _("Data")
    PLATFORM = "PLATFORM", _("Platform")


class UseUnit(TextChoices):
    """How use is counted."""

    HOURS = "HOURS", _("hours")
    TIMES = "TIMES", _("times")


class RecognitionKind(TextChoices):
    """What a consortium was recognised as."""

    NATIONAL_REFORM = "NATIONAL_REFORM", _("National reform task")
    PROVINCIAL_PILOT = "PROVINCIAL_PILOT", _("Provincial pilot consortium")
    TALENT_TASKFORCE = "TALENT_TASKFORCE", _("Provincial talent consortium")
    OTHER = "OTHER", _("Other recognition")


class RecognitionLevel(TextChoices):
    """Who recognised it."""

    NATIONAL = "NATIONAL", _("National")
    PROVINCIAL = "PROVINCIAL", _("Provincial")
    CITY = "CITY", _("Municipal")


class ContributionKind(TextChoices):
    """What has arrived."""

    CASH = "CASH", _("Cash")
    IN_KIND = "IN_KIND", _("In kind")


class ExchangeKind(TextChoices):
    """How members worked together."""

    MEETING = "MEETING", _("Meeting")
    TRANSFER = "TRANSFER", _("Transfer of results")
    DEVELOPMENT = "DEVELOPMENT", _("Commissioned development")
    TRAINING = "TRAINING", _("Talent training")
    JOINT_ENTITY = "JOINT_ENTITY", _("Joint entity")
    ALLIANCE = "ALLIANCE", _("Alliance of university and enterprise")


class ObligationState(TextChoices):
    """Whether a member did what it is bound to."""

    DUE = "DUE", _("To be fulfilled")
    FULFILLED = "FULFILLED", _("Fulfilled")
    BREACHED = "BREACHED", _("Breached")


class IpState(TextChoices):
    """How far a right that a member brings along is protected."""

    PENDING = "PENDING", pgettext_lazy("right", "Applied for")
    VALID = "VALID", pgettext_lazy("right", "In force")
    ENDED = "ENDED", pgettext_lazy("right", "Ended")


class Scale(TextChoices):
    """How likely a risk is, and how heavy."""

    LOW = "LOW", _("Low")
    MEDIUM = "MEDIUM", _("Medium")
    HIGH = "HIGH", _("High")


class Sourcing(TextChoices):
    """How many could supply a thing."""

    SINGLE = "SINGLE", _("Single source")
    SEVERAL = "SEVERAL", _("Several sources")


class AttractedBy(TextChoices):
    """What made an enterprise settle here."""

    BUSINESS = "BUSINESS", _("Customers and suppliers")
    SCIENCE = "SCIENCE", _("Results of research")
    CAPITAL = "CAPITAL", _("Capital")
    TALENT = "TALENT", _("Talent")


class PlatformLevel(TextChoices):
    """Who stands behind a platform of a high level."""

    NATIONAL = "NATIONAL", _("National laboratory or innovation centre")
    PROVINCIAL = "PROVINCIAL", _("Provincial laboratory or innovation centre")
    CITY = "CITY", _("Major platform of the city")


class MatchResult(TextChoices):
    """What became of a wish to work with a platform."""

    ASKED = "ASKED", pgettext_lazy("platform", "Asked for")
    TALKS = "TALKS", _("In talks")
    MATCHED = "MATCHED", _("Working together")
    DECLINED = "DECLINED", _("Nothing came of it")


class DemandStatus(TextChoices):
    """Where a demand stands."""

    OPEN = "OPEN", _("Waiting for answers")
    ANSWERED = "ANSWERED", _("Answered")
    MATCHED = "MATCHED", _("Matched")
    CLOSED = "CLOSED", _("Ended")


class VisitKind(TextChoices):
    """What the liaison officer, or the government, did for a consortium."""

    VISIT = "VISIT", _("Visit")
    COORDINATION = "COORDINATION", _("Coordination meeting")
    MATCHMAKING = "MATCHMAKING", _("Matchmaking")
    POLICY = "POLICY", _("Help with policies")


class IssueStatus(TextChoices):
    """Where a coordination issue stands."""

    RAISED = "RAISED", _("Raised")
    MEDIATING = "MEDIATING", _("Being mediated")
    SETTLED = "SETTLED", _("Resolved")
    CLOSED = "CLOSED", _("Issue closed")
