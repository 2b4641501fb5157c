"""Technologies, milestones, results, platforms, funds."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProblemClass(TextChoices):
    """Class of a key technology."""

    KEY = "KEY", _("Key technology")
    FRONTIER = "FRONTIER", _("Frontier technology")
    BOTTLENECK = "BOTTLENECK", _("Bottleneck technology")


class MilestoneStatus(TextChoices):
    """Where a milestone stands."""

    PLANNED = "PLANNED", _("Planned")
    REACHED = "REACHED", _("Reached")
    MISSED = "MISSED", _("Missed")


class OutcomeKind(TextChoices):
    """Kind of outcome; papers are recorded and weigh nothing."""

    PATENT = "PATENT", _("Patent")
    STANDARD = "STANDARD", _("Standard")
    PRODUCT = "PRODUCT", _("New product")
    SOFTWARE = "SOFTWARE", _("Software copyright")
    CONTRACT = "CONTRACT", _("Technology contract")
    BREAKTHROUGH = "BREAKTHROUGH", _("Breakthrough")
    AWARD = "AWARD", _("Award for science and technology")
    PAPER = "PAPER", _("Paper (recorded only)")


NUMBERED = frozenset({OutcomeKind.PATENT, OutcomeKind.STANDARD, OutcomeKind.SOFTWARE, OutcomeKind.CONTRACT})
PAID = frozenset({OutcomeKind.PRODUCT, OutcomeKind.CONTRACT})  # what brings money: sales, or the value of a contract


class PatentType(TextChoices):
    """Type of a patent."""

    INVENTION = "INVENTION", _("Invention")
    UTILITY = "UTILITY", _("Utility model")
    DESIGN = "DESIGN", _("Design")


class StandardLevel(TextChoices):
    """Who publishes a standard."""

    INTERNATIONAL = "INTERNATIONAL", _("International standard")
    NATIONAL = "NATIONAL", _("National standard")
    INDUSTRY = "INDUSTRY", _("Industry standard")
    GROUP = "GROUP", _("Group standard")
    ENTERPRISE = "ENTERPRISE", _("Enterprise standard")


class StandardRole(TextChoices):
    """What the owner did for a standard."""

    LEAD = "LEAD", _("Led the drafting")
    PARTICIPANT = "PARTICIPANT", _("Took part in the drafting")


class Market(TextChoices):
    """Who buys a product."""

    BUSINESS = "B", _("Enterprises (B)")
    GOVERNMENT = "G", _("Public sector (G)")
    CONSUMER = "C", _("Consumers (C)")


class BreakthroughLevel(TextChoices):
    """How far a breakthrough reaches."""

    LEADING = "LEADING", _("Internationally leading")
    FIRST = "FIRST", _("First in the country")
    GAP = "GAP", _("Fills a gap in the country")


class AwardLevel(TextChoices):
    """Who gave an award."""

    NATIONAL = "NATIONAL", _("National award")
    PROVINCIAL = "PROVINCIAL", _("Provincial or ministerial award")
    MUNICIPAL = "MUNICIPAL", _("Municipal award")
    SOCIETY = "SOCIETY", _("Award of a society or an association")


class PipelineStage(TextChoices):
    """How far an outcome has come on the way to the market."""

    RESEARCH = "RESEARCH", _("Tackling research")
    TRANSFER = "TRANSFER", _("Commercialisation")
    INCUBATION = "INCUBATION", _("Incubation")
    CULTIVATION = "CULTIVATION", _("Industrial cultivation")


class Verification(TextChoices):
    """What the bureau says of a recorded outcome."""

    OPEN = "OPEN", _("Not verified yet")
    VERIFIED = "VERIFIED", _("Verified")
    DOUBTED = "DOUBTED", _("Doubted")


class ClaimStatus(TextChoices):
    """Where a number that is claimed twice stands."""

    OPEN = "OPEN", _("In dispute")
    WITHDRAWN = "WITHDRAWN", _("One claim withdrawn")
    SHARED = "SHARED", _("Both are entitled")


class FundRole(TextChoices):
    """What the consortium is to a fund."""

    INITIATOR = "INITIATOR", _("Initiator")
    PARTICIPANT = "PARTICIPANT", _("Participant")


class FundKind(TextChoices):
    """Kind of fund."""

    INDUSTRY = "INDUSTRY", _("Industry fund")
    VENTURE = "VENTURE", _("Venture capital fund")
    ANGEL = "ANGEL", _("Angel fund")
    CREDIT = "CREDIT", _("Credit fund")


class PlatformKind(TextChoices):
    """Kind of joint platform."""

    KEY_LAB = "KEY_LAB", _("Municipal key laboratory")
    NEW_RD = "NEW_RD", _("New-type R&D institution")
    ACADEMICIAN = "ACADEMICIAN", _("Academician workstation")
    POSTDOC = "POSTDOC", _("Postdoctoral workstation")
    ENTERPRISE = "ENTERPRISE", _("Large-enterprise research institute")
    INCUBATOR = "INCUBATOR", _("Incubator")
    PARK = "PARK", _("Industrial park")
    SERVICE = "SERVICE", _("Public service platform")
    PILOT_LINE = "PILOT_LINE", _("Pilot line")
    JOINT_LAB = "JOINT_LAB", _("Joint laboratory")
